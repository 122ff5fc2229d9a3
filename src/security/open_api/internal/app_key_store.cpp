#include "security/open_api/internal/app_key_store.hpp"

#include "security/open_api/module.hpp"

namespace hangu::open_api {

std::span<const MigrationFile> sql_files();

namespace {

using storage::DataScope;
using storage::Statement;

#define HANGU_APP_KEY_COLUMNS                                                          \
    "select id, name, prefix, secret_hash, state, permissions, node_path, created_by," \
    " last_used_at, created_at, version from app_key where tenant_id = ?1"

constexpr Statement<AppKeyRow(AppKeyId)> kFind{"app_key.find",
                                               HANGU_APP_KEY_COLUMNS " and id = ?2"};

constexpr Statement<void(AppKeyId, std::int64_t)> kRevoke{
    "app_key.revoke",
    "update app_key set state = 'revoked', version = version + 1"
    " where tenant_id = ?1 and id = ?2 and version = ?3 and state = 'active'"};

constexpr Statement<void(AppKeyId, Time)> kNoteUsed{
    "app_key.note_used",
    "update app_key set last_used_at = ?3"
    " where tenant_id = ?1 and id = ?2 and (last_used_at is null or last_used_at < ?3)"};

constexpr Statement<std::int64_t()> kCountActive{
    "app_key.count_active",
    "select count(*) from app_key where tenant_id = ?1 and state = 'active'",
    {"a tenant has a few keys, 200 active ones at most"}};

constexpr Statement<AppKeyRow(std::int64_t)> kActiveMadeBy{
    "app_key.active_made_by",
    HANGU_APP_KEY_COLUMNS " and created_by = ?2 and state = 'active' order by id",
    {"a tenant has a few keys, 200 active ones at most"}};

constexpr Statement<AppKeyRow(DataScope, AppKeyId, std::int64_t)> kNewest{
    "app_key.newest",
    HANGU_APP_KEY_COLUMNS
    " and " HANGU_WITHIN_SCOPE("node_path") " and (?18 = 0 or id < ?18) order by id desc limit ?19",
    {"a tenant has a few keys; the walk along the primary key ends at the limit"}};

constexpr Statement<std::int64_t(DataScope)> kCount{
    "app_key.count",
    "select count(*) from app_key where tenant_id = ?1 and " HANGU_WITHIN_SCOPE("node_path"),
    {"a tenant has a few keys"}};

using storage::ColumnType;
using storage::DataClass;
using storage::Level;

constexpr storage::Column kColumns[] = {
    {"id", ColumnType::integer, DataClass::key, Level::internal},
    {"name", ColumnType::text, DataClass::business, Level::internal},
    {"prefix", ColumnType::text, DataClass::technical, Level::internal},
    {"secret_hash", ColumnType::blob, DataClass::credential, Level::secret},
    {"state", ColumnType::text, DataClass::technical, Level::internal},
    {"permissions", ColumnType::text, DataClass::technical, Level::internal},
    {"node_path", ColumnType::text, DataClass::business, Level::internal},
    {"created_by", ColumnType::integer, DataClass::key, Level::internal},
    {"last_used_at", ColumnType::integer, DataClass::technical, Level::internal, true},
    {"created_at", ColumnType::integer, DataClass::technical, Level::internal},
    {"version", ColumnType::integer, DataClass::technical, Level::internal},
};

}  // namespace

std::optional<AppKeyRow> AppKeyStore::find(AppKeyId id) {
    return tx_.find(kFind, id);
}

bool AppKeyStore::revoke(AppKeyId id, std::int64_t version) {
    return tx_.run(kRevoke, id, version) == 1;
}

void AppKeyStore::note_used(AppKeyId id, Time at) {
    tx_.run(kNoteUsed, id, at);
}

std::int64_t AppKeyStore::count_active() {
    return tx_.find(kCountActive).value_or(0);
}

std::vector<AppKeyRow> AppKeyStore::active_made_by(std::int64_t staff) {
    return tx_.list(kActiveMadeBy, staff);
}

std::vector<AppKeyRow> AppKeyStore::newest(const DataScope& places, AppKeyId before,
                                           std::int64_t count_max) {
    return tx_.list(kNewest, places, before, count_max);
}

std::int64_t AppKeyStore::count(const DataScope& places) {
    return tx_.find(kCount, places).value_or(0);
}

storage::Part part() {
    return {"open_api",
            sql_files(),
            {{"app_key", kColumns}},
            {storage::insert_info<AppKeyRow>(), storage::info(kFind), storage::info(kRevoke),
             storage::info(kNoteUsed), storage::info(kCountActive), storage::info(kActiveMadeBy),
             storage::info(kNewest), storage::info(kCount)}};
}

}  // namespace hangu::open_api
