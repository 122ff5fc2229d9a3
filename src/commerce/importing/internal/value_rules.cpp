#include "commerce/importing/internal/value_rules.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>

namespace hangu::importing {

namespace {

constexpr std::int64_t kFenMax = 10'000'000'000;

constexpr ValueFault kMoneyMalformed{"money.malformed", "an amount such as 12.50 or $1,200.00"};
constexpr ValueFault kMoneyTooPrecise{"money.too_precise", "at most two decimals"};
constexpr ValueFault kMoneyTooLarge{"money.too_large", "at most 100,000,000.00"};

// Signs and words of currencies, at either end of an amount.
constexpr std::array<std::string_view, 13> kCurrencies = {"$",
                                                          "\xC2\xA5" /* ¥ */,
                                                          "\xEF\xBF\xA5" /* ￥ */,
                                                          "\xE2\x82\xAC" /* € */,
                                                          "\xC2\xA3" /* £ */,
                                                          "CNY",
                                                          "RMB",
                                                          "USD",
                                                          "EUR",
                                                          "HKD",
                                                          "\xE5\x85\x83" /* 元 */,
                                                          "\xE5\x9C\x86" /* 圆 */,
                                                          "\xE5\x88\x86" /* 分 */};

std::string_view without_currency(std::string_view text) {
    for (const std::string_view sign : kCurrencies) {
        if (text.starts_with(sign)) {
            return trimmed(text.substr(sign.size()));
        }
    }
    for (const std::string_view sign : kCurrencies) {
        if (text.ends_with(sign)) {
            return trimmed(text.substr(0, text.size() - sign.size()));
        }
    }
    return text;
}

bool take_minus(std::string_view& text) {
    constexpr std::string_view kMinus = "\xE2\x88\x92";  // U+2212
    const std::size_t length = text.starts_with('-') ? 1 : text.starts_with(kMinus) ? 3 : 0;
    text = trimmed(text.substr(length));
    return length != 0;
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// The digits of the whole part, thousands separators checked and taken out.
std::optional<std::string> whole_digits(std::string_view text, char thousands) {
    std::string digits;
    std::size_t since_separator = 0;
    bool separated = false;
    for (const char c : text) {
        if (is_digit(c)) {
            digits += c;
            ++since_separator;
        } else if (thousands != '\0' && c == thousands) {
            const bool well_placed =
                separated ? since_separator == 3 : since_separator >= 1 && since_separator <= 3;
            if (!well_placed) {
                return std::nullopt;
            }
            separated = true;
            since_separator = 0;
        } else {
            return std::nullopt;
        }
    }
    if (digits.empty() || (separated && since_separator != 3)) {
        return std::nullopt;
    }
    return digits;
}

}  // namespace

Value<Money> read_money(std::string_view text, const MoneyForm& form) {
    std::string_view body = trimmed(text);
    bool negative = take_minus(body);
    body = without_currency(body);
    if (take_minus(body)) {
        if (negative) {
            return kMoneyMalformed;
        }
        negative = true;
    }
    const std::size_t point = body.find(form.decimal);
    const std::string_view whole = body.substr(0, point);
    std::string fraction(point == std::string_view::npos ? "" : body.substr(point + 1));
    const bool digits_only = std::all_of(fraction.begin(), fraction.end(), is_digit);
    if (!digits_only || (point != std::string_view::npos && fraction.empty())) {
        return kMoneyMalformed;
    }
    std::optional<std::string> digits =
        whole_digits(whole.empty() && !fraction.empty() ? "0" : whole, form.thousands);
    if (!digits) {
        return kMoneyMalformed;
    }
    const std::size_t decimals = form.unit == MoneyUnit::yuan ? 2 : 0;
    while (fraction.size() > decimals && fraction.back() == '0') {
        fraction.pop_back();
    }
    if (fraction.size() > decimals) {
        return kMoneyTooPrecise;
    }
    fraction.resize(decimals, '0');
    *digits += fraction;
    std::int64_t fen = 0;
    for (const char c : *digits) {
        fen = fen * 10 + (c - '0');
        if (fen > kFenMax) {
            return kMoneyTooLarge;
        }
    }
    return Money(negative ? -fen : fen);
}

Value<std::int64_t> read_count(std::string_view text) {
    constexpr ValueFault kMalformed{"number.malformed", "a whole number such as 2"};
    std::string_view body = trimmed(text);
    const bool negative = body.starts_with('-');
    body.remove_prefix(negative ? 1 : 0);
    if (const std::size_t point = body.find('.'); point != std::string_view::npos) {
        const std::string_view zeros = body.substr(point + 1);
        if (zeros.empty() || zeros.find_first_not_of('0') != std::string_view::npos) {
            return kMalformed;
        }
        body = body.substr(0, point);
    }
    if (body.empty() || !std::all_of(body.begin(), body.end(), is_digit)) {
        return kMalformed;
    }
    std::int64_t value = 0;
    for (const char c : body) {
        value = value * 10 + (c - '0');
        if (value > 1'000'000'000) {
            return ValueFault{"number.too_large", "at most 1,000,000,000"};
        }
    }
    return negative ? -value : value;
}

std::optional<TimePattern> TimePattern::parse(std::string_view pattern) {
    constexpr std::string_view kLetters = "yMdHhmsa";
    constexpr std::size_t kLengthMax = 40;
    TimePattern made;
    made.text_ = pattern;
    std::string seen;
    for (std::size_t at = 0; at < pattern.size();) {
        const char c = pattern[at];
        if (kLetters.find(c) == std::string_view::npos) {
            if (made.parts_.empty() || made.parts_.back().letter != '\0') {
                made.parts_.push_back({});
            }
            made.parts_.back().literal += c;
            ++at;
            continue;
        }
        std::size_t length = pattern.find_first_not_of(c, at);
        length = (length == std::string_view::npos ? pattern.size() : length) - at;
        const bool known = c == 'y'   ? length == 4 || length == 2
                           : c == 'a' ? length == 1
                                      : length <= 2;
        if (!known || seen.find(c) != std::string::npos) {
            return std::nullopt;
        }
        seen += c;
        const int digits = static_cast<int>(length);
        made.parts_.push_back({c, digits, digits == 1 ? 2 : digits, ""});
        at += length;
    }
    const auto has = [&seen](char c) { return seen.find(c) != std::string::npos; };
    made.has_day_ = has('y') && has('M') && has('d');
    made.has_time_ = has('H') || has('h');
    const bool part_of_day = has('y') || has('M') || has('d');
    const bool part_of_time = has('m') || has('s') || has('a');
    const bool sound = made.has_day_ == part_of_day && (made.has_time_ || !part_of_time) &&
                       !(has('H') && has('h')) && has('h') == has('a') && (!has('s') || has('m'));
    if (!sound || (!made.has_day_ && !made.has_time_) || pattern.size() > kLengthMax) {
        return std::nullopt;
    }
    return made;
}

// Takes up to `digits_max` digits off the front; answers how many there were.
static int take_number(std::string_view& rest, int digits_max, int& number) {
    int digits = 0;
    while (digits < digits_max && !rest.empty() && is_digit(rest.front())) {
        number = number * 10 + (rest.front() - '0');
        rest.remove_prefix(1);
        ++digits;
    }
    return digits;
}

Value<Moment> TimePattern::read(std::string_view text) const {
    constexpr ValueFault kMalformed{"date.malformed", "does not follow the declared pattern"};
    constexpr ValueFault kImpossible{"date.impossible", "no such day or time"};
    std::string_view rest = trimmed(text);
    int year = 1970;
    int month = 1;
    int day = 1;
    Moment moment;
    bool afternoon = false;
    bool twelve_hours = false;
    for (const Part& part : parts_) {
        if (part.letter == '\0') {
            if (!rest.starts_with(part.literal)) {
                return kMalformed;
            }
            rest.remove_prefix(part.literal.size());
            continue;
        }
        if (part.letter == 'a') {
            const std::string half = lower_ascii(rest.substr(0, 2));
            if (half != "am" && half != "pm") {
                return kMalformed;
            }
            afternoon = half == "pm";
            rest.remove_prefix(2);
            continue;
        }
        int number = 0;
        if (take_number(rest, part.digits_max, number) < part.digits_min) {
            return kMalformed;
        }
        switch (part.letter) {
            case 'y':
                year = part.digits_max == 2 ? 2000 + number : number;
                break;
            case 'M':
                month = number;
                break;
            case 'd':
                day = number;
                break;
            case 'm':
                moment.time.minute = number;
                break;
            case 's':
                moment.time.second = number;
                break;
            default:
                twelve_hours = part.letter == 'h';
                moment.time.hour = number;
        }
    }
    if (!rest.empty()) {
        return kMalformed;
    }
    const std::optional<Day> found = Day::of(year, month, day);
    const ClockTime& time = moment.time;
    const bool hour_good = twelve_hours ? time.hour >= 1 && time.hour <= 12 : time.hour <= 23;
    if (!found || !hour_good || time.minute > 59 || time.second > 59) {
        return kImpossible;
    }
    if (twelve_hours) {
        moment.time.hour = time.hour % 12 + (afternoon ? 12 : 0);
    }
    moment.day = *found;
    return moment;
}

Time moment_at(const Moment& moment, int utc_offset_minutes) {
    const ClockTime& time = moment.time;
    return moment.day.start(utc_offset_minutes)
        .plus_ms(time.hour * kHourMs + time.minute * kMinuteMs + time.second * kSecondMs);
}

Value<Phone> read_phone(std::string_view text, std::string_view country, bool national) {
    const std::string_view body = trimmed(text);
    std::optional<Phone> phone;
    if (national && !body.starts_with('+')) {
        phone = Phone::parse("+" + std::string(country) + std::string(body), country);
    } else {
        phone = Phone::parse(body, country);
    }
    if (!phone) {
        return ValueFault{"phone.malformed", "a phone number of the declared country"};
    }
    return *std::move(phone);
}

}  // namespace hangu::importing
