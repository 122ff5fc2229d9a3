#include "security/authorization/internal/role_store.hpp"

#include "security/authorization/internal/grant_store.hpp"
#include "security/authorization/module.hpp"

namespace hangu::authorization {

std::span<const MigrationFile> sql_files();

namespace {

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
constexpr Statement<RoleRow(RoleId)> kFindRole{"role.find", HANGU_ROLE_COLUMNS " and id = ?2"};
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
constexpr Statement<void(RoleId, std::int64_t)> kRemoveRole{
    "role.remove",
    "delete from role where tenant_id = ?1 and id = ?2 and version = ?3 and built_in = 0"};

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

}  // namespace

std::vector<RoleRow> RoleStore::all() {
    return tx_.list(kAll, kRolesCountMax + 1);
}

std::int64_t RoleStore::count() {
    return tx_.find(kCount).value_or(0);
}

std::optional<RoleRow> RoleStore::find(RoleId id) {
    return tx_.find(kFindRole, id);
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
    return tx_.run(kRemoveRole, id, version) == 1;
}

storage::Part part() {
    using storage::info;
    std::vector<storage::Table> tables = grant_tables();
    tables.insert(tables.begin(), {"role", kRoleColumns});
    std::vector<storage::StatementInfo> statements = grant_statements();
    for (const storage::StatementInfo& statement :
         {storage::insert_info<RoleRow>(), info(kAll), info(kCount), info(kFindRole),
          info(kFindByName), info(kFindOwner), info(kSave), info(kRemoveRole)}) {
        statements.push_back(statement);
    }
    return {"authorization", sql_files(), std::move(tables), std::move(statements)};
}

}  // namespace hangu::authorization
