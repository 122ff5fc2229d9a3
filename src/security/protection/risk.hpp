// How unusual is this sign-in? A pure score over what was learnt of the person, 0 to 100, with the
// reasons it is made of. Nothing here reads a clock or a database.
#pragma once

#include "base/describe.hpp"
#include "base/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hangu::protection {

// What a person's sign-ins have in common. A city says nothing alone: it only counts together with
// a device that is new too.
enum class Trait { network, place, device, hour };
HANGU_ENUM(Trait, network, place, device, hour)

// One trait as it was seen: its weight halves every 30 days, and every sign-in adds one.
struct Habit {
    Trait trait = Trait::network;
    std::string key;  // "192.0.2.0/24", "上海", digest of the device cookie, "2-09"
    std::int64_t weight_milli = 0;
    int days_count = 0;  // different days on which it was seen
    Day last_day;
    Time last_at;
};

constexpr std::int64_t kHalfLifeMs = 30 * kDayMs;
constexpr std::int64_t kUsualWeightMilli = 3000;
constexpr int kUsualDaysCount = 2;

std::int64_t weight_milli_at(const Habit& habit, Time now);
bool is_usual(const Habit& habit, Time now);
// The habit after one more sign-in. Only sign-ins that were let in are learnt.
Habit learn(Habit habit, Time now, int utc_offset_minutes);

std::string hour_of_week(Time at, int utc_offset_minutes);  // "1-09": Monday from nine to ten

struct Position {
    double latitude = 0;
    double longitude = 0;
};
double distance_km(const Position& from, const Position& to);

struct SignIn {
    Time at;
    std::string network;  // empty traits are unknown and not held against anyone
    std::string place;
    std::string device;
    std::string hour;
    std::optional<Position> position;
    bool from_hosting = false;  // a computing centre, Tor or a known VPN
    int failures_before = 0;    // since the last success
};

struct Person {
    std::vector<Habit> habits;
    std::optional<Time> last_at;  // of the last sign-in that was let in
    std::optional<Position> last_position;
};

enum class Reason {
    new_place_and_device,
    new_device,
    new_network,
    unusual_hour,
    too_fast,
    hosting_network,
    after_failures,
    dormant
};
HANGU_ENUM(Reason, new_place_and_device, new_device, new_network, unusual_hour, too_fast,
           hosting_network, after_failures, dormant)

enum class Answer { let_in, ask_second_factor, refuse };
HANGU_ENUM(Answer, let_in, ask_second_factor, refuse)

struct Weighed {
    Reason reason;
    int points;
};

struct Risk {
    int score = 0;  // 0 to 100
    std::vector<Weighed> reasons;
    Answer answer = Answer::let_in;
};

struct Thresholds {
    int second_factor_score = 40;
    int refuse_score = 70;
};

Risk weigh(const SignIn& sign_in, const Person& person, const Thresholds& thresholds);

}  // namespace hangu::protection
