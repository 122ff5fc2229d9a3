#include "security/identity/internal/password_rules.hpp"

#include <gtest/gtest.h>

namespace hangu::identity {
namespace {

std::vector<std::string> faults(const std::string& password) {
    std::vector<std::string> codes;
    const auto checked = check_new_password(Secret(password), "lihua", "tea-house");
    if (!checked.ok()) {
        for (const FieldProblem& field : checked.problem().fields) {
            EXPECT_EQ(field.field, "new_password");
            codes.push_back(field.code);
        }
    }
    return codes;
}

using Codes = std::vector<std::string>;

TEST(PasswordRules, a_good_password_passes) {
    EXPECT_EQ(faults("Blau-Wolke7"), Codes());
    EXPECT_EQ(faults("云上的日子 2024 Ok"), Codes());
    EXPECT_EQ(faults(std::string(126, 'x') + "Y1"), Codes());
}

TEST(PasswordRules, each_rule_is_named) {
    EXPECT_EQ(faults("Ab1-Cd2-E"), Codes{"password.too_short"});
    EXPECT_EQ(faults(std::string(127, 'x') + "Y1"), Codes{"password.too_long"});
    EXPECT_EQ(faults("blauewolkesieben7"), Codes{"password.too_simple"});
    EXPECT_EQ(faults("My-LiHua-wolke9"), Codes{"password.has_name"});
    EXPECT_EQ(faults("at-TEA-house-9"), Codes{"password.has_name"});
    EXPECT_EQ(faults("Passw0rd-blau"), Codes{"password.common"});
    EXPECT_EQ(faults(""), (Codes{"password.too_short", "password.too_simple"}));
    EXPECT_EQ(faults("a\xFF"), (Codes{"password.too_short", "password.too_simple"}));
}

TEST(PasswordRules, login_names_are_lower_case_and_plain) {
    EXPECT_TRUE(is_login_name("li.hua@tea"));
    EXPECT_TRUE(is_login_name("13812345678"));
    for (const std::string bad : {"", "a", ".li", "Li", "li hua", "李华", "li'--"}) {
        EXPECT_FALSE(is_login_name(bad)) << bad;
    }
    EXPECT_FALSE(is_login_name(std::string(65, 'a')));
}

}  // namespace
}  // namespace hangu::identity
