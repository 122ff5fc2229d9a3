#include "commerce/catalogue/catalogue.hpp"

#include "commerce/catalogue/internal/catalogue_store.hpp"

#include <algorithm>

namespace hangu::catalogue {

const SaleSpec* Menu::find(SpecId id) const {
    for (const SaleSpec& spec : specs) {
        if (spec.id == id) {
            return &spec;
        }
    }
    return nullptr;
}

const SaleOption* Menu::find(OptionId id) const {
    for (const SaleOption& option : options) {
        if (option.id == id) {
            return &option;
        }
    }
    return nullptr;
}

namespace {

template <class Id>
std::vector<Id> each_once(std::span<const Id> ids) {
    std::vector<Id> once(ids.begin(), ids.end());
    std::sort(once.begin(), once.end());
    once.erase(std::unique(once.begin(), once.end()), once.end());
    return once;
}

}  // namespace

Menu Catalogue::menu(storage::Tx& tx, StoreId store, std::span<const SpecId> specs,
                     std::span<const OptionId> options) const {
    CatalogueStore catalogue(tx);
    return {catalogue.sale_of(each_once(specs), store), catalogue.sale_options(each_once(options))};
}

Result<void> Catalogue::take_stock(storage::Tx& tx, StoreId store, SpecId spec,
                                   std::int64_t quantity) const {
    HANGU_ASSERT(quantity > 0);
    if (!CatalogueStore(tx).take(store, spec, quantity)) {
        return Problem::conflict("order.sold_out");
    }
    return {};
}

void Catalogue::return_stock(storage::Tx& tx, StoreId store, SpecId spec,
                             std::int64_t quantity) const {
    HANGU_ASSERT(quantity > 0);
    CatalogueStore(tx).give_back(store, spec, quantity);
}

Result<CategoryId> Catalogue::ensure_category(http::Scope& scope, const Text<1, 40>& name) const {
    CatalogueStore catalogue(scope.tx());
    if (const std::optional<CategoryRow> found = catalogue.find_category_by_name(name)) {
        return found->id;
    }
    const CategoryRow row{scope.new_id<CategoryId>(), name.str(),
                          catalogue.last_category_sort() + 1, 1};
    if (!catalogue.try_insert(row)) {
        return Problem::conflict("category.name_taken");
    }
    scope.audit(
        {"category.created", "category", row.id.text(), row.name, {{"name", "", row.name}}, ""});
    return row.id;
}

std::optional<KnownProduct> Catalogue::find_product_by_code(storage::Tx& tx,
                                                            std::string_view code) const {
    return CatalogueStore(tx).find_product_by_code(code);
}

std::optional<KnownSpec> Catalogue::find_spec_by_code(storage::Tx& tx,
                                                      std::string_view code) const {
    return CatalogueStore(tx).find_spec_by_code(code);
}

std::vector<KnownSpec> Catalogue::specs_of(storage::Tx& tx, ProductId product) const {
    std::vector<KnownSpec> specs;
    for (SpecRow& row : CatalogueStore(tx).specs_of(product)) {
        specs.push_back({row.id, row.product_id, std::move(row.code), std::move(row.name),
                         row.price_fen, row.state});
    }
    return specs;
}

Result<void> Catalogue::set_store_price(http::Scope& scope, const organisation::StorePlace& store,
                                        SpecId spec_id, const StorePrice& price) const {
    CatalogueStore catalogue(scope.tx());
    const std::optional<KnownSpec> spec = catalogue.find_spec(spec_id);
    if (!spec) {
        return Problem::not_found("product.spec_not_found");
    }
    const std::optional<StoreSpecRow> before = catalogue.find_store_spec(store.id, spec_id);
    StoreSpecRow row{store.id, spec_id, std::nullopt, price.available, std::nullopt};
    if (price.price_fen) {
        row.price_fen = Money(*price.price_fen);
    }
    if (price.remaining) {
        row.remaining = *price.remaining;
    }
    if (!catalogue.save(row)) {
        catalogue.insert(row);
    }
    const auto text = [](const auto& value) { return value ? std::to_string(*value) : ""; };
    const auto fen = [&text](const std::optional<Money>& value) {
        return text(value ? std::optional(value->fen()) : std::nullopt);
    };
    const StoreSpecRow was = before.value_or(StoreSpecRow{});
    scope.audit({"product.store_price_set",
                 "product_spec",
                 spec_id.text(),
                 spec->code,
                 {{"price_fen", fen(was.price_fen), fen(row.price_fen)},
                  {"available", was.available ? "true" : "false", row.available ? "true" : "false"},
                  {"remaining", text(was.remaining), text(row.remaining)}},
                 store.path});
    return {};
}

}  // namespace hangu::catalogue
