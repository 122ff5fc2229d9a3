#include "base/check.hpp"
#include "commerce/pricing/pricing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace hangu::pricing {

namespace {

using catalogue::Menu;
using catalogue::SaleOption;
using catalogue::SaleSpec;

// Gathers what is wrong with all lines. What can never be right outranks what the store has not.
class Faults {
 public:
    void invalid(std::size_t line, std::string_view field, std::string_view code) {
        invalid_ = true;
        add(line, field, code);
    }
    void unavailable(std::size_t line, std::string_view field, std::string_view code) {
        add(line, field, code);
    }
    bool none() const { return fields_.empty(); }
    Problem problem() && {
        Problem problem =
            invalid_ ? Problem::invalid("input.invalid") : Problem::conflict("order.unavailable");
        problem.fields = std::move(fields_);
        return problem;
    }

 private:
    void add(std::size_t line, std::string_view field, std::string_view code) {
        fields_.push_back({fmt::format("lines[{}].{}", line, field), std::string(code), ""});
    }

    bool invalid_ = false;
    std::vector<FieldProblem> fields_;
};

// How many options of one group were chosen.
struct Chosen {
    catalogue::GroupId group;
    std::int64_t min = 0;
    std::int64_t max = 0;
    std::int64_t count = 0;
};

void count(std::vector<Chosen>& groups, const SaleOption& option) {
    const auto found = std::find_if(groups.begin(), groups.end(), [&option](const Chosen& group) {
        return group.group == option.group_id;
    });
    if (found != groups.end()) {
        ++found->count;
        return;
    }
    groups.push_back({option.group_id, option.group_min, option.group_max, 1});
}

void check_groups(const std::vector<Chosen>& groups, std::int64_t required, std::size_t at,
                  Faults& faults) {
    std::int64_t satisfied = 0;
    for (const Chosen& group : groups) {
        if (group.count > group.max) {
            faults.invalid(at, "option_ids", "order.options_too_many");
        }
        if (group.min > 0 && group.count >= group.min) {
            ++satisfied;
        }
    }
    if (satisfied < required) {
        faults.invalid(at, "option_ids", "order.option_missing");
    }
}

void choose_options(const DraftLine& wanted, const SaleSpec& spec, const Menu& menu, std::size_t at,
                    PricedLine& line, Faults& faults) {
    std::vector<Chosen> groups;
    for (std::size_t i = 0; i < wanted.option_ids.size(); ++i) {
        const auto begin = wanted.option_ids.begin();
        const auto here = begin + static_cast<std::ptrdiff_t>(i);
        if (std::find(begin, here, *here) != here) {
            faults.invalid(at, "option_ids", "order.option_twice");
            continue;
        }
        const SaleOption* option = menu.find(*here);
        if (option == nullptr || option->product_id != spec.product_id) {
            faults.invalid(at, "option_ids", "order.option_unknown");
            continue;
        }
        if (!option->available) {
            faults.unavailable(at, "option_ids", "order.option_off");
        }
        count(groups, *option);
        line.options.push_back({option->name, option->price});
        line.unit += option->price;
    }
    check_groups(groups, spec.required_groups, at, faults);
}

PricedLine price_line(const DraftLine& wanted, const Menu& menu, std::size_t at, Faults& faults) {
    PricedLine line;
    line.spec_id = wanted.spec_id;
    line.quantity = wanted.quantity;
    if (wanted.quantity < 1 || wanted.quantity > kQuantityMax) {
        faults.invalid(at, "quantity", "field.out_of_range");
        line.quantity = 0;
        return line;
    }
    if (wanted.option_ids.size() > kOptionsPerLineMax) {
        faults.invalid(at, "option_ids", "field.wrong_length");
        return line;
    }
    const SaleSpec* spec = menu.find(wanted.spec_id);
    if (spec == nullptr) {
        faults.unavailable(at, "spec_id", "order.spec_unknown");
        return line;
    }
    if (!spec->on_sale) {
        faults.unavailable(at, "spec_id", "order.spec_off");
    }
    line.product_id = spec->product_id;
    line.product_name = spec->product_name;
    line.spec_name = spec->spec_name;
    line.unit = spec->price;
    line.counted = spec->counted;
    choose_options(wanted, *spec, menu, at, line, faults);
    line.gross = line.unit * line.quantity;
    return line;
}

}  // namespace

std::vector<Money> shares_of(Money discount, const std::vector<Money>& gross) {
    // By what they cost, not by where they stand: the same lines in another order cost the same.
    std::vector<std::size_t> order(gross.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&gross](std::size_t a, std::size_t b) { return gross[a] < gross[b]; });
    std::vector<Money> weights;
    weights.reserve(order.size());
    for (const std::size_t at : order) {
        weights.push_back(gross[at]);
    }
    const std::vector<Money> sorted = share_out(discount, weights);
    std::vector<Money> shares(gross.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
        shares[order[i]] = sorted[i];
    }
    return shares;
}

Result<Priced> price(const Draft& draft, const Menu& menu) {
    if (draft.lines.empty() || draft.lines.size() > kLinesCountMax) {
        return Problem::invalid_field("lines", "field.wrong_length",
                                      fmt::format("1 to {} entries", kLinesCountMax));
    }
    Faults faults;
    Priced priced;
    std::vector<Money> gross;
    priced.lines.reserve(draft.lines.size());
    for (std::size_t i = 0; i < draft.lines.size(); ++i) {
        priced.lines.push_back(price_line(draft.lines[i], menu, i, faults));
        gross.push_back(priced.lines.back().gross);
        priced.gross += gross.back();
        priced.items_count += priced.lines.back().quantity;
    }
    if (!faults.none()) {
        return std::move(faults).problem();
    }
    if (draft.discount < Money(0) || draft.discount > priced.gross) {
        return Problem::invalid_field("discount", "order.discount_too_large");
    }
    priced.discount = draft.discount;
    priced.total = priced.gross - priced.discount;
    const std::vector<Money> shares = draft.discount == Money(0)
                                          ? std::vector<Money>(gross.size())
                                          : shares_of(priced.discount, gross);
    for (std::size_t i = 0; i < priced.lines.size(); ++i) {
        priced.lines[i].discount = shares[i];
        priced.lines[i].net = priced.lines[i].gross - shares[i];
    }
    return priced;
}

}  // namespace hangu::pricing
