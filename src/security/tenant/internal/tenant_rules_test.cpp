#include "security/tenant/internal/tenant_rules.hpp"

#include <gtest/gtest.h>

namespace hangu::tenant {
namespace {

TEST(TenantRules, a_code_is_short_lower_case_and_plain) {
    EXPECT_TRUE(is_code("ab"));
    EXPECT_TRUE(is_code("tea-house-2"));
    EXPECT_TRUE(is_code(std::string(32, 'a')));
    for (const std::string bad :
         {"", "a", "-ab", "ab-", "Tea", "tea house", "茶馆", "a/b", "a.b"}) {
        EXPECT_FALSE(is_code(bad)) << bad;
    }
    EXPECT_FALSE(is_code(std::string(33, 'a')));
}

TEST(TenantRules, all_that_is_wrong_is_said_at_once) {
    EXPECT_TRUE(check_new_tenant("tea", "茶馆", 480).ok());
    const auto refused = check_new_tenant("T", " ", 900);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.problem().code, "input.invalid");
    ASSERT_EQ(refused.problem().fields.size(), 3u);
    EXPECT_EQ(refused.problem().fields[0].field, "code");
    EXPECT_EQ(refused.problem().fields[1].field, "name");
    EXPECT_EQ(refused.problem().fields[2].field, "utc_offset_minutes");
}

TEST(TenantRules, a_reason_is_needed) {
    EXPECT_TRUE(check_reason("unpaid").ok());
    EXPECT_FALSE(check_reason(" x ").ok());
    EXPECT_FALSE(check_reason(std::string(201, 'x')).ok());
}

}  // namespace
}  // namespace hangu::tenant
