#include "commerce/catalogue/internal/product_view.hpp"
#include "commerce/catalogue/internal/routes.hpp"
#include "commerce/catalogue/module.hpp"

namespace hangu::catalogue {

struct ProductCreateInput {
    Text<1, 40> code;
    Text<1, 80> name;
    CategoryId category_id;
    std::optional<Text<0, 1000>> description;
    std::optional<ProductState> state;
    SpecInputs specs;
    GroupInputs modifier_groups;
};
HANGU_STRUCT(ProductCreateInput, code, name, category_id, description, state, specs,
             modifier_groups)

struct ProductEditInput {
    ProductId product_id;
    std::optional<Text<1, 40>> code;
    std::optional<Text<1, 80>> name;
    std::optional<CategoryId> category_id;
    std::optional<Text<0, 1000>> description;
    std::optional<ProductState> state;
    std::optional<SpecInputs> specs;
    std::optional<GroupInputs> modifier_groups;
    Number<1, INT64_MAX> version;
};
HANGU_STRUCT(ProductEditInput, product_id, code, name, category_id, description, state, specs,
             modifier_groups, version)

namespace {

Result<http::Created<Product>> create_product(const Catalogue& catalogue, http::Scope& scope,
                                              const ProductCreateInput& input) {
    ProductDraft draft;
    draft.code = input.code;
    draft.name = input.name;
    draft.category_id = input.category_id;
    draft.description = input.description.value_or(Text<0, 1000>());
    draft.state = input.state.value_or(ProductState::on);
    draft.specs = input.specs;
    draft.modifier_groups = input.modifier_groups;
    HANGU_TRY(const ProductId id, catalogue.create_product(scope, draft));
    HANGU_TRY(Product product, find_product_view(scope.tx(), id, StoreId()));
    return http::Created<Product>{std::move(product)};
}

Result<Product> edit_product(const Catalogue& catalogue, http::Scope& scope,
                             const ProductEditInput& input) {
    ProductChange change;
    change.code = input.code;
    change.name = input.name;
    change.category_id = input.category_id;
    change.description = input.description;
    change.state = input.state;
    change.specs = input.specs;
    change.modifier_groups = input.modifier_groups;
    HANGU_CHECK(catalogue.change_product(scope, input.product_id, input.version, change));
    return find_product_view(scope.tx(), input.product_id, StoreId());
}

}  // namespace

void add_product_edit_routes(http::Routes& routes, const Catalogue& catalogue) {
    using http::Guard;
    routes.add_with<http::Created<Product>, ProductCreateInput>(
        {.name = "product.create",
         .method = "POST",
         .path = "/api/v1/products",
         .permission = kMayEdit,
         .guard = Guard::tenant,
         .summary = "Make a product with its specs and modifiers",
         .tag = "products"},
        [&catalogue](http::Scope& scope, const ProductCreateInput& input) {
            return create_product(catalogue, scope, input);
        });
    routes.add_with<Product, ProductEditInput>(
        {.name = "product.edit",
         .method = "PATCH",
         .path = "/api/v1/products/{product_id}",
         .permission = kMayEdit,
         .guard = Guard::tenant,
         .summary = "Change a product; specs and modifiers are replaced as a whole",
         .tag = "products"},
        [&catalogue](http::Scope& scope, const ProductEditInput& input) {
            return edit_product(catalogue, scope, input);
        });
}

}  // namespace hangu::catalogue
