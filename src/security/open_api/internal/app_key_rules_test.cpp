#include "security/open_api/internal/app_key_rules.hpp"

#include <gtest/gtest.h>

namespace hangu::open_api {
namespace {

const TenantId kTenant(1234567);
const AppKeyId kKey(7654321);

TEST(AppKeyRules, a_key_is_read_as_it_was_made) {
    SeededRandomness random(3);
    for (int i = 0; i < 1000; ++i) {  // the random part holds underscores now and then
        const std::string text = make_key_text(kTenant, kKey, random);
        ASSERT_EQ(text.size(), 75u);
        const auto parsed = parse_key_text(text);
        ASSERT_TRUE(parsed.has_value()) << text;
        EXPECT_EQ(parsed->tenant, kTenant);
        EXPECT_EQ(parsed->key, kKey);
        EXPECT_TRUE(text.starts_with(key_prefix(kTenant, kKey) + "_"));
    }
}

TEST(AppKeyRules, other_texts_are_no_keys) {
    SeededRandomness random(3);
    const std::string good = make_key_text(kTenant, kKey, random);
    EXPECT_FALSE(parse_key_text("").has_value());
    EXPECT_FALSE(parse_key_text(good + "A").has_value());
    EXPECT_FALSE(parse_key_text(good.substr(0, 74)).has_value());
    EXPECT_FALSE(parse_key_text(good.substr(0, 74) + "=").has_value());
    EXPECT_FALSE(parse_key_text("HGK_" + good.substr(4)).has_value());
    for (std::size_t at : {std::size_t{17}, std::size_t{31}}) {
        std::string bad = good;
        bad[at] = '-';
        EXPECT_FALSE(parse_key_text(bad).has_value());
    }
}

TEST(AppKeyRules, the_bearer_scheme_is_read) {
    EXPECT_EQ(bearer_token("Bearer abc"), "abc");
    EXPECT_EQ(bearer_token("bearer abc"), "abc");
    EXPECT_EQ(bearer_token("Basic abc"), "");
    EXPECT_EQ(bearer_token("Bearer "), "");
    EXPECT_EQ(bearer_token(""), "");
}

TEST(AppKeyRules, a_credential_carries_hash_and_id) {
    const std::string key = credential_key("text", kKey);
    EXPECT_EQ(key_of_credential(key), kKey);
    EXPECT_EQ(hash_of_credential(key).size(), 32u);
    EXPECT_NE(hash_of_credential(key), hash_of_credential(credential_key("texu", kKey)));
    EXPECT_FALSE(key_of_credential("short").is_set());
}

}  // namespace
}  // namespace hangu::open_api
