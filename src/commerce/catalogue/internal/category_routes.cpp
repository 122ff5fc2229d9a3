#include "commerce/catalogue/internal/catalogue_store.hpp"
#include "commerce/catalogue/internal/routes.hpp"
#include "commerce/catalogue/module.hpp"

namespace hangu::catalogue {

struct Category {
    CategoryId id;
    std::string name;
    std::int64_t sort = 0;
    std::int64_t products_count = 0;
    std::int64_t version = 0;
};
HANGU_STRUCT(Category, id, name, sort, products_count, version)

struct CategoryList {
    std::vector<Category> items;
};
HANGU_STRUCT(CategoryList, items)

struct CategoryCreateInput {
    Text<1, 40> name;
    std::optional<Number<0, 100000>> sort;
};
HANGU_STRUCT(CategoryCreateInput, name, sort)

struct CategoryEditInput {
    CategoryId category_id;
    std::optional<Text<1, 40>> name;
    std::optional<Number<0, 100000>> sort;
    Number<1, INT64_MAX> version;
};
HANGU_STRUCT(CategoryEditInput, category_id, name, sort, version)

namespace {

Result<CategoryList> list_categories(http::Scope& scope) {
    CategoryList list;
    for (CountedCategory& row : CatalogueStore(scope.tx()).categories()) {
        list.items.push_back(
            {row.id, std::move(row.name), row.sort, row.products_count, row.version});
    }
    return list;
}

Result<http::Created<Category>> create_category(http::Scope& scope,
                                                const CategoryCreateInput& input) {
    CatalogueStore catalogue(scope.tx());
    const std::int64_t sort =
        input.sort ? std::int64_t{*input.sort} : catalogue.last_category_sort() + 1;
    const CategoryRow row{scope.new_id<CategoryId>(), input.name.str(), sort, 1};
    if (!catalogue.try_insert(row)) {
        return Problem::conflict("category.name_taken");
    }
    scope.audit(
        {"category.created", "category", row.id.text(), row.name, {{"name", "", row.name}}, ""});
    return http::Created<Category>{{row.id, row.name, row.sort, 0, row.version}};
}

Result<Category> edit_category(http::Scope& scope, const CategoryEditInput& input) {
    CatalogueStore catalogue(scope.tx());
    const std::optional<CategoryRow> before = catalogue.find_category(input.category_id);
    if (!before) {
        return Problem::not_found("category.not_found");
    }
    CategoryRow after = *before;
    after.name = input.name ? input.name->str() : before->name;
    after.sort = input.sort ? std::int64_t{*input.sort} : before->sort;
    after.version = input.version + 1;
    const std::optional<CategoryRow> holder = catalogue.find_category_by_name(after.name);
    if (holder && holder->id != after.id) {
        return Problem::conflict("category.name_taken");
    }
    if (!catalogue.save(after, input.version)) {
        return Problem::conflict("category.stale");
    }
    scope.audit({"category.edited",
                 "category",
                 after.id.text(),
                 after.name,
                 {{"name", before->name, after.name},
                  {"sort", std::to_string(before->sort), std::to_string(after.sort)}},
                 ""});
    for (const CountedCategory& row : catalogue.categories()) {
        if (row.id == after.id) {
            return Category{row.id, row.name, row.sort, row.products_count, row.version};
        }
    }
    return Problem::not_found("category.not_found");
}

}  // namespace

void add_category_routes(http::Routes& routes) {
    using http::Guard;
    routes.add({.name = "category.list",
                .method = "GET",
                .path = "/api/v1/categories",
                .permission = kMayView,
                .guard = Guard::tenant,
                .work = http::Work::read,
                .summary = "All categories",
                .tag = "products"},
               list_categories);
    routes.add({.name = "category.create",
                .method = "POST",
                .path = "/api/v1/categories",
                .permission = kMayEdit,
                .guard = Guard::tenant,
                .summary = "Make a category",
                .tag = "products"},
               create_category);
    routes.add({.name = "category.edit",
                .method = "PATCH",
                .path = "/api/v1/categories/{category_id}",
                .permission = kMayEdit,
                .guard = Guard::tenant,
                .summary = "Rename or move a category",
                .tag = "products"},
               edit_category);
}

}  // namespace hangu::catalogue
