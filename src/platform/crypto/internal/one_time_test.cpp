#include "platform/crypto/one_time.hpp"

#include <gtest/gtest.h>

namespace hangu::crypto {
namespace {

constexpr std::string_view kRfcSecret = "12345678901234567890";

TEST(OneTime, rfc_4226_appendix_d) {
    constexpr std::string_view kCodes[] = {"755224", "287082", "359152", "969429", "338314",
                                           "254676", "287922", "162583", "399871", "520489"};
    for (std::uint64_t counter = 0; counter < std::size(kCodes); ++counter) {
        EXPECT_EQ(hotp(kRfcSecret, counter), kCodes[counter]) << counter;
    }
}

TEST(OneTime, rfc_6238_appendix_b) {
    const auto at = [](std::uint64_t seconds) { return hotp(kRfcSecret, seconds / 30, 8); };
    EXPECT_EQ(at(59), "94287082");
    EXPECT_EQ(at(1111111109), "07081804");
    EXPECT_EQ(at(1111111111), "14050471");
    EXPECT_EQ(at(1234567890), "89005924");
    EXPECT_EQ(at(2000000000), "69279037");
    EXPECT_EQ(at(20000000000), "65353130");
}

}  // namespace
}  // namespace hangu::crypto
