// How far upgrades have come: of the whole in the control database, of a tenant with its rows.
#pragma once

#include "platform/storage/tx.hpp"
#include "platform/storage/upgrade.hpp"

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace hangu::storage {

struct RunRow {
    static constexpr std::string_view kTable = "upgrade_run";
    std::int64_t id = 1;
    std::string target;
    RunState state = RunState::running;
    std::string reason;
    std::string holder;
    Time beat_at;
    bool by_wave = false;
    Time started_at;
    Time changed_at;
};
HANGU_STRUCT(RunRow, id, target, state, reason, holder, beat_at, by_wave, started_at, changed_at)

struct SweptRow {
    static constexpr std::string_view kTable = "upgrade_tenant";
    TenantId id;
    std::int64_t position = 0;  // in the order in which they come
    Wave wave = Wave::all;
    SweptState state = SweptState::waiting;
    std::string detail;
    std::int64_t rows_done = 0;
    std::int64_t took_ms = 0;
    Time changed_at;
};
HANGU_STRUCT(SweptRow, id, position, wave, state, detail, rows_done, took_ms, changed_at)

// Not kept by who uses it: as a transaction.
class UpgradeStore {
 public:
    explicit UpgradeStore(ControlTx& tx) : tx_(tx) {}

    std::optional<RunRow> run();
    void set_run(RunRow row);  // with the time of the change
    // Whether `holder` works on the running one from now on: it did, or nobody does any more.
    bool take(const std::string& holder, std::int64_t beat_ms_max);

    void forget_swept();
    void add(const SweptRow& row);
    std::vector<SweptRow> swept();
    std::optional<SweptRow> next();  // the first that waits
    std::optional<SweptRow> find(TenantId tenant);
    void save(SweptRow row);

    std::vector<TenantId> canaries();
    void set_canary(TenantId tenant, bool on);

    // Contract steps that were decided: new tenants begin without what they remove.
    std::set<std::string> contracted();
    void set_contracted(const std::string& step);

 private:
    ControlTx& tx_;
};

// What a tenant has had of the migrate steps.
struct TenantStepRow {
    static constexpr std::string_view kTable = "tenant_step";
    std::string step;  // module/file
    std::string checksum;
    std::int64_t rows_done = 0;
    std::optional<Time> finished_at;
};
HANGU_STRUCT(TenantStepRow, step, checksum, rows_done, finished_at)

std::optional<TenantStepRow> tenant_step(Tx& tx, const std::string& step);
void save_tenant_step(Tx& tx, const TenantStepRow& row);

// Those that `parts` does not have yet.
void add_upgrade_parts(std::vector<Part>& parts);

}  // namespace hangu::storage
