#include "platform/shared_state/throttle.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace hangu::shared_state {
namespace {

const Time kStart(1'795'305'600'000);
const std::vector<Throttle::Claim> kClaims = {{"account a", 5}, {"address x", 30}};

TEST(Throttle, of_200_parallel_guesses_five_are_looked_at) {
    Throttle throttle(1000);
    std::atomic<int> evaluated{0};
    std::vector<std::thread> threads;
    for (int t = 0; t < 8; ++t) {
        threads.emplace_back([&] {
            for (int i = 0; i < 25; ++i) {
                Attempt attempt(throttle, kClaims, kStart);
                if (attempt.reserved()) {
                    ++evaluated;
                    attempt.failed();
                }
            }
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    EXPECT_EQ(evaluated, 5);
}

TEST(Throttle, the_window_ends) {
    Throttle throttle(1000);
    for (int i = 0; i < 5; ++i) {
        EXPECT_TRUE(throttle.reserve(kClaims, kStart.plus_ms(i * kMinuteMs)));
    }
    EXPECT_FALSE(throttle.reserve(kClaims, kStart.plus_ms(Throttle::kWindowMs - 1)));
    EXPECT_TRUE(throttle.reserve(kClaims, kStart.plus_ms(Throttle::kWindowMs)));
}

TEST(Throttle, what_was_not_a_failure_does_not_count) {
    Throttle throttle(1000);
    for (int i = 0; i < 100; ++i) {
        Attempt attempt(throttle, kClaims, kStart);
        EXPECT_TRUE(attempt.reserved());  // shed, or a fault: given back
    }
    for (int i = 0; i < 4; ++i) {
        Attempt attempt(throttle, kClaims, kStart);
        attempt.failed();
    }
    {
        Attempt attempt(throttle, kClaims, kStart);
        attempt.succeeded();
    }
    for (int i = 0; i < 5; ++i) {
        Attempt attempt(throttle, kClaims, kStart);
        EXPECT_TRUE(attempt.reserved()) << "the account starts anew";
        attempt.failed();
    }
    EXPECT_FALSE(Attempt(throttle, kClaims, kStart).reserved());
}

TEST(Throttle, an_address_is_limited_over_all_accounts) {
    Throttle throttle(1000);
    int looked_at = 0;
    for (int i = 0; i < 100; ++i) {
        looked_at +=
            throttle.reserve({{"account " + std::to_string(i), 5}, {"address x", 30}}, kStart);
    }
    EXPECT_EQ(looked_at, 30);
    EXPECT_TRUE(throttle.reserve({{"account 99", 5}, {"address y", 30}}, kStart));
}

TEST(Throttle, it_is_bounded) {
    Throttle throttle(10);
    for (int i = 0; i < 1000; ++i) {
        EXPECT_TRUE(throttle.reserve({{"account " + std::to_string(i), 1}}, kStart));
    }
    EXPECT_FALSE(throttle.reserve({{"account 999", 1}}, kStart));
    EXPECT_TRUE(throttle.reserve({{"account 0", 1}}, kStart));  // long forgotten
}

}  // namespace
}  // namespace hangu::shared_state
