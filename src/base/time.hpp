// Points in time, days and the injected clock. Domain code gets the time from its scope; only
// platform/runtime reads the machine's clock.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hangu {

// Milliseconds since 1970-01-01 UTC.
class Time {
 public:
    constexpr Time() = default;
    constexpr explicit Time(std::int64_t unix_ms) : unix_ms_(unix_ms) {}

    constexpr std::int64_t unix_ms() const { return unix_ms_; }
    constexpr Time plus_ms(std::int64_t ms) const { return Time(unix_ms_ + ms); }

    friend constexpr auto operator<=>(Time, Time) = default;

 private:
    std::int64_t unix_ms_ = 0;
};

constexpr std::int64_t kSecondMs = 1000;
constexpr std::int64_t kMinuteMs = 60 * kSecondMs;
constexpr std::int64_t kHourMs = 60 * kMinuteMs;
constexpr std::int64_t kDayMs = 24 * kHourMs;

// "2026-11-22T10:00:00.000Z" (RFC 3339). Parsing also takes no fraction and numeric offsets.
std::string time_text(Time time);
std::optional<Time> parse_time(std::string_view text);

// A calendar day, stored and compared as yyyymmdd (20190401). Years 1900 to 2999.
class Day {
 public:
    constexpr Day() = default;
    static std::optional<Day> of(int year, int month, int day);
    static std::optional<Day> parse(std::string_view text);      // "2019-04-01"
    static std::optional<Day> from_number(std::int64_t number);  // 20190401
    // The day it is at that moment where clocks are `utc_offset_minutes` ahead of UTC.
    static Day at(Time time, int utc_offset_minutes);

    constexpr std::int64_t number() const { return number_; }
    int year() const { return static_cast<int>(number_ / 10000); }
    int month() const { return static_cast<int>(number_ / 100 % 100); }
    int day() const { return static_cast<int>(number_ % 100); }
    int weekday() const;  // ISO: Monday 1 to Sunday 7
    Day plus_days(int days) const;
    Time start(int utc_offset_minutes) const;  // midnight there
    std::string text() const;

    friend constexpr auto operator<=>(Day, Day) = default;

 private:
    std::int64_t number_ = 19700101;
};

// Hour of the local day, 0 to 23.
int hour_at(Time time, int utc_offset_minutes);

class Clock {
 public:
    virtual ~Clock() = default;
    virtual Time now() const = 0;                   // wall clock
    virtual std::int64_t monotonic_us() const = 0;  // never goes back; for durations only
};

// A clock that tests own.
class ManualClock final : public Clock {
 public:
    explicit ManualClock(Time start) : now_(start) {}
    Time now() const override { return now_; }
    std::int64_t monotonic_us() const override { return now_.unix_ms() * 1000; }
    void set(Time time) { now_ = time; }
    void advance_ms(std::int64_t ms) { now_ = now_.plus_ms(ms); }

 private:
    Time now_;
};

}  // namespace hangu
