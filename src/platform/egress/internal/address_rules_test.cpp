#include "platform/egress/internal/address_rules.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>

#include <cstring>

namespace hangu::egress {
namespace {

TEST(AddressRules, the_world_is_the_world) {
    for (const char* address :
         {"1.1.1.1",         "8.8.8.8",         "47.97.242.13",         "9.255.255.255",
          "11.0.0.0",        "100.63.255.255",  "100.128.0.0",          "126.255.255.255",
          "128.0.0.1",       "169.253.255.255", "172.15.255.255",       "172.32.0.0",
          "192.167.255.255", "192.169.0.0",     "198.17.255.255",       "198.20.0.0",
          "223.255.255.255", "2400:3200::1",    "2606:4700:4700::1111", "2001:4860:4860::8888",
          "::ffff:8.8.8.8",  "64:ff9b::808:808"}) {
        EXPECT_EQ(class_of_text(address), AddressClass::world) << address;
    }
}

TEST(AddressRules, this_machine_is_loopback_in_every_spelling) {
    for (const char* address :
         {"127.0.0.1", "127.255.255.255", "127.0.0.0", "::1", "::ffff:127.0.0.1"}) {
        EXPECT_EQ(class_of_text(address), AddressClass::loopback) << address;
    }
}

TEST(AddressRules, neighbours_metadata_and_what_is_reserved_are_inside) {
    for (const char* address : {"0.0.0.0",
                                "0.255.255.255",
                                "10.0.0.0",
                                "10.255.255.255",
                                "100.64.0.0",
                                "100.100.100.200",
                                "100.127.255.255",
                                "169.254.0.0",
                                "169.254.169.254",
                                "172.16.0.0",
                                "172.31.255.255",
                                "192.0.0.1",
                                "192.0.2.1",
                                "192.168.0.0",
                                "192.168.255.255",
                                "198.18.0.0",
                                "198.19.255.255",
                                "198.51.100.1",
                                "203.0.113.1",
                                "224.0.0.1",
                                "240.0.0.1",
                                "255.255.255.255",
                                "::",
                                "::2",
                                "::127.0.0.1",
                                "fc00::1",
                                "fd12:3456::1",
                                "fe80::1",
                                "fec0::1",
                                "ff02::1",
                                "100::1",
                                "2001:db8::1",
                                "2001::1",
                                "2002:7f00:1::",
                                "::ffff:10.0.0.1",
                                "::ffff:169.254.169.254",
                                "64:ff9b::a00:1",
                                "64:ff9b::7f00:1",
                                "64:ff9b:1::1",
                                "4000::1"}) {
        EXPECT_EQ(class_of_text(address), AddressClass::inside) << address;
    }
}

TEST(AddressRules, a_socket_address_is_judged_by_its_bytes) {
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_addr.s_addr = htonl(0x0A000001);
    sockaddr_storage storage{};
    std::memcpy(&storage, &v4, sizeof v4);
    EXPECT_EQ(class_of(*reinterpret_cast<const sockaddr*>(&storage)), AddressClass::inside);
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    ::inet_pton(AF_INET6, "2400:3200::1", &v6.sin6_addr);
    std::memcpy(&storage, &v6, sizeof v6);
    EXPECT_EQ(class_of(*reinterpret_cast<const sockaddr*>(&storage)), AddressClass::world);
    storage.ss_family = AF_UNIX;
    EXPECT_EQ(class_of(*reinterpret_cast<const sockaddr*>(&storage)), AddressClass::inside);
}

TEST(AddressRules, names_are_no_addresses) {
    for (const char* name : {"localhost", "", "2130706433", "0x7f.1", "127.1", "[::1]"}) {
        EXPECT_FALSE(class_of_text(name).has_value()) << name;
    }
}

}  // namespace
}  // namespace hangu::egress
