// Passkeys as people and thieves use them, through the routes.
#include "security/identity/internal/passkeys.hpp"
#include "security/identity/internal/sign_in_test_house.hpp"

#include "tests/support/passkey_device.hpp"

namespace hangu::identity {
namespace {

using Device = testing::PasskeyDevice;
using Lie = Device::Lie;

constexpr const char* kHost = "hangu.test";
constexpr const char* kOrigin = "https://hangu.test";

class PasskeysTest : public SignInTest {
 protected:
    static http::Request at_host(http::Request made) {
        made.host = kHost;
        return made;
    }
    // As the pipeline does it, with the host the console was called by.
    Answer own(const std::string& token, std::string_view route, const std::string& body = "",
               const std::string& id = "") {
        const auto caller = house_.caller_of(token);
        if (!caller.ok()) {
            return caller.problem();
        }
        const auto& entries = routes_.entries();
        const auto entry = std::find_if(entries.begin(), entries.end(),
                                        [&](const auto& one) { return one.route.name == route; });
        http::Request made = at_host(request(body));
        made.method = entry->route.method;
        http::PathParameters path;
        if (!id.empty()) {
            path.emplace_back("passkey_id", id);
        }
        return http::run_use_case(
            *house_.world.engine, house_.world.world, **caller, entry->route.work,
            [&](http::Scope& scope) { return entry->handle(scope, made, path); });
    }
    Answer open(std::string_view route, const std::string& body,
                const std::vector<std::string>& cookies) {
        return start(route, at_host(with_cookies(body, cookies))).get();
    }
    Answer add(const std::string& token, Device& device, const Lie& lie = {}) {
        const Answer offer = own(token, "session.begin_passkey");
        if (!offer.ok()) {
            return offer;
        }
        const auto made = device.make(boost::json::parse(text_of(offer)), kOrigin, lie);
        return own(token, "session.add_passkey", boost::json::serialize(made));
    }
    // With a password first; the token of the session.
    std::string with_passkey(Device& device) {
        const std::string token = token_of(sign_in("tea-house", "lihua", "Blau-Wolke7"));
        EXPECT_EQ(code(add(token, device)), "ok");
        return token;
    }
    struct Asked {
        boost::json::value question;
        std::string cookie;
    };
    Asked ask() {
        const Answer answer = open("session.ask_passkey", "", {});
        return {boost::json::parse(text_of(answer)), cookie_of(answer, "__Host-hangu_passkey")};
    }
    Answer enter(Device& device, const Lie& lie = {}) {
        const Asked asked = ask();
        return open("session.open_with_passkey",
                    boost::json::serialize(device.answer(asked.question, kOrigin, lie)),
                    {asked.cookie});
    }
    std::size_t count_of(const std::string& action) const {
        const auto all = house_.audited();
        return static_cast<std::size_t>(std::count(all.begin(), all.end(), action));
    }
};

TEST_F(PasskeysTest, it_opens_the_console_alone) {
    Device device(1);
    with_passkey(device);
    const Answer opened = enter(device);
    ASSERT_EQ(code(opened), "ok");
    const auto me = boost::json::parse(text_of(opened));
    EXPECT_EQ(me.at("staff").at("login_name").as_string(), "lihua");
    EXPECT_TRUE(me.at("passkey").as_bool());
    EXPECT_TRUE(house_.caller_of(token_of(opened)).ok());
    EXPECT_EQ(code(enter(device)), "ok");
}

TEST_F(PasskeysTest, the_question_says_nothing_of_accounts_and_none_is_made_for_an_address) {
    const Asked asked = ask();
    EXPECT_TRUE(asked.question.at("known").as_array().empty());
    EXPECT_EQ(asked.question.at("site").as_string(), kHost);
    http::Request by_address = request("");
    by_address.host = "127.0.0.1:8443";
    EXPECT_EQ(code(start("session.ask_passkey", by_address).get()), "passkey.needs_host_name");
}

TEST_F(PasskeysTest, every_lie_of_an_answer_is_refused_alike) {
    Device device(1);
    with_passkey(device);
    const std::string question_of_old = std::string(ask().question.at("challenge").as_string());
    const std::string others = to_base64url(make_user_handle(house_.cake, house_.world.random));
    const std::pair<const char*, Lie> lies[] = {
        {"origin", {.origin = "https://evil.test"}},
        {"plain origin", {.origin = "http://hangu.test"}},
        {"site", {.site = "evil.test"}},
        {"challenge of another browser", {.challenge = question_of_old}},
        {"made-up challenge", {.challenge = "AAAA"}},
        {"kind", {.type = "webauthn.create"}},
        {"another merchant's", {.user_handle = others}},
        {"nobody's", {.user_handle = "AAAA"}},
        {"not verified", {.user_verified = false}},
        {"not present", {.user_present = false}},
        {"signature", {.spoilt = true}},
        {"in a frame", {.cross_origin = true}},
    };
    for (const auto& [name, lie] : lies) {
        EXPECT_EQ(code(enter(device, lie)), "passkey.refused") << name;
        house_.world.clock.advance_ms(15 * kMinuteMs);
    }
    EXPECT_EQ(count_of("session.opened"), 1u);
    EXPECT_EQ(count_of("passkey.doubted"), 0u);
    EXPECT_EQ(code(enter(device)), "ok");
}

TEST_F(PasskeysTest, an_answer_works_once_in_its_browser_and_for_five_minutes) {
    Device device(1);
    with_passkey(device);
    const Asked asked = ask();
    const std::string body = boost::json::serialize(device.answer(asked.question, kOrigin, {}));
    EXPECT_EQ(code(open("session.open_with_passkey", body, {})), "passkey.refused");
    EXPECT_EQ(code(open("session.open_with_passkey", body, {ask().cookie})), "passkey.refused");
    EXPECT_EQ(code(open("session.open_with_passkey", body, {asked.cookie})), "ok");
    EXPECT_EQ(code(open("session.open_with_passkey", body, {asked.cookie})), "passkey.refused");
    const Asked late = ask();
    house_.world.clock.advance_ms(5 * kMinuteMs);
    const auto too_late = device.answer(late.question, kOrigin, {});
    EXPECT_EQ(
        code(open("session.open_with_passkey", boost::json::serialize(too_late), {late.cookie})),
        "passkey.refused");
}

TEST_F(PasskeysTest, a_counter_that_goes_back_marks_the_passkey_and_ends_it) {
    Device device(1);
    const std::string token = with_passkey(device);
    EXPECT_EQ(code(enter(device, {.counter_step = 5})), "ok");
    EXPECT_EQ(code(enter(device, {.counter_step = -3})), "passkey.refused");
    EXPECT_EQ(count_of("passkey.doubted"), 1u);
    EXPECT_EQ(code(enter(device, {.counter_step = 100})), "passkey.refused");
    const auto safety = boost::json::parse(text_of(own(token, "session.safety")));
    EXPECT_TRUE(safety.at("passkeys").at(0).at("doubted").as_bool());
    // It does not do away with the second step: her recovery codes are asked for.
    EXPECT_EQ(code(sign_in("tea-house", "lihua", "Blau-Wolke7")), "second_factor.required");
}

TEST_F(PasskeysTest, a_removed_one_and_one_of_a_suspended_person_open_nothing) {
    Device device(1);
    const std::string token = with_passkey(device);
    Device second(2);
    ASSERT_EQ(code(add(token, second)), "ok");
    const auto safety = boost::json::parse(text_of(own(token, "session.safety")));
    const std::string id(safety.at("passkeys").at(0).at("id").as_string());
    EXPECT_EQ(code(own(token, "session.remove_passkey", "", id)), "ok");
    EXPECT_EQ(code(own(token, "session.remove_passkey", "", id)), "passkey.not_found");
    EXPECT_EQ(code(enter(device)), "passkey.refused");
    EXPECT_EQ(code(enter(second)), "ok");
    ASSERT_TRUE(house_
                    .in(house_.tea,
                        [&](http::Scope& scope) {
                            return house_.identity->set_state(scope, staff_,
                                                              AccountState::suspended);
                        })
                    .ok());
    EXPECT_EQ(code(enter(second)), "passkey.refused");
}

TEST_F(PasskeysTest, it_stands_in_for_the_app_as_the_second_step_of_its_owner_only) {
    Device device(1);
    with_passkey(device);
    Device others(2);
    house_.staff(house_.tea, "zhao", "Gelb-Wolke7");
    const std::string zhao = token_of(sign_in("tea-house", "zhao", "Gelb-Wolke7"));
    ASSERT_EQ(code(add(zhao, others)), "ok");

    const Answer first = sign_in("tea-house", "lihua", "Blau-Wolke7");
    EXPECT_EQ(code(first), "second_factor.required");
    const std::string step = cookie_of(first, "__Host-hangu_step");
    const auto question =
        boost::json::parse(text_of(open("session.ask_second_passkey", "", {step})));
    EXPECT_EQ(question.at("known").as_array().size(), 1u);
    const auto give = [&](Device& with, const Lie& lie) {
        const boost::json::object body{{"passkey", with.answer(question, kOrigin, lie)}};
        return code(open("session.second_factor", boost::json::serialize(body), {step}));
    };
    EXPECT_EQ(give(others, {}), "second_factor.wrong");
    EXPECT_EQ(give(device, {.origin = "https://evil.test"}), "second_factor.wrong");
    EXPECT_EQ(give(device, {.user_verified = false}), "ok");
    EXPECT_EQ(give(device, {}), "second_factor.expired");
    EXPECT_EQ(code(open("session.ask_second_passkey", "", {step})), "second_factor.expired");
    EXPECT_EQ(code(open("session.ask_second_passkey", "", {})), "second_factor.expired");
}

TEST_F(PasskeysTest, it_is_added_by_who_proved_lately_who_she_is_and_only_truly) {
    Device device(1);
    const std::string token = token_of(sign_in("tea-house", "lihua", "Blau-Wolke7"));
    const std::pair<const char*, Lie> lies[] = {
        {"origin", {.origin = "https://evil.test"}}, {"site", {.site = "evil.test"}},
        {"challenge", {.challenge = "AAAA"}},        {"kind", {.type = "webauthn.get"}},
        {"not verified", {.user_verified = false}},  {"algorithm", {.algorithm = -9}},
        {"in a frame", {.cross_origin = true}},
    };
    for (const auto& [name, lie] : lies) {
        EXPECT_EQ(code(add(token, device, lie)), "input.invalid") << name;
    }
    const Answer added = add(token, device);
    ASSERT_EQ(code(added), "ok");
    EXPECT_EQ(boost::json::parse(text_of(added)).at("codes").as_array().size(), 10u);
    house_.world.clock.advance_ms(5 * kMinuteMs + 1);
    Device late(2);
    EXPECT_EQ(code(add(token, late)), "session.step_up_required");

    // The passkey itself proves it again.
    const auto question = boost::json::parse(text_of(own(token, "session.ask_step_up_passkey")));
    const auto step_up = [&](const Lie& lie) {
        const boost::json::object body{{"passkey", device.answer(question, kOrigin, lie)}};
        return start("session.step_up",
                     at_host(request(boost::json::serialize(body), "192.0.2.1", token)))
            .get();
    };
    EXPECT_EQ(code(step_up({.user_verified = false})), "input.invalid");
    const std::string fresh = token_of(step_up({}));
    EXPECT_NE(fresh, token);
    EXPECT_EQ(code(add(fresh, late)), "ok");
}

}  // namespace
}  // namespace hangu::identity
