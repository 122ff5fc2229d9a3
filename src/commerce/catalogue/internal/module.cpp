#include "commerce/catalogue/module.hpp"

#include "base/migration_file.hpp"
#include "commerce/catalogue/internal/catalogue_store.hpp"
#include "commerce/catalogue/internal/routes.hpp"

namespace hangu::catalogue {

std::span<const MigrationFile> sql_files();

namespace {

using storage::Column;
using storage::ColumnType;
using storage::DataClass;
using storage::Level;

constexpr Column kCategoryColumns[] = {
    {"id", ColumnType::integer, DataClass::key, Level::internal},
    {"name", ColumnType::text, DataClass::business, Level::open},
    {"sort", ColumnType::integer, DataClass::business, Level::open},
    {"version", ColumnType::integer, DataClass::technical, Level::internal},
};

constexpr Column kProductColumns[] = {
    {"id", ColumnType::integer, DataClass::key, Level::internal},
    {"code", ColumnType::text, DataClass::business, Level::internal},
    {"name", ColumnType::text, DataClass::business, Level::open},
    {"category_id", ColumnType::integer, DataClass::key, Level::internal},
    {"description", ColumnType::text, DataClass::business, Level::open},
    {"image_url", ColumnType::text, DataClass::business, Level::open, true},
    {"state", ColumnType::text, DataClass::business, Level::open},
    {"required_groups", ColumnType::integer, DataClass::technical, Level::internal},
    {"version", ColumnType::integer, DataClass::technical, Level::internal},
};

constexpr Column kSpecColumns[] = {
    {"id", ColumnType::integer, DataClass::key, Level::internal},
    {"product_id", ColumnType::integer, DataClass::key, Level::internal},
    {"code", ColumnType::text, DataClass::business, Level::internal},
    {"name", ColumnType::text, DataClass::business, Level::open},
    {"price_fen", ColumnType::integer, DataClass::business, Level::open},
    {"sort", ColumnType::integer, DataClass::business, Level::open},
    {"state", ColumnType::text, DataClass::business, Level::open},
};

constexpr Column kGroupColumns[] = {
    {"id", ColumnType::integer, DataClass::key, Level::internal},
    {"product_id", ColumnType::integer, DataClass::key, Level::internal},
    {"name", ColumnType::text, DataClass::business, Level::open},
    {"kind", ColumnType::text, DataClass::business, Level::open},
    {"choose_min", ColumnType::integer, DataClass::business, Level::open},
    {"choose_max", ColumnType::integer, DataClass::business, Level::open},
    {"sort", ColumnType::integer, DataClass::business, Level::open},
};

constexpr Column kOptionColumns[] = {
    {"id", ColumnType::integer, DataClass::key, Level::internal},
    {"group_id", ColumnType::integer, DataClass::key, Level::internal},
    {"product_id", ColumnType::integer, DataClass::key, Level::internal},
    {"name", ColumnType::text, DataClass::business, Level::open},
    {"price_fen", ColumnType::integer, DataClass::business, Level::open},
    {"preselected", ColumnType::integer, DataClass::business, Level::open},
    {"available", ColumnType::integer, DataClass::business, Level::open},
    {"sort", ColumnType::integer, DataClass::business, Level::open},
};

constexpr Column kStoreSpecColumns[] = {
    {"store_id", ColumnType::integer, DataClass::key, Level::internal},
    {"spec_id", ColumnType::integer, DataClass::key, Level::internal},
    {"price_fen", ColumnType::integer, DataClass::business, Level::open, true},
    {"available", ColumnType::integer, DataClass::business, Level::open},
    {"remaining", ColumnType::integer, DataClass::business, Level::internal, true},
};

}  // namespace

storage::Part part() {
    return {"catalogue",
            sql_files(),
            {{"category", kCategoryColumns},
             {"product", kProductColumns},
             {"product_spec", kSpecColumns},
             {"modifier_group", kGroupColumns},
             {"modifier_option", kOptionColumns},
             {"store_spec", kStoreSpecColumns}},
            catalogue_statements()};
}

std::vector<http::PermissionNode> permissions() {
    using enum http::PermissionKind;
    return {
        {menu, "products", "", "商品", "Products"},
        {page, "product.view", "products", "商品列表", "Products"},
        {button, "product.edit", "product.view", "编辑商品", "Edit products"},
        {button, "product.store_price", "product.view", "设置门店价格与库存",
         "Set store prices and stock"},
    };
}

void add_routes(http::Routes& routes, const Catalogue& catalogue,
                const organisation::Organisation& organisation) {
    add_category_routes(routes);
    add_product_routes(routes, organisation);
    add_product_edit_routes(routes, catalogue);
    add_store_price_routes(routes, catalogue, organisation);
}

}  // namespace hangu::catalogue
