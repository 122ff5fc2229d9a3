#include "commerce/catalogue/internal/catalogue_store.hpp"

#include <algorithm>

namespace hangu::catalogue {

namespace {

using storage::Statement;

constexpr Statement<CountedCategory()> kCategories{
    "category.list",
    "select c.id as id, c.name as name, c.sort as sort, c.version as version,"
    " (select count(*) from product p where p.tenant_id = c.tenant_id and p.category_id = c.id)"
    " as products_count"
    " from category c where c.tenant_id = ?1 order by c.sort, c.name"};

constexpr Statement<CategoryRow(CategoryId)> kFindCategory{
    "category.find",
    "select id, name, sort, version from category where tenant_id = ?1 and id = ?2"};

constexpr Statement<CategoryRow(std::string_view)> kFindCategoryByName{
    "category.find_by_name",
    "select id, name, sort, version from category where tenant_id = ?1 and name = ?2"};

constexpr Statement<std::int64_t()> kLastCategorySort{
    "category.last_sort", "select coalesce(max(sort), 0) from category where tenant_id = ?1"};

constexpr Statement<void(CategoryRow, std::int64_t)> kSaveCategory{
    "category.save",
    "update category set name = ?3, sort = ?4, version = ?5"
    " where tenant_id = ?1 and id = ?2 and version = ?6"};

#define HANGU_PRODUCT_FILTER                                    \
    " and (code like ?2 escape '!' or name like ?2 escape '!')" \
    " and (?3 = 0 or category_id = ?3) and (?4 = '' or state = ?4)"

constexpr Statement<ProductRow(std::string_view, CategoryId, std::string_view, std::string_view,
                               std::int64_t)>
    kProducts{"product.list",
              "select id, code, name, category_id, description, image_url, state,"
              " required_groups, version from product where tenant_id = ?1" HANGU_PRODUCT_FILTER
              " and code > ?5 order by code limit ?6"};

constexpr Statement<std::int64_t(std::string_view, CategoryId, std::string_view)> kCountProducts{
    "product.count", "select count(*) from product where tenant_id = ?1" HANGU_PRODUCT_FILTER};

#undef HANGU_PRODUCT_FILTER

constexpr Statement<ProductRow(ProductId)> kFindProduct{
    "product.find",
    "select id, code, name, category_id, description, image_url, state, required_groups, version"
    " from product where tenant_id = ?1 and id = ?2"};

constexpr Statement<KnownProduct(std::string_view)> kFindProductByCode{
    "product.find_by_code",
    "select id, code, name, category_id, description, state, version"
    " from product where tenant_id = ?1 and code = ?2"};

constexpr Statement<void(ProductRow, std::int64_t)> kSaveProduct{
    "product.save",
    "update product set code = ?3, name = ?4, category_id = ?5, description = ?6,"
    " image_url = ?7, state = ?8, required_groups = ?9, version = ?10"
    " where tenant_id = ?1 and id = ?2 and version = ?11"};

constexpr Statement<SpecRow(ProductId)> kSpecsOf{
    "product_spec.list",
    "select id, product_id, code, name, price_fen, sort, state from product_spec"
    " where tenant_id = ?1 and product_id = ?2 order by sort, id"};

constexpr Statement<OfferRow(ProductId, StoreId)> kOffersOf{
    "product_spec.offers",
    "select s.id as id, s.code as code, s.name as name, s.price_fen as base_price_fen,"
    " coalesce(o.price_fen, s.price_fen) as price_fen,"
    " case when coalesce(o.available, 1) = 1 and coalesce(o.remaining, 1) > 0 then 1 else 0 end"
    " as available, o.remaining as remaining"
    " from product_spec s left join store_spec o"
    " on o.tenant_id = s.tenant_id and o.store_id = ?3 and o.spec_id = s.id"
    " where s.tenant_id = ?1 and s.product_id = ?2 and s.state = 'on' order by s.sort, s.id"};

constexpr Statement<KnownSpec(SpecId)> kFindSpec{
    "product_spec.find",
    "select id, product_id, code, name, price_fen, state from product_spec"
    " where tenant_id = ?1 and id = ?2"};

constexpr Statement<KnownSpec(std::string_view)> kFindSpecByCode{
    "product_spec.find_by_code",
    "select id, product_id, code, name, price_fen, state from product_spec"
    " where tenant_id = ?1 and code = ?2"};

constexpr Statement<void(SpecRow)> kSaveSpec{
    "product_spec.save",
    "update product_spec set code = ?4, name = ?5, price_fen = ?6, sort = ?7, state = ?8"
    " where tenant_id = ?1 and id = ?2 and product_id = ?3"};

constexpr Statement<GroupRow(ProductId)> kGroupsOf{
    "modifier_group.list",
    "select id, product_id, name, kind, choose_min, choose_max, sort from modifier_group"
    " where tenant_id = ?1 and product_id = ?2 order by sort, id"};

constexpr Statement<OptionRow(ProductId)> kOptionsOf{
    "modifier_option.list",
    "select id, group_id, product_id, name, price_fen, preselected, available, sort"
    " from modifier_option where tenant_id = ?1 and product_id = ?2 order by sort, id"};

constexpr Statement<void(ProductId)> kDeleteGroups{
    "modifier_group.delete", "delete from modifier_group where tenant_id = ?1 and product_id = ?2"};

constexpr Statement<void(ProductId)> kDeleteOptions{
    "modifier_option.delete",
    "delete from modifier_option where tenant_id = ?1 and product_id = ?2"};

// As many as most orders have lines; of fewer, the last one again.
constexpr std::size_t kSaleAtOnce = 4;

struct SpecsAtOnce {
    SpecId first;
    SpecId second;
    SpecId third;
    SpecId fourth;
};
HANGU_STRUCT(SpecsAtOnce, first, second, third, fourth)

struct OptionsAtOnce {
    OptionId first;
    OptionId second;
    OptionId third;
    OptionId fourth;
};
HANGU_STRUCT(OptionsAtOnce, first, second, third, fourth)

// visit(four) until all were among them.
template <class AtOnce, class Id, class Visit>
void each_at_once(std::span<const Id> ids, Visit&& visit) {
    for (; !ids.empty(); ids = ids.subspan(std::min(ids.size(), kSaleAtOnce))) {
        const auto one = [&ids](std::size_t i) { return ids[std::min(i, ids.size() - 1)]; };
        visit(AtOnce{one(0), one(1), one(2), one(3)});
    }
}

constexpr Statement<SaleSpec(StoreId, SpecsAtOnce)> kListSale{
    "product_spec.sale",
    "select s.id as id, s.product_id as product_id, p.name as product_name, s.name as spec_name,"
    " coalesce(o.price_fen, s.price_fen) as price,"
    " case when p.state = 'on' and s.state = 'on' and coalesce(o.available, 1) = 1"
    " then 1 else 0 end as on_sale,"
    " case when o.remaining is null then 0 else 1 end as counted,"
    " p.required_groups as required_groups"
    " from product_spec s"
    " join product p on p.tenant_id = s.tenant_id and p.id = s.product_id"
    " left join store_spec o"
    " on o.tenant_id = s.tenant_id and o.store_id = ?2 and o.spec_id = s.id"
    " where s.tenant_id = ?1 and s.id in (?3, ?4, ?5, ?6)"};

constexpr Statement<SaleOption(OptionsAtOnce)> kListSaleOptions{
    "modifier_option.sale",
    "select o.id as id, o.group_id as group_id, o.product_id as product_id, o.name as name,"
    " o.price_fen as price, o.available as available, g.choose_min as group_min,"
    " g.choose_max as group_max"
    " from modifier_option o"
    " join modifier_group g on g.tenant_id = o.tenant_id and g.id = o.group_id"
    " where o.tenant_id = ?1 and o.id in (?2, ?3, ?4, ?5)"};

constexpr Statement<StoreSpecRow(StoreId, SpecId)> kFindStoreSpec{
    "store_spec.find",
    "select store_id, spec_id, price_fen, available, remaining from store_spec"
    " where tenant_id = ?1 and store_id = ?2 and spec_id = ?3"};

constexpr Statement<void(StoreSpecRow)> kSaveStoreSpec{
    "store_spec.save",
    "update store_spec set price_fen = ?4, available = ?5, remaining = ?6"
    " where tenant_id = ?1 and store_id = ?2 and spec_id = ?3"};

constexpr Statement<void(StoreId, SpecId, std::int64_t)> kTake{
    "store_spec.take",
    "update store_spec set remaining = remaining - ?4"
    " where tenant_id = ?1 and store_id = ?2 and spec_id = ?3 and remaining >= ?4"};

constexpr Statement<void(StoreId, SpecId, std::int64_t)> kGiveBack{
    "store_spec.give_back",
    "update store_spec set remaining = remaining + ?4"
    " where tenant_id = ?1 and store_id = ?2 and spec_id = ?3 and remaining is not null"};

}  // namespace

std::vector<CountedCategory> CatalogueStore::categories() {
    return tx_.list(kCategories);
}

std::optional<CategoryRow> CatalogueStore::find_category(CategoryId id) {
    return tx_.find(kFindCategory, id);
}

std::optional<CategoryRow> CatalogueStore::find_category_by_name(std::string_view name) {
    return tx_.find(kFindCategoryByName, name);
}

std::int64_t CatalogueStore::last_category_sort() {
    return tx_.find(kLastCategorySort).value();
}

bool CatalogueStore::save(const CategoryRow& row, std::int64_t version_before) {
    return tx_.run(kSaveCategory, row, version_before) == 1;
}

std::vector<ProductRow> CatalogueStore::products(const ProductFilter& filter,
                                                 std::string_view after_code, std::int64_t limit) {
    return tx_.list(kProducts, filter.pattern, filter.category_id, filter.state, after_code, limit);
}

std::int64_t CatalogueStore::count(const ProductFilter& filter) {
    return tx_.find(kCountProducts, filter.pattern, filter.category_id, filter.state).value();
}

std::optional<ProductRow> CatalogueStore::find_product(ProductId id) {
    return tx_.find(kFindProduct, id);
}

std::optional<KnownProduct> CatalogueStore::find_product_by_code(std::string_view code) {
    return tx_.find(kFindProductByCode, code);
}

bool CatalogueStore::save(const ProductRow& row, std::int64_t version_before) {
    return tx_.run(kSaveProduct, row, version_before) == 1;
}

std::vector<SpecRow> CatalogueStore::specs_of(ProductId product) {
    return tx_.list(kSpecsOf, product);
}

std::vector<OfferRow> CatalogueStore::offers_of(ProductId product, StoreId store) {
    return tx_.list(kOffersOf, product, store);
}

std::optional<KnownSpec> CatalogueStore::find_spec(SpecId id) {
    return tx_.find(kFindSpec, id);
}

std::optional<KnownSpec> CatalogueStore::find_spec_by_code(std::string_view code) {
    return tx_.find(kFindSpecByCode, code);
}

void CatalogueStore::save(const SpecRow& row) {
    HANGU_ASSERT(tx_.run(kSaveSpec, row) == 1);
}

std::vector<GroupRow> CatalogueStore::groups_of(ProductId product) {
    return tx_.list(kGroupsOf, product);
}

std::vector<OptionRow> CatalogueStore::options_of(ProductId product) {
    return tx_.list(kOptionsOf, product);
}

void CatalogueStore::delete_groups(ProductId product) {
    tx_.run(kDeleteOptions, product);
    tx_.run(kDeleteGroups, product);
}

std::vector<SaleSpec> CatalogueStore::sale_of(std::span<const SpecId> specs, StoreId store) {
    std::vector<SaleSpec> found;
    found.reserve(specs.size());
    each_at_once<SpecsAtOnce>(specs, [&](const SpecsAtOnce& four) {
        tx_.each(
            kListSale, [&found](SaleSpec row) { found.push_back(std::move(row)); }, store, four);
    });
    return found;
}

std::vector<SaleOption> CatalogueStore::sale_options(std::span<const OptionId> options) {
    std::vector<SaleOption> found;
    found.reserve(options.size());
    each_at_once<OptionsAtOnce>(options, [&](const OptionsAtOnce& four) {
        tx_.each(
            kListSaleOptions, [&found](SaleOption row) { found.push_back(std::move(row)); }, four);
    });
    return found;
}

std::optional<StoreSpecRow> CatalogueStore::find_store_spec(StoreId store, SpecId spec) {
    return tx_.find(kFindStoreSpec, store, spec);
}

bool CatalogueStore::save(const StoreSpecRow& row) {
    return tx_.run(kSaveStoreSpec, row) == 1;
}

bool CatalogueStore::take(StoreId store, SpecId spec, std::int64_t quantity) {
    return tx_.run(kTake, store, spec, quantity) == 1;
}

void CatalogueStore::give_back(StoreId store, SpecId spec, std::int64_t quantity) {
    tx_.run(kGiveBack, store, spec, quantity);
}

std::vector<storage::StatementInfo> catalogue_statements() {
    using storage::info;
    using storage::insert_info;
    return {info(kCategories),
            info(kFindCategory),
            info(kFindCategoryByName),
            info(kLastCategorySort),
            info(kSaveCategory),
            info(kProducts),
            info(kCountProducts),
            info(kFindProduct),
            info(kFindProductByCode),
            info(kSaveProduct),
            info(kSpecsOf),
            info(kOffersOf),
            info(kFindSpec),
            info(kFindSpecByCode),
            info(kSaveSpec),
            info(kGroupsOf),
            info(kOptionsOf),
            info(kDeleteGroups),
            info(kDeleteOptions),
            info(kListSale),
            info(kListSaleOptions),
            info(kFindStoreSpec),
            info(kSaveStoreSpec),
            info(kTake),
            info(kGiveBack),
            insert_info<CategoryRow>(),
            insert_info<ProductRow>(),
            insert_info<SpecRow>(),
            insert_info<GroupRow>(),
            insert_info<OptionRow>(),
            insert_info<StoreSpecRow>()};
}

}  // namespace hangu::catalogue
