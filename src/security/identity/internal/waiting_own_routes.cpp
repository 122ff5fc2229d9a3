// What a signed-in person does with her password: changes it, or gives it once more before a
// sensitive act. Waits for the hash pool.
#include "security/identity/internal/passkeys.hpp"
#include "security/identity/internal/password_hash.hpp"
#include "security/identity/internal/waiting.hpp"
#include "security/identity/internal/waiting_routes.hpp"

#include <algorithm>

namespace hangu::identity {

namespace {

using http::PathParameters;
using http::Request;
using http::Response;
using Found = std::shared_ptr<const http::Caller>;

std::vector<Throttle::Claim> own_claims(const Identity::State& state, const http::Caller& caller) {
    const std::int64_t attempts_max = state.world.settings->snapshot()->get(kAccountAttemptsMax);
    const std::string account = caller.tenant.text() + "#" + id_text(caller.actor_id);
    return {{"own " + account, static_cast<int>(attempts_max)}};
}

// Is it the caller's password? Wrong ones are counted; `field` is what to complain about.
Task<Result<Nothing>> check_password(Identity::State* state, Found caller, PasswordFacts facts,
                                     Secret password, std::string address, std::string field) {
    Throttle::Claim claim = address_claim(*state, address);
    AttemptFrom from_here = co_await attempt_from(state, std::move(claim));
    Attempt attempt(state->throttle, own_claims(*state, *caller), state->world.clock->now());
    if (!from_here.reserved() || !attempt.reserved()) {
        co_return Problem::limited("session.throttled");
    }
    std::function<Hashed()> verify = [password, pepper = facts.pepper,
                                      stored = facts.hash.value_or(state->dummy_hash)] {
        Hashed hashed;
        hashed.right = is_password(password, pepper, stored);
        return hashed;
    };
    const Hashed hashed = co_await in_hash_pool(state, std::move(verify));
    if (hashed.pool_full) {
        co_return pool_is_full();
    }
    if (!hashed.right || !facts.hash) {
        attempt.failed();
        from_here.failed();
        co_return Problem::invalid_field(field, "password.wrong");
    }
    attempt.succeeded();
    co_return Nothing();
}

// Who asks, and what is known of her password.
struct Owner {
    Found caller;
    PasswordFacts facts;
};
Task<Result<Owner>> owner_of(Identity* identity, std::optional<http::Credential> credential) {
    Identity::State* state = &identity->state();
    if (!credential) {
        co_return Problem::unauthenticated("session.required");
    }
    Result<Found> found = co_await http::recognised(
        &identity->state().engine, identity->state().world.clock, identity, *credential);
    HANGU_CO_TRY(const Found caller, std::move(found));
    http::TxJob<PasswordFacts>::Body look = [state, caller](storage::Tx& tx) {
        return password_facts(*state, tx, *caller);
    };
    Result<PasswordFacts> looked =
        co_await run_tx<PasswordFacts>(state, caller->tenant, storage::Work::read, std::move(look));
    HANGU_CO_TRY(PasswordFacts facts, std::move(looked));
    Owner owner;
    owner.caller = caller;
    owner.facts = std::move(facts);
    co_return owner;
}

// ---- POST /session/password

// A new password that cycles back, or comes too soon to be one of its own.
Result<void> check_age(const PasswordFacts& facts, Time now) {
    const bool young = facts.set_at && facts.policy.age_ms_min > 0 &&
                       now < facts.set_at->plus_ms(facts.policy.age_ms_min);
    if (young && !facts.fresh_link_session) {
        return Problem::invalid_field("new_password", "password.too_young",
                                      "the present one was set less than a day ago");
    }
    return {};
}

// In `hash`: the new one; `right`: it was had before.
std::function<Hashed()> hashing(Identity::State* state, Secret password,
                                const PasswordFacts& facts) {
    std::vector<std::string> earlier = facts.earlier;
    if (facts.hash && std::find(earlier.begin(), earlier.end(), *facts.hash) == earlier.end()) {
        earlier.insert(earlier.begin(), *facts.hash);
    }
    if (earlier.size() > facts.policy.history_count) {
        earlier.resize(facts.policy.history_count);
    }
    return [state, password = std::move(password), pepper = facts.pepper,
            earlier = std::move(earlier)] {
        Hashed hashed;
        hashed.right = std::any_of(earlier.begin(), earlier.end(), [&](const std::string& old) {
            return is_password(password, pepper, old);
        });
        if (!hashed.right) {
            hashed.hash = hash_with_pepper(password, pepper, state->options.password_cost,
                                           *state->world.randomness);
        }
        return hashed;
    };
}

Task<Result<Response>> set_password(Identity* identity, Request request, PathParameters path) {
    Identity::State* state = &identity->state();
    HANGU_CO_TRY(const ChangePassword input,
                 http::detail::read_input<ChangePassword>(request, path));
    Result<Owner> found = co_await owner_of(identity, identity->credential(request));
    HANGU_CO_TRY(const Owner owner, std::move(found));
    const PasswordFacts& facts = owner.facts;
    HANGU_CO_CHECK(check_new_password(input.new_password, facts.policy, facts.context));
    if (input.current_password) {
        Result<Nothing> allowed =
            co_await check_password(state, owner.caller, facts, *input.current_password,
                                    request.remote_address, "current_password");
        HANGU_CO_CHECK(std::move(allowed));
    } else if (!facts.fresh_link_session) {
        co_return Problem::invalid_field("current_password", "field.required");
    }
    HANGU_CO_CHECK(check_age(facts, state->world.clock->now()));

    std::function<Hashed()> hash = hashing(state, input.new_password, facts);
    const Hashed hashed = co_await in_hash_pool(state, std::move(hash));
    if (hashed.pool_full) {
        co_return pool_is_full();
    }
    if (hashed.right) {
        co_return Problem::invalid_field("new_password", "password.used_before");
    }
    std::function<Result<Nothing>(http::Scope&)> change =
        [state, old = facts.hash, made = hashed.hash](http::Scope& scope) -> Result<Nothing> {
        HANGU_CHECK(change_password(*state, scope, old, made));
        return Nothing();
    };
    http::Caller own = *owner.caller;
    Client client = client_of(identity->state(), request, "session.change_password");
    Result<Nothing> changed =
        co_await run_scope<Nothing>(state, std::move(own), std::move(client), std::move(change));
    HANGU_CO_CHECK(std::move(changed));
    Response response;
    response.status = 204;
    co_return response;
}

// ---- POST /session/step-up

// A code instead of the password; a wrong one is counted apart from sign-ins.
Result<std::string> step_up_with_code(Identity::State& state, http::Scope& scope,
                                      const std::string& code) {
    const StaffId account(scope.caller().actor_id);
    LaneAttempt attempt(state.lockouts, second_step_lane(scope.tenant(), account), {},
                        lock_limits(scope.settings()), scope.now());
    if (!attempt.reserved()) {
        return Problem::limited("session.throttled");
    }
    const std::string used = take_second_factor(scope, account, code);
    if (used.empty()) {
        attempt.failed(scope.now());
        return Problem::invalid_field("code", "second_factor.wrong");
    }
    attempt.succeeded();
    return refresh_session(state, scope, used);
}

Task<Result<Response>> step_up(Identity* identity, Request request, PathParameters path) {
    Identity::State* state = &identity->state();
    HANGU_CO_TRY(const StepUp input, http::detail::read_input<StepUp>(request, path));
    Result<Owner> found = co_await owner_of(identity, identity->credential(request));
    HANGU_CO_TRY(const Owner owner, std::move(found));
    if (!input.password && !input.code && !input.passkey) {
        co_return Problem::invalid_field("password", "field.required");
    }
    if (input.password) {
        Result<Nothing> right = co_await check_password(
            state, owner.caller, owner.facts, *input.password, request.remote_address, "password");
        HANGU_CO_CHECK(std::move(right));
    }
    std::function<Result<std::string>(http::Scope&)> refresh =
        [state, input, host = request.host](http::Scope& scope) {
            if (input.password) {
                return refresh_session(*state, scope, "password");
            }
            return input.passkey ? step_up_with_passkey(*state, scope, *input.passkey, host)
                                 : step_up_with_code(*state, scope, std::string(*input.code));
        };
    http::Caller own = *owner.caller;
    Client client = client_of(identity->state(), request, "session.step_up");
    Result<std::string> token = co_await run_scope<std::string>(
        state, std::move(own), std::move(client), std::move(refresh));
    HANGU_CO_CHECK(token);
    if (token->empty()) {
        co_return Problem::invalid_field("passkey", std::string(kPasskeyRefused));
    }
    Response response;
    response.status = 204;
    response.set("set-cookie", cookie_header(identity->state().cookies.session, *token));
    co_return response;
}

}  // namespace

void add_waiting_own_routes(http::Routes& routes, Identity& identity) {
    routes.add_waiting<http::NoContent, ChangePassword>(
        {.name = "session.change_password",
         .method = "POST",
         .path = "/api/v1/session/password",
         .guard = http::Guard::signed_in,
         .per_minute_max = 30,
         .body_bytes_max = 4096,
         .summary = "Set a new password; all other sessions end",
         .tag = "session"},
        [&identity](Request request, PathParameters path) {
            return set_password(&identity, std::move(request), std::move(path));
        });
    routes.add_waiting<http::NoContent, StepUp>(
        {.name = "session.step_up",
         .method = "POST",
         .path = "/api/v1/session/step-up",
         .guard = http::Guard::signed_in,
         .per_minute_max = 30,
         .body_bytes_max = 8192,
         .summary = "Give the password, a code or a passkey once more, before a sensitive act",
         .tag = "session"},
        [&identity](Request request, PathParameters path) {
            return step_up(&identity, std::move(request), std::move(path));
        });
}

}  // namespace hangu::identity
