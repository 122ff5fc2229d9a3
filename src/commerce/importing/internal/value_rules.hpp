// What a field of an imported file says: amounts, days, times, phones, counts. Pure; exact
// integers, never a floating point number.
#pragma once

#include "base/money.hpp"
#include "base/sealed.hpp"
#include "base/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace hangu::importing {

// Why a field was not understood: a stable code and words for people.
struct ValueFault {
    std::string_view code;
    std::string_view detail;
};
template <class T>
using Value = std::variant<T, ValueFault>;

enum class MoneyUnit { yuan, fen };

struct MoneyForm {
    MoneyUnit unit = MoneyUnit::yuan;  // yuan: any currency with two decimals
    char decimal = '.';
    char thousands = ',';  // '\0': none allowed
};

// "$18.00 ", "￥12.5", "-3", "1,234.50", "12元". At most two decimals that are not zero, and 100
// million yuan. Codes: "money.malformed", "money.too_precise", "money.too_large".
Value<Money> read_money(std::string_view text, const MoneyForm& form);

// "2", "2.0". Codes: "number.malformed", "number.too_large".
Value<std::int64_t> read_count(std::string_view text);

struct ClockTime {
    int hour = 0;
    int minute = 0;
    int second = 0;
};

struct Moment {
    Day day;
    ClockTime time;
};

// A pattern of yyyy, yy (20xx), MM, M, dd, d, HH, H, hh, h, mm, ss, a (AM or PM); everything else
// stands for itself. Two letters: exactly two digits, one letter: one or two.
class TimePattern {
 public:
    static std::optional<TimePattern> parse(std::string_view pattern);

    // Codes: "date.malformed" (does not follow the pattern), "date.impossible" (30 February).
    Value<Moment> read(std::string_view text) const;
    bool has_day() const { return has_day_; }
    bool has_time() const { return has_time_; }
    const std::string& text() const { return text_; }

 private:
    struct Part {
        char letter = '\0';  // '\0': literal
        int digits_min = 0;
        int digits_max = 0;
        std::string literal;
    };
    std::string text_;
    std::vector<Part> parts_;
    bool has_day_ = false;
    bool has_time_ = false;
};

// The moment it is there, where clocks are that far ahead of UTC.
Time moment_at(const Moment& moment, int utc_offset_minutes);

// A phone of that country unless it begins with "+". A leading "00" is an international prefix only
// where `national` is false: some sources number cards "003-132-5247". Code: "phone.malformed".
Value<Phone> read_phone(std::string_view text, std::string_view country, bool national);

}  // namespace hangu::importing
