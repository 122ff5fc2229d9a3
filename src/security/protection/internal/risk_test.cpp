#include "security/protection/risk.hpp"

#include <gtest/gtest.h>

namespace hangu::protection {
namespace {

const Time kSignedIn = Time(1'795'000'000'000);
constexpr Position kShanghai{31.23, 121.47};
constexpr Position kBeijing{39.90, 116.40};

Habit seen(Trait trait, const std::string& key, int times, std::int64_t days_apart = 1) {
    Habit habit;
    habit.trait = trait;
    habit.key = key;
    for (int i = times; i > 0; --i) {
        habit = learn(habit, kSignedIn.plus_ms(-i * days_apart * kDayMs), 480);
    }
    return habit;
}

Person regular() {
    return {{seen(Trait::network, "192.0.2.0/24", 10), seen(Trait::place, "上海", 10),
             seen(Trait::device, "till", 10), seen(Trait::hour, "1-09", 10)},
            kSignedIn.plus_ms(-kDayMs),
            kShanghai};
}

SignIn as_always() {
    SignIn sign_in;
    sign_in.at = kSignedIn;
    sign_in.network = "192.0.2.0/24";
    sign_in.place = "上海";
    sign_in.device = "till";
    sign_in.hour = "1-09";
    sign_in.position = kShanghai;
    return sign_in;
}

int score(const SignIn& sign_in, const Person& person = regular()) {
    return weigh(sign_in, person, {}).score;
}

TEST(Habit, halves_in_thirty_days) {
    Habit habit = learn({}, kSignedIn, 480);
    EXPECT_EQ(weight_milli_at(habit, kSignedIn), 1000);
    EXPECT_EQ(weight_milli_at(habit, kSignedIn.plus_ms(30 * kDayMs)), 500);
    EXPECT_EQ(weight_milli_at(habit, kSignedIn.plus_ms(60 * kDayMs)), 250);
    // A clock that went back makes nothing heavier.
    EXPECT_EQ(weight_milli_at(habit, kSignedIn.plus_ms(-60 * kDayMs)), 1000);
}

TEST(Habit, is_usual_by_weight_and_by_days) {
    EXPECT_FALSE(is_usual(seen(Trait::device, "a", 3), kSignedIn)) << "weighs a little under three";
    EXPECT_TRUE(is_usual(seen(Trait::device, "a", 4), kSignedIn));
    EXPECT_FALSE(is_usual(seen(Trait::device, "a", 4), kSignedIn.plus_ms(60 * kDayMs)));
    Habit one_day;
    for (int i = 0; i < 50; ++i) {
        one_day = learn(one_day, kSignedIn, 480);
    }
    EXPECT_EQ(one_day.days_count, 1);
    EXPECT_FALSE(is_usual(one_day, kSignedIn)) << "a burst of one day is no habit";
}

TEST(Hour, is_that_of_the_merchant) {
    // 2026-11-22 23:30 UTC is Monday morning in Shanghai.
    EXPECT_EQ(hour_of_week(*parse_time("2026-11-22T23:30:00.000Z"), 480), "1-07");
    EXPECT_EQ(hour_of_week(*parse_time("2026-11-22T23:30:00.000Z"), 0), "7-23");
}

TEST(Distance, is_about_right) {
    EXPECT_NEAR(distance_km(kShanghai, kBeijing), 1068, 5);
    EXPECT_EQ(distance_km(kShanghai, kShanghai), 0);
}

TEST(Risk, as_always_is_no_risk) {
    const Risk risk = weigh(as_always(), regular(), {});
    EXPECT_EQ(risk.score, 0);
    EXPECT_TRUE(risk.reasons.empty());
    EXPECT_EQ(risk.answer, Answer::let_in);
}

TEST(Risk, the_first_sign_in_breaks_no_habit) {
    EXPECT_EQ(score(as_always(), {}), 0);
}

TEST(Risk, what_was_not_seen_for_long_is_new_again) {
    Person person = regular();
    person.habits.push_back(seen(Trait::device, "spare", 1));
    SignIn sign_in = as_always();
    sign_in.device = "spare";
    EXPECT_EQ(score(sign_in, person), 0);
    person.habits.back() = seen(Trait::device, "spare", 1, 70);
    EXPECT_EQ(score(sign_in, person), 15);
}

TEST(Risk, a_city_alone_means_nothing) {
    SignIn travelling = as_always();
    travelling.place = "北京";
    EXPECT_EQ(score(travelling), 0);
    travelling.device = "new telephone";
    const Risk risk = weigh(travelling, regular(), {});
    EXPECT_EQ(risk.score, 45);
    EXPECT_EQ(risk.answer, Answer::ask_second_factor);
    ASSERT_EQ(risk.reasons.size(), 1U);
    EXPECT_EQ(risk.reasons[0].reason, Reason::new_place_and_device);
}

TEST(Risk, what_is_unknown_is_not_held_against_anyone) {
    SignIn bare;
    bare.at = kSignedIn;
    EXPECT_EQ(score(bare), 0);
}

TEST(Risk, each_reason_has_its_points) {
    SignIn sign_in = as_always();
    sign_in.device = "other";
    EXPECT_EQ(score(sign_in), 15);
    sign_in = as_always();
    sign_in.network = "198.51.100.0/24";
    EXPECT_EQ(score(sign_in), 10);
    sign_in = as_always();
    sign_in.hour = "7-03";
    EXPECT_EQ(score(sign_in), 5);
    sign_in = as_always();
    sign_in.from_hosting = true;
    EXPECT_EQ(score(sign_in), 25);
    sign_in = as_always();
    sign_in.failures_before = 4;
    EXPECT_EQ(score(sign_in), 0);
    sign_in.failures_before = 5;
    EXPECT_EQ(score(sign_in), 30);
    Person back = regular();
    back.last_at = kSignedIn.plus_ms(-31 * kDayMs);
    EXPECT_EQ(score(as_always(), back), 20);
}

TEST(Risk, nobody_travels_faster_than_an_aeroplane) {
    Person person = regular();
    person.last_at = kSignedIn.plus_ms(-kHourMs);
    SignIn sign_in = as_always();
    sign_in.position = kBeijing;
    EXPECT_EQ(score(sign_in, person), 60);
    person.last_at = kSignedIn.plus_ms(-2 * kHourMs);
    EXPECT_EQ(score(sign_in, person), 0);
    // A clock that went back, or two sign-ins at once.
    person.last_at = kSignedIn.plus_ms(kHourMs);
    EXPECT_EQ(score(sign_in, person), 60);
    // The look-up of an address is not exact.
    sign_in.position = Position{31.5, 121.0};
    EXPECT_EQ(score(sign_in, person), 0);
}

TEST(Risk, refuses_at_seventy_and_never_passes_a_hundred) {
    SignIn sign_in = as_always();
    sign_in.place = "Nowhere";
    sign_in.device = "other";
    sign_in.from_hosting = true;
    EXPECT_EQ(score(sign_in), 70);
    EXPECT_EQ(weigh(sign_in, regular(), {}).answer, Answer::refuse);
    EXPECT_EQ(weigh(sign_in, regular(), {40, 71}).answer, Answer::ask_second_factor);
    sign_in.position = kBeijing;
    sign_in.failures_before = 9;
    Person person = regular();
    person.last_at = kSignedIn.plus_ms(-kMinuteMs);
    EXPECT_EQ(score(sign_in, person), 100);
}

}  // namespace
}  // namespace hangu::protection
