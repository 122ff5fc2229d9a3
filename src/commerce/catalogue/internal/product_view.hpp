// A product as the API shows it.
#pragma once

#include "commerce/catalogue/internal/catalogue_store.hpp"

namespace hangu::catalogue {

struct ProductSummary {
    ProductId id;
    std::string code;
    std::string name;
    CategoryId category_id;
    std::string category_name;
    std::optional<std::string> picture;  // another one has another name; see GET /product-pictures
    ProductState state = ProductState::on;
    Money price_fen;      // of the cheapest spec, in the store if one was asked for
    Money price_max_fen;  // of the dearest
    bool available = true;
    std::optional<std::int64_t> remaining;  // the sum, if the store counts every spec
    std::int64_t specs_count = 0;
    std::int64_t version = 0;
};
HANGU_STRUCT(ProductSummary, id, code, name, category_id, category_name, picture, state, price_fen,
             price_max_fen, available, remaining, specs_count, version)

struct Spec {
    SpecId id;
    std::string code;
    std::string name;
    Money price_fen;
    Money base_price_fen;
    bool available = true;
    std::optional<std::int64_t> remaining;
};
HANGU_STRUCT(Spec, id, code, name, price_fen, base_price_fen, available, remaining)

struct ModifierOption {
    OptionId id;
    std::string name;
    Money price_fen;
    bool preselected = false;  // "default" in JSON
    bool available = true;
};

struct ModifierGroup {
    GroupId id;
    std::string name;
    ModifierKind kind = ModifierKind::choice;
    std::int64_t min = 0;
    std::int64_t max = 1;
    std::vector<ModifierOption> options;
};
HANGU_STRUCT(ModifierGroup, id, name, kind, min, max, options)

struct Product {
    ProductId id;
    std::string code;
    std::string name;
    CategoryId category_id;
    std::string category_name;
    std::optional<std::string> picture;  // another one has another name; see GET /product-pictures
    ProductState state = ProductState::on;
    Money price_fen;
    Money price_max_fen;
    bool available = true;
    std::optional<std::int64_t> remaining;
    std::int64_t specs_count = 0;
    std::int64_t version = 0;
    std::string description;
    std::vector<Spec> specs;
    std::vector<ModifierGroup> modifier_groups;
};
HANGU_STRUCT(Product, id, code, name, category_id, category_name, picture, state, price_fen,
             price_max_fen, available, remaining, specs_count, version, description, specs,
             modifier_groups)

// `store` not set: the merchant's own prices.
ProductSummary summary_of(CatalogueStore& catalogue, const ProductRow& row,
                          std::string category_name, StoreId store);
Result<Product> find_product_view(storage::Tx& tx, ProductId id, StoreId store);

}  // namespace hangu::catalogue

template <>
struct hangu::json::Codec<hangu::catalogue::ModifierOption> {
    static void write(std::string& out, const hangu::catalogue::ModifierOption& value);
    static boost::json::object schema(Schemas& schemas);
};
