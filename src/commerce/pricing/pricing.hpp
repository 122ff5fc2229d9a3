// What an order costs: a pure function of what is wanted and what the store offers. No database, no
// clock. Every line keeps its exact share of the order's discount, so that refunds are exact.
#pragma once

#include "base/money.hpp"
#include "base/result.hpp"
#include "commerce/catalogue/catalogue.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace hangu::pricing {

using catalogue::OptionId;
using catalogue::ProductId;
using catalogue::SpecId;

inline constexpr std::size_t kLinesCountMax = 50;
inline constexpr std::int64_t kQuantityMax = 99;
inline constexpr std::size_t kOptionsPerLineMax = 20;

struct DraftLine {
    SpecId spec_id;
    std::int64_t quantity = 1;
    std::vector<OptionId> option_ids;
};

struct Draft {
    std::vector<DraftLine> lines;
    Money discount;  // off the whole order: a promotion, later a coupon
};

struct PricedOption {
    std::string name;
    Money price_fen;  // per piece
};
HANGU_STRUCT(PricedOption, name, price_fen)

struct PricedLine {
    SpecId spec_id;
    ProductId product_id;
    std::string product_name;
    std::string spec_name;
    std::vector<PricedOption> options;
    std::int64_t quantity = 1;
    Money unit;            // spec and options, one piece
    Money gross;           // unit × quantity
    Money discount;        // this line's share
    Money net;             // gross − discount
    bool counted = false;  // the store counts what is left of it
};

struct Priced {
    std::vector<PricedLine> lines;  // in the order of the draft
    Money gross;
    Money discount;
    Money total;
    std::int64_t items_count = 0;
};

// 422 "input.invalid" with fields "lines[2].option_ids": "order.option_unknown",
// "order.option_twice", "order.options_too_many", "order.option_missing"; "discount":
// "order.discount_too_large". 409 "order.unavailable" with fields "lines[2].spec_id":
// "order.spec_unknown", "order.spec_off"; "lines[2].option_ids": "order.option_off".
Result<Priced> price(const Draft& draft, const catalogue::Menu& menu);

// Each line's share of a discount, by what the line costs, wherever it stands: they add up exactly
// and none is above its line. For imports, which know lines and discount. Requires 0 <= discount <=
// sum of gross.
std::vector<Money> shares_of(Money discount, const std::vector<Money>& gross);

}  // namespace hangu::pricing
