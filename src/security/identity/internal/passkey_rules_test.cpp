#include "security/identity/internal/passkey_rules.hpp"

#include "base/text.hpp"
#include "platform/crypto/crypto.hpp"
#include "platform/shared_state/shared_state.hpp"

#include <gtest/gtest.h>

namespace hangu::identity {
namespace {

const Time kAsked(1'795'305'615'000);

class ChallengesTest : public ::testing::Test {
 protected:
    SeededRandomness random_{7};
    Challenges challenges_{Secret(std::string(32, 'c')), 3};
};

TEST_F(ChallengesTest, works_once_for_its_purpose_and_five_minutes) {
    const std::string made = challenges_.make("sign_in a", kAsked, random_);
    EXPECT_FALSE(challenges_.take(made, "sign_in b", kAsked));
    EXPECT_FALSE(challenges_.take(made, "add a", kAsked));
    EXPECT_TRUE(challenges_.take(made, "sign_in a", kAsked.plus_ms(5 * kMinuteMs - 1)));
    EXPECT_FALSE(challenges_.take(made, "sign_in a", kAsked));
    const std::string late = challenges_.make("sign_in a", kAsked, random_);
    EXPECT_FALSE(challenges_.take(late, "sign_in a", kAsked.plus_ms(5 * kMinuteMs)));
}

TEST_F(ChallengesTest, those_of_others_and_changed_ones_are_refused) {
    Challenges others(Secret(std::string(32, 'd')), 3);
    EXPECT_FALSE(challenges_.take(others.make("p", kAsked, random_), "p", kAsked));
    const std::string bytes = *from_base64url(challenges_.make("p", kAsked, random_));
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        std::string changed = bytes;
        changed[i] = static_cast<char>(changed[i] ^ 1);
        EXPECT_FALSE(challenges_.take(to_base64url(changed), "p", kAsked)) << i;
    }
    EXPECT_FALSE(challenges_.take("", "p", kAsked));
    EXPECT_FALSE(challenges_.take("not base64!", "p", kAsked));
}

TEST_F(ChallengesTest, a_full_memory_refuses_and_forgets_what_has_ended) {
    std::string first;
    for (int i = 0; i < 3; ++i) {
        const std::string made = challenges_.make("p", kAsked, random_);
        first = i == 0 ? made : first;
        EXPECT_TRUE(challenges_.take(made, "p", kAsked));
    }
    EXPECT_FALSE(challenges_.take(challenges_.make("p", kAsked, random_), "p", kAsked));
    EXPECT_FALSE(challenges_.take(first, "p", kAsked));
    const Time later = kAsked.plus_ms(5 * kMinuteMs);
    EXPECT_FALSE(challenges_.take(first, "p", later));
    EXPECT_TRUE(challenges_.take(challenges_.make("p", later, random_), "p", later));
}

// Two nodes that share what was used, here in the memory of one.
TEST(SharedChallenges, what_one_node_asked_another_takes_once) {
    ManualClock clock(kAsked);
    crypto::SystemRandomness random;
    observe::Log log({observe::Level::error, ""}, clock);
    observe::Metrics metrics;
    shared_state::SharedState shared({}, {clock, random, log, metrics});
    Challenges one(Secret(std::string(32, 'a')), 3);
    Challenges other(Secret(std::string(32, 'b')), 3);
    one.share(Secret(std::string(32, 'k')), shared.nonces(), kAsked);
    other.share(Secret(std::string(32, 'k')), shared.nonces(), kAsked);
    const std::string made = one.make("sign_in a", kAsked, random);
    EXPECT_FALSE(other.take(made, "sign_in b", kAsked));
    EXPECT_TRUE(other.take(made, "sign_in a", kAsked));
    EXPECT_FALSE(one.take(made, "sign_in a", kAsked));
    EXPECT_FALSE(other.take(made, "sign_in a", kAsked));
}

// A server that is away: a node knows what it saw itself, and nothing of before it began.
TEST(SharedChallenges, a_question_from_before_is_not_taken_while_the_server_is_lost) {
    ManualClock clock(kAsked);
    crypto::SystemRandomness random;
    observe::Log log({observe::Level::error, ""}, clock);
    observe::Metrics metrics;
    shared_state::SharedState::Options options;
    options.server.emplace();
    options.server->socket = "/nowhere/redis.sock";
    shared_state::SharedState shared(std::move(options), {clock, random, log, metrics});
    shared.settle_and_wait();
    Challenges challenges(Secret(std::string(32, 'a')), 3);
    challenges.share(Secret(std::string(32, 'k')), shared.nonces(), kAsked);
    const std::string before = challenges.make("p", kAsked.plus_ms(-1), random);
    EXPECT_FALSE(challenges.take(before, "p", kAsked));
    const std::string since = challenges.make("p", kAsked, random);
    EXPECT_TRUE(challenges.take(since, "p", kAsked));
    EXPECT_FALSE(challenges.take(since, "p", kAsked));
}

TEST(PasskeyRules, the_site_is_the_host_without_its_port_and_never_an_address) {
    EXPECT_EQ(site_of("Console.Shop.example:8443", "")->id, "console.shop.example");
    EXPECT_EQ(site_of("Console.Shop.example:8443", "")->origin,
              "https://console.shop.example:8443");
    EXPECT_EQ(site_of("localhost:8443", "")->id, "localhost");
    for (const char* host : {"", "127.0.0.1", "127.0.0.1:8443", "[::1]:8443", ":8443"}) {
        EXPECT_FALSE(site_of(host, "")) << host;
    }
}

TEST(PasskeyRules, a_configured_site_takes_its_own_hosts_only) {
    EXPECT_EQ(site_of("console.shop.example", "shop.example")->id, "shop.example");
    EXPECT_EQ(site_of("shop.example", "shop.example")->id, "shop.example");
    for (const char* host : {"evilshop.example", "shop.example.evil.test", "evil.test", ""}) {
        EXPECT_FALSE(site_of(host, "shop.example")) << host;
    }
}

TEST(PasskeyRules, only_our_own_page_asks) {
    const Site site{"shop.example", "https://shop.example"};
    const auto from_us = [&](std::string_view json) {
        const auto data = read_client_data(json);
        return data && is_from_us(*data, "webauthn.get", site);
    };
    EXPECT_TRUE(
        from_us(R"({"type":"webauthn.get","origin":"https://shop.example","crossOrigin":false})"));
    EXPECT_TRUE(
        from_us(R"({"type":"webauthn.get","challenge":"c","origin":"https://shop.example"})"));
    for (const char* json : {
             "",
             "[]",
             "{",
             R"({"type":"webauthn.create","origin":"https://shop.example"})",
             R"({"type":"webauthn.get","origin":"https://evil.test"})",
             R"({"type":"webauthn.get","origin":"http://shop.example"})",
             R"({"type":"webauthn.get","origin":"https://shop.example:444"})",
             R"({"type":"webauthn.get","origin":"https://shop.example","crossOrigin":true})",
             R"({"type":"webauthn.get","origin":"https://shop.example","crossOrigin":"false"})",
             R"({"type":1,"origin":null})",
         }) {
        EXPECT_FALSE(from_us(json)) << json;
    }
    EXPECT_FALSE(read_client_data(std::string(4097, ' ')));
}

TEST(PasskeyRules, a_user_handle_says_its_tenant_and_nothing_else) {
    SeededRandomness random(3);
    const TenantId tenant(77);
    const std::string handle = make_user_handle(tenant, random);
    EXPECT_EQ(tenant_of_user_handle(handle), tenant);
    EXPECT_NE(make_user_handle(tenant, random), handle);
    EXPECT_LE(handle.size(), 64u);  // WebAuthn 5.4.3
    EXPECT_FALSE(tenant_of_user_handle(handle.substr(1)));
    EXPECT_FALSE(tenant_of_user_handle(""));
}

}  // namespace
}  // namespace hangu::identity
