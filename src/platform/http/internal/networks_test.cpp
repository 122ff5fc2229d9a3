#include "platform/http/internal/networks.hpp"

#include <gtest/gtest.h>

namespace hangu::http {
namespace {

std::string written(std::string_view text) {
    const std::optional<Address> address = Address::parse(text);
    return address ? address->text() : "none";
}

TEST(Networks, an_address_is_written_in_one_way) {
    EXPECT_EQ(written("192.0.2.7"), "192.0.2.7");
    EXPECT_EQ(written("::ffff:192.0.2.7"), "192.0.2.7");
    EXPECT_EQ(written("::FFFF:C000:0207"), "192.0.2.7");
    EXPECT_EQ(written("2001:DB8:0:0:0:0:0:1"), "2001:db8::1");
    EXPECT_EQ(written("::1"), "::1");
    EXPECT_EQ(written("0.0.0.0"), "0.0.0.0");
}

TEST(Networks, what_is_no_address_is_none) {
    for (const char* bad : {"",
                            " ",
                            "1.2.3",
                            "1.2.3.4.5",
                            "1.2.3.256",
                            "1.2.3.4 ",
                            " 1.2.3.4",
                            "01.2.3.4",
                            "1.2.3.4:80",
                            "0x7f.0.0.1",
                            "2130706433",
                            "[::1]",
                            "::1%lo",
                            "fe80::1%eth0",
                            "::1/128",
                            "1.2.3.4, 5.6.7.8",
                            "1.2.3.4,5.6.7.8",
                            "unknown",
                            "_hidden",
                            "unix:",
                            "localhost",
                            "::ffff:1.2.3.456",
                            "1::2::3",
                            "12345::1",
                            "1.2.3.4\t",
                            "1.2.3.4;",
                            "\"1.2.3.4\"",
                            "2001:db8:0:0:0:0:0:0:1",
                            "0000:0000:0000:0000:0000:0000:0000:0000:0000:0001"}) {
        EXPECT_EQ(written(bad), "none") << bad;
    }
    EXPECT_EQ(written(std::string_view("1.2.3.4\0", 8)), "none");
}

TEST(Networks, an_address_is_counted_for_whoever_owns_it) {
    EXPECT_EQ(Address::parse("192.0.2.7")->owner(), "192.0.2.7");
    EXPECT_EQ(Address::parse("::ffff:192.0.2.7")->owner(), "192.0.2.7");
    EXPECT_EQ(Address::parse("2001:db8:1:2:3:4:5:6")->owner(), "2001:db8:1:2::/64");
    EXPECT_EQ(Address::parse("2001:db8:1:2::1")->owner(), "2001:db8:1:2::/64");
}

TEST(Networks, contain_what_begins_like_them) {
    Networks networks;
    ASSERT_TRUE(
        networks.read({"10.1.0.0/16", "192.0.2.7/32", "2001:db8::/33", "10.2.3.99/23"}).ok());
    for (const char* inside : {"10.1.0.0", "10.1.255.255", "192.0.2.7", "::ffff:10.1.2.3",
                               "2001:db8:7fff::1", "10.2.2.0", "10.2.3.255"}) {
        EXPECT_TRUE(networks.contain(*Address::parse(inside))) << inside;
    }
    for (const char* outside : {"10.0.255.255", "10.3.0.0", "192.0.2.6", "2001:db8:8000::1", "::1",
                                "10.2.4.0", "10.2.1.255"}) {
        EXPECT_FALSE(networks.contain(*Address::parse(outside))) << outside;
    }
}

TEST(Networks, all_of_one_kind_is_nothing_of_the_other) {
    Networks four;
    Networks six;
    ASSERT_TRUE(four.read({"0.0.0.0/0"}).ok());
    ASSERT_TRUE(six.read({"::/0"}).ok());
    EXPECT_TRUE(four.contain(*Address::parse("203.0.113.9")));
    EXPECT_FALSE(four.contain(*Address::parse("2001:db8::1")));
    EXPECT_TRUE(six.contain(*Address::parse("2001:db8::1")));
    EXPECT_FALSE(six.contain(*Address::parse("203.0.113.9")));
    EXPECT_FALSE(six.contain(*Address::parse("::ffff:203.0.113.9")));
}

TEST(Networks, what_is_no_network_is_refused) {
    for (const char* bad :
         {"", "10.0.0.0", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/08", "::/129",
          "10.0.0.0/8/8", "10.0.0/8", "all", "10.0.0.0/8 "}) {
        Networks networks;
        const Result<void> read = networks.read({bad});
        ASSERT_FALSE(read.ok()) << bad;
        EXPECT_EQ(read.problem().code, "server.bad_network");
        EXPECT_EQ(read.problem().note, bad);
    }
}

}  // namespace
}  // namespace hangu::http
