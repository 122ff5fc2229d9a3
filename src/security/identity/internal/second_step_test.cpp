// The second step of a sign-in, recovery codes, and proving again who one is.
#include "platform/crypto/one_time.hpp"
#include "security/identity/internal/factor_rules.hpp"
#include "security/identity/internal/factor_store.hpp"
#include "security/identity/internal/sign_in_test_house.hpp"

namespace hangu::identity {
namespace {

class SecondStepTest : public SignInTest {
 protected:
    std::string app_code(std::int64_t steps_later = 0) {
        const auto secret = house_.read(house_.tea, [&](storage::Tx& tx) {
            return FactorStore(tx).totp(staff_)->secret.shown().text();
        });
        const std::int64_t step = house_.world.clock.now().unix_ms() / kTotpStepMs + steps_later;
        return crypto::hotp(secret, static_cast<std::uint64_t>(step));
    }
    // Switches the app on; answers the first recovery code.
    std::string set_up() {
        const std::string token = token_of(sign_in("tea-house", "lihua", "Blau-Wolke7"));
        EXPECT_EQ(code(as(token, "session.begin_totp")), "ok");
        const Answer wrong = as(token, "session.confirm_totp", R"({"code":"000000"})");
        EXPECT_EQ(code(wrong), "input.invalid");
        const Answer codes = as(token, "session.confirm_totp", "{\"code\":\"" + app_code() + "\"}");
        EXPECT_EQ(code(codes), "ok");
        house_.world.clock.advance_ms(2 * kTotpStepMs);  // that code was used
        const std::string text = text_of(codes);
        return text.substr(text.find("[\"") + 2, 11);
    }
    // The step cookie after a right password.
    std::string first_step() {
        const Answer first = sign_in("tea-house", "lihua", "Blau-Wolke7");
        EXPECT_EQ(code(first), "second_factor.required");
        EXPECT_EQ(cookie_of(first, "__Host-hangu_merchant"), "");
        return cookie_of(first, "__Host-hangu_step");
    }
    Answer second_step(const std::string& cookie, const std::string& typed,
                       const std::string& address = "192.0.2.1") {
        return start("session.second_factor",
                     with_cookies("{\"code\":\"" + typed + "\"}", {cookie}, address))
            .get();
    }
};

TEST_F(SecondStepTest, the_password_alone_opens_nothing) {
    set_up();
    const std::string step = first_step();
    EXPECT_EQ(code(second_step(step, "000000")), "second_factor.wrong");
    const Answer opened = second_step(step, app_code());
    EXPECT_EQ(code(opened), "ok");
    EXPECT_TRUE(house_.caller_of(token_of(opened)).ok());
    EXPECT_EQ(code(second_step(step, app_code(1))), "second_factor.expired");
}

TEST_F(SecondStepTest, no_code_works_twice) {
    set_up();
    const std::string used = app_code();
    EXPECT_EQ(code(second_step(first_step(), used)), "ok");
    EXPECT_EQ(code(second_step(first_step(), used)), "second_factor.wrong");
    EXPECT_EQ(code(second_step(first_step(), app_code(-1))), "second_factor.wrong");
    EXPECT_EQ(code(second_step(first_step(), app_code(1))), "ok");
}

TEST_F(SecondStepTest, of_parallel_uses_of_one_code_one_opens) {
    set_up();
    std::vector<std::string> steps;
    for (int i = 0; i < 4; ++i) {
        steps.push_back(first_step());
    }
    std::vector<std::future<Answer>> tries;
    for (const std::string& step : steps) {
        tries.push_back(start("session.second_factor",
                              with_cookies("{\"code\":\"" + app_code() + "\"}", {step})));
    }
    int opened = 0;
    for (auto& one : tries) {
        opened += code(one.get()) == "ok";
    }
    EXPECT_EQ(opened, 1);
}

TEST_F(SecondStepTest, guesses_are_few_in_a_flow_and_over_flows) {
    set_up();
    const std::string step = first_step();
    std::vector<std::string> answers;
    for (int i = 0; i < 6; ++i) {
        answers.push_back(code(second_step(step, "000000", "203.0.113.1")));
    }
    EXPECT_EQ(answers, (std::vector<std::string>{"second_factor.wrong", "second_factor.wrong",
                                                 "second_factor.wrong", "second_factor.wrong",
                                                 "second_factor.wrong", "second_factor.expired"}));
    // A new flow does not bring new guesses, nor is the right code looked at.
    EXPECT_EQ(code(second_step(first_step(), app_code(), "203.0.113.2")), "session.throttled");
    house_.world.clock.advance_ms(15 * kMinuteMs);
    EXPECT_EQ(code(second_step(first_step(), app_code())), "ok");
}

TEST_F(SecondStepTest, a_flow_ends_with_its_time_its_password_and_its_account) {
    set_up();
    const std::string late = first_step();
    house_.world.clock.advance_ms(5 * kMinuteMs);
    EXPECT_EQ(code(second_step(late, app_code())), "second_factor.expired");
    EXPECT_EQ(code(second_step("", app_code())), "second_factor.expired");
    const std::string suspended = first_step();
    ASSERT_TRUE(house_
                    .in(house_.tea,
                        [&](http::Scope& scope) {
                            return house_.identity->set_state(scope, staff_,
                                                              AccountState::suspended);
                        })
                    .ok());
    EXPECT_EQ(code(second_step(suspended, app_code())), "second_factor.expired");
}

TEST_F(SecondStepTest, a_link_asks_for_it_too) {
    set_up();
    const Answer first = redeem(house_.link(house_.tea, staff_));
    EXPECT_EQ(code(first), "second_factor.required");
    EXPECT_EQ(code(second_step(cookie_of(first, "__Host-hangu_step"), app_code())), "ok");
}

TEST_F(SecondStepTest, a_recovery_code_works_once_and_is_not_on_the_disk) {
    const std::string recovery = set_up();
    EXPECT_EQ(code(second_step(first_step(), recovery)), "ok");
    EXPECT_EQ(code(second_step(first_step(), recovery)), "second_factor.wrong");
    const std::int64_t left = house_.read(
        house_.tea, [&](storage::Tx& tx) { return FactorStore(tx).recovery_codes_left(staff_); });
    EXPECT_EQ(left, 9);
}

TEST_F(SecondStepTest, factors_are_changed_by_who_proved_lately_who_she_is) {
    set_up();
    const std::string old = token_of(second_step(first_step(), app_code()));
    house_.world.clock.advance_ms(5 * kMinuteMs + 1);
    EXPECT_EQ(code(as(old, "session.remove_totp")), "session.step_up_required");
    EXPECT_EQ(code(as(old, "session.renew_recovery_codes")), "session.step_up_required");
    const auto step_up = [&](const std::string& body) {
        return start("session.step_up", request(body, "192.0.2.1", old)).get();
    };
    EXPECT_EQ(code(step_up("{}")), "input.invalid");
    EXPECT_EQ(code(step_up(R"({"password":"wrong"})")), "input.invalid");
    EXPECT_EQ(code(step_up(R"({"code":"000000"})")), "input.invalid");
    const std::string fresh = token_of(step_up(R"({"password":"Blau-Wolke7"})"));
    EXPECT_NE(fresh, old);
    EXPECT_EQ(house_.caller_of(old).problem().code, "session.required");
    EXPECT_EQ(code(as(fresh, "session.remove_totp")), "ok");
    EXPECT_EQ(code(sign_in("tea-house", "lihua", "Blau-Wolke7")), "ok");
}

// ---- the judge

class FixedJudge final : public SignInJudge {
 public:
    Judgement judge(storage::Tx&, const SignInSeen&) override { return answer; }
    void told(http::Scope&, const SignInSeen&, SignInResult result) override {
        results.push_back(result);
    }
    Judgement answer = Judgement::allow;
    std::vector<SignInResult> results;
};

TEST_F(SecondStepTest, the_judge_may_ask_for_more_or_refuse_and_hears_of_everything) {
    FixedJudge judge;
    house_.identity->set_sign_in_judge(judge);
    EXPECT_EQ(code(sign_in("tea-house", "lihua", "Blau-Wolke7")), "ok");
    judge.answer = Judgement::second_factor;
    EXPECT_EQ(code(sign_in("tea-house", "lihua", "Blau-Wolke7")), "second_factor.missing");
    judge.answer = Judgement::refuse;
    EXPECT_EQ(code(sign_in("tea-house", "lihua", "Blau-Wolke7")), "session.unusual");
    EXPECT_EQ(code(sign_in("tea-house", "lihua", "wrong")), "session.refused");
    EXPECT_EQ(judge.results,
              (std::vector<SignInResult>{SignInResult::opened, SignInResult::refused,
                                         SignInResult::refused, SignInResult::refused}));
}

}  // namespace
}  // namespace hangu::identity
