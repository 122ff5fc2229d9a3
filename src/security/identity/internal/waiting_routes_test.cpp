// Sign-in stories through the routes that wait.
#include "security/identity/internal/sign_in.hpp"
#include "security/identity/internal/sign_in_test_house.hpp"

namespace hangu::identity {
namespace {

TEST_F(SignInTest, the_right_password_opens_a_session) {
    const Answer answer = sign_in("Tea-House", "LiHua", "Blau-Wolke7");
    const std::string token = token_of(answer);
    EXPECT_EQ(token.size(), 57u);
    const std::string body = std::get<std::string>(answer->body);
    EXPECT_NE(body.find("\"login_name\":\"lihua\""), std::string::npos) << body;
    EXPECT_NE(body.find("\"permissions\":[\"role.view\"]"), std::string::npos);
    EXPECT_NE(body.find("\"scope\":[{\"path_name\":\"01\"}]"), std::string::npos);
    EXPECT_NE(body.find("\"password_set\":true"), std::string::npos);
    EXPECT_EQ(body.find("argon2"), std::string::npos);
    const auto caller = house_.caller_of(token);
    ASSERT_TRUE(caller.ok());
    EXPECT_EQ((*caller)->actor_id, staff_.value());
    EXPECT_EQ((*caller)->actor_name, "Li lihua");
    EXPECT_EQ(house_.audited(), std::vector<std::string>{"session.opened"});
}

TEST_F(SignInTest, whatever_is_wrong_is_refused_alike) {
    house_.staff(house_.tea, "nopass");
    EXPECT_EQ(code(sign_in("tea-house", "lihua", "Blau-Wolke8")), "session.refused");
    EXPECT_EQ(code(sign_in("tea-house", "nobody", "Blau-Wolke7")), "session.refused");
    EXPECT_EQ(code(sign_in("tea-house", "nopass", "Blau-Wolke7")), "session.refused");
    EXPECT_EQ(code(sign_in("nowhere", "lihua", "Blau-Wolke7")), "session.refused");
    EXPECT_EQ(code(sign_in("cake", "lihua", "Blau-Wolke7")), "session.refused");
    EXPECT_EQ(house_.audited(), std::vector<std::string>(4, "session.refused"));
    EXPECT_EQ(house_.world.audit.seen()[0].subject_id, staff_.text());
    EXPECT_EQ(house_.world.audit.seen()[1].subject_id, "");
    EXPECT_EQ(code(start("session.open", request("{\"tenant_code\":\"x\"}")).get()),
              "input.invalid");
}

TEST_F(SignInTest, of_200_parallel_guesses_five_are_looked_at) {
    std::vector<std::future<Answer>> guesses;
    for (int i = 0; i < 200; ++i) {
        guesses.push_back(start("session.open", request(sign_in_body("tea-house", "lihua", "wrong"),
                                                        "192.0.2." + std::to_string(i % 100))));
    }
    std::map<std::string, int> answers;
    for (auto& guess : guesses) {
        ++answers[code(guess.get())];
    }
    EXPECT_EQ(answers["session.refused"], 5);
    EXPECT_EQ(answers["session.throttled"], 195);
    EXPECT_EQ(code(sign_in("tea-house", "lihua", "Blau-Wolke7")), "session.throttled");
    house_.world.clock.advance_ms(15 * kMinuteMs);
    EXPECT_EQ(code(sign_in("tea-house", "lihua", "Blau-Wolke7")), "ok");
}

TEST_F(SignInTest, a_session_is_never_taken_over) {
    const std::string first = token_of(sign_in("tea-house", "lihua", "Blau-Wolke7"));
    ASSERT_TRUE(house_.caller_of(first).ok());
    const std::string second = token_of(sign_in("tea-house", "lihua", "Blau-Wolke7", first));
    EXPECT_NE(second, first);
    EXPECT_EQ(house_.caller_of(first).problem().code, "session.required");
    EXPECT_TRUE(house_.caller_of(second).ok());
    // A cookie that an attacker put there becomes nothing.
    const std::string planted = house_.tea.text() + "." + std::string(43, 'A');
    const std::string third = token_of(sign_in("tea-house", "lihua", "Blau-Wolke7", planted));
    EXPECT_NE(third, planted);
    EXPECT_FALSE(house_.caller_of(planted).ok());
}

TEST_F(SignInTest, a_link_works_once_and_only_there) {
    const std::string link = house_.link(house_.tea, staff_);
    const std::string foreign = house_.cake.text() + link.substr(13);
    EXPECT_EQ(code(redeem(foreign)), "session.link_refused");
    EXPECT_EQ(code(redeem("x")), "session.link_refused");
    const std::string token = token_of(redeem(link));
    EXPECT_TRUE(house_.caller_of(token).ok());
    EXPECT_EQ(code(redeem(link)), "session.link_refused");
    EXPECT_NE(token, link);
    EXPECT_FALSE(house_.caller_of(link).ok());
}

TEST_F(SignInTest, of_parallel_uses_of_a_link_one_succeeds) {
    const std::string link = house_.link(house_.tea, staff_);
    std::vector<std::future<Answer>> uses;
    for (int i = 0; i < 20; ++i) {
        uses.push_back(start("session.redeem", request("{\"token\":\"" + link + "\"}",
                                                       "192.0.2." + std::to_string(i))));
    }
    int opened = 0;
    for (auto& use : uses) {
        opened += use.get().ok();
    }
    EXPECT_EQ(opened, 1);
}

TEST_F(SignInTest, an_old_or_replaced_link_is_refused) {
    const std::string replaced = house_.link(house_.tea, staff_);
    const std::string link = house_.link(house_.tea, staff_);
    EXPECT_EQ(code(redeem(replaced)), "session.link_refused");
    house_.world.clock.advance_ms(24 * kHourMs);
    EXPECT_EQ(code(redeem(link)), "session.link_refused");
}

TEST_F(SignInTest, a_frozen_tenant_lets_nobody_in) {
    const std::string token = token_of(sign_in("tea-house", "lihua", "Blau-Wolke7"));
    ASSERT_TRUE(house_.caller_of(token).ok());
    ASSERT_TRUE(house_.tenants.freeze(house_.tea, "unpaid").ok());
    EXPECT_FALSE(house_.is_remembered(token));
    EXPECT_EQ(house_.caller_of(token).problem().code, "tenant.frozen");
    EXPECT_EQ(code(sign_in("tea-house", "lihua", "Blau-Wolke7")), "tenant.frozen");
    EXPECT_EQ(code(sign_in("tea-house", "lihua", "wrong")), "session.refused");
    ASSERT_TRUE(house_.tenants.thaw(house_.tea, "paid").ok());
    EXPECT_TRUE(house_.caller_of(token).ok());
}

TEST_F(SignInTest, a_link_session_sets_a_first_password_for_15_minutes) {
    const StaffId fresh = house_.staff(house_.tea, "wang");
    const std::string token = token_of(redeem(house_.link(house_.tea, fresh)));
    const Answer weak = change(token, "{\"new_password\":\"short\"}");
    EXPECT_EQ(code(weak), "input.invalid");
    EXPECT_EQ(weak.problem().fields.front().field, "new_password");
    house_.world.clock.advance_ms(15 * kMinuteMs + 1);
    EXPECT_EQ(code(change(token, "{\"new_password\":\"Gruen-Wiese5\"}")), "input.invalid");
    const std::string again = token_of(redeem(house_.link(house_.tea, fresh)));
    const Answer changed = change(again, "{\"new_password\":\"Gruen-Wiese5\"}");
    ASSERT_EQ(code(changed), "ok");
    EXPECT_EQ(changed->status, 204);
    EXPECT_EQ(code(sign_in("tea-house", "wang", "Gruen-Wiese5")), "ok");
}

TEST_F(SignInTest, a_new_password_ends_all_other_sessions) {
    house_.world.clock.advance_ms(24 * kHourMs);
    const std::string other = token_of(sign_in("tea-house", "lihua", "Blau-Wolke7"));
    const std::string own = token_of(sign_in("tea-house", "lihua", "Blau-Wolke7"));
    ASSERT_TRUE(house_.caller_of(other).ok());
    EXPECT_EQ(code(change(own, "{\"new_password\":\"Gruen-Wiese5\"}")), "input.invalid");
    EXPECT_EQ(code(change(own,
                          "{\"current_password\":\"Blau-Wolke8\","
                          "\"new_password\":\"Gruen-Wiese5\"}")),
              "input.invalid");
    EXPECT_EQ(code(change(own,
                          "{\"current_password\":\"Blau-Wolke7\","
                          "\"new_password\":\"Gruen-Wiese5\"}")),
              "ok");
    EXPECT_EQ(house_.caller_of(other).problem().code, "session.required");
    EXPECT_TRUE(house_.caller_of(own).ok());
    EXPECT_EQ(code(sign_in("tea-house", "lihua", "Blau-Wolke7")), "session.refused");
    EXPECT_EQ(code(sign_in("tea-house", "lihua", "Gruen-Wiese5")), "ok");
    EXPECT_EQ(code(change("", "{\"new_password\":\"Gruen-Wiese5\"}")), "session.required");
}

TEST_F(SignInTest, a_password_is_not_had_twice_nor_changed_twice_a_day) {
    const std::string now = "\"current_password\":\"Blau-Wolke7\",";
    const std::string token = token_of(sign_in("tea-house", "lihua", "Blau-Wolke7"));
    const Answer young = change(token, "{" + now + "\"new_password\":\"Gruen-Wiese5\"}");
    ASSERT_EQ(code(young), "input.invalid");
    EXPECT_EQ(young.problem().fields.front().code, "password.too_young");
    std::string old = "Blau-Wolke7";
    for (const std::string next :
         {"Gruen-Wiese5", "Roter-Abend6", "Gelbe-Sonne8", "Weiser-Mond9"}) {
        house_.world.clock.advance_ms(24 * kHourMs);
        const std::string fresh = token_of(sign_in("tea-house", "lihua", old));
        const Answer same = change(
            fresh, "{\"current_password\":\"" + old + "\",\"new_password\":\"" + old + "\"}");
        ASSERT_EQ(code(same), "input.invalid");
        EXPECT_EQ(same.problem().fields.front().code, "password.used_before");
        EXPECT_EQ(code(change(fresh, "{\"current_password\":\"" + old + "\",\"new_password\":\"" +
                                         next + "\"}")),
                  "ok");
        old = next;
    }
    house_.world.clock.advance_ms(24 * kHourMs);
    const std::string last = token_of(sign_in("tea-house", "lihua", old));
    EXPECT_EQ(code(change(last,
                          "{\"current_password\":\"Weiser-Mond9\","
                          "\"new_password\":\"Gruen-Wiese5\"}")),
              "input.invalid");
}

TEST_F(SignInTest, an_expired_password_leaves_nothing_but_its_change) {
    house_.world.clock.advance_ms(90 * kDayMs);
    const Answer answer = sign_in("tea-house", "lihua", "Blau-Wolke7");
    const std::string token = token_of(answer);
    EXPECT_NE(text_of(answer).find("\"state\":\"expired\""), std::string::npos);
    EXPECT_TRUE((*house_.caller_of(token))->rights.anywhere().none());
    EXPECT_EQ(code(change(token,
                          "{\"current_password\":\"Blau-Wolke7\","
                          "\"new_password\":\"Gruen-Wiese5\"}")),
              "ok");
    EXPECT_TRUE((*house_.caller_of(token))->rights.anywhere().any());
}

TEST_F(SignInTest, a_suspended_account_is_refused_with_the_right_password) {
    ASSERT_TRUE(house_
                    .in(house_.tea,
                        [&](http::Scope& scope) {
                            return house_.identity->set_state(scope, staff_,
                                                              AccountState::suspended);
                        })
                    .ok());
    EXPECT_EQ(code(sign_in("tea-house", "lihua", "Blau-Wolke7")), "session.refused");
}

TEST_F(SignInTest, a_weaker_hash_is_replaced_at_sign_in) {
    const auto hash = [&] {
        return *house_
                    .read(house_.tea,
                          [&](storage::Tx& tx) { return IdentityStore(tx).find(staff_); })
                    ->password_hash;
    };
    ASSERT_TRUE(house_
                    .in(house_.tea,
                        [&](http::Scope& scope) -> Result<void> {
                            IdentityStore(scope.tx())
                                .set_password(staff_, crypto::hash_password(Secret("Blau-Wolke7"),
                                                                            {256, 1, 1},
                                                                            house_.world.random));
                            return {};
                        })
                    .ok());
    EXPECT_NE(hash().find("m=256"), std::string::npos);
    EXPECT_EQ(code(sign_in("tea-house", "lihua", "Blau-Wolke7")), "ok");
    EXPECT_NE(hash().find("m=1024"), std::string::npos);
    EXPECT_EQ(code(sign_in("tea-house", "lihua", "Blau-Wolke7")), "ok");
}

// ---- two lanes

TEST_F(SignInTest, a_stranger_cannot_lock_out_a_known_browser) {
    const Answer first = sign_in("tea-house", "lihua", "Blau-Wolke7");
    const std::string device = cookie_of(first, "__Host-hangu_device");
    ASSERT_NE(device, "");
    const std::string wrong = sign_in_body("tea-house", "lihua", "wrong");
    const std::string right = sign_in_body("tea-house", "lihua", "Blau-Wolke7");
    for (int i = 0; i < 10; ++i) {
        EXPECT_FALSE(start("session.open", request(wrong, "203.0.113.9")).get().ok());
    }
    EXPECT_EQ(code(start("session.open", request(right, "203.0.113.9")).get()),
              "session.throttled");
    EXPECT_EQ(code(start("session.open", with_cookies(right, {device})).get()), "ok");
    // The stranger stays out: the owner's visit does not unlock his lane.
    EXPECT_EQ(code(start("session.open", request(right, "203.0.113.9")).get()),
              "session.throttled");
}

TEST_F(SignInTest, a_known_browser_that_fails_five_times_is_a_stranger_again) {
    const Answer first = sign_in("tea-house", "lihua", "Blau-Wolke7");
    const std::string device = cookie_of(first, "__Host-hangu_device");
    const std::string wrong = sign_in_body("tea-house", "lihua", "wrong");
    std::map<std::string, int> answers;
    for (int i = 0; i < 12; ++i) {
        ++answers[code(start("session.open", with_cookies(wrong, {device})).get())];
    }
    EXPECT_EQ(answers["session.refused"], 10);  // five as known, five as a stranger
    EXPECT_EQ(answers["session.throttled"], 2);
}

TEST_F(SignInTest, a_device_cookie_is_good_for_its_account_and_tenant_only) {
    house_.staff(house_.tea, "wang", "Blau-Wolke7");
    const std::string device =
        cookie_of(sign_in("tea-house", "lihua", "Blau-Wolke7"), "__Host-hangu_device");
    const auto read = [&](const std::string& cookie, const std::string& login) {
        return house_.read(house_.tea, [&](storage::Tx& tx) {
            return look_up(tx, *house_.world.settings.snapshot(), login,
                           cookie.substr(cookie.find('=') + 1))
                ->device.has_value();
        });
    };
    EXPECT_TRUE(read(device, "lihua"));
    EXPECT_FALSE(read(device, "wang"));
    std::string forged = device;
    forged.back() = forged.back() == 'A' ? 'B' : 'A';
    EXPECT_FALSE(read(forged, "lihua"));
    EXPECT_FALSE(read("x=" + house_.cake.text() + device.substr(device.find('.')), "lihua"));
    house_.world.clock.advance_ms(180 * kDayMs);
    EXPECT_FALSE(read(device, "lihua"));
}

TEST_F(SignInTest, locks_survive_a_restart_and_end_by_unlocking) {
    for (int i = 0; i < 5; ++i) {
        EXPECT_FALSE(sign_in("tea-house", "lihua", "wrong").ok());
    }
    house_.identity->state().lockouts.forget(stranger_lane(house_.tea, staff_));
    EXPECT_EQ(code(sign_in("tea-house", "lihua", "Blau-Wolke7")), "session.throttled");
    const auto locked = [&] {
        return house_.read(
            house_.tea, [&](storage::Tx& tx) { return house_.identity->locked_until(tx, staff_); });
    };
    EXPECT_EQ(locked(), house_.world.clock.now().plus_ms(15 * kMinuteMs));
    ASSERT_TRUE(house_
                    .in(house_.tea,
                        [&](http::Scope& scope) { return house_.identity->unlock(scope, staff_); })
                    .ok());
    EXPECT_EQ(locked(), std::nullopt);
    EXPECT_EQ(code(sign_in("tea-house", "lihua", "Blau-Wolke7")), "ok");
}

TEST_F(SignInTest, unknown_names_are_locked_like_known_ones) {
    for (const std::string name : {"lihua", "nobody"}) {
        std::vector<std::string> answers;
        for (int i = 0; i < 6; ++i) {
            answers.push_back(code(sign_in("tea-house", name, "wrong")));
        }
        std::vector<std::string> wanted(5, "session.refused");
        wanted.emplace_back("session.throttled");
        EXPECT_EQ(answers, wanted) << name;
    }
}

}  // namespace
}  // namespace hangu::identity