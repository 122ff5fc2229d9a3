#include "platform/egress/internal/host_rules.hpp"

#include <gtest/gtest.h>

namespace hangu::egress {
namespace {

TEST(HostRules, a_list_is_read_in_lower_case) {
    EXPECT_EQ(hosts_of(" a.test, B.test\nc.test,,"),
              (std::vector<std::string>{"a.test", "b.test", "c.test"}));
    EXPECT_TRUE(hosts_of("").empty());
}

TEST(HostRules, only_what_is_listed_passes) {
    const std::vector<std::string> allowed = hosts_of("open.test, *.mail.test, 127.0.0.1");
    for (const char* host :
         {"open.test", "OPEN.test", "smtp.mail.test", "a.b.mail.test", "127.0.0.1"}) {
        EXPECT_TRUE(is_allowed(allowed, host)) << host;
    }
    for (const char* host : {"", "xopen.test", "open.test.evil.test", "mail.test", "evilmail.test",
                             ".mail.test", "127.0.0.2", "open.test."}) {
        EXPECT_FALSE(is_allowed(allowed, host)) << host;
    }
}

TEST(HostRules, patterns_are_host_names) {
    for (const char* good : {"a", "a.test", "*.a.test", "127.0.0.1", "::1", "a-b.test"}) {
        EXPECT_TRUE(is_host_pattern(good)) << good;
    }
    for (const char* bad : {"", "*", "*.com", "https://a.test", "a.test/x", "a..test", ".a", "a.",
                            "a b", "a*.test", "user@a.test"}) {
        EXPECT_FALSE(is_host_pattern(bad)) << bad;
    }
}

}  // namespace
}  // namespace hangu::egress
