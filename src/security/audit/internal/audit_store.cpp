#include "security/audit/internal/audit_store.hpp"

#include "security/audit/module.hpp"

namespace hangu::audit {

std::span<const MigrationFile> sql_files();

namespace {

using storage::DataScope;
using storage::Statement;

// ?2-?9 places, ?10-?18 the filter in the order of its members.
#define HANGU_AUDIT_FILTER \
    " from audit_record where tenant_id = ?1 and id >= ?17 and id < ?18 and ("             \
    HANGU_WITHIN_SCOPE("org_path")                                                         \
    " or (org_path = '' and actor_kind = ?11 and actor_id = ?12))"                         \
    " and (?10 = '' or kind = ?10) and (?13 = 0 or actor_id = ?13)"                        \
    " and (?14 = '' or action = ?14) and (?15 = '' or subject_id = ?15)"                   \
    " and (?16 = '' or instr(action, ?16) > 0 or instr(subject_label, ?16) > 0"            \
    " or instr(route, ?16) > 0 or instr(address, ?16) > 0)"

constexpr Statement<Record(DataScope, RecordFilter, std::int64_t)> kNewest{
    "audit_record.newest",
    "select id, kind, at, actor_kind, actor_id, actor_name, action, subject_kind, subject_id,"
    " subject_label, org_path, route, address, trace, status, fields, leaf_hash" HANGU_AUDIT_FILTER
    " order by id desc limit ?19"};

constexpr Statement<std::int64_t(DataScope, RecordFilter, std::int64_t)> kCount{
    "audit_record.count",
    "select count(*) from (select id" HANGU_AUDIT_FILTER " limit ?19)",
    {"the scan is of the limited inner query, which walks the primary key"}};

constexpr Statement<Record(RecordId, std::int64_t)> kAfter{
    "audit_record.after",
    "select id, kind, at, actor_kind, actor_id, actor_name, action, subject_kind, subject_id,"
    " subject_label, org_path, route, address, trace, status, fields, leaf_hash"
    " from audit_record where tenant_id = ?1 and id > ?2 order by id limit ?3"};

using storage::ColumnType;
using storage::DataClass;
using storage::Level;

constexpr storage::Column kColumns[] = {
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

std::vector<Record> AuditStore::after(RecordId last, std::int64_t count_max) {
    return tx_.list(kAfter, last, count_max);
}

storage::Part part() {
    return {"audit",
            sql_files(),
            {{"audit_record", kColumns}},
            {storage::insert_info<Record>(), storage::info(kNewest), storage::info(kCount),
             storage::info(kAfter)}};
}

}  // namespace hangu::audit
