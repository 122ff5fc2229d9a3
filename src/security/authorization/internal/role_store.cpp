#include "security/authorization/internal/role_store.hpp"

#include "security/authorization/module.hpp"

namespace hangu::authorization {

std::span<const MigrationFile> sql_files();

namespace {

using http::ActorKind;
using storage::Statement;

#define HANGU_ROLE_COLUMNS \
    "select id, name, built_in, permissions, version from role where tenant_id = ?1"

constexpr Statement<RoleRow(std::int64_t)> kAll{
    "role.all",
    HANGU_ROLE_COLUMNS " order by name limit ?2",
    {"the list of roles is read whole; a tenant has 200 at most"}};
constexpr Statement<std::int64_t()> kCount{"role.count",
                                           "select count(*) from role where tenant_id = ?1",
                                           {"a tenant has 200 roles at most"}};
constexpr Statement<RoleRow(RoleId)> kFind{"role.find", HANGU_ROLE_COLUMNS " and id = ?2"};
constexpr Statement<RoleRow(std::string_view)> kFindByName{"role.find_by_name",
                                                           HANGU_ROLE_COLUMNS " and name = ?2"};
constexpr Statement<RoleRow()> kFindOwner{"role.find_owner",
                                          HANGU_ROLE_COLUMNS
                                          " and built_in = 1 order by id limit 1",
                                          {"a tenant has a few roles, 200 at most"}};
constexpr Statement<void(RoleId, std::string, std::string, std::int64_t)> kSave{
    "role.save",
    "update role set name = ?3, permissions = ?4, version = version + 1"
    " where tenant_id = ?1 and id = ?2 and version = ?5 and built_in = 0"};
constexpr Statement<void(RoleId, std::int64_t)> kRemove{
    "role.remove",
    "delete from role where tenant_id = ?1 and id = ?2 and version = ?3 and built_in = 0"};

constexpr Statement<GrantedRole(ActorKind, std::int64_t, std::int64_t)> kGranted{
    "role_grant.of_actor",
    "select g.role_id, r.name as role_name, r.built_in, r.permissions, g.node_path"
    " from role_grant g join role r on r.tenant_id = g.tenant_id and r.id = g.role_id"
    " where g.tenant_id = ?1 and g.actor_kind = ?2 and g.actor_id = ?3 order by g.id limit ?4"};
constexpr Statement<RoleHolders()> kHolders{
    "role_grant.holders",
    "select role_id, count(distinct actor_id) as holders from role_grant"
    " where tenant_id = ?1 and actor_kind = 'staff' group by role_id",
    {"counts the staff of every role; as many rows as staff have roles"}};
constexpr Statement<std::int64_t(RoleId, ActorKind)> kHoldersOf{
    "role_grant.holders_of",
    "select distinct actor_id from role_grant"
    " where tenant_id = ?1 and role_id = ?2 and actor_kind = ?3"};
constexpr Statement<std::int64_t(RoleId)> kInUse{
    "role_grant.in_use", "select id from role_grant where tenant_id = ?1 and role_id = ?2 limit 1"};
constexpr Statement<void(ActorKind, std::int64_t)> kRemoveGrants{
    "role_grant.remove",
    "delete from role_grant where tenant_id = ?1 and actor_kind = ?2 and actor_id = ?3"};

using storage::ColumnType;
using storage::DataClass;
using storage::Level;

constexpr storage::Column kRoleColumns[] = {
    {"id", ColumnType::integer, DataClass::key, Level::internal},
    {"name", ColumnType::text, DataClass::business, Level::internal},
    {"built_in", ColumnType::integer, DataClass::technical, Level::internal},
    {"permissions", ColumnType::text, DataClass::technical, Level::internal},
    {"version", ColumnType::integer, DataClass::technical, Level::internal},
};

constexpr storage::Column kGrantColumns[] = {
    {"id", ColumnType::integer, DataClass::key, Level::internal},
    {"actor_kind", ColumnType::text, DataClass::technical, Level::internal},
    {"actor_id", ColumnType::integer, DataClass::key, Level::internal},
    {"role_id", ColumnType::integer, DataClass::key, Level::internal},
    {"node_path", ColumnType::text, DataClass::business, Level::internal},
    {"created_at", ColumnType::integer, DataClass::technical, Level::internal},
};

}  // namespace

std::vector<RoleRow> RoleStore::all() {
    return tx_.list(kAll, kRolesCountMax + 1);
}

std::int64_t RoleStore::count() {
    return tx_.find(kCount).value_or(0);
}

std::optional<RoleRow> RoleStore::find(RoleId id) {
    return tx_.find(kFind, id);
}

std::optional<RoleRow> RoleStore::find_by_name(std::string_view name) {
    return tx_.find(kFindByName, name);
}

std::optional<RoleRow> RoleStore::find_owner() {
    return tx_.find(kFindOwner);
}

bool RoleStore::save(const RoleRow& role) {
    return tx_.run(kSave, role.id, role.name, role.permissions, role.version) == 1;
}

bool RoleStore::remove(RoleId id, std::int64_t version) {
    return tx_.run(kRemove, id, version) == 1;
}

std::vector<GrantedRole> RoleStore::granted(ActorKind kind, std::int64_t actor_id) {
    return tx_.list(kGranted, kind, actor_id, kGrantsCountMax);
}

std::vector<RoleHolders> RoleStore::holders() {
    return tx_.list(kHolders);
}

std::vector<std::int64_t> RoleStore::holders_of(RoleId id, ActorKind kind) {
    return tx_.list(kHoldersOf, id, kind);
}

bool RoleStore::in_use(RoleId id) {
    return tx_.find(kInUse, id).has_value();
}

void RoleStore::remove_grants(ActorKind kind, std::int64_t actor_id) {
    tx_.run(kRemoveGrants, kind, actor_id);
}

storage::Part part() {
    return {"authorization",
            sql_files(),
            {{"role", kRoleColumns}, {"role_grant", kGrantColumns}},
            {storage::insert_info<RoleRow>(), storage::insert_info<GrantRow>(), storage::info(kAll),
             storage::info(kCount), storage::info(kFind), storage::info(kFindByName),
             storage::info(kFindOwner), storage::info(kSave), storage::info(kRemove),
             storage::info(kGranted), storage::info(kHolders), storage::info(kHoldersOf),
             storage::info(kInUse), storage::info(kRemoveGrants)}};
}

}  // namespace hangu::authorization
