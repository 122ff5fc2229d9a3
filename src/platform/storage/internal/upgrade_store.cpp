#include "platform/storage/internal/upgrade_store.hpp"

#include <algorithm>

namespace hangu::storage {

namespace {

constexpr MigrationFile kControlFiles[] = {
    {"upgrade", "0001_upgrade.sql",
     "create table upgrade_run ("
     " id integer primary key, target text not null, state text not null, reason text not null,"
     " holder text not null, beat_at integer not null, by_wave integer not null,"
     " started_at integer not null, changed_at integer not null);"
     "create table upgrade_tenant ("
     " id integer primary key, position integer not null, wave text not null, state text not null,"
     " detail text not null, rows_done integer not null, took_ms integer not null,"
     " changed_at integer not null);"
     "create index upgrade_tenant_next on upgrade_tenant (state, position);"
     "create table upgrade_canary (id integer primary key, chosen_at integer not null);"
     "create table upgrade_contract ("
     " id integer primary key, step text not null, decided_at integer not null);"}};

constexpr MigrationFile kTenantFiles[] = {
    {"tenant_step", "0001_tenant_step.sql",
     "create table tenant_step ("
     " tenant_id integer not null, step text not null, checksum text not null,"
     " rows_done integer not null, finished_at integer, primary key (tenant_id, step)"
     ") without rowid;"}};

constexpr Column internal(std::string_view name, ColumnType type = ColumnType::integer) {
    return {name, type, DataClass::technical, Level::internal};
}

constexpr Column kRunColumns[] = {internal("id"),
                                  internal("target", ColumnType::text),
                                  internal("state", ColumnType::text),
                                  internal("reason", ColumnType::text),
                                  internal("holder", ColumnType::text),
                                  internal("beat_at"),
                                  internal("by_wave"),
                                  internal("started_at"),
                                  internal("changed_at")};

constexpr Column kSweptColumns[] = {{"id", ColumnType::integer, DataClass::key, Level::internal},
                                    internal("position"),
                                    internal("wave", ColumnType::text),
                                    internal("state", ColumnType::text),
                                    internal("detail", ColumnType::text),
                                    internal("rows_done"),
                                    internal("took_ms"),
                                    internal("changed_at")};

constexpr Column kCanaryColumns[] = {{"id", ColumnType::integer, DataClass::key, Level::internal},
                                     internal("chosen_at")};

constexpr Column kContractColumns[] = {{"id", ColumnType::integer, DataClass::key, Level::internal},
                                       internal("step", ColumnType::text),
                                       internal("decided_at")};

constexpr Column kStepColumns[] = {
    {"step", ColumnType::text, DataClass::key, Level::internal},
    internal("checksum", ColumnType::text),
    internal("rows_done"),
    {"finished_at", ColumnType::integer, DataClass::technical, Level::internal, true}};

struct CanaryRow {
    static constexpr std::string_view kTable = "upgrade_canary";
    TenantId id;
    Time chosen_at;
};
HANGU_STRUCT(CanaryRow, id, chosen_at)

struct ContractRow {
    static constexpr std::string_view kTable = "upgrade_contract";
    std::int64_t id = 0;
    std::string step;
    Time decided_at;
};
HANGU_STRUCT(ContractRow, id, step, decided_at)

#define SWEPT                                                                  \
    "select id, position, wave, state, detail, rows_done, took_ms, changed_at" \
    " from upgrade_tenant"

constexpr ControlStatement<RunRow()> kRun{
    "upgrade_run.find",
    "select id, target, state, reason, holder, beat_at, by_wave, started_at, changed_at"
    " from upgrade_run where id = 1"};
constexpr ControlStatement<void()> kForgetRun{"upgrade_run.forget",
                                              "delete from upgrade_run where id = 1"};
constexpr ControlStatement<void(std::string, Time, Time)> kTake{
    "upgrade_run.take",
    "update upgrade_run set holder = ?1, beat_at = ?2"
    " where id = 1 and state = 'running' and (holder = ?1 or beat_at < ?3)"};
constexpr ControlStatement<SweptRow()> kSwept{
    "upgrade_tenant.all", SWEPT " order by position", {"the report names every tenant"}};
constexpr ControlStatement<SweptRow()> kNext{
    "upgrade_tenant.next", SWEPT " where state = 'waiting' order by position limit 1"};
constexpr ControlStatement<SweptRow(TenantId)> kFind{"upgrade_tenant.find", SWEPT " where id = ?1"};
constexpr ControlStatement<void(TenantId)> kForget{"upgrade_tenant.forget",
                                                   "delete from upgrade_tenant where id = ?1"};
constexpr ControlStatement<void()> kForgetAll{
    "upgrade_tenant.forget_all", "delete from upgrade_tenant", {"a new upgrade begins"}};
constexpr ControlStatement<TenantId()> kCanaries{
    "upgrade_canary.all", "select id from upgrade_canary order by id", {"they are few"}};
constexpr ControlStatement<void(TenantId)> kForgetCanary{
    "upgrade_canary.forget", "delete from upgrade_canary where id = ?1"};
constexpr ControlStatement<ContractRow()> kContracted{
    "upgrade_contract.all", "select id, step, decided_at from upgrade_contract", {"they are few"}};
constexpr Statement<TenantStepRow(std::string)> kStep{
    "tenant_step.find",
    "select step, checksum, rows_done, finished_at from tenant_step"
    " where tenant_id = ?1 and step = ?2"};
constexpr Statement<void(std::string)> kForgetStep{
    "tenant_step.forget", "delete from tenant_step where tenant_id = ?1 and step = ?2"};

}  // namespace

std::vector<Part> upgrade_parts() {
    return {{"upgrade",
             kControlFiles,
             {{"upgrade_run", kRunColumns, true},
              {"upgrade_tenant", kSweptColumns, true},
              {"upgrade_canary", kCanaryColumns, true},
              {"upgrade_contract", kContractColumns, true}},
             {insert_info<RunRow>(true), insert_info<SweptRow>(true), insert_info<CanaryRow>(true),
              insert_info<ContractRow>(true), info(kRun), info(kForgetRun), info(kTake),
              info(kSwept), info(kNext), info(kFind), info(kForget), info(kForgetAll),
              info(kCanaries), info(kForgetCanary), info(kContracted)}},
            {"tenant_step",
             kTenantFiles,
             {{"tenant_step", kStepColumns}},
             {insert_info<TenantStepRow>(), info(kStep), info(kForgetStep)}}};
}

void add_upgrade_parts(std::vector<Part>& parts) {
    for (Part& part : upgrade_parts()) {
        const bool there = std::any_of(parts.begin(), parts.end(), [&part](const Part& one) {
            return one.module == part.module;
        });
        if (!there) {
            parts.push_back(std::move(part));
        }
    }
}

std::optional<RunRow> UpgradeStore::run() {
    return tx_.find(kRun);
}

void UpgradeStore::set_run(RunRow row) {
    row.changed_at = tx_.now();
    tx_.run(kForgetRun);
    tx_.insert(row);
}

bool UpgradeStore::take(const std::string& holder, std::int64_t beat_ms_max) {
    return tx_.run(kTake, holder, tx_.now(), tx_.now().plus_ms(-beat_ms_max)) > 0;
}

void UpgradeStore::forget_swept() {
    tx_.run(kForgetAll);
}

void UpgradeStore::add(const SweptRow& row) {
    tx_.insert(row);
}

std::vector<SweptRow> UpgradeStore::swept() {
    return tx_.list(kSwept);
}

std::optional<SweptRow> UpgradeStore::next() {
    return tx_.find(kNext);
}

std::optional<SweptRow> UpgradeStore::find(TenantId tenant) {
    return tx_.find(kFind, tenant);
}

void UpgradeStore::save(SweptRow row) {
    row.changed_at = tx_.now();
    tx_.run(kForget, row.id);
    tx_.insert(row);
}

std::vector<TenantId> UpgradeStore::canaries() {
    return tx_.list(kCanaries);
}

void UpgradeStore::set_canary(TenantId tenant, bool on) {
    tx_.run(kForgetCanary, tenant);
    if (on) {
        tx_.insert(CanaryRow{tenant, tx_.now()});
    }
}

std::set<std::string> UpgradeStore::contracted() {
    std::set<std::string> steps;
    for (const ContractRow& row : tx_.list(kContracted)) {
        steps.insert(row.step);
    }
    return steps;
}

void UpgradeStore::set_contracted(const std::string& step) {
    const std::set<std::string> known = contracted();
    if (!known.contains(step)) {
        tx_.insert(ContractRow{static_cast<std::int64_t>(known.size()) + 1, step, tx_.now()});
    }
}

std::optional<TenantStepRow> tenant_step(Tx& tx, const std::string& step) {
    return tx.find(kStep, step);
}

void save_tenant_step(Tx& tx, const TenantStepRow& row) {
    tx.run(kForgetStep, row.step);
    tx.insert(row);
}

}  // namespace hangu::storage
