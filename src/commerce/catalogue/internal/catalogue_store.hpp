// All SQL of the catalogue.
#pragma once

#include "commerce/catalogue/catalogue.hpp"

namespace hangu::catalogue {

struct CategoryRow {
    static constexpr std::string_view kTable = "category";
    CategoryId id;
    std::string name;
    std::int64_t sort = 0;
    std::int64_t version = 1;
};
HANGU_STRUCT(CategoryRow, id, name, sort, version)

struct CountedCategory {
    CategoryId id;
    std::string name;
    std::int64_t sort = 0;
    std::int64_t version = 1;
    std::int64_t products_count = 0;
};
HANGU_STRUCT(CountedCategory, id, name, sort, version, products_count)

struct ProductRow {
    static constexpr std::string_view kTable = "product";
    ProductId id;
    std::string code;
    std::string name;
    CategoryId category_id;
    std::string description;
    std::optional<std::string> image_url;
    ProductState state = ProductState::on;
    std::int64_t required_groups = 0;
    std::int64_t version = 1;
};
HANGU_STRUCT(ProductRow, id, code, name, category_id, description, image_url, state,
             required_groups, version)

struct SpecRow {
    static constexpr std::string_view kTable = "product_spec";
    SpecId id;
    ProductId product_id;
    std::string code;
    std::string name;
    Money price_fen;
    std::int64_t sort = 0;
    ProductState state = ProductState::on;
};
HANGU_STRUCT(SpecRow, id, product_id, code, name, price_fen, sort, state)

// A spec as one store offers it.
struct OfferRow {
    SpecId id;
    std::string code;
    std::string name;
    Money base_price_fen;
    Money price_fen;
    bool available = true;
    std::optional<std::int64_t> remaining;
};
HANGU_STRUCT(OfferRow, id, code, name, base_price_fen, price_fen, available, remaining)

struct GroupRow {
    static constexpr std::string_view kTable = "modifier_group";
    GroupId id;
    ProductId product_id;
    std::string name;
    ModifierKind kind = ModifierKind::choice;
    std::int64_t choose_min = 0;
    std::int64_t choose_max = 1;
    std::int64_t sort = 0;
};
HANGU_STRUCT(GroupRow, id, product_id, name, kind, choose_min, choose_max, sort)

struct OptionRow {
    static constexpr std::string_view kTable = "modifier_option";
    OptionId id;
    GroupId group_id;
    ProductId product_id;
    std::string name;
    Money price_fen;
    bool preselected = false;
    bool available = true;
    std::int64_t sort = 0;
};
HANGU_STRUCT(OptionRow, id, group_id, product_id, name, price_fen, preselected, available, sort)

struct StoreSpecRow {
    static constexpr std::string_view kTable = "store_spec";
    StoreId store_id;
    SpecId spec_id;
    std::optional<Money> price_fen;
    bool available = true;
    std::optional<std::int64_t> remaining;
};
HANGU_STRUCT(StoreSpecRow, store_id, spec_id, price_fen, available, remaining)

struct ProductFilter {
    std::string pattern = "%";
    CategoryId category_id;  // not set: all
    std::string state;       // "": all
};

class CatalogueStore {
 public:
    explicit CatalogueStore(storage::Tx& tx) : tx_(tx) {}

    std::vector<CountedCategory> categories();
    std::optional<CategoryRow> find_category(CategoryId id);
    std::optional<CategoryRow> find_category_by_name(std::string_view name);
    std::int64_t last_category_sort();
    bool save(const CategoryRow& row, std::int64_t version_before);

    std::vector<ProductRow> products(const ProductFilter& filter, std::string_view after_code,
                                     std::int64_t limit);
    std::int64_t count(const ProductFilter& filter);
    std::optional<ProductRow> find_product(ProductId id);
    std::optional<KnownProduct> find_product_by_code(std::string_view code);
    bool save(const ProductRow& row, std::int64_t version_before);

    std::vector<SpecRow> specs_of(ProductId product);
    std::vector<OfferRow> offers_of(ProductId product, StoreId store);
    std::optional<KnownSpec> find_spec(SpecId id);
    std::optional<KnownSpec> find_spec_by_code(std::string_view code);
    void save(const SpecRow& row);

    std::vector<GroupRow> groups_of(ProductId product);
    std::vector<OptionRow> options_of(ProductId product);
    void delete_groups(ProductId product);

    std::vector<SaleSpec> sale_of(std::span<const SpecId> specs, StoreId store);
    std::vector<SaleOption> sale_options(std::span<const OptionId> options);
    std::optional<StoreSpecRow> find_store_spec(StoreId store, SpecId spec);
    bool save(const StoreSpecRow& row);
    bool take(StoreId store, SpecId spec, std::int64_t quantity);
    void give_back(StoreId store, SpecId spec, std::int64_t quantity);

    template <class Row>
    void insert(const Row& row) {
        tx_.insert(row);
    }
    template <class Row>
    bool try_insert(const Row& row) {
        return tx_.try_insert(row);
    }

 private:
    storage::Tx& tx_;
};

std::vector<storage::StatementInfo> catalogue_statements();

}  // namespace hangu::catalogue
