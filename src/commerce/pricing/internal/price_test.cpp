// Prices with exact values, the rules of options, and properties over random orders.
#include "base/randomness.hpp"
#include "commerce/pricing/pricing.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

namespace hangu::pricing {
namespace {

using catalogue::GroupId;
using catalogue::Menu;

// One drink: size in two specs, sugar to be chosen, up to two toppings.
Menu tea_menu() {
    Menu menu;
    menu.specs.push_back({SpecId(11), ProductId(1), "Tea", "M", Money(1500), true, false, 1});
    menu.specs.push_back({SpecId(12), ProductId(1), "Tea", "L", Money(1800), true, true, 1});
    menu.specs.push_back({SpecId(21), ProductId(2), "Cake", "Piece", Money(999), true, false, 0});
    menu.specs.push_back({SpecId(31), ProductId(3), "Gone", "One", Money(100), false, false, 0});
    menu.options.push_back(
        {OptionId(101), GroupId(10), ProductId(1), "Half sugar", Money(0), true, 1, 1});
    menu.options.push_back(
        {OptionId(102), GroupId(10), ProductId(1), "No sugar", Money(0), true, 1, 1});
    menu.options.push_back(
        {OptionId(111), GroupId(11), ProductId(1), "Pearls", Money(200), true, 0, 2});
    menu.options.push_back(
        {OptionId(112), GroupId(11), ProductId(1), "Pudding", Money(300), true, 0, 2});
    menu.options.push_back(
        {OptionId(113), GroupId(11), ProductId(1), "Coconut", Money(250), false, 0, 2});
    return menu;
}

std::string fault_of(const Draft& draft) {
    const Result<Priced> priced = price(draft, tea_menu());
    if (priced.ok()) {
        return "";
    }
    std::string text = priced.problem().code;
    for (const FieldProblem& field : priced.problem().fields) {
        text += " " + field.field + "=" + field.code;
    }
    return text;
}

TEST(Price, adds_spec_and_options_per_piece) {
    const Draft draft{
        {{SpecId(11), 2, {OptionId(101), OptionId(111), OptionId(112)}}, {SpecId(21), 1, {}}},
        Money(0)};
    const Result<Priced> priced = price(draft, tea_menu());
    ASSERT_TRUE(priced.ok());
    ASSERT_EQ(priced->lines.size(), 2u);
    EXPECT_EQ(priced->lines[0].unit, Money(2000));
    EXPECT_EQ(priced->lines[0].gross, Money(4000));
    EXPECT_EQ(priced->lines[0].net, Money(4000));
    ASSERT_EQ(priced->lines[0].options.size(), 3u);
    EXPECT_EQ(priced->lines[0].options[1].name, "Pearls");
    EXPECT_EQ(priced->lines[0].options[1].price_fen, Money(200));
    EXPECT_EQ(priced->lines[1].gross, Money(999));
    EXPECT_EQ(priced->gross, Money(4999));
    EXPECT_EQ(priced->total, Money(4999));
    EXPECT_EQ(priced->items_count, 3);
}

TEST(Price, divides_a_discount_exactly) {
    const Draft draft{{{SpecId(21), 1, {}}, {SpecId(21), 1, {}}, {SpecId(21), 1, {}}}, Money(100)};
    const Result<Priced> priced = price(draft, tea_menu());
    ASSERT_TRUE(priced.ok());
    EXPECT_EQ(priced->lines[0].discount, Money(33));
    EXPECT_EQ(priced->lines[1].discount, Money(33));
    EXPECT_EQ(priced->lines[2].discount, Money(34));
    EXPECT_EQ(priced->lines[2].net, Money(965));
    EXPECT_EQ(priced->total, Money(2897));
}

TEST(Price, refuses_what_breaks_a_rule) {
    const auto line = [](std::vector<OptionId> options) {
        return Draft{{{SpecId(11), 1, std::move(options)}}, Money(0)};
    };
    EXPECT_EQ(fault_of(line({OptionId(101)})), "");
    EXPECT_EQ(fault_of(line({})), "input.invalid lines[0].option_ids=order.option_missing");
    EXPECT_EQ(fault_of(line({OptionId(111)})),
              "input.invalid lines[0].option_ids=order.option_missing");
    EXPECT_EQ(fault_of(line({OptionId(101), OptionId(102)})),
              "input.invalid lines[0].option_ids=order.options_too_many");
    EXPECT_EQ(fault_of(line({OptionId(101), OptionId(111), OptionId(111)})),
              "input.invalid lines[0].option_ids=order.option_twice");
    EXPECT_EQ(fault_of(line({OptionId(101), OptionId(999)})),
              "input.invalid lines[0].option_ids=order.option_unknown");
    EXPECT_EQ(fault_of(line({OptionId(101), OptionId(113)})),
              "order.unavailable lines[0].option_ids=order.option_off");
    EXPECT_EQ(fault_of({{{SpecId(21), 1, {OptionId(101)}}}, Money(0)}),
              "input.invalid lines[0].option_ids=order.option_unknown");
}

TEST(Price, refuses_what_the_store_has_not) {
    EXPECT_EQ(fault_of({{{SpecId(31), 1, {}}}, Money(0)}),
              "order.unavailable lines[0].spec_id=order.spec_off");
    EXPECT_EQ(fault_of({{{SpecId(21), 1, {}}, {SpecId(99), 1, {}}}, Money(0)}),
              "order.unavailable lines[1].spec_id=order.spec_unknown");
}

TEST(Price, keeps_its_limits) {
    EXPECT_EQ(fault_of({}), "input.invalid lines=field.wrong_length");
    Draft many;
    many.lines.assign(kLinesCountMax, {SpecId(21), 1, {}});
    EXPECT_EQ(fault_of(many), "");
    many.lines.push_back({SpecId(21), 1, {}});
    EXPECT_EQ(fault_of(many), "input.invalid lines=field.wrong_length");
    EXPECT_EQ(fault_of({{{SpecId(21), 99, {}}}, Money(0)}), "");
    EXPECT_EQ(fault_of({{{SpecId(21), 100, {}}}, Money(0)}),
              "input.invalid lines[0].quantity=field.out_of_range");
    EXPECT_EQ(fault_of({{{SpecId(21), 0, {}}}, Money(0)}),
              "input.invalid lines[0].quantity=field.out_of_range");
    EXPECT_EQ(fault_of({{{SpecId(21), INT64_MAX, {}}, {SpecId(21), INT64_MAX, {}}}, Money(0)}),
              "input.invalid lines[0].quantity=field.out_of_range"
              " lines[1].quantity=field.out_of_range");
    EXPECT_EQ(fault_of({{{SpecId(21), 1, {}}}, Money(999)}), "");
    EXPECT_EQ(fault_of({{{SpecId(21), 1, {}}}, Money(1000)}),
              "input.invalid discount=order.discount_too_large");
    EXPECT_EQ(fault_of({{{SpecId(21), 1, {}}}, Money(-1)}),
              "input.invalid discount=order.discount_too_large");
}

Draft random_draft(Randomness& random) {
    Draft draft;
    const std::size_t lines = 1 + random.number() % 12;
    for (std::size_t i = 0; i < lines; ++i) {
        DraftLine line{SpecId(21), 1 + static_cast<std::int64_t>(random.number() % 9), {}};
        if (random.number() % 2 == 0) {
            line.spec_id = random.number() % 2 == 0 ? SpecId(11) : SpecId(12);
            line.option_ids.push_back(random.number() % 2 == 0 ? OptionId(101) : OptionId(102));
            if (random.number() % 2 == 0) {
                line.option_ids.push_back(OptionId(111));
            }
        }
        draft.lines.push_back(std::move(line));
    }
    return draft;
}

void expect_sound(const Priced& priced) {
    Money gross;
    Money discount;
    Money net;
    for (const PricedLine& line : priced.lines) {
        EXPECT_EQ(line.gross, line.unit * line.quantity);
        EXPECT_EQ(line.net, line.gross - line.discount);
        EXPECT_GE(line.discount, Money(0));
        EXPECT_GE(line.net, Money(0));
        gross += line.gross;
        discount += line.discount;
        net += line.net;
    }
    EXPECT_EQ(gross, priced.gross);
    EXPECT_EQ(discount, priced.discount);
    EXPECT_EQ(net, priced.total);
}

TEST(Price, sums_are_exact_for_every_discount) {
    SeededRandomness random(20261122);
    const Menu menu = tea_menu();
    for (int round = 0; round < 2000; ++round) {
        Draft draft = random_draft(random);
        const Result<Priced> full = price(draft, menu);
        ASSERT_TRUE(full.ok());
        expect_sound(*full);
        const auto gross = static_cast<std::uint64_t>(full->gross.fen());
        draft.discount = Money(static_cast<std::int64_t>(random.number() % (gross + 1)));
        const Result<Priced> priced = price(draft, menu);
        ASSERT_TRUE(priced.ok());
        EXPECT_EQ(priced->discount, draft.discount);
        expect_sound(*priced);
    }
}

TEST(Price, the_order_of_lines_does_not_matter) {
    SeededRandomness random(7);
    const Menu menu = tea_menu();
    for (int round = 0; round < 500; ++round) {
        Draft draft = random_draft(random);
        draft.discount = Money(static_cast<std::int64_t>(random.number() % 900));
        const Result<Priced> one = price(draft, menu);
        ASSERT_TRUE(one.ok());
        std::rotate(
            draft.lines.begin(),
            draft.lines.begin() + static_cast<std::ptrdiff_t>(random.number() % draft.lines.size()),
            draft.lines.end());
        const Result<Priced> other = price(draft, menu);
        ASSERT_TRUE(other.ok());
        EXPECT_EQ(one->total, other->total);
        const auto shares = [](const Priced& priced) {
            std::vector<std::pair<Money, Money>> list;
            for (const PricedLine& line : priced.lines) {
                list.emplace_back(line.gross, line.discount);
            }
            std::sort(list.begin(), list.end());
            return list;
        };
        EXPECT_EQ(shares(*one), shares(*other));
    }
}

}  // namespace
}  // namespace hangu::pricing
