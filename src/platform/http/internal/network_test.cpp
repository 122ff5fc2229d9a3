#include "platform/http/network.hpp"

#include <gtest/gtest.h>

namespace hangu::http {
namespace {

TEST(Network, is_the_neighbourhood_of_an_address) {
    EXPECT_EQ(network_of("192.0.2.77"), "192.0.2.0/24");
    EXPECT_EQ(network_of("::ffff:192.0.2.77"), "192.0.2.0/24");
    EXPECT_EQ(network_of("2001:db8:12:34::1"), "2001:db8:12::/48");
    EXPECT_EQ(network_of("2001:0db8::1"), "2001:db8:0::/48");
    EXPECT_EQ(network_of("::1"), "0:0:0::/48");
    for (const char* bad : {"", "1.2.3", "1.2.3.4.5", "1.2.3.256", "1.2.3.4 ", "g::1", "12345::1",
                            "a:b", "1..2.3", "-1.2.3.4"}) {
        EXPECT_EQ(network_of(bad), "") << bad;
    }
}

}  // namespace
}  // namespace hangu::http
