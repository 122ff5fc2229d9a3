#include "base/money.hpp"

#include "base/randomness.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <limits>

namespace hangu {
namespace {

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();

std::vector<Money> money(std::initializer_list<std::int64_t> fen) {
    std::vector<Money> out;
    for (const std::int64_t value : fen) {
        out.emplace_back(value);
    }
    return out;
}

TEST(Money, AddsSubtractsAndMultiplies) {
    EXPECT_EQ(Money(3) + Money(4), Money(7));
    EXPECT_EQ(Money(3) - Money(4), Money(-1));
    EXPECT_EQ(Money(3) * -4, Money(-12));
    Money sum(1);
    sum += Money(2);
    sum -= Money(5);
    EXPECT_EQ(sum, Money(-2));
    EXPECT_LT(Money(1), Money(2));
}

TEST(Money, IsABugRatherThanAWrongSum) {
    EXPECT_THROW(Money(kMost) + Money(1), Bug);
    EXPECT_THROW(Money(kLeast) + Money(-1), Bug);
    EXPECT_THROW(Money(kLeast) - Money(1), Bug);
    EXPECT_THROW(Money(0) - Money(kLeast), Bug);
    EXPECT_THROW(Money(kMost) * 2, Bug);
    EXPECT_THROW(Money(kLeast) * -1, Bug);
    EXPECT_EQ(Money(kMost) + Money(0), Money(kMost));
}

TEST(YuanText, HasTwoDigitsAfterThePoint) {
    EXPECT_EQ(yuan_text(Money(0)), "0.00");
    EXPECT_EQ(yuan_text(Money(5)), "0.05");
    EXPECT_EQ(yuan_text(Money(1230)), "12.30");
    EXPECT_EQ(yuan_text(Money(-5)), "-0.05");
    EXPECT_EQ(yuan_text(Money(-123456)), "-1234.56");
    EXPECT_EQ(yuan_text(Money(kMost)), "92233720368547758.07");
    EXPECT_EQ(yuan_text(Money(kLeast)), "-92233720368547758.08");
}

TEST(ShareOut, DividesInProportion) {
    EXPECT_EQ(share_out(Money(100), money({1, 1})), money({50, 50}));
    EXPECT_EQ(share_out(Money(100), money({1, 3})), money({25, 75}));
    EXPECT_EQ(share_out(Money(7), money({100})), money({7}));
    EXPECT_EQ(share_out(Money(0), money({1, 2})), money({0, 0}));
    EXPECT_EQ(share_out(Money(10), money({0, 5, 0})), money({0, 10, 0}));
}

TEST(ShareOut, GivesTheRestToTheLargestFractionsAndThenToTheLast) {
    EXPECT_EQ(share_out(Money(100), money({1, 1, 1})), money({33, 33, 34}));
    EXPECT_EQ(share_out(Money(101), money({1, 1, 1})), money({33, 34, 34}));
    // 10 in 1:2:4 is 1.43, 2.86, 5.71.
    EXPECT_EQ(share_out(Money(10), money({1, 2, 4})), money({1, 3, 6}));
}

TEST(ShareOut, GivesAllToTheLastWhenNothingWeighs) {
    EXPECT_EQ(share_out(Money(9), money({0, 0})), money({0, 9}));
}

TEST(ShareOut, RefusesWhatHasNoMeaning) {
    EXPECT_THROW(share_out(Money(1), {}), Bug);
    EXPECT_THROW(share_out(Money(-1), money({1})), Bug);
    EXPECT_THROW(share_out(Money(1), money({1, -1})), Bug);
}

TEST(ShareOut, TakesTheLargestAmounts) {
    const std::vector<Money> shares = share_out(Money(kMost), money({kMost, kMost, kMost}));
    EXPECT_EQ(shares[0] + shares[1] + shares[2], Money(kMost));
}

// For many amounts and weights: the shares add up, none is negative, each is within one fen of its
// exact part, what weighs nothing gets nothing, and a larger weight never gets less.
TEST(ShareOut, IsExactAndFair) {
    SeededRandomness randomness(20261122);
    for (int round = 0; round < 20'000; ++round) {
        const std::int64_t amount = static_cast<std::int64_t>(randomness.number() % 1'000'000);
        std::vector<Money> weights(1 + randomness.number() % 12);
        std::int64_t total = 0;
        for (Money& weight : weights) {
            weight = Money(static_cast<std::int64_t>(
                randomness.number() % 4 == 0 ? 0 : randomness.number() % 100'000));
            total += weight.fen();
        }
        const std::vector<Money> shares = share_out(Money(amount), weights);
        ASSERT_EQ(shares.size(), weights.size());
        Money sum;
        for (std::size_t i = 0; i < shares.size(); ++i) {
            sum += shares[i];
            ASSERT_GE(shares[i], Money(0));
            if (total == 0) {
                continue;
            }
            const std::int64_t error = shares[i].fen() * total - amount * weights[i].fen();
            ASSERT_LT(std::abs(error), total) << round;
            ASSERT_TRUE(weights[i].fen() > 0 || shares[i].fen() == 0) << round;
            for (std::size_t j = 0; j < i; ++j) {
                ASSERT_TRUE(weights[i] >= weights[j] || shares[i] <= shares[j]) << round;
                ASSERT_TRUE(weights[i] <= weights[j] || shares[i] >= shares[j]) << round;
            }
        }
        ASSERT_EQ(sum, Money(amount)) << round;
    }
}

}  // namespace
}  // namespace hangu
