#include "security/protection/violations.hpp"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <thread>
#include <vector>

namespace hangu::protection {
namespace {

const Time kNow = Time(1'795'000'000'000);
constexpr ViolationLimits kLimits;
const TenantId kTea{1};
const TenantId kCake{2};

TEST(Violations, each_measure_is_taken_once) {
    Violations violations(100);
    std::array<int, 4> taken{};
    for (int i = 1; i <= 200; ++i) {
        const Measure measure = violations.note(kLimits, kTea, 7, kNow.plus_ms(i * 100)).measure;
        ++taken[static_cast<std::size_t>(measure)];
        if (i == 9 || i == 19 || i == 49) {
            EXPECT_EQ(measure, Measure::none) << i;
        }
        if (i == 10) {
            EXPECT_EQ(measure, Measure::alert);
        }
        if (i == 20) {
            EXPECT_EQ(measure, Measure::end_sessions);
        }
        if (i == 50) {
            EXPECT_EQ(measure, Measure::lock);
        }
    }
    EXPECT_EQ(taken, (std::array<int, 4>{197, 1, 1, 1}));
}

TEST(Violations, slow_ones_are_forgotten) {
    Violations violations(100);
    for (int i = 0; i < 100; ++i) {
        EXPECT_EQ(violations.note(kLimits, kTea, 7, kNow.plus_ms(i * kMinuteMs)).measure,
                  Measure::none);
    }
}

TEST(Violations, begin_anew_after_the_window) {
    Violations violations(100);
    for (int i = 0; i < 9; ++i) {
        violations.note(kLimits, kTea, 7, kNow);
    }
    EXPECT_EQ(violations.note(kLimits, kTea, 7, kNow).measure, Measure::alert);
    const Time later = kNow.plus_ms(5 * kMinuteMs);
    for (int i = 0; i < 9; ++i) {
        EXPECT_EQ(violations.note(kLimits, kTea, 7, later).measure, Measure::none);
    }
    EXPECT_EQ(violations.note(kLimits, kTea, 7, later).measure, Measure::alert);
}

TEST(Violations, are_counted_for_one_person_of_one_merchant) {
    Violations violations(100);
    for (int i = 0; i < 9; ++i) {
        EXPECT_EQ(violations.note(kLimits, kTea, 7, kNow).measure, Measure::none);
        EXPECT_EQ(violations.note(kLimits, kTea, 8, kNow).measure, Measure::none);
        EXPECT_EQ(violations.note(kLimits, kCake, 7, kNow).measure, Measure::none);
    }
    violations.forget(kTea, 8);
    EXPECT_EQ(violations.note(kLimits, kTea, 8, kNow).measure, Measure::none);
    EXPECT_EQ(violations.note(kLimits, kTea, 7, kNow).measure, Measure::alert);
}

TEST(Violations, one_missing_thing_counts_once_and_many_count_each) {
    Violations violations(100);
    for (int i = 0; i < 100; ++i) {
        EXPECT_EQ(violations.note(kLimits, kTea, 7, kNow, 1).measure, Measure::none);
    }
    for (std::uint64_t thing = 2; thing < 10; ++thing) {
        EXPECT_EQ(violations.note(kLimits, kTea, 7, kNow, thing).measure, Measure::none);
    }
    const Noted tenth = violations.note(kLimits, kTea, 7, kNow, 10);
    EXPECT_EQ(tenth.measure, Measure::alert);
    EXPECT_EQ(tenth.refusals_count, 10);
    // After the window it is new again.
    const Time later = kNow.plus_ms(kLimits.window_ms);
    EXPECT_EQ(violations.note(kLimits, kTea, 7, later, 1).refusals_count, 1);
}

TEST(Violations, need_bounded_memory) {
    Violations violations(3);
    for (int actor = 0; actor < 100; ++actor) {
        violations.note(kLimits, kTea, actor, kNow);
    }
    EXPECT_EQ(violations.actors_count(), 3U);
}

TEST(Violations, parallel_refusals_are_all_counted) {
    Violations violations(100);
    std::array<std::atomic<int>, 4> taken{};
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i) {
        threads.emplace_back([&violations, &taken] {
            for (int k = 0; k < 10; ++k) {
                ++taken[static_cast<std::size_t>(violations.note(kLimits, kTea, 7, kNow).measure)];
            }
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    EXPECT_EQ(taken[1], 1);
    EXPECT_EQ(taken[2], 1);
    EXPECT_EQ(taken[3], 1);
}

}  // namespace
}  // namespace hangu::protection
