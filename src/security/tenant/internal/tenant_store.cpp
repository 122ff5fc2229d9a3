#include "security/tenant/internal/tenant_store.hpp"

#include "security/tenant/module.hpp"

#include <utility>

namespace hangu::tenant {

std::span<const MigrationFile> sql_files();

namespace {

using storage::ControlStatement;

struct TenantRow {
    static constexpr std::string_view kTable = "tenant";
    TenantId id;
    std::string code;
    std::string name;
    State state = State::creating;
    std::string state_reason;
    std::int64_t utc_offset_minutes = 0;
    Time created_at;
    std::int64_t version = 1;
};
HANGU_STRUCT(TenantRow, id, code, name, state, state_reason, utc_offset_minutes, created_at,
             version)

struct TenantKeyRow {
    static constexpr std::string_view kTable = "tenant_key";
    TenantId tenant_id;
    std::uint32_t key_id = 0;
    std::string purpose;
    std::uint32_t key_version = 1;
    std::string state;
    storage::Blob wrapped;
};
HANGU_STRUCT(TenantKeyRow, tenant_id, key_id, purpose, key_version, state, wrapped)

constexpr ControlStatement<TenantRow()> kAll{
    "tenant.all",
    "select id, code, name, state, state_reason, utc_offset_minutes, created_at, version"
    " from tenant order by code",
    {"read once at start: all tenants are kept in memory"}};

constexpr ControlStatement<void(TenantId, State, State, std::string)> kSetState{
    "tenant.set_state",
    "update tenant set state = ?3, state_reason = ?4, version = version + 1"
    " where id = ?1 and state = ?2"};

constexpr ControlStatement<void(TenantId)> kRemove{"tenant.remove",
                                                   "delete from tenant where id = ?1"};

constexpr ControlStatement<void(TenantId)> kRemoveKeys{
    "tenant_key.remove",
    "delete from tenant_key where tenant_id = ?1",
    {"all keys of one tenant, about ten"}};

constexpr ControlStatement<TenantKeyRow(TenantId)> kKeys{
    "tenant_key.of_tenant",
    "select tenant_id, key_id, purpose, key_version, state, wrapped from tenant_key"
    " where tenant_id = ?1 order by key_id",
    {"all keys of one tenant, about ten"}};

// A key's material never changes; its state does, and a new root key wraps it anew.
constexpr ControlStatement<void(TenantId, std::uint32_t, std::string, storage::Blob)> kUpdateKey{
    "tenant_key.update",
    "update tenant_key set state = ?3, wrapped = ?4 where tenant_id = ?1 and key_id = ?2"};

using storage::ColumnType;
using storage::DataClass;
using storage::Level;

constexpr storage::Column kTenantColumns[] = {
    {"id", ColumnType::integer, DataClass::key, Level::internal},
    {"code", ColumnType::text, DataClass::business, Level::internal},
    {"name", ColumnType::text, DataClass::business, Level::internal},
    {"state", ColumnType::text, DataClass::technical, Level::internal},
    {"state_reason", ColumnType::text, DataClass::business, Level::internal},
    {"utc_offset_minutes", ColumnType::integer, DataClass::technical, Level::internal},
    {"created_at", ColumnType::integer, DataClass::technical, Level::internal},
    {"version", ColumnType::integer, DataClass::technical, Level::internal},
};

constexpr storage::Column kTenantKeyColumns[] = {
    {"tenant_id", ColumnType::integer, DataClass::key, Level::internal},
    {"key_id", ColumnType::integer, DataClass::key, Level::internal},
    {"purpose", ColumnType::text, DataClass::technical, Level::internal},
    {"key_version", ColumnType::integer, DataClass::technical, Level::internal},
    {"state", ColumnType::text, DataClass::technical, Level::internal},
    {"wrapped", ColumnType::blob, DataClass::credential, Level::secret},
};

}  // namespace

bool TenantStore::add(const Tenant& tenant) {
    return tx_.try_insert(TenantRow{tenant.id, tenant.code, tenant.name, tenant.state,
                                    tenant.state_reason, tenant.utc_offset_minutes,
                                    tenant.created_at, tenant.version});
}

std::vector<Tenant> TenantStore::all() {
    std::vector<Tenant> tenants;
    for (TenantRow& row : tx_.list(kAll)) {
        tenants.push_back({row.id, std::move(row.code), std::move(row.name), row.state,
                           std::move(row.state_reason), row.utc_offset_minutes, row.created_at,
                           row.version});
    }
    return tenants;
}

bool TenantStore::set_state(TenantId id, State from, State to, std::string_view reason) {
    return tx_.run(kSetState, id, from, to, std::string(reason)) == 1;
}

void TenantStore::remove(TenantId id) {
    tx_.run(kRemoveKeys, id);
    tx_.run(kRemove, id);
}

std::vector<crypto::WrappedKey> TenantStore::keys(TenantId tenant) {
    std::vector<crypto::WrappedKey> keys;
    for (TenantKeyRow& row : tx_.list(kKeys, tenant)) {
        keys.push_back({row.key_id, std::move(row.purpose), row.key_version, std::move(row.state),
                        std::move(row.wrapped.bytes)});
    }
    return keys;
}

void TenantStore::save_key(TenantId tenant, const crypto::WrappedKey& key) {
    const storage::Blob wrapped{key.wrapped};
    if (tx_.run(kUpdateKey, tenant, key.key_id, key.state, wrapped) == 0) {
        tx_.insert(TenantKeyRow{tenant, key.key_id, key.purpose, key.version, key.state, wrapped});
    }
}

storage::Part part() {
    return {"tenant",
            sql_files(),
            {{"tenant", kTenantColumns, true}, {"tenant_key", kTenantKeyColumns, true}},
            {storage::insert_info<TenantRow>(true), storage::insert_info<TenantKeyRow>(true),
             storage::info(kAll), storage::info(kSetState), storage::info(kRemove),
             storage::info(kRemoveKeys), storage::info(kKeys), storage::info(kUpdateKey)}};
}

}  // namespace hangu::tenant
