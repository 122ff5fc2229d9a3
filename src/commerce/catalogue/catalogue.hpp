// What the merchant sells: categories, products, their specs (the sellable units), modifier groups,
// and what differs in a store (price, availability, what is left).
#pragma once

#include "base/describe.hpp"
#include "base/id.hpp"
#include "base/json.hpp"
#include "base/money.hpp"
#include "base/result.hpp"
#include "base/text.hpp"
#include "commerce/organisation/organisation.hpp"
#include "platform/http/scope.hpp"
#include "platform/storage/tx.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hangu::catalogue {

using organisation::StoreId;

struct CategoryTag;
using CategoryId = Id<CategoryTag>;
struct ProductTag;
using ProductId = Id<ProductTag>;
struct SpecTag;
using SpecId = Id<SpecTag>;
struct GroupTag;
using GroupId = Id<GroupTag>;
struct OptionTag;
using OptionId = Id<OptionTag>;

enum class ProductState { on, off };
HANGU_ENUM(ProductState, on, off)
// choice: how it is made (sugar, ice). topping: something added.
enum class ModifierKind { choice, topping };
HANGU_ENUM(ModifierKind, choice, topping)

inline constexpr std::size_t kSpecsCountMax = 30;         // per product
inline constexpr std::size_t kGroupsCountMax = 12;        // per product
inline constexpr std::size_t kOptionsCountMax = 40;       // per group
inline constexpr std::int64_t kPriceFenMax = 10'000'000;  // 100,000 yuan
inline constexpr std::int64_t kRemainingMax = 1'000'000;
using Price = Number<0, kPriceFenMax>;

// ---- what a store sells, for pricing and orders ----

struct SaleSpec {
    SpecId id;
    ProductId product_id;
    std::string product_name;
    std::string spec_name;
    Money price;
    bool on_sale = false;              // product and spec are on and the store offers it
    bool counted = false;              // the store counts what is left: take_stock before selling
    std::int64_t required_groups = 0;  // groups of the product from which something must be chosen
};
HANGU_STRUCT(SaleSpec, id, product_id, product_name, spec_name, price, on_sale, counted,
             required_groups)

struct SaleOption {
    OptionId id;
    GroupId group_id;
    ProductId product_id;
    std::string name;
    Money price;
    bool available = true;
    std::int64_t group_min = 0;
    std::int64_t group_max = 1;
};
HANGU_STRUCT(SaleOption, id, group_id, product_id, name, price, available, group_min, group_max)

// The part of a store's offer that one order needs. A spec or option that does not exist is absent.
struct Menu {
    std::vector<SaleSpec> specs;
    std::vector<SaleOption> options;

    const SaleSpec* find(SpecId id) const;
    const SaleOption* find(OptionId id) const;
};

// ---- making and changing products, for the routes, imports and the demo ----

struct SpecInput {
    std::optional<SpecId> id;  // of a spec that stays; without it one is matched by code or made
    Text<1, 40> code;
    Text<1, 40> name;
    Price price_fen;
};
HANGU_STRUCT(SpecInput, id, code, name, price_fen)

struct ModifierOptionInput {
    std::optional<OptionId> id;
    Text<1, 40> name;
    Price price_fen;
    bool preselected = false;  // "default" in JSON
    std::optional<bool> available;
};

struct ModifierGroupInput {
    std::optional<GroupId> id;
    Text<1, 40> name;
    ModifierKind kind = ModifierKind::choice;
    Number<0, 40> min;
    Number<1, 40> max;
    List<ModifierOptionInput, 1, kOptionsCountMax> options;
};
HANGU_STRUCT(ModifierGroupInput, id, name, kind, min, max, options)

using SpecInputs = List<SpecInput, 1, kSpecsCountMax>;
using GroupInputs = List<ModifierGroupInput, 0, kGroupsCountMax>;

struct ProductDraft {
    Text<1, 40> code;
    Text<1, 80> name;
    CategoryId category_id;
    Text<0, 1000> description;
    ProductState state = ProductState::on;
    SpecInputs specs;
    GroupInputs modifier_groups;
};

// Only what is given changes; specs and groups are replaced as a whole.
struct ProductChange {
    std::optional<Text<1, 40>> code;
    std::optional<Text<1, 80>> name;
    std::optional<CategoryId> category_id;
    std::optional<Text<0, 1000>> description;
    std::optional<ProductState> state;
    std::optional<SpecInputs> specs;
    std::optional<GroupInputs> modifier_groups;
};

// What an import needs to compare and to refer to.
struct KnownProduct {
    ProductId id;
    std::string code;
    std::string name;
    CategoryId category_id;
    std::string description;
    ProductState state = ProductState::on;
    std::int64_t version = 0;
};
HANGU_STRUCT(KnownProduct, id, code, name, category_id, description, state, version)

struct KnownSpec {
    SpecId id;
    ProductId product_id;
    std::string code;
    std::string name;
    Money price_fen;
    ProductState state = ProductState::on;
};
HANGU_STRUCT(KnownSpec, id, product_id, code, name, price_fen, state)

struct StorePrice {
    std::optional<Price> price_fen;  // none: the spec's own price
    bool available = true;
    std::optional<Number<0, kRemainingMax>> remaining;  // none: not counted
};

class Catalogue {
 public:
    // One statement per distinct spec, one per 16 distinct options.
    Menu menu(storage::Tx& tx, StoreId store, std::span<const SpecId> specs,
              std::span<const OptionId> options) const;

    // Takes pieces where the store counts them, by a conditional update: two buyers of the last
    // piece cannot both have it. "order.sold_out"
    Result<void> take_stock(storage::Tx& tx, StoreId store, SpecId spec,
                            std::int64_t quantity) const;
    // Gives pieces back where the store still counts them.
    void return_stock(storage::Tx& tx, StoreId store, SpecId spec, std::int64_t quantity) const;

    // The category of that name, made at the end of the list if there is none.
    Result<CategoryId> ensure_category(http::Scope& scope, const Text<1, 40>& name) const;
    std::optional<KnownProduct> find_product_by_code(storage::Tx& tx, std::string_view code) const;
    std::optional<KnownSpec> find_spec_by_code(storage::Tx& tx, std::string_view code) const;
    std::vector<KnownSpec> specs_of(storage::Tx& tx, ProductId product) const;  // also those off

    // They audit and do not ask for permission. "category.not_found", "product.code_taken",
    // "product.spec_code_taken", "product.stale", "product.not_found", "input.invalid"
    Result<ProductId> create_product(http::Scope& scope, const ProductDraft& draft) const;
    Result<void> change_product(http::Scope& scope, ProductId id, std::int64_t version,
                                const ProductChange& change) const;
    // "product.spec_not_found"
    Result<void> set_store_price(http::Scope& scope, const organisation::StorePlace& store,
                                 SpecId spec, const StorePrice& price) const;
};

}  // namespace hangu::catalogue

// "default" is a word of C++: the option's codec names it so in JSON.
template <>
struct hangu::json::Codec<hangu::catalogue::ModifierOptionInput> {
    static void read(const boost::json::value& json, hangu::catalogue::ModifierOptionInput& value,
                     Reader& reader);
    static boost::json::object schema(Schemas& schemas);
};
