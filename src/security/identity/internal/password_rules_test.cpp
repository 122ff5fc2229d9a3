#include "security/identity/internal/password_rules.hpp"

#include "security/identity/internal/password_hash.hpp"
#include "security/identity/module.hpp"

#include <gtest/gtest.h>

namespace hangu::identity {
namespace {

PasswordPolicy policy_of(const std::string& profile, bool second_factor = false) {
    settings::Settings made(settings());
    EXPECT_TRUE(made.load("", {}).ok());
    made.set("identity.password_profile", profile);
    return password_policy(*made.snapshot(), second_factor);
}

std::vector<std::string> faults(const std::string& password,
                                const PasswordPolicy& policy = policy_of("mlps3")) {
    std::vector<std::string> codes;
    const auto checked = check_new_password(Secret(password), policy,
                                            {"lihua", "tea-house", "Leaf & Co", "13812345678"});
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

TEST(PasswordRules, what_others_know_is_no_part_of_it) {
    EXPECT_EQ(faults("My-Leaf & Co-wolke9"), Codes{"password.has_name"});
    EXPECT_EQ(faults("Blaue-Wolke-5678"), Codes{"password.has_phone"});
    EXPECT_EQ(faults("Blaue-Wolke-5679"), Codes());
}

TEST(PasswordRules, common_ones_are_known_in_disguise) {
    for (const std::string common :
         {"Dragon-2026!", "$unsh1ne-99", "F00tball!!1", "12Superman34"}) {
        EXPECT_EQ(faults(common), Codes{"password.common"}) << common;
    }
    for (const std::string good : {"Dragon-of-Jade-7", "Quiet-Harbour-7", "Bright-Morning-9"}) {
        EXPECT_EQ(faults(good), Codes()) << good;
    }
}

TEST(PasswordRules, the_modern_profile_wants_length_and_nothing_else) {
    const PasswordPolicy alone = policy_of("modern");
    EXPECT_EQ(faults("blauewolkesieben", alone), Codes());
    EXPECT_EQ(faults("blauewolke-sie", alone), Codes{"password.too_short"});
    EXPECT_EQ(faults("blauewol", policy_of("modern", true)), Codes());
    EXPECT_EQ(faults("blauewo", policy_of("modern", true)), Codes{"password.too_short"});
    EXPECT_EQ(faults("passwordpassword", alone), Codes{"password.common"});
    EXPECT_EQ(faults(std::string(128, 'x'), alone), Codes());
    EXPECT_FALSE(password_ends_at(alone, Time(1)));
    EXPECT_EQ(password_state(alone, Time(1), Time(1'000 * kDayMs)), PasswordState::good);
}

TEST(PasswordRules, a_password_of_mlps3_lasts_90_days_and_warns_for_14) {
    const PasswordPolicy policy = policy_of("mlps3");
    const Time set(1'000'000);
    const auto state = [&](std::int64_t days) {
        return password_state(policy, set, set.plus_ms(days * kDayMs));
    };
    EXPECT_EQ(state(75), PasswordState::good);
    EXPECT_EQ(state(76), PasswordState::expiring);
    EXPECT_EQ(state(89), PasswordState::expiring);
    EXPECT_EQ(state(90), PasswordState::expired);
    EXPECT_EQ(password_state(policy, std::nullopt, set), PasswordState::none);
    EXPECT_EQ(policy.history_count, 5u);
}

TEST(PasswordRules, an_unknown_profile_is_refused_and_read_as_the_strict_one) {
    settings::Settings made(settings());
    ASSERT_TRUE(made.load("", {}).ok());
    EXPECT_TRUE(check_settings(*made.snapshot()).ok());
    made.set("identity.password_profile", std::string("lax-ly"));
    EXPECT_FALSE(check_settings(*made.snapshot()).ok());
    EXPECT_EQ(password_policy(*made.snapshot(), false).profile, PasswordProfile::mlps3);
}

TEST(PasswordRules, the_platform_pays_more_per_hash) {
    EXPECT_EQ(password_cost(http::Realm::merchant).memory_kib, 19u * 1024);
    EXPECT_EQ(password_cost(http::Realm::platform).memory_kib, 64u * 1024);
    EXPECT_EQ(password_cost(http::Realm::platform).passes, 3u);
}

TEST(PasswordHash, the_pepper_is_part_of_it) {
    SeededRandomness random(5);
    const crypto::PasswordCost cost{256, 1, 1};
    const Secret password("Blau-Wolke7");
    const Secret pepper("pepper");
    const std::string stored = hash_with_pepper(password, pepper, cost, random);
    EXPECT_TRUE(stored.starts_with("p1:$argon2id$"));
    EXPECT_TRUE(is_password(password, pepper, stored));
    EXPECT_FALSE(is_password(password, Secret("salt"), stored));
    EXPECT_FALSE(is_password(password, pepper, stored.substr(3)));
    EXPECT_FALSE(should_rehash(stored, cost));
    EXPECT_TRUE(should_rehash(stored, {512, 1, 1}));
    const std::string old = crypto::hash_password(password, cost, random);
    EXPECT_TRUE(is_password(password, pepper, old));
    EXPECT_TRUE(should_rehash(old, cost));
}

TEST(PasswordHash, nobodys_costs_the_same_and_fits_no_password) {
    SeededRandomness random(6);
    const crypto::PasswordCost cost{256, 1, 1};
    const std::string nobodys = hash_of_nobody(cost, random);
    const std::string somebodys = hash_with_pepper(Secret("a"), Secret("b"), cost, random);
    EXPECT_EQ(nobodys.size(), somebodys.size());
    EXPECT_FALSE(should_rehash(nobodys, cost));
    EXPECT_FALSE(is_password(Secret("a"), Secret("b"), nobodys));
    EXPECT_NE(nobodys, hash_of_nobody(cost, random));
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
