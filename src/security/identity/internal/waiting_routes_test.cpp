// Sign-in stories through the routes that wait. Awaits, because they do.
#include "security/identity/internal/identity_test_house.hpp"

#include "platform/runtime/await.hpp"

#include <algorithm>
#include <future>

namespace hangu::identity {
namespace {

using Answer = Result<http::Response>;

Task<void> finish(Task<Answer> task, std::shared_ptr<std::promise<Answer>> promise) {
    Answer answer = co_await std::move(task);
    promise->set_value(std::move(answer));
}

class SignInTest : public ::testing::Test {
 protected:
    SignInTest() : runtime_(1) {
        runtime_.start();
        add_routes(routes_, *house_.identity);
        staff_ = house_.staff(house_.tea, "lihua", "Blau-Wolke7");
    }
    ~SignInTest() override {
        group_.close_and_wait();
        runtime_.stop();
    }

    std::future<Answer> start(std::string_view route, http::Request request) {
        const auto& entries = routes_.entries();
        const auto entry = std::find_if(entries.begin(), entries.end(),
                                        [&](const auto& one) { return one.route.name == route; });
        auto promise = std::make_shared<std::promise<Answer>>();
        auto future = promise->get_future();
        runtime::spawn(runtime_, 0, group_,
                       finish(entry->handle_waiting(std::move(request), {}), promise));
        return future;
    }
    static http::Request request(const std::string& body, const std::string& address = "192.0.2.1",
                                 const std::string& cookie = "") {
        http::Request made = IdentityHouse::with_cookie(cookie);
        made.method = "POST";
        made.body = body;
        made.remote_address = address;
        made.headers.push_back({"content-type", "application/json"});
        return made;
    }
    static std::string sign_in_body(const std::string& tenant, const std::string& login,
                                    const std::string& password) {
        return "{\"tenant_code\":\"" + tenant + "\",\"login_name\":\"" + login +
               "\",\"password\":\"" + password + "\"}";
    }
    Answer sign_in(const std::string& tenant, const std::string& login, const std::string& password,
                   const std::string& cookie = "") {
        return start("session.open",
                     request(sign_in_body(tenant, login, password), "192.0.2.1", cookie))
            .get();
    }
    Answer redeem(const std::string& token) {
        return start("session.redeem", request("{\"token\":\"" + token + "\"}")).get();
    }
    Answer change(const std::string& cookie, const std::string& body) {
        return start("session.change_password", request(body, "192.0.2.1", cookie)).get();
    }
    static std::string token_of(const Answer& answer) {
        if (!answer.ok()) {
            ADD_FAILURE() << answer.problem().code;
            return "";
        }
        for (const http::Header& header : answer->headers) {
            if (header.name == "set-cookie") {
                const std::string prefix = "__Host-hangu_merchant=";
                EXPECT_TRUE(header.value.starts_with(prefix));
                EXPECT_TRUE(header.value.ends_with("; Path=/; Secure; HttpOnly; SameSite=Strict"));
                return header.value.substr(prefix.size(), header.value.find(';') - prefix.size());
            }
        }
        ADD_FAILURE() << "no cookie";
        return "";
    }
    static std::string code(const Answer& answer) {
        return answer.ok() ? "ok" : answer.problem().code;
    }

    IdentityHouse house_;
    runtime::Runtime runtime_;
    runtime::TaskGroup group_;
    http::Routes routes_;
    StaffId staff_;
};

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
    EXPECT_EQ(code(redeem(foreign)), "session.refused");
    EXPECT_EQ(code(redeem("x")), "session.refused");
    const std::string token = token_of(redeem(link));
    EXPECT_TRUE(house_.caller_of(token).ok());
    EXPECT_EQ(code(redeem(link)), "session.refused");
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
    EXPECT_EQ(code(redeem(replaced)), "session.refused");
    house_.world.clock.advance_ms(24 * kHourMs);
    EXPECT_EQ(code(redeem(link)), "session.refused");
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

}  // namespace
}  // namespace hangu::identity
