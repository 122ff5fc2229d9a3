#include "commerce/catalogue/internal/product_view.hpp"

#include "commerce/catalogue/internal/picture_rules.hpp"

namespace hangu::catalogue {

namespace {

// What the specs on offer say of the product as a whole.
void sum_up(const std::vector<OfferRow>& offers, ProductSummary& summary) {
    summary.specs_count = static_cast<std::int64_t>(offers.size());
    std::int64_t remaining = 0;
    bool all_counted = !offers.empty();
    bool any_available = false;
    for (const OfferRow& offer : offers) {
        const bool first = &offer == &offers.front();
        summary.price_fen = first ? offer.price_fen : std::min(summary.price_fen, offer.price_fen);
        summary.price_max_fen = std::max(summary.price_max_fen, offer.price_fen);
        any_available = any_available || offer.available;
        all_counted = all_counted && offer.remaining.has_value();
        remaining += offer.remaining.value_or(0);
    }
    summary.available = any_available && summary.state == ProductState::on;
    if (all_counted) {
        summary.remaining = remaining;
    }
}

std::vector<ModifierGroup> groups_of(CatalogueStore& catalogue, ProductId id) {
    std::vector<ModifierGroup> groups;
    for (GroupRow& row : catalogue.groups_of(id)) {
        groups.push_back(
            {row.id, std::move(row.name), row.kind, row.choose_min, row.choose_max, {}});
    }
    for (OptionRow& row : catalogue.options_of(id)) {
        for (ModifierGroup& group : groups) {
            if (group.id == row.group_id) {
                group.options.push_back(
                    {row.id, std::move(row.name), row.price_fen, row.preselected, row.available});
            }
        }
    }
    return groups;
}

}  // namespace

ProductSummary summary_of(CatalogueStore& catalogue, const ProductRow& row,
                          std::string category_name, StoreId store) {
    ProductSummary summary;
    summary.id = row.id;
    summary.code = row.code;
    summary.name = row.name;
    summary.category_id = row.category_id;
    summary.category_name = std::move(category_name);
    summary.picture = picture_in(row.image_url);
    summary.state = row.state;
    summary.version = row.version;
    sum_up(catalogue.offers_of(row.id, store), summary);
    return summary;
}

Result<Product> find_product_view(storage::Tx& tx, ProductId id, StoreId store) {
    CatalogueStore catalogue(tx);
    const std::optional<ProductRow> row = catalogue.find_product(id);
    if (!row) {
        return Problem::not_found("product.not_found");
    }
    const std::optional<CategoryRow> category = catalogue.find_category(row->category_id);
    const std::vector<OfferRow> offers = catalogue.offers_of(id, store);
    ProductSummary summary;
    summary.state = row->state;
    sum_up(offers, summary);
    Product product;
    product.id = row->id;
    product.code = row->code;
    product.name = row->name;
    product.category_id = row->category_id;
    product.category_name = category ? category->name : "";
    product.picture = picture_in(row->image_url);
    product.state = row->state;
    product.price_fen = summary.price_fen;
    product.price_max_fen = summary.price_max_fen;
    product.available = summary.available;
    product.remaining = summary.remaining;
    product.specs_count = summary.specs_count;
    product.version = row->version;
    product.description = row->description;
    for (const OfferRow& offer : offers) {
        product.specs.push_back({offer.id, offer.code, offer.name, offer.price_fen,
                                 offer.base_price_fen, offer.available, offer.remaining});
    }
    product.modifier_groups = groups_of(catalogue, id);
    return product;
}

}  // namespace hangu::catalogue
