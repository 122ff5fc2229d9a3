#include "security/identity/internal/waiting.hpp"

#include "security/identity/internal/known_device.hpp"

namespace hangu::identity {

namespace {

std::string_view realm_name(const Identity::State& state) {
    return state.options.realm == http::Realm::platform ? "platform" : "merchant";
}

}  // namespace

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

AttemptFrom::~AttemptFrom() {
    if (reserved_ && state_->shared != nullptr) {
        state_->shared->attempts().give_back(key_);
    } else if (reserved_) {
        state_->throttle.give_back(key_);
    }
}

Task<AttemptFrom> attempt_from(Identity::State* state, Throttle::Claim claim) {
    using shared_state::Admission;
    if (state->shared == nullptr) {
        std::vector<Throttle::Claim> claims(1, claim);
        const bool reserved = state->throttle.reserve(claims, state->world.clock->now());
        co_return AttemptFrom(state, std::move(claim.key), reserved);
    }
    // The realms do not know of each other: neither do their counters.
    std::string key = std::string(realm_name(*state)) + " " + claim.key;
    shared_state::Attempts& attempts = state->shared->attempts();
    const Admission known = attempts.reserve_at_once(key, claim.attempts_max);
    bool reserved = known == Admission::admitted;
    if (known == Admission::elsewhere) {
        std::function<void(std::function<void(bool)>)> start =
            [&](std::function<void(bool)> answer) {
                attempts.reserve(key, claim.attempts_max, std::move(answer));
            };
        reserved = co_await runtime::from_callback<bool>(std::move(start));
    }
    co_return AttemptFrom(state, std::move(key), reserved);
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
