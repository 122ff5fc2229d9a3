// Signing in by password, by link and by a second step. Password hashing takes 35 ms and runs in
// the hash pool; what needs the database runs on the tenant's lane, before and after.
#include "security/identity/internal/waiting_routes.hpp"

#include "base/text.hpp"
#include "security/identity/internal/password_hash.hpp"
#include "security/identity/internal/token.hpp"
#include "security/identity/internal/waiting.hpp"

namespace hangu::identity {

namespace {

using http::PathParameters;
using http::Request;
using http::Response;

// ---- POST /session

// Whose failures are counted: those of a browser that the account knows, or those of strangers.
struct Lane {
    std::string key;
    LaneState stored;
    bool of_device = false;
};

Lane lane_of(const tenant::Tenant* tenant, const std::string& code, const std::string& login,
             const LookedUp& found) {
    if (tenant == nullptr || !found.account) {
        return {"name " + code + "/" + login, {}, false};
    }
    const std::string strangers = stranger_lane(tenant->id, found.account->id);
    if (found.device) {
        return {strangers + " device " + found.device->text(), {}, true};
    }
    return {strangers, found.strangers, false};
}

std::function<Hashed()> verifying(Identity::State* state, Secret password, std::string stored,
                                  Secret pepper, bool may_rehash) {
    return [state, password = std::move(password), stored = std::move(stored),
            pepper = std::move(pepper), may_rehash] {
        Hashed hashed;
        hashed.right = is_password(password, pepper, stored);
        const crypto::PasswordCost& cost = state->options.password_cost;
        if (hashed.right && may_rehash && should_rehash(stored, cost)) {
            hashed.hash = hash_with_pepper(password, pepper, cost, *state->world.randomness);
        }
        return hashed;
    };
}

// What a wrong password leaves behind, in memory and for the account's row.
Failure failure_of(LaneAttempt& attempt, const Lane& lane, const LookedUp& found, Time now) {
    const LaneState after = attempt.failed(now);
    Failure failure;
    failure.method = "password";
    failure.account = found.account ? std::optional(found.account->id) : std::nullopt;
    failure.device = found.device;
    const bool locked = is_locked(after, attempt.limits(), now);
    failure.forget_device = lane.of_device && locked;
    if (!lane.of_device) {
        failure.strangers = after;
        failure.result = locked ? AttemptResult::locked : AttemptResult::refused;
    }
    return failure;
}

Task<Result<LookedUp>> look_up_account(Identity::State* state, const tenant::Tenant* tenant,
                                       std::string login, std::string device_cookie) {
    if (tenant == nullptr) {
        co_return LookedUp();
    }
    http::TxJob<LookedUp>::Body body = [state, login, device_cookie](storage::Tx& tx) {
        return look_up(tx, *state->world.settings->snapshot(), login, device_cookie);
    };
    Result<LookedUp> found =
        co_await run_tx<LookedUp>(state, tenant->id, storage::Work::read, std::move(body));
    co_return found;
}

// An unknown tenant or account takes the same way as a known one: same hash work, same answer.
Task<Result<Response>> sign_in(Identity::State* state, Request request, PathParameters path) {
    HANGU_CO_TRY(const SignIn input, http::detail::read_input<SignIn>(request, path));
    const Client client = client_of(*state, request, "session.open");
    const std::string code = lower_ascii(input.tenant_code);
    const std::string login = lower_ascii(input.login_name);
    const auto snapshot = state->world.settings->snapshot();
    Throttle::Claim claim = address_claim(*state, client.address);
    AttemptFrom from_here = co_await attempt_from(state, std::move(claim));
    // Guessing from an address that many share shuts out strangers there, not known browsers.
    if (!from_here.reserved() && client.device_cookie.empty()) {
        co_return Problem::limited("session.throttled");
    }
    const auto tenant = state->tenants.find_by_code(code);
    Result<LookedUp> looked =
        co_await look_up_account(state, tenant.get(), login, client.device_cookie);
    HANGU_CO_TRY(const LookedUp found, std::move(looked));
    if (!from_here.reserved() && !found.device) {
        co_return Problem::limited("session.throttled");
    }
    const Lane lane = lane_of(tenant.get(), code, login, found);
    LaneAttempt attempt(state->lockouts, lane.key, lane.stored, lock_limits(*snapshot),
                        state->world.clock->now());
    if (!attempt.reserved()) {
        co_return Problem::limited("session.throttled");
    }

    const bool may_be_right = found.account && found.account->password_hash.has_value();
    const std::string stored = may_be_right ? *found.account->password_hash : state->dummy_hash;
    std::function<Hashed()> verify =
        verifying(state, input.password, stored, found.pepper, may_be_right);
    const Hashed hashed = co_await in_hash_pool(state, std::move(verify));
    if (hashed.pool_full) {
        co_return pool_is_full();
    }
    const bool right = may_be_right && hashed.right && found.account->state == AccountState::active;
    if (!right) {
        from_here.failed();
        Failure failure = failure_of(attempt, lane, found, state->world.clock->now());
        if (tenant) {
            http::Caller nobody = caller_of(*tenant, nullptr);
            Result<Nothing> recorded =
                co_await refuse(state, std::move(nobody), client, std::move(failure));
            HANGU_CO_CHECK(std::move(recorded));
        }
        co_return Problem::unauthenticated("session.refused");
    }
    const LaneState own = attempt.succeeded();
    if (tenant->state != tenant::State::active) {
        co_return Problem::forbidden("tenant.frozen");
    }
    const LaneState strangers = lane.of_device ? after_known_success(found.strangers) : own;
    if (lane.of_device) {
        state->lockouts.owner_was_here(stranger_lane(tenant->id, found.account->id));
    }
    std::function<Result<Entered>(http::Scope&)> open =
        [state, client,
         right_password =
             RightPassword{found.account->id, stored, hashed.hash, strangers}](http::Scope& scope) {
            return sign_in_with_password(*state, scope, right_password, client);
        };
    http::Caller caller = caller_of(*tenant, &*found.account);
    Result<Entered> entered =
        co_await run_scope<Entered>(state, std::move(caller), client, std::move(open));
    HANGU_CO_CHECK(entered);
    co_return entered_response(*state, *entered, request);
}

// ---- POST /session/redeem

using FoundAccount = std::optional<AccountRow>;

Task<Result<Response>> redeem(Identity::State* state, Request request, PathParameters path) {
    HANGU_CO_TRY(const RedeemLink input, http::detail::read_input<RedeemLink>(request, path));
    const Client client = client_of(*state, request, "session.redeem");
    const auto tenant_id = tenant_of_token(input.token);
    const auto tenant = tenant_id ? state->tenants.find(*tenant_id) : nullptr;
    // Tokens cannot be guessed; the limit keeps one address from making a tenant's lane look them
    // up.
    Throttle::Claim claim = address_claim(*state, client.address);
    AttemptFrom attempt = co_await attempt_from(state, std::move(claim));
    if (!attempt.reserved()) {
        co_return Problem::limited("session.throttled");
    }
    if (!tenant) {
        attempt.failed();
        co_return Problem::unauthenticated(kLinkRefused);
    }
    if (tenant->state != tenant::State::active) {
        co_return Problem::forbidden("tenant.frozen");
    }
    const std::string hash = token_hash(input.token);
    http::TxJob<FoundAccount>::Body find = [hash](storage::Tx& tx) -> Result<FoundAccount> {
        IdentityStore store(tx);
        const std::optional<LinkRow> link = store.find_link(hash);
        return link ? store.find(link->account_id) : FoundAccount();
    };
    Result<FoundAccount> found =
        co_await run_tx<FoundAccount>(state, tenant->id, storage::Work::read, std::move(find));
    HANGU_CO_TRY(const FoundAccount account, std::move(found));
    Result<Entered> entered = Problem::unauthenticated(kLinkRefused);
    if (account) {
        std::function<Result<Entered>(http::Scope&)> open = [state, client,
                                                             hash](http::Scope& scope) {
            return sign_in_with_link(*state, scope, hash, client);
        };
        http::Caller caller = caller_of(*tenant, &*account);
        entered = co_await run_scope<Entered>(state, std::move(caller), client, std::move(open));
    }
    if (entered.ok()) {
        co_return entered_response(*state, *entered, request);
    }
    if (entered.problem().code == kLinkRefused) {
        attempt.failed();
        Failure failure;
        failure.method = "link";
        failure.account = account ? std::optional(account->id) : std::nullopt;
        http::Caller nobody = caller_of(*tenant, nullptr);
        Result<Nothing> recorded =
            co_await refuse(state, std::move(nobody), client, std::move(failure));
        HANGU_CO_CHECK(std::move(recorded));
    }
    co_return std::move(entered).problem();
}

// ---- POST /session/second-factor

Task<Result<Response>> second_step(Identity::State* state, Request request, PathParameters path) {
    HANGU_CO_TRY(const SecondStep input, http::detail::read_input<SecondStep>(request, path));
    const Client client = client_of(*state, request, "session.second_factor");
    const auto tenant_id = tenant_of_token(client.step_cookie);
    const auto tenant = tenant_id ? state->tenants.find(*tenant_id) : nullptr;
    Throttle::Claim claim = address_claim(*state, client.address);
    AttemptFrom attempt = co_await attempt_from(state, std::move(claim));
    // Codes are counted per account too; the address alone keeps no known browser out.
    if (!attempt.reserved() && client.device_cookie.empty()) {
        co_return Problem::limited("session.throttled");
    }
    if (!tenant) {
        attempt.failed();
        co_return Problem::unauthenticated("second_factor.expired");
    }
    if (tenant->state != tenant::State::active) {
        co_return Problem::forbidden("tenant.frozen");
    }
    std::function<Result<Entered>(http::Scope&)> open = [state, client, input](http::Scope& scope) {
        return sign_in_with_second_step(*state, scope, input, client);
    };
    http::Caller nobody = caller_of(*tenant, nullptr);
    Result<Entered> entered =
        co_await run_scope<Entered>(state, std::move(nobody), client, std::move(open));
    if (!entered.ok() || entered->refused) {
        attempt.failed();
    }
    HANGU_CO_CHECK(entered);
    co_return entered_response(*state, *entered, request);
}

}  // namespace

void add_waiting_routes(http::Routes& routes, Identity& identity) {
    Identity::State* state = &identity.state();
    routes.add_waiting<Me, SignIn>({.name = "session.open",
                                    .method = "POST",
                                    .path = "/api/v1/session",
                                    .guard = http::Guard::open,
                                    .per_minute_max = 300,
                                    .body_bytes_max = 4096,
                                    .summary = "Sign in with a password",
                                    .tag = "session"},
                                   [state](Request request, PathParameters path) {
                                       return sign_in(state, std::move(request), std::move(path));
                                   });
    routes.add_waiting<Me, RedeemLink>({.name = "session.redeem",
                                        .method = "POST",
                                        .path = "/api/v1/session/redeem",
                                        .guard = http::Guard::open,
                                        .per_minute_max = 120,
                                        .body_bytes_max = 4096,
                                        .summary = "Sign in with a single-use link",
                                        .tag = "session"},
                                       [state](Request request, PathParameters path) {
                                           return redeem(state, std::move(request),
                                                         std::move(path));
                                       });
    routes.add_waiting<Me, SecondStep>(
        {.name = "session.second_factor",
         .method = "POST",
         .path = "/api/v1/session/second-factor",
         .guard = http::Guard::open,
         .per_minute_max = 120,
         .body_bytes_max = 8192,
         .summary = "Finish a sign-in with a code, a recovery code or a passkey",
         .tag = "session"},
        [state](Request request, PathParameters path) {
            return second_step(state, std::move(request), std::move(path));
        });
    add_waiting_passkey_routes(routes, identity);
    add_waiting_text_routes(routes, identity);
    add_waiting_own_routes(routes, identity);
}

}  // namespace hangu::identity
