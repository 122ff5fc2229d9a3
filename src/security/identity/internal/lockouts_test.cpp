#include "security/identity/internal/lockouts.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace hangu::identity {
namespace {

const Time kFirstFailure(1'000'000'000);

LaneState five_failures(LaneState state, Time now) {
    for (int i = 0; i < 5; ++i) {
        state = after_failure(state, LockLimits(), now);
    }
    return state;
}

TEST(LockoutRules, five_failures_lock_for_a_quarter_of_an_hour) {
    LaneState state;
    for (int i = 0; i < 4; ++i) {
        state = after_failure(state, LockLimits(), kFirstFailure);
        EXPECT_TRUE(may_try(state, 0, LockLimits(), kFirstFailure)) << i;
    }
    EXPECT_FALSE(may_try(state, 1, LockLimits(), kFirstFailure));
    state = after_failure(state, LockLimits(), kFirstFailure);
    EXPECT_EQ(state.locked_until, kFirstFailure.plus_ms(15 * kMinuteMs));
    EXPECT_FALSE(may_try(state, 0, LockLimits(), kFirstFailure.plus_ms(15 * kMinuteMs - 1)));
    EXPECT_TRUE(may_try(state, 0, LockLimits(), kFirstFailure.plus_ms(15 * kMinuteMs)));
}

TEST(LockoutRules, failures_of_an_older_window_do_not_count) {
    LaneState state;
    for (int i = 0; i < 4; ++i) {
        state = after_failure(state, LockLimits(), kFirstFailure);
    }
    state = after_failure(state, LockLimits(), kFirstFailure.plus_ms(15 * kMinuteMs));
    EXPECT_EQ(state.failures, 1);
    EXPECT_EQ(state.locked_until, Time());
    EXPECT_EQ(state.consecutive, 5);
}

TEST(LockoutRules, each_lock_is_twice_as_long_up_to_a_day) {
    LaneState state;
    Time now = kFirstFailure;
    std::vector<std::int64_t> minutes;
    for (int i = 0; i < 9; ++i) {
        state = five_failures(state, now);
        minutes.push_back((state.locked_until.unix_ms() - now.unix_ms()) / kMinuteMs);
        now = state.locked_until;
    }
    EXPECT_EQ(minutes, (std::vector<std::int64_t>{15, 30, 60, 120, 240, 480, 960, 1440, 1440}));
}

TEST(LockoutRules, a_level_is_forgotten_per_day) {
    LaneState state =
        five_failures(five_failures({}, kFirstFailure), kFirstFailure.plus_ms(15 * kMinuteMs));
    EXPECT_EQ(state.level, 2);
    const Time later = state.locked_until.plus_ms(24 * kHourMs);
    EXPECT_EQ(aged(state, LockLimits(), later.plus_ms(-1)).level, 2);
    EXPECT_EQ(aged(state, LockLimits(), later).level, 1);
    EXPECT_EQ(aged(state, LockLimits(), later.plus_ms(24 * kHourMs)).level, 0);
}

TEST(LockoutRules, a_hundred_in_a_row_lock_until_somebody_unlocks) {
    LaneState state;
    Time now = kFirstFailure;
    for (int i = 0; i < 20; ++i) {
        state = five_failures(state, now);
        now = state.locked_until;
    }
    EXPECT_EQ(state.consecutive, 100);
    EXPECT_FALSE(may_try(state, 0, LockLimits(), now.plus_ms(365 * kDayMs)));
    EXPECT_TRUE(may_try(after_success(state), 0, LockLimits(), now));
    EXPECT_EQ(after_success(state).level, state.level);
}

TEST(Lockouts, of_200_parallel_attempts_five_are_looked_at) {
    Lockouts lockouts(10);
    std::atomic<int> looked_at{0};
    std::vector<std::thread> threads;
    for (int t = 0; t < 8; ++t) {
        threads.emplace_back([&] {
            for (int i = 0; i < 25; ++i) {
                LaneAttempt attempt(lockouts, "a", {}, LockLimits(), kFirstFailure);
                if (attempt.reserved()) {
                    ++looked_at;
                    attempt.failed(kFirstFailure);
                }
            }
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    EXPECT_EQ(looked_at, 5);
}

TEST(Lockouts, what_was_shed_does_not_count) {
    Lockouts lockouts(10);
    for (int i = 0; i < 20; ++i) {
        LaneAttempt attempt(lockouts, "a", {}, LockLimits(), kFirstFailure);
        EXPECT_TRUE(attempt.reserved());
    }
    EXPECT_EQ(lockouts.state("a")->failures, 0);
}

TEST(Lockouts, a_lane_goes_on_where_its_row_left_off) {
    Lockouts lockouts(10);
    const LaneState stored = five_failures({}, kFirstFailure);
    EXPECT_FALSE(lockouts.reserve("a", stored, LockLimits(), kFirstFailure));
    EXPECT_TRUE(lockouts.reserve("b", {}, LockLimits(), kFirstFailure));
    lockouts.forget("a");
    EXPECT_TRUE(lockouts.reserve("a", {}, LockLimits(), kFirstFailure));
}

TEST(Lockouts, many_names_do_not_wash_a_lock_out) {
    Lockouts lockouts(50);
    for (int i = 0; i < 5; ++i) {
        LaneAttempt attempt(lockouts, "victim", {}, LockLimits(), kFirstFailure);
        attempt.failed(kFirstFailure);
    }
    for (int i = 0; i < 1000; ++i) {
        LaneAttempt attempt(lockouts, "name" + std::to_string(i), {}, LockLimits(), kFirstFailure);
        EXPECT_TRUE(attempt.reserved());
    }
    EXPECT_FALSE(lockouts.reserve("victim", {}, LockLimits(), kFirstFailure));
}

}  // namespace
}  // namespace hangu::identity
