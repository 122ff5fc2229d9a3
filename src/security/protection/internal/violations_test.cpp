#include "security/protection/violations.hpp"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <thread>
#include <vector>

namespace hangu::protection {
namespace {

const Time kNow = Time(1'795'000'000'000);
const TenantId kTea{1};
const TenantId kCake{2};

TEST(Violations, each_measure_is_taken_once) {
    Violations violations({}, 100);
    std::array<int, 4> taken{};
    for (int i = 1; i <= 200; ++i) {
        const Measure measure = violations.note(kTea, 7, kNow.plus_ms(i * 100));
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
    Violations violations({}, 100);
    for (int i = 0; i < 100; ++i) {
        EXPECT_EQ(violations.note(kTea, 7, kNow.plus_ms(i * kMinuteMs)), Measure::none);
    }
}

TEST(Violations, begin_anew_after_the_window) {
    Violations violations({}, 100);
    for (int i = 0; i < 9; ++i) {
        violations.note(kTea, 7, kNow);
    }
    EXPECT_EQ(violations.note(kTea, 7, kNow), Measure::alert);
    const Time later = kNow.plus_ms(5 * kMinuteMs);
    for (int i = 0; i < 9; ++i) {
        EXPECT_EQ(violations.note(kTea, 7, later), Measure::none);
    }
    EXPECT_EQ(violations.note(kTea, 7, later), Measure::alert);
}

TEST(Violations, are_counted_for_one_person_of_one_merchant) {
    Violations violations({}, 100);
    for (int i = 0; i < 9; ++i) {
        EXPECT_EQ(violations.note(kTea, 7, kNow), Measure::none);
        EXPECT_EQ(violations.note(kTea, 8, kNow), Measure::none);
        EXPECT_EQ(violations.note(kCake, 7, kNow), Measure::none);
    }
    violations.forget(kTea, 8);
    EXPECT_EQ(violations.note(kTea, 8, kNow), Measure::none);
    EXPECT_EQ(violations.note(kTea, 7, kNow), Measure::alert);
}

TEST(Violations, need_bounded_memory) {
    Violations violations({}, 3);
    for (int actor = 0; actor < 100; ++actor) {
        violations.note(kTea, actor, kNow);
    }
    EXPECT_EQ(violations.actors_count(), 3U);
}

TEST(Violations, parallel_refusals_are_all_counted) {
    Violations violations({}, 100);
    std::array<std::atomic<int>, 4> taken{};
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i) {
        threads.emplace_back([&violations, &taken] {
            for (int k = 0; k < 10; ++k) {
                ++taken[static_cast<std::size_t>(violations.note(kTea, 7, kNow))];
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
