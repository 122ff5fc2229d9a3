#include "security/audit/internal/audit_store.hpp"

#include "security/audit/internal/archive_store.hpp"
#include "security/audit/internal/log_store.hpp"
#include "security/audit/module.hpp"

#include <algorithm>

namespace hangu::audit {

std::span<const MigrationFile> sql_files();

namespace {

using storage::DataScope;
using storage::Statement;

// ?2-?17 places, ?18-?31 the filter in the order of its members. The result is that of result_of().
#define HANGU_AUDIT_FILTER \
    " from audit_record where tenant_id = ?1 and id >= ?25 and id < ?26 and ("                     \
    HANGU_WITHIN_SCOPE("org_path")                                                                 \
    " or (org_path = '' and actor_kind = ?19 and actor_id = ?20))"                                 \
    " and (?18 = '' or kind = ?18) and (?21 = 0 or actor_id = ?21)"                                \
    " and (?22 = '' or action = ?22) and (?23 = '' or subject_id = ?23)"                           \
    " and (?24 = '' or instr(action, ?24) > 0 or instr(subject_label, ?24) > 0"                    \
    " or instr(route, ?24) > 0 or instr(address, ?24) > 0)"                                        \
    " and (?27 = '' or subject_kind = ?27) and (?28 = '' or address = ?28)"                        \
    " and (?29 = '' or ?29 = case when kind = 'act' then case when action like '%.refused'"        \
    " or action like '%.throttled' then 'refused' else 'ok' end"                                   \
    " when status < 400 then 'ok' when status < 500 then 'refused' else 'failed' end)"             \
    " and (?30 = '' or subject_id = ?30 or actor_id = ?31)"

constexpr Statement<Record(DataScope, RecordFilter, std::int64_t)> kNewest{
    "audit_record.newest",
    "select id, kind, at, actor_kind, actor_id, actor_name, action, subject_kind, subject_id,"
    " subject_label, org_path, route, address, trace, status, fields, leaf_hash" HANGU_AUDIT_FILTER
    " order by id desc limit ?32"};

constexpr Statement<std::int64_t(DataScope, RecordFilter, std::int64_t)> kCount{
    "audit_record.count",
    "select count(*) from (select id" HANGU_AUDIT_FILTER " limit ?32)",
    {"the scan is of the limited inner query, which walks the primary key"}};

constexpr Statement<StoredRecord(RecordId, std::int64_t)> kAfter{
    "audit_record.after",
    "select id, kind, at, actor_kind, actor_id, actor_name, action, subject_kind, subject_id,"
    " subject_label, org_path, route, address, trace, status, fields, leaf_hash"
    " from audit_record where tenant_id = ?1 and id > ?2 order by id limit ?3"};

constexpr Statement<RecordId()> kLastId{
    "audit_record.last_id",
    "select id from audit_record where tenant_id = ?1 order by id desc limit 1",
    {"walks the primary key from its end and stops at the first"}};

constexpr Statement<StoredRecord(RecordId, RecordId, std::int64_t)> kBetween{
    "audit_record.between",
    "select id, kind, at, actor_kind, actor_id, actor_name, action, subject_kind, subject_id,"
    " subject_label, org_path, route, address, trace, status, fields, leaf_hash"
    " from audit_record where tenant_id = ?1 and id > ?2 and id <= ?3 order by id limit ?4"};

constexpr Statement<RecordMark(RecordId, std::int64_t)> kMarks{
    "audit_record.marks",
    "select id, kind, route, trace, at from audit_record where tenant_id = ?1 and id > ?2"
    " order by id limit ?3"};

constexpr Statement<StoredRecord(RecordId)> kOne{
    "audit_record.one",
    "select id, kind, at, actor_kind, actor_id, actor_name, action, subject_kind, subject_id,"
    " subject_label, org_path, route, address, trace, status, fields, leaf_hash"
    " from audit_record where tenant_id = ?1 and id = ?2"};

constexpr Statement<RecordId(SelectedActs, std::int64_t)> kSelected{
    "audit_record.selected",
    "select id from audit_record where tenant_id = ?1 and id >= ?2 and id < ?3 and kind = 'act'"
    " and (?4 = '' or action = ?4) and (?5 = '' or subject_kind = ?5)"
    " and (?6 = '' or subject_id = ?6) and (?7 = 0 or actor_id = ?7) order by id limit ?8"};

constexpr Statement<std::int64_t(std::int64_t, std::int64_t, std::int64_t)> kCountBetween{
    "audit_record.count_between",
    "select count(*) from (select id from audit_record"
    " where tenant_id = ?1 and id >= ?2 and id < ?3 limit ?4)",
    {"the scan is of the limited inner query, which walks the primary key"}};

struct ErasedValues {
    std::string subject_label;
    std::string address;
    storage::Blob fields;
};
HANGU_STRUCT(ErasedValues, subject_label, address, fields)

constexpr Statement<void(RecordId, ErasedValues)> kReplaceErased{
    "audit_record.replace_erased",
    "update audit_record set subject_label = ?3, address = ?4, fields = ?5"
    " where tenant_id = ?1 and id = ?2"};
constexpr Statement<void(RecordId)> kEraseName{
    "audit_record.erase_name",
    "update audit_record set actor_name = null where tenant_id = ?1 and id = ?2"};

constexpr std::int64_t kBundlesBetweenMax = 8;

using storage::ColumnType;
using storage::DataClass;
using storage::Level;

constexpr storage::Column kRecordColumns[] = {
    {"id", ColumnType::integer, DataClass::key, Level::internal},
    {"kind", ColumnType::text, DataClass::audit, Level::internal},
    {"at", ColumnType::integer, DataClass::audit, Level::internal},
    {"actor_kind", ColumnType::text, DataClass::audit, Level::internal},
    {"actor_id", ColumnType::integer, DataClass::key, Level::internal},
    {"actor_name", ColumnType::sealed, DataClass::identity, Level::sensitive, true},
    {"action", ColumnType::text, DataClass::audit, Level::internal},
    {"subject_kind", ColumnType::text, DataClass::audit, Level::internal},
    {"subject_id", ColumnType::text, DataClass::key, Level::internal},
    {"subject_label", ColumnType::text, DataClass::audit, Level::internal},
    {"org_path", ColumnType::text, DataClass::business, Level::internal},
    {"route", ColumnType::text, DataClass::audit, Level::internal},
    {"address", ColumnType::text, DataClass::audit, Level::internal},
    {"trace", ColumnType::text, DataClass::technical, Level::internal},
    {"status", ColumnType::integer, DataClass::technical, Level::internal},
    {"fields", ColumnType::blob, DataClass::audit, Level::internal},
    {"leaf_hash", ColumnType::blob, DataClass::audit, Level::internal},
};

}  // namespace

std::vector<Record> AuditStore::newest(const DataScope& places, const RecordFilter& filter,
                                       std::int64_t count_max) {
    return tx_.list(kNewest, places, filter, count_max);
}

std::int64_t AuditStore::count(const DataScope& places, const RecordFilter& filter) {
    return tx_.find(kCount, places, filter, kCountMax).value_or(0);
}

std::optional<RecordId> AuditStore::last_id() {
    return tx_.find(kLastId);
}

// Also those that lie in bundles, as if they were still here.
std::vector<StoredRecord> AuditStore::between(RecordId after, RecordId last,
                                              std::int64_t count_max) {
    std::vector<StoredRecord> all = tx_.list(kBetween, after, last, count_max);
    for (Bundle& bundle : ArchiveStore(tx_).between(after, last, kBundlesBetweenMax)) {
        for (StoredRecord& record : bundle.records) {
            if (record.id > after && record.id <= last) {
                all.push_back(std::move(record));
            }
        }
    }
    std::stable_sort(all.begin(), all.end(),
                     [](const StoredRecord& a, const StoredRecord& b) { return a.id < b.id; });
    return all;
}

std::vector<RecordMark> AuditStore::marks(RecordId after, std::int64_t count_max) {
    return tx_.list(kMarks, after, count_max);
}

std::optional<StoredRecord> AuditStore::find(RecordId id) {
    std::optional<StoredRecord> online = tx_.find(kOne, id);
    return online ? online : ArchiveStore(tx_).find(id);
}

std::vector<RecordId> AuditStore::selected(const SelectedActs& wanted, std::int64_t count_max) {
    return tx_.list(kSelected, wanted, count_max);
}

std::int64_t AuditStore::count_between(std::int64_t id_from, std::int64_t id_before,
                                       std::int64_t count_max) {
    return tx_.find(kCountBetween, id_from, id_before, count_max).value_or(0);
}

void AuditStore::replace_erased(const Record& record) {
    const ErasedValues values{record.subject_label, record.address, record.fields};
    if (tx_.run(kReplaceErased, record.id, values) == 1) {
        if (record.actor_name.empty()) {
            tx_.run(kEraseName, record.id);
        }
        return;
    }
    ArchiveStore archive(tx_);
    std::optional<StoredRecord> archived = archive.find(record.id);
    HANGU_ASSERT(archived.has_value());
    archived->subject_label = record.subject_label;
    archived->address = record.address;
    archived->fields = record.fields;
    if (record.actor_name.empty()) {
        archived->actor_name.bytes.clear();
    }
    const bool replaced = archive.replace(*archived);
    HANGU_ASSERT(replaced);
}

std::vector<StoredRecord> AuditStore::after(RecordId last, std::int64_t count_max) {
    return tx_.list(kAfter, last, count_max);
}

std::optional<Record> AuditStore::opened(StoredRecord stored) {
    const std::optional<RecordKind> kind = parse_enum<RecordKind>(stored.kind);
    const auto actor_kind = parse_enum<http::ActorKind>(stored.actor_kind);
    if (!kind || !actor_kind) {
        return std::nullopt;
    }
    Record record{stored.id,
                  *kind,
                  stored.at,
                  *actor_kind,
                  stored.actor_id,
                  {},
                  std::move(stored.action),
                  std::move(stored.subject_kind),
                  std::move(stored.subject_id),
                  std::move(stored.subject_label),
                  std::move(stored.org_path),
                  std::move(stored.route),
                  std::move(stored.address),
                  std::move(stored.trace),
                  stored.status,
                  std::move(stored.fields),
                  std::move(stored.leaf_hash)};
    if (stored.actor_name.bytes.empty()) {
        return record;
    }
    static const std::uint64_t field = crypto::field_id("audit_record.actor_name");
    try {
        record.actor_name = Sealed<PersonName>(PersonName(
            tx_.keys().open({tx_.tenant(), field, stored.id.value()}, stored.actor_name.bytes)));
    } catch (const crypto::SealBroken&) {
        return std::nullopt;
    }
    return record;
}

storage::Part part() {
    storage::Part part{
        "audit",
        sql_files(),
        {{"audit_record", kRecordColumns}},
        {storage::insert_info<Record>(), storage::info(kNewest), storage::info(kCount),
         storage::info(kAfter), storage::info(kLastId), storage::info(kBetween),
         storage::info(kOne), storage::info(kMarks), storage::info(kSelected),
         storage::info(kCountBetween), storage::info(kReplaceErased), storage::info(kEraseName)}};
    for (const storage::Table& table : log_tables()) {
        part.tables.push_back(table);
    }
    for (const storage::StatementInfo& statement : log_statements()) {
        part.statements.push_back(statement);
    }
    for (const storage::Table& table : archive_tables()) {
        part.tables.push_back(table);
    }
    for (const storage::StatementInfo& statement : archive_statements()) {
        part.statements.push_back(statement);
    }
    return part;
}

}  // namespace hangu::audit
