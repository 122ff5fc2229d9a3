#include "platform/egress/internal/breaker.hpp"

#include <gtest/gtest.h>

namespace hangu::egress {
namespace {

constexpr Time kFirstTry{1'000'000};

Breaker tripped(Time now) {
    Breaker breaker;
    for (int i = 0; i < Breaker::kFailuresMax; ++i) {
        EXPECT_TRUE(breaker.may_pass(now));
        breaker.failed(now);
    }
    return breaker;
}

TEST(Breaker, four_failures_and_a_success_are_forgotten) {
    Breaker breaker;
    for (int round = 0; round < 3; ++round) {
        for (int i = 0; i < Breaker::kFailuresMax - 1; ++i) {
            EXPECT_TRUE(breaker.may_pass(kFirstTry));
            breaker.failed(kFirstTry);
        }
        breaker.succeeded();
        EXPECT_TRUE(breaker.is_fresh());
    }
}

TEST(Breaker, five_in_a_row_rest_and_then_one_tries) {
    Breaker breaker = tripped(kFirstTry);
    EXPECT_TRUE(breaker.is_resting());
    EXPECT_FALSE(breaker.may_pass(kFirstTry.plus_ms(9'999)));
    EXPECT_TRUE(breaker.may_pass(kFirstTry.plus_ms(10'000)));
    EXPECT_FALSE(breaker.may_pass(kFirstTry.plus_ms(10'000)));
    breaker.succeeded();
    EXPECT_TRUE(breaker.may_pass(kFirstTry.plus_ms(10'001)));
}

TEST(Breaker, each_failed_try_doubles_the_rest_up_to_five_minutes) {
    Breaker breaker = tripped(kFirstTry);
    Time now = kFirstTry;
    for (const std::int64_t rest : {10, 20, 40, 80, 160, 300, 300}) {
        EXPECT_EQ(breaker.resting_until(), now.plus_ms(rest * kSecondMs));
        now = breaker.resting_until();
        EXPECT_TRUE(breaker.may_pass(now));
        breaker.failed(now);
    }
}

TEST(Breaker, an_abandoned_try_lets_the_next_one_try) {
    Breaker breaker = tripped(kFirstTry);
    EXPECT_TRUE(breaker.may_pass(kFirstTry.plus_ms(10'000)));
    breaker.abandoned();
    EXPECT_TRUE(breaker.may_pass(kFirstTry.plus_ms(10'000)));
}

}  // namespace
}  // namespace hangu::egress
