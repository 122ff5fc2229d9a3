#include "base/time.hpp"

#include <array>
#include <cstdio>

namespace hangu {

namespace {

// Days since 1970-01-01 of a proleptic Gregorian date, and back. The formulas are Howard Hinnant's
// "chrono-Compatible Low-Level Date Algorithms".
std::int64_t days_from_civil(std::int64_t y, unsigned m, unsigned d) {
    y -= m <= 2 ? 1 : 0;
    const std::int64_t era = (y >= 0 ? y : y - 399) / 400;
    const auto yoe = static_cast<unsigned>(y - era * 400);
    const unsigned doy = (153 * (m + (m > 2 ? -3U : 9U)) + 2) / 5 + d - 1;
    const unsigned doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    return era * 146097 + static_cast<std::int64_t>(doe) - 719468;
}

struct Civil {
    std::int64_t year;
    unsigned month;
    unsigned day;
};

Civil civil_from_days(std::int64_t z) {
    z += 719468;
    const std::int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    const auto doe = static_cast<unsigned>(z - era * 146097);
    const unsigned yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    const unsigned doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    const unsigned mp = (5 * doy + 2) / 153;
    const unsigned d = doy - (153 * mp + 2) / 5 + 1;
    const unsigned m = mp < 10 ? mp + 3 : mp - 9;
    const std::int64_t y = static_cast<std::int64_t>(yoe) + era * 400 + (m <= 2 ? 1 : 0);
    return {y, m, d};
}

std::int64_t floor_div(std::int64_t a, std::int64_t b) {
    return a / b - (a % b < 0 ? 1 : 0);
}

bool read_digits(std::string_view text, std::size_t at, std::size_t count, int& out) {
    if (at + count > text.size()) {
        return false;
    }
    out = 0;
    for (std::size_t i = at; i < at + count; ++i) {
        if (text[i] < '0' || text[i] > '9') {
            return false;
        }
        out = out * 10 + (text[i] - '0');
    }
    return true;
}

}  // namespace

std::optional<Day> Day::of(int year, int month, int day) {
    if (year < 1900 || year > 2999 || month < 1 || month > 12 || day < 1 || day > 31) {
        return std::nullopt;
    }
    const std::int64_t days =
        days_from_civil(year, static_cast<unsigned>(month), static_cast<unsigned>(day));
    const Civil back = civil_from_days(days);
    if (back.year != year || back.month != static_cast<unsigned>(month)) {
        return std::nullopt;
    }
    Day result;
    result.number_ = std::int64_t{year} * 10000 + month * 100 + day;
    return result;
}

std::optional<Day> Day::parse(std::string_view text) {
    int year = 0;
    int month = 0;
    int day = 0;
    if (text.size() != 10 || text[4] != '-' || text[7] != '-' || !read_digits(text, 0, 4, year) ||
        !read_digits(text, 5, 2, month) || !read_digits(text, 8, 2, day)) {
        return std::nullopt;
    }
    return of(year, month, day);
}

std::optional<Day> Day::from_number(std::int64_t number) {
    if (number < 0 || number > 99991231) {
        return std::nullopt;
    }
    return of(static_cast<int>(number / 10000), static_cast<int>(number / 100 % 100),
              static_cast<int>(number % 100));
}

Day Day::at(Time time, int utc_offset_minutes) {
    const std::int64_t local = time.unix_ms() + std::int64_t{utc_offset_minutes} * kMinuteMs;
    const Civil civil = civil_from_days(floor_div(local, kDayMs));
    Day result;
    result.number_ = civil.year * 10000 + civil.month * 100 + civil.day;
    return result;
}

int Day::weekday() const {
    const std::int64_t days =
        days_from_civil(year(), static_cast<unsigned>(month()), static_cast<unsigned>(day()));
    return static_cast<int>(((days + 3) % 7 + 7) % 7) + 1;  // 1970-01-01 was a Thursday
}

Day Day::plus_days(int days) const {
    const Civil civil = civil_from_days(
        days_from_civil(year(), static_cast<unsigned>(month()), static_cast<unsigned>(day())) +
        days);
    Day result;
    result.number_ = civil.year * 10000 + civil.month * 100 + civil.day;
    return result;
}

Time Day::start(int utc_offset_minutes) const {
    const std::int64_t days =
        days_from_civil(year(), static_cast<unsigned>(month()), static_cast<unsigned>(day()));
    return Time(days * kDayMs - std::int64_t{utc_offset_minutes} * kMinuteMs);
}

std::string Day::text() const {
    std::array<char, 32> buffer{};
    std::snprintf(buffer.data(), buffer.size(), "%04d-%02d-%02d", year(), month(), day());
    return buffer.data();
}

int hour_at(Time time, int utc_offset_minutes) {
    const std::int64_t local = time.unix_ms() + std::int64_t{utc_offset_minutes} * kMinuteMs;
    return static_cast<int>((local - floor_div(local, kDayMs) * kDayMs) / kHourMs);
}

std::string time_text(Time time) {
    const std::int64_t days = floor_div(time.unix_ms(), kDayMs);
    const std::int64_t rest = time.unix_ms() - days * kDayMs;
    const Civil civil = civil_from_days(days);
    std::string text = "0000-00-00T00:00:00.000Z";
    const auto put = [&text](std::size_t at, std::size_t width, std::int64_t value) {
        for (std::size_t i = width; i-- > 0;) {
            text[at + i] = static_cast<char>('0' + value % 10);
            value /= 10;
        }
    };
    put(0, 4, civil.year);
    put(5, 2, civil.month);
    put(8, 2, civil.day);
    put(11, 2, rest / kHourMs);
    put(14, 2, rest / kMinuteMs % 60);
    put(17, 2, rest / kSecondMs % 60);
    put(20, 3, rest % 1000);
    return text;
}

std::optional<Time> parse_time(std::string_view text) {
    int hour = 0;
    int minute = 0;
    int second = 0;
    if (text.size() < 20 || (text[10] != 'T' && text[10] != ' ') || text[13] != ':' ||
        text[16] != ':' || !read_digits(text, 11, 2, hour) || !read_digits(text, 14, 2, minute) ||
        !read_digits(text, 17, 2, second) || hour > 23 || minute > 59 || second > 59) {
        return std::nullopt;
    }
    const std::optional<Day> day = Day::parse(text.substr(0, 10));
    if (!day) {
        return std::nullopt;
    }
    std::size_t at = 19;
    std::int64_t fraction_ms = 0;
    if (text[at] == '.') {
        std::int64_t scale = 100;
        ++at;
        const std::size_t first = at;
        while (at < text.size() && text[at] >= '0' && text[at] <= '9' && at - first < 9) {
            fraction_ms += (text[at] - '0') * scale;
            scale /= 10;
            ++at;
        }
        if (at == first) {
            return std::nullopt;
        }
    }
    int offset_minutes = 0;
    if (at + 1 == text.size() && text[at] == 'Z') {
        offset_minutes = 0;
    } else {
        int hours = 0;
        int minutes = 0;
        if (at + 6 != text.size() || (text[at] != '+' && text[at] != '-') || text[at + 3] != ':' ||
            !read_digits(text, at + 1, 2, hours) || !read_digits(text, at + 4, 2, minutes) ||
            hours > 14 || minutes > 59) {
            return std::nullopt;
        }
        offset_minutes = (hours * 60 + minutes) * (text[at] == '-' ? -1 : 1);
    }
    return day->start(offset_minutes)
        .plus_ms(hour * kHourMs + minute * kMinuteMs + second * kSecondMs + fraction_ms);
}

}  // namespace hangu
