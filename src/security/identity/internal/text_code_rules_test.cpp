#include "security/identity/internal/text_code_rules.hpp"

#include <gtest/gtest.h>

#include <set>

namespace hangu::identity {
namespace {

constexpr Time kMade(1'800'000'000'000);

std::vector<Time> minutes_ago(const std::vector<std::int64_t>& minutes) {
    std::vector<Time> times;
    for (const std::int64_t one : minutes) {
        times.push_back(kMade.plus_ms(-one * kMinuteMs));
    }
    return times;
}

TEST(TextCodeRules, a_code_has_six_digits) {
    SeededRandomness random(7);
    std::set<std::string> codes;
    for (int i = 0; i < 2000; ++i) {
        const std::string code = make_text_code(random);
        ASSERT_EQ(code.size(), 6U);
        ASSERT_EQ(code.find_first_not_of("0123456789"), std::string::npos);
        codes.insert(code);
    }
    EXPECT_GT(codes.size(), 1990U);
}

TEST(TextCodeRules, the_next_waits_a_minute_an_hour_or_a_day) {
    const TextLimits limits;
    EXPECT_EQ(wait_for_text_ms({}, limits, kMade), 0);
    EXPECT_EQ(wait_for_text_ms({kMade.plus_ms(-20 * kSecondMs)}, limits, kMade), 40 * kSecondMs);
    EXPECT_EQ(wait_for_text_ms(minutes_ago({1}), limits, kMade), 0);
    EXPECT_EQ(wait_for_text_ms(minutes_ago({2, 10, 20, 30}), limits, kMade), 0);
    EXPECT_EQ(wait_for_text_ms(minutes_ago({2, 10, 20, 30, 45}), limits, kMade), 15 * kMinuteMs);
    EXPECT_EQ(wait_for_text_ms(minutes_ago({2, 10, 20, 30, 60}), limits, kMade), 0);
    EXPECT_EQ(wait_for_text_ms(minutes_ago({90, 180, 270, 360, 450, 540, 630, 720, 810, 1430}),
                               limits, kMade),
              10 * kMinuteMs);
}

}  // namespace
}  // namespace hangu::identity
