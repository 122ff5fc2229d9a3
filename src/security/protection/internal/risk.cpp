#include "security/protection/risk.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace hangu::protection {

namespace {

constexpr int kNewPlaceAndDevicePoints = 45;
constexpr int kNewDevicePoints = 15;
constexpr int kNewNetworkPoints = 10;
constexpr int kUnusualHourPoints = 5;
constexpr int kTooFastPoints = 60;
constexpr int kHostingPoints = 25;
constexpr int kAfterFailuresPoints = 30;
constexpr int kDormantPoints = 20;

constexpr std::int64_t kKnownWeightMilli = 250;  // seen once, at most 60 days ago
constexpr int kFailuresBefore = 5;
constexpr std::int64_t kDormantMs = 30 * kDayMs;
constexpr double kSpeedKmPerHourMax = 900;
constexpr double kNearKm = 100;  // positions of addresses are no better than this
constexpr double kEarthKm = 6371;

// A trait that the person has, and not lately with this key. Who has no such trait yet has no habit
// that could be broken.
bool is_new(const Person& person, Trait trait, const std::string& key, Time now) {
    if (key.empty()) {
        return false;
    }
    bool any = false;
    for (const Habit& habit : person.habits) {
        if (habit.trait != trait) {
            continue;
        }
        if (habit.key == key && weight_milli_at(habit, now) >= kKnownWeightMilli) {
            return false;
        }
        any = any || is_usual(habit, now);
    }
    return any;
}

bool is_too_fast(const SignIn& sign_in, const Person& person) {
    if (!sign_in.position || !person.last_position || !person.last_at) {
        return false;
    }
    const double km = distance_km(*person.last_position, *sign_in.position);
    if (km <= kNearKm) {
        return false;
    }
    const std::int64_t ms =
        std::max<std::int64_t>(sign_in.at.unix_ms() - person.last_at->unix_ms(), kMinuteMs);
    return km / (static_cast<double>(ms) / static_cast<double>(kHourMs)) > kSpeedKmPerHourMax;
}

}  // namespace

std::int64_t weight_milli_at(const Habit& habit, Time now) {
    const std::int64_t age_ms = std::max<std::int64_t>(0, now.unix_ms() - habit.last_at.unix_ms());
    const double halvings = static_cast<double>(age_ms) / static_cast<double>(kHalfLifeMs);
    return std::llround(static_cast<double>(habit.weight_milli) * std::exp2(-halvings));
}

bool is_usual(const Habit& habit, Time now) {
    return habit.days_count >= kUsualDaysCount && weight_milli_at(habit, now) >= kUsualWeightMilli;
}

Habit learn(Habit habit, Time now, int utc_offset_minutes) {
    const Day today = Day::at(now, utc_offset_minutes);
    habit.weight_milli = weight_milli_at(habit, now) + 1000;
    habit.days_count += habit.days_count == 0 || habit.last_day != today ? 1 : 0;
    habit.last_day = today;
    habit.last_at = std::max(habit.last_at, now);
    return habit;
}

std::string hour_of_week(Time at, int utc_offset_minutes) {
    return fmt::format("{}-{:02}", Day::at(at, utc_offset_minutes).weekday(),
                       hour_at(at, utc_offset_minutes));
}

double distance_km(const Position& from, const Position& to) {
    const auto radians = [](double degrees) { return degrees * std::numbers::pi / 180; };
    const double lat = radians(to.latitude - from.latitude) / 2;
    const double lon = radians(to.longitude - from.longitude) / 2;
    const double half = std::sin(lat) * std::sin(lat) + std::cos(radians(from.latitude)) *
                                                            std::cos(radians(to.latitude)) *
                                                            std::sin(lon) * std::sin(lon);
    return 2 * kEarthKm * std::asin(std::min(1.0, std::sqrt(half)));
}

Risk weigh(const SignIn& sign_in, const Person& person, const Thresholds& thresholds) {
    Risk risk;
    const auto add = [&risk](bool holds, Reason reason, int points) {
        if (holds) {
            risk.reasons.push_back({reason, points});
            risk.score += points;
        }
    };
    const Time now = sign_in.at;
    const bool device = is_new(person, Trait::device, sign_in.device, now);
    const bool place = is_new(person, Trait::place, sign_in.place, now);
    add(device && place, Reason::new_place_and_device, kNewPlaceAndDevicePoints);
    add(device && !place, Reason::new_device, kNewDevicePoints);
    add(is_new(person, Trait::network, sign_in.network, now), Reason::new_network,
        kNewNetworkPoints);
    add(is_new(person, Trait::hour, sign_in.hour, now), Reason::unusual_hour, kUnusualHourPoints);
    add(is_too_fast(sign_in, person), Reason::too_fast, kTooFastPoints);
    add(sign_in.from_hosting, Reason::hosting_network, kHostingPoints);
    add(sign_in.failures_before >= kFailuresBefore, Reason::after_failures, kAfterFailuresPoints);
    add(person.last_at && now.unix_ms() - person.last_at->unix_ms() > kDormantMs, Reason::dormant,
        kDormantPoints);
    risk.score = std::min(risk.score, 100);
    if (risk.score >= thresholds.refuse_score) {
        risk.answer = Answer::refuse;
    } else if (risk.score >= thresholds.second_factor_score) {
        risk.answer = Answer::ask_second_factor;
    }
    return risk;
}

}  // namespace hangu::protection
