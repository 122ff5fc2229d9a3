#include "security/identity/internal/waiting.hpp"

#include "security/identity/internal/known_device.hpp"

namespace hangu::identity {

Client client_of(const Identity::State& state, const http::Request& request, std::string route) {
    Client client;
    client.route = std::move(route);
    client.address = request.remote_address;
    client.user_agent = request.header("user-agent");
    client.trace = request.trace.trace;
    client.cookie = request.cookie(state.cookies.session);
    client.device_cookie = request.cookie(state.cookies.device);
    client.step_cookie = request.cookie(state.cookies.step);
    client.text_cookie = request.cookie(state.cookies.text);
    client.passkey_cookie = request.cookie(state.cookies.passkey);
    client.host = request.host;
    return client;
}

http::Caller caller_of(const tenant::Tenant& tenant, const AccountRow* account) {
    http::Caller caller;
    caller.tenant = tenant.id;
    caller.utc_offset_minutes = static_cast<int>(tenant.utc_offset_minutes);
    if (account != nullptr) {
        caller.kind = http::ActorKind::staff;
        caller.actor_id = account->id.value();
        caller.actor_name = account->name.shown().text();
    }
    return caller;
}

Throttle::Claim address_claim(const Identity::State& state, const std::string& address) {
    const std::int64_t attempts_max = state.world.settings->snapshot()->get(kAddressAttemptsMax);
    return {"address " + address, static_cast<int>(attempts_max)};
}

http::Response entered_response(const Identity::State& state, const Entered& entered,
                                const http::Request& request) {
    if (entered.refused) {
        return http::problem_response(*entered.refused, request);
    }
    if (entered.challenge) {
        Problem problem = Problem::unauthenticated("second_factor.required");
        for (const std::string& factor : entered.challenge->factors) {
            problem.fields.push_back({"second_factor", factor, ""});
        }
        http::Response response = http::problem_response(problem, request);
        response.headers.push_back(
            {"set-cookie",
             cookie_header(state.cookies.step, entered.challenge->token, kFlowMs / kSecondMs)});
        return response;
    }
    HANGU_ASSERT(entered.opened.has_value());
    const std::int64_t days = state.world.settings->snapshot()->get(kDeviceDays);
    http::Response response = http::json_response(200, json::to_text(entered.opened->me));
    response.headers.push_back(
        {"set-cookie", cookie_header(state.cookies.session, entered.opened->token)});
    response.headers.push_back(
        {"set-cookie", cookie_header(state.cookies.device, entered.opened->device_cookie,
                                     days * kDayMs / kSecondMs)});
    if (!request.cookie(state.cookies.step).empty()) {
        response.headers.push_back({"set-cookie", ended_cookie_header(state.cookies.step)});
    }
    return response;
}

Task<Result<Nothing>> refuse(Identity::State* state, http::Caller caller, Client client,
                             Failure failure) {
    std::function<Result<Nothing>(http::Scope&)> work =
        [state, client, failure = std::move(failure)](http::Scope& scope) -> Result<Nothing> {
        record_failure(*state, scope, failure, client);
        return Nothing();
    };
    Result<Nothing> done =
        co_await run_scope<Nothing>(state, std::move(caller), client, std::move(work));
    co_return done;
}

}  // namespace hangu::identity
