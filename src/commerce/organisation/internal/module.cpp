#include "commerce/organisation/module.hpp"

#include "base/migration_file.hpp"
#include "commerce/organisation/internal/organisation_store.hpp"
#include "commerce/organisation/internal/routes.hpp"

namespace hangu::organisation {

std::span<const MigrationFile> sql_files();

namespace {

using storage::Column;
using storage::ColumnType;
using storage::DataClass;
using storage::Level;

constexpr Column kNodeColumns[] = {
    {"id", ColumnType::integer, DataClass::key, Level::internal},
    {"parent_id", ColumnType::integer, DataClass::key, Level::internal, true},
    {"kind", ColumnType::text, DataClass::technical, Level::internal},
    {"name", ColumnType::text, DataClass::business, Level::internal},
    {"path", ColumnType::text, DataClass::technical, Level::internal},
    {"depth", ColumnType::integer, DataClass::technical, Level::internal},
    {"sort", ColumnType::integer, DataClass::technical, Level::internal},
    {"store_id", ColumnType::integer, DataClass::key, Level::internal, true},
    {"last_child", ColumnType::integer, DataClass::technical, Level::internal},
    {"version", ColumnType::integer, DataClass::technical, Level::internal},
};

// address and phone are those of a shop that wants to be found, not of a person.
constexpr Column kStoreColumns[] = {
    {"id", ColumnType::integer, DataClass::key, Level::internal},
    {"node_id", ColumnType::integer, DataClass::key, Level::internal},
    {"code", ColumnType::text, DataClass::business, Level::internal},
    {"name", ColumnType::text, DataClass::business, Level::open},
    {"address", ColumnType::text, DataClass::business, Level::open},
    {"phone", ColumnType::text, DataClass::business, Level::internal},
    {"opening_hours", ColumnType::text, DataClass::business, Level::open},
    {"state", ColumnType::text, DataClass::business, Level::open},
    {"path", ColumnType::text, DataClass::technical, Level::internal},
    {"version", ColumnType::integer, DataClass::technical, Level::internal},
    {"created_at", ColumnType::integer, DataClass::technical, Level::internal},
};

}  // namespace

storage::Part part() {
    return {"organisation",
            sql_files(),
            {{"org_node", kNodeColumns}, {"store", kStoreColumns}},
            organisation_statements()};
}

std::vector<http::PermissionNode> permissions() {
    using enum http::PermissionKind;
    return {
        {menu, "organisation", "", "组织", "Organisation"},
        {page, "org.view", "organisation", "组织架构", "Structure"},
        {button, "org.edit", "org.view", "编辑组织架构", "Edit structure"},
        {page, "store.view", "organisation", "门店", "Stores"},
        {button, "store.edit", "store.view", "编辑门店", "Edit stores"},
    };
}

void add_routes(http::Routes& routes, const Organisation& organisation) {
    add_node_routes(routes, organisation);
    add_store_routes(routes, organisation);
}

}  // namespace hangu::organisation
