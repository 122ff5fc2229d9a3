#include "commerce/catalogue/internal/product_view.hpp"
#include "commerce/catalogue/internal/routes.hpp"
#include "commerce/catalogue/module.hpp"
#include "commerce/organisation/paging.hpp"

#include <unordered_map>

namespace hangu::catalogue {

struct ProductList {
    std::vector<ProductSummary> items;
    std::optional<std::string> next_cursor;
    std::int64_t total = 0;
};
HANGU_STRUCT(ProductList, items, next_cursor, total)

struct ProductListInput {
    std::optional<StoreId> store_id;
    std::optional<CategoryId> category_id;
    organisation::PageQuery q;
    std::optional<ProductState> state;
    organisation::PageLimit limit;
    organisation::PageCursor cursor;
};
HANGU_STRUCT(ProductListInput, store_id, category_id, q, state, limit, cursor)

struct ProductViewInput {
    ProductId product_id;
    std::optional<StoreId> store_id;
};
HANGU_STRUCT(ProductViewInput, product_id, store_id)

struct StorePriceInput {
    StoreId store_id;
    SpecId spec_id;
    std::optional<Price> price_fen;
    bool available = true;
    std::optional<Number<0, kRemainingMax>> remaining;
};
HANGU_STRUCT(StorePriceInput, store_id, spec_id, price_fen, available, remaining)

struct StorePriceView {
    StoreId store_id;
    SpecId spec_id;
    std::optional<Money> price_fen;
    bool available = true;
    std::optional<std::int64_t> remaining;
};
HANGU_STRUCT(StorePriceView, store_id, spec_id, price_fen, available, remaining)

namespace {

// Products belong to the whole tenant; a store's prices to those who may see the store.
Result<StoreId> ask_for_store(const organisation::Organisation& organisation, http::Scope& scope,
                              const std::optional<StoreId>& store_id) {
    if (!store_id) {
        HANGU_CHECK(scope.authorize(kMayView));
        return StoreId();
    }
    HANGU_TRY(const organisation::StorePlace store, organisation.store(scope.tx(), *store_id));
    HANGU_CHECK(scope.authorize(kMayView, store.path));
    return store.id;
}

Result<ProductList> list_products(const organisation::Organisation& organisation,
                                  http::Scope& scope, const ProductListInput& input) {
    HANGU_TRY(const std::string after, organisation::key_of(input.cursor));
    HANGU_TRY(const StoreId store, ask_for_store(organisation, scope, input.store_id));
    CatalogueStore catalogue(scope.tx());
    ProductFilter filter;
    filter.pattern = organisation::like_pattern(input.q);
    filter.category_id = input.category_id.value_or(CategoryId());
    filter.state = input.state ? std::string(enum_text(*input.state)) : "";
    std::unordered_map<CategoryId, std::string> names;
    for (CountedCategory& category : catalogue.categories()) {
        names.emplace(category.id, std::move(category.name));
    }
    const std::int64_t limit = organisation::rows_of(input.limit);
    ProductList list;
    for (const ProductRow& row : catalogue.products(filter, after, limit + 1)) {
        if (static_cast<std::int64_t>(list.items.size()) == limit) {
            list.next_cursor = organisation::cursor_of(list.items.back().code);
            break;
        }
        list.items.push_back(summary_of(catalogue, row, names[row.category_id], store));
    }
    list.total = catalogue.count(filter);
    return list;
}

Result<Product> view_product(const organisation::Organisation& organisation, http::Scope& scope,
                             const ProductViewInput& input) {
    HANGU_TRY(const StoreId store, ask_for_store(organisation, scope, input.store_id));
    return find_product_view(scope.tx(), input.product_id, store);
}

Result<StorePriceView> set_store_price(const Catalogue& catalogue,
                                       const organisation::Organisation& organisation,
                                       http::Scope& scope, const StorePriceInput& input) {
    HANGU_TRY(const organisation::StorePlace store, organisation.store(scope.tx(), input.store_id));
    HANGU_CHECK(scope.authorize(kMaySetStorePrice, store.path));
    HANGU_CHECK(catalogue.set_store_price(scope, store, input.spec_id,
                                          {input.price_fen, input.available, input.remaining}));
    const StoreSpecRow row =
        CatalogueStore(scope.tx()).find_store_spec(store.id, input.spec_id).value();
    return StorePriceView{row.store_id, row.spec_id, row.price_fen, row.available, row.remaining};
}

}  // namespace

void add_product_routes(http::Routes& routes, const organisation::Organisation& organisation) {
    const http::Realms realms = http::Realm::merchant | http::Realm::application;
    routes.add_with<ProductList, ProductListInput>(
        {.name = "product.list",
         .method = "GET",
         .path = "/api/v1/products",
         .permission = kMayView,
         .realms = realms,
         .work = http::Work::read,
         .summary = "Products by code, with a store's prices if one is given",
         .tag = "products"},
        [&organisation](http::Scope& scope, const ProductListInput& input) {
            return list_products(organisation, scope, input);
        });
    routes.add_with<Product, ProductViewInput>(
        {.name = "product.view",
         .method = "GET",
         .path = "/api/v1/products/{product_id}",
         .permission = kMayView,
         .realms = realms,
         .work = http::Work::read,
         .summary = "One product with its specs and modifiers",
         .tag = "products"},
        [&organisation](http::Scope& scope, const ProductViewInput& input) {
            return view_product(organisation, scope, input);
        });
}

void add_store_price_routes(http::Routes& routes, const Catalogue& catalogue,
                            const organisation::Organisation& organisation) {
    routes.add_with<StorePriceView, StorePriceInput>(
        {.name = "product.set_store_price",
         .method = "PUT",
         .path = "/api/v1/stores/{store_id}/specs/{spec_id}",
         .permission = kMaySetStorePrice,
         .summary = "A store's own price, availability and what is left",
         .tag = "products"},
        [&catalogue, &organisation](http::Scope& scope, const StorePriceInput& input) {
            return set_store_price(catalogue, organisation, scope, input);
        });
}

}  // namespace hangu::catalogue
