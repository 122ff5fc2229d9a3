// A house with a runtime, in which tests sign in through the routes that wait.
#pragma once

#include "security/identity/internal/identity_test_house.hpp"

#include "platform/runtime/await.hpp"

#include <algorithm>
#include <future>

namespace hangu::identity {

using Answer = Result<http::Response>;

inline Task<void> finish(Task<Answer> task, std::shared_ptr<std::promise<Answer>> promise) {
    Answer answer = co_await std::move(task);
    promise->set_value(std::move(answer));
}

class SignInTest : public ::testing::Test {
 protected:
    using Headers = std::vector<http::Header>;

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
    // "" if the answer sets no such cookie.
    static std::string cookie_of(const Answer& answer, const std::string& name) {
        for (const http::Header& header : answer.ok() ? answer->headers : Headers()) {
            if (header.name == "set-cookie" && header.value.starts_with(name + "=")) {
                return header.value.substr(0, header.value.find(';'));
            }
        }
        return "";
    }
    // A request that brings these cookies along ("name=value").
    static http::Request with_cookies(const std::string& body,
                                      const std::vector<std::string>& cookies,
                                      const std::string& address = "192.0.2.1") {
        http::Request made = request(body, address);
        std::string all;
        for (const std::string& cookie : cookies) {
            all += (all.empty() || cookie.empty() ? "" : "; ") + cookie;
        }
        made.headers.front().value = all;
        return made;
    }
    // A use case of the signed-in, as the pipeline runs it.
    Answer as(const std::string& token, std::string_view route, const std::string& body = "") {
        const auto caller = house_.caller_of(token);
        if (!caller.ok()) {
            return caller.problem();
        }
        const auto& entries = routes_.entries();
        const auto entry = std::find_if(entries.begin(), entries.end(),
                                        [&](const auto& one) { return one.route.name == route; });
        http::Request made = request(body);
        made.method = entry->route.method;
        return http::run_use_case(
            *house_.world.engine, house_.world.world, **caller, entry->route.work,
            [&](http::Scope& scope) { return entry->handle(scope, made, {}); });
    }
    static std::string text_of(const Answer& answer) {
        return answer.ok() ? std::get<std::string>(answer->body) : answer.problem().code;
    }
    static std::string code(const Answer& answer) {
        if (!answer.ok()) {
            return answer.problem().code;
        }
        if (answer->status < 300) {
            return "ok";
        }
        const std::string body = std::get<std::string>(answer->body);  // a committed refusal
        const std::size_t at = body.find("\"code\":\"") + 8;
        return body.substr(at, body.find('"', at) - at);
    }

    IdentityHouse house_;
    runtime::Runtime runtime_;
    runtime::TaskGroup group_;
    http::Routes routes_;
    StaffId staff_;
};

}  // namespace hangu::identity
