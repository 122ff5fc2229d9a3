// Amounts, counts, days, times and phones as files write them.
#include "commerce/importing/internal/value_rules.hpp"

#include <gtest/gtest.h>

#include <string>

namespace hangu::importing {
namespace {

std::string money(std::string_view text, MoneyForm form = {}) {
    const Value<Money> read = read_money(text, form);
    if (const auto* fault = std::get_if<ValueFault>(&read)) {
        return std::string(fault->code);
    }
    return std::to_string(std::get<Money>(read).fen());
}

TEST(Money, is_read_exactly) {
    EXPECT_EQ(money("18"), "1800");
    EXPECT_EQ(money("$18.00 "), "1800");
    EXPECT_EQ(money("14.4"), "1440");
    EXPECT_EQ(money("0.1"), "10");
    EXPECT_EQ(money("0.29"), "29");
    EXPECT_EQ(money(".5"), "50");
    EXPECT_EQ(money("4.350"), "435");
    EXPECT_EQ(money("\xEF\xBF\xA5"
                    "12.5"),
              "1250");
    EXPECT_EQ(money("\xC2\xA5 12.50"), "1250");
    EXPECT_EQ(money("12.5\xE5\x85\x83"), "1250");
    EXPECT_EQ(money("1,234.50"), "123450");
    EXPECT_EQ(money("-3.20"), "-320");
    EXPECT_EQ(money("-$3.20"), "-320");
    EXPECT_EQ(money("$-3.20"), "-320");
    EXPECT_EQ(money("100,000,000.00"), "10000000000");
    EXPECT_EQ(money("1.234,50", {MoneyUnit::yuan, ',', '.'}), "123450");
    EXPECT_EQ(money("1250", {MoneyUnit::fen, '.', ','}), "1250");
    EXPECT_EQ(money("1250.0", {MoneyUnit::fen, '.', ','}), "1250");
}

TEST(Money, that_is_none_is_refused) {
    for (const std::string_view text :
         {"", " ", "$", "-", ".", "1.", "abc", "1,23", "1,2345", ",123", "1.2.3", "1e3", "12 34",
          "$$5", "(3.20)", "--3", "NaN", "\xEF\xBC\x91"}) {
        EXPECT_EQ(money(text), "money.malformed") << text;
    }
    EXPECT_EQ(money("0.005"), "money.too_precise");
    EXPECT_EQ(money("12.5", {MoneyUnit::fen, '.', ','}), "money.too_precise");
    EXPECT_EQ(money("100000000.01"), "money.too_large");
    EXPECT_EQ(money(std::string(400, '9')), "money.too_large");
    EXPECT_EQ(money("1,234", {MoneyUnit::yuan, '.', '\0'}), "money.malformed");
}

TEST(Money, every_amount_up_to_ten_thousand_survives_a_round_trip) {
    for (std::int64_t fen = 0; fen <= 1'000'000; fen += 7) {
        ASSERT_EQ(money("$" + yuan_text(Money(fen)) + " "), std::to_string(fen));
    }
}

std::string count(std::string_view text) {
    const Value<std::int64_t> read = read_count(text);
    const auto* fault = std::get_if<ValueFault>(&read);
    return fault != nullptr ? std::string(fault->code) : std::to_string(std::get<0>(read));
}

TEST(Count, is_read) {
    EXPECT_EQ(count(" 2 "), "2");
    EXPECT_EQ(count("2.0"), "2");
    EXPECT_EQ(count("-4"), "-4");
    EXPECT_EQ(count("2.5"), "number.malformed");
    EXPECT_EQ(count("2."), "number.malformed");
    EXPECT_EQ(count(""), "number.malformed");
    EXPECT_EQ(count("two"), "number.malformed");
    EXPECT_EQ(count("99999999999999999999"), "number.too_large");
}

std::string moment(std::string_view pattern, std::string_view text) {
    const std::optional<TimePattern> made = TimePattern::parse(pattern);
    if (!made) {
        return "bad pattern";
    }
    const Value<Moment> read = made->read(text);
    if (const auto* fault = std::get_if<ValueFault>(&read)) {
        return std::string(fault->code);
    }
    return time_text(moment_at(std::get<Moment>(read), 0)).substr(0, 19);
}

TEST(TimePattern, reads_days_and_times) {
    EXPECT_EQ(moment("yyyy-MM-dd", "2019-04-01"), "2019-04-01T00:00:00");
    EXPECT_EQ(moment("M/d/yyyy", "08/03/2001"), "2001-08-03T00:00:00");
    EXPECT_EQ(moment("M/d/yyyy", "7/24/2016"), "2016-07-24T00:00:00");
    EXPECT_EQ(moment("yyyyMMdd", "20190401"), "2019-04-01T00:00:00");
    EXPECT_EQ(moment("yyyy\xE5\xB9\xB4M\xE6\x9C\x88"
                     "d\xE6\x97\xA5",
                     "2019\xE5\xB9\xB4"
                     "4\xE6\x9C\x88"
                     "1\xE6\x97\xA5"),
              "2019-04-01T00:00:00");
    EXPECT_EQ(moment("HH:mm:ss", "12:04:43"), "1970-01-01T12:04:43");
    EXPECT_EQ(moment("yyyy-MM-dd HH:mm", "2019-04-01 23:59"), "2019-04-01T23:59:00");
    EXPECT_EQ(moment("d.M.yy h:mm a", "1.4.19 12:05 AM"), "2019-04-01T00:05:00");
    EXPECT_EQ(moment("d.M.yy h:mm a", "1.4.19 1:05 pm"), "2019-04-01T13:05:00");
    EXPECT_EQ(moment_at({*Day::of(2019, 4, 1), {12, 4, 43}}, -240),
              *parse_time("2019-04-01T16:04:43Z"));
}

TEST(TimePattern, refuses_what_does_not_follow_or_does_not_exist) {
    EXPECT_EQ(moment("yyyy-MM-dd", "2019-4-1"), "date.malformed");
    EXPECT_EQ(moment("yyyy-MM-dd", "2019-04-01 "), "2019-04-01T00:00:00");
    EXPECT_EQ(moment("yyyy-MM-dd", "2019-04-01x"), "date.malformed");
    EXPECT_EQ(moment("yyyy-MM-dd", ""), "date.malformed");
    EXPECT_EQ(moment("yyyy-MM-dd", "2019-02-29"), "date.impossible");
    EXPECT_EQ(moment("M/d/yyyy", "24/7/2016"), "date.impossible");
    EXPECT_EQ(moment("HH:mm:ss", "24:00:00"), "date.impossible");
    EXPECT_EQ(moment("h:mm a", "13:00 PM"), "date.impossible");
    for (const std::string_view pattern : {"", "yyy-MM-dd", "yyyy-MM", "dd", "mm:ss", "HH:mm a",
                                           "h:mm", "yyyy-MM-dd dd", "abc", "HH:ss"}) {
        EXPECT_EQ(moment(pattern, "1"), "bad pattern") << pattern;
    }
}

std::string phone(std::string_view text, std::string_view country, bool national) {
    const Value<Phone> read = read_phone(text, country, national);
    const auto* found = std::get_if<Phone>(&read);
    return found == nullptr ? "phone.malformed" : found->plain();
}

TEST(ImportedPhone, takes_the_declared_country) {
    EXPECT_EQ(phone("908-424-2890", "1", true), "+19084242890");
    EXPECT_EQ(phone("032-732-6308", "1", true), "+10327326308");
    // Twenty cards of the coffee chain begin with "00", which is no international prefix there.
    EXPECT_EQ(phone("003-132-5247", "1", true), "+10031325247");
    EXPECT_EQ(phone("138 1234 5678", "86", true), "+8613812345678");
    EXPECT_EQ(phone("+86 138 1234 5678", "1", true), "+8613812345678");
    EXPECT_EQ(phone("0086 138 1234 5678", "86", false), "+8613812345678");
    EXPECT_EQ(phone("12345", "86", true), "phone.malformed");
    EXPECT_EQ(phone("", "86", true), "phone.malformed");
    EXPECT_EQ(phone("13812345678 ext 2", "86", true), "phone.malformed");
}

}  // namespace
}  // namespace hangu::importing
