// The only file of this module that awaits. Password hashing takes 35 ms and runs in the hash pool;
// what needs the database runs on the tenant's lane, before and after.
#include "security/identity/internal/waiting_routes.hpp"

#include "base/text.hpp"
#include "platform/runtime/await.hpp"
#include "security/identity/internal/identity_state.hpp"
#include "security/identity/internal/identity_store.hpp"
#include "security/identity/internal/password_rules.hpp"
#include "security/identity/internal/sign_in.hpp"
#include "security/identity/internal/token.hpp"

#include <exception>
#include <functional>
#include <memory>
#include <utility>

namespace hangu::identity {

namespace {

using http::PathParameters;
using http::Request;
using http::Response;

// ---- transactions that a coroutine waits for

template <class T>
struct Ran {
    std::optional<Result<T>> result;
    std::exception_ptr fault;
};

template <class T>
class TxJob final : public storage::Job {
 public:
    using Body = std::function<Result<T>(storage::Tx&)>;

    TxJob(Body body, std::function<void()> committed, std::function<void(Ran<T>)> answer)
        : body_(std::move(body)), committed_(std::move(committed)), answer_(std::move(answer)) {}
    storage::Decision body(storage::Tx& tx) override {
        ran_.result.emplace(body_(tx));
        return ran_.result->ok() ? storage::Decision::commit : storage::Decision::roll_back;
    }
    void done(const storage::Outcome& outcome) override {
        ran_.fault = outcome.fault;
        if (!ran_.fault && ran_.result && ran_.result->ok() && committed_) {
            committed_();
        }
        answer_(std::move(ran_));
    }

 private:
    Body body_;
    std::function<void()> committed_;
    std::function<void(Ran<T>)> answer_;
    Ran<T> ran_;
};

template <class T>
Task<Result<T>> run_tx(Identity::State* state, TenantId tenant, storage::Work work,
                       typename TxJob<T>::Body body, std::function<void()> committed) {
    std::function<void(std::function<void(Ran<T>)>)> start =
        [&](std::function<void(Ran<T>)> answer) {
            auto job = std::make_unique<TxJob<T>>(std::move(body), std::move(committed), answer);
            if (!state->engine.submit(tenant, work, std::move(job))) {
                Ran<T> busy;
                busy.result.emplace(Problem::unavailable("server.busy"));
                answer(std::move(busy));
            }
        };
    Ran<T> ran = co_await runtime::from_callback<Ran<T>>(std::move(start));
    if (ran.fault) {
        std::rethrow_exception(ran.fault);
    }
    HANGU_ASSERT(ran.result.has_value());
    co_return std::move(*ran.result);
}

// What a scope refers to; lives as long as the job.
struct ScopeRun {
    http::Caller caller;
    Client client;
    std::unique_ptr<http::Scope> scope;
};

// A use case in its own transaction, as the pipeline runs one: scope, work, facts and events,
// commit.
template <class T>
Task<Result<T>> run_scope(Identity::State* state, http::Caller caller, Client client,
                          std::function<Result<T>(http::Scope&)> work) {
    const TenantId tenant = caller.tenant;
    auto run = std::make_shared<ScopeRun>();
    run->caller = std::move(caller);
    run->client = std::move(client);
    typename TxJob<T>::Body body = [state, run, work](storage::Tx& tx) {
        http::RequestFacts facts;
        facts.caller = &run->caller;
        facts.route = run->client.route;
        facts.remote_address = run->client.address;
        facts.trace = run->client.trace;
        run->scope = std::make_unique<http::Scope>(state->world, tx, run->caller,
                                                   state->world.settings->snapshot(), facts);
        Result<T> result = work(*run->scope);
        if (result.ok()) {
            run->scope->finish();
        }
        return result;
    };
    std::function<void()> committed = [run] { run->scope->committed(); };
    Result<T> result = co_await run_tx<T>(state, tenant, storage::Work::write, std::move(body),
                                          std::move(committed));
    co_return result;
}

// ---- the hash pool

struct Hashed {
    bool pool_full = false;
    bool right = false;
    std::string hash;  // a new one, when one was wanted
    std::exception_ptr fault;
};

Task<Hashed> in_hash_pool(Identity::State* state, std::function<Hashed()> work) {
    std::function<void(std::function<void(Hashed)>)> start =
        [&](std::function<void(Hashed)> answer) {
            const bool taken = state->hash_pool.run([work, answer] {
                Hashed hashed;
                try {
                    hashed = work();
                } catch (...) {
                    hashed.fault = std::current_exception();
                }
                answer(std::move(hashed));
            });
            if (!taken) {
                Hashed full;
                full.pool_full = true;
                answer(std::move(full));
            }
        };
    Hashed hashed = co_await runtime::from_callback<Hashed>(std::move(start));
    if (hashed.fault) {
        std::rethrow_exception(hashed.fault);
    }
    co_return hashed;
}

Problem pool_is_full() {
    return Problem::unavailable("sign_in.busy");
}

std::function<Hashed()> verifying(Identity::State* state, Secret password, std::string phc,
                                  bool may_rehash) {
    return [state, password = std::move(password), phc = std::move(phc), may_rehash] {
        Hashed hashed;
        hashed.right = crypto::verify_password(password, phc);
        const crypto::PasswordCost& cost = state->options.password_cost;
        if (hashed.right && may_rehash && crypto::needs_rehash(phc, cost)) {
            hashed.hash = crypto::hash_password(password, cost, *state->world.randomness);
        }
        return hashed;
    };
}

// ---- who is asking

Client client_of(const Request& request, std::string route) {
    Client client;
    client.route = std::move(route);
    client.address = request.remote_address;
    client.user_agent = request.header("user-agent");
    client.trace = request.trace.trace;
    client.cookie = request.cookie(kCookieName);
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

std::vector<Throttle::Claim> claims_of(const Identity::State& state, const std::string& account,
                                       const std::string& address) {
    const std::int64_t attempts_max = state.world.settings->snapshot()->get(kAccountAttemptsMax);
    return {{"account " + account, static_cast<int>(attempts_max)}, address_claim(state, address)};
}

Response opened_response(const Opened& opened) {
    Response response = http::json_response(200, json::to_text(opened.me));
    response.set("set-cookie", session_cookie(opened.token));
    return response;
}

struct Nothing {};

// The refusal is an act of its own, committed before it is answered.
Task<Result<Nothing>> refuse(Identity::State* state, http::Caller caller, Client client,
                             std::optional<StaffId> account, std::string method) {
    std::function<Result<Nothing>(http::Scope&)> work =
        [account, method = std::move(method)](http::Scope& scope) -> Result<Nothing> {
        record_refusal(scope, account, method);
        return Nothing();
    };
    Result<Nothing> done =
        co_await run_scope<Nothing>(state, std::move(caller), std::move(client), std::move(work));
    co_return done;
}

// ---- POST /session

using FoundAccount = std::optional<AccountRow>;

// An unknown tenant or account takes the same way as a known one: same hash work, same answer.
Task<Result<Response>> sign_in(Identity::State* state, Request request, PathParameters path) {
    HANGU_CO_TRY(const SignIn input, http::detail::read_input<SignIn>(request, path));
    const Client client = client_of(request, "session.open");
    const std::string code = lower_ascii(input.tenant_code);
    const std::string login = lower_ascii(input.login_name);
    Attempt attempt(state->throttle, claims_of(*state, code + "/" + login, client.address),
                    state->world.clock->now());
    if (!attempt.reserved()) {
        co_return Problem::limited("session.throttled");
    }

    const auto tenant = state->tenants.find_by_code(code);
    FoundAccount account;
    if (tenant) {
        TxJob<FoundAccount>::Body find = [login](storage::Tx& tx) -> Result<FoundAccount> {
            return IdentityStore(tx).find_by_login(login);
        };
        Result<FoundAccount> found = co_await run_tx<FoundAccount>(
            state, tenant->id, storage::Work::read, std::move(find), nullptr);
        HANGU_CO_TRY(account, std::move(found));
    }
    const bool may_be_right = account && account->password_hash.has_value();
    const std::string phc = may_be_right ? *account->password_hash : state->dummy_hash;
    std::function<Hashed()> verify = verifying(state, input.password, phc, may_be_right);
    const Hashed hashed = co_await in_hash_pool(state, std::move(verify));
    if (hashed.pool_full) {
        co_return pool_is_full();
    }

    const bool right = may_be_right && hashed.right && account->state == AccountState::active;
    if (!right) {
        attempt.failed();
        if (tenant) {
            std::optional<StaffId> whose = account ? std::optional(account->id) : std::nullopt;
            http::Caller nobody = caller_of(*tenant, nullptr);
            Result<Nothing> recorded =
                co_await refuse(state, std::move(nobody), client, whose, "password");
            HANGU_CO_CHECK(std::move(recorded));
        }
        co_return Problem::unauthenticated("session.refused");
    }
    attempt.succeeded();
    if (tenant->state != tenant::State::active) {
        co_return Problem::forbidden("tenant.frozen");
    }
    std::function<Result<Opened>(http::Scope&)> open =
        [state, client,
         right_password = RightPassword{account->id, phc, hashed.hash}](http::Scope& scope) {
            return sign_in_with_password(*state, scope, right_password, client);
        };
    http::Caller caller = caller_of(*tenant, &*account);
    Result<Opened> opened =
        co_await run_scope<Opened>(state, std::move(caller), client, std::move(open));
    HANGU_CO_CHECK(opened);
    co_return opened_response(*opened);
}

// ---- POST /session/redeem

Task<Result<Response>> redeem(Identity::State* state, Request request, PathParameters path) {
    HANGU_CO_TRY(const RedeemLink input, http::detail::read_input<RedeemLink>(request, path));
    const Client client = client_of(request, "session.redeem");
    const auto tenant_id = tenant_of_token(input.token);
    const auto tenant = tenant_id ? state->tenants.find(*tenant_id) : nullptr;
    // Tokens cannot be guessed; the limit keeps one address from making a tenant's lane look them
    // up.
    std::vector<Throttle::Claim> claims(1, address_claim(*state, client.address));
    Attempt attempt(state->throttle, std::move(claims), state->world.clock->now());
    if (!attempt.reserved()) {
        co_return Problem::limited("session.throttled");
    }
    if (!tenant) {
        attempt.failed();
        co_return Problem::unauthenticated("session.refused");
    }
    if (tenant->state != tenant::State::active) {
        co_return Problem::forbidden("tenant.frozen");
    }
    const std::string hash = token_hash(input.token);
    TxJob<FoundAccount>::Body find = [hash](storage::Tx& tx) -> Result<FoundAccount> {
        IdentityStore store(tx);
        const std::optional<LinkRow> link = store.find_link(hash);
        return link ? store.find(link->account_id) : FoundAccount();
    };
    Result<FoundAccount> found = co_await run_tx<FoundAccount>(
        state, tenant->id, storage::Work::read, std::move(find), nullptr);
    HANGU_CO_TRY(const FoundAccount account, std::move(found));
    Result<Opened> opened = Problem::unauthenticated("session.refused");
    if (account) {
        std::function<Result<Opened>(http::Scope&)> open = [state, client,
                                                            hash](http::Scope& scope) {
            return sign_in_with_link(*state, scope, hash, client);
        };
        http::Caller caller = caller_of(*tenant, &*account);
        opened = co_await run_scope<Opened>(state, std::move(caller), client, std::move(open));
    }
    if (opened.ok()) {
        co_return opened_response(*opened);
    }
    if (opened.problem().code == "session.refused") {
        attempt.failed();
        std::optional<StaffId> whose = account ? std::optional(account->id) : std::nullopt;
        http::Caller nobody = caller_of(*tenant, nullptr);
        Result<Nothing> recorded = co_await refuse(state, std::move(nobody), client, whose, "link");
        HANGU_CO_CHECK(std::move(recorded));
    }
    co_return std::move(opened).problem();
}

// ---- POST /session/password

Task<Result<std::shared_ptr<const http::Caller>>> caller_of_session(Identity* identity,
                                                                    http::Credential credential) {
    using Found = std::shared_ptr<const http::Caller>;
    Found known = identity->known(credential, identity->state().world.clock->now());
    if (known) {
        co_return known;
    }
    const TenantId tenant = credential.tenant;
    TxJob<Found>::Body recognise = [identity, credential](storage::Tx& tx) {
        return identity->recognise(tx, credential);
    };
    Identity::State* state = &identity->state();
    Result<Found> found =
        co_await run_tx<Found>(state, tenant, storage::Work::read, std::move(recognise), nullptr);
    co_return found;
}

// 422 unless the current password is right, or may be left out.
Task<Result<Nothing>> check_current(Identity::State* state,
                                    std::shared_ptr<const http::Caller> caller,
                                    PasswordState before, std::optional<Secret> current,
                                    std::string address) {
    if (!current) {
        if (before.fresh_link_session) {
            co_return Nothing();
        }
        co_return Problem::invalid_field("current_password", "field.required");
    }
    const std::string account = caller->tenant.text() + "#" + id_text(caller->actor_id);
    Attempt attempt(state->throttle, claims_of(*state, account, address),
                    state->world.clock->now());
    if (!attempt.reserved()) {
        co_return Problem::limited("session.throttled");
    }
    std::string phc = before.hash.value_or(state->dummy_hash);
    std::function<Hashed()> verify = verifying(state, *current, std::move(phc), false);
    const Hashed hashed = co_await in_hash_pool(state, std::move(verify));
    if (hashed.pool_full) {
        co_return pool_is_full();
    }
    if (!hashed.right || !before.hash) {
        attempt.failed();
        co_return Problem::invalid_field("current_password", "password.wrong");
    }
    attempt.succeeded();
    co_return Nothing();
}

Task<Result<Response>> set_password(Identity* identity, Request request, PathParameters path) {
    using Found = std::shared_ptr<const http::Caller>;
    Identity::State* state = &identity->state();
    HANGU_CO_TRY(const ChangePassword input,
                 http::detail::read_input<ChangePassword>(request, path));
    std::optional<http::Credential> credential = identity->credential(request);
    if (!credential) {
        co_return Problem::unauthenticated("session.required");
    }
    Result<Found> found = co_await caller_of_session(identity, *credential);
    HANGU_CO_TRY(const Found caller, std::move(found));
    const auto tenant = state->tenants.find(caller->tenant);
    HANGU_ASSERT(tenant != nullptr);

    TxJob<PasswordState>::Body look = [caller](storage::Tx& tx) {
        return password_state(tx, *caller);
    };
    Result<PasswordState> looked = co_await run_tx<PasswordState>(
        state, caller->tenant, storage::Work::read, std::move(look), nullptr);
    HANGU_CO_TRY(const PasswordState before, std::move(looked));
    Result<void> good = check_new_password(input.new_password, before.login_name, tenant->code);
    HANGU_CO_CHECK(std::move(good));
    Result<Nothing> allowed = co_await check_current(state, caller, before, input.current_password,
                                                     request.remote_address);
    HANGU_CO_CHECK(std::move(allowed));

    std::function<Hashed()> hash = [state, password = input.new_password] {
        Hashed hashed;
        hashed.hash =
            crypto::hash_password(password, state->options.password_cost, *state->world.randomness);
        return hashed;
    };
    const Hashed hashed = co_await in_hash_pool(state, std::move(hash));
    if (hashed.pool_full) {
        co_return pool_is_full();
    }
    std::function<Result<Nothing>(http::Scope&)> change =
        [state, old = before.hash, made = hashed.hash](http::Scope& scope) -> Result<Nothing> {
        HANGU_CHECK(change_password(*state, scope, old, made));
        return Nothing();
    };
    http::Caller own = *caller;
    Client client = client_of(request, "session.change_password");
    Result<Nothing> changed =
        co_await run_scope<Nothing>(state, std::move(own), std::move(client), std::move(change));
    HANGU_CO_CHECK(std::move(changed));
    Response response;
    response.status = 204;
    co_return response;
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
}

}  // namespace hangu::identity
