// For this module's handlers that await: transactions of their own, and work in the hash pool.
#pragma once

#include "platform/http/problem_response.hpp"
#include "platform/http/route.hpp"
#include "platform/runtime/await.hpp"
#include "security/identity/internal/identity_state.hpp"
#include "security/identity/internal/sign_in.hpp"

#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

namespace hangu::identity {

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

struct Nothing {};

// A refusal is an act of its own, committed before it is answered.
Task<Result<Nothing>> refuse(Identity::State* state, http::Caller caller, Client client,
                             Failure failure);

// ---- the hash pool

struct Hashed {
    bool pool_full = false;
    bool right = false;
    std::string hash;  // a new one, when one was wanted
    std::exception_ptr fault;
};

inline Task<Hashed> in_hash_pool(Identity::State* state, std::function<Hashed()> work) {
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

inline Problem pool_is_full() {
    return Problem::unavailable("sign_in.busy");
}

// ---- who is asking

Client client_of(const http::Request& request, std::string route);
// The account's owner, or nobody in particular, of a tenant.
http::Caller caller_of(const tenant::Tenant& tenant, const AccountRow* account);
Throttle::Claim address_claim(const Identity::State& state, const std::string& address);

// The answer to a sign-in, whichever way it went: Me with the cookies, a demand for the second
// step, or the refusal that was committed.
http::Response entered_response(const Identity::State& state, const Entered& entered,
                                const http::Request& request);

// The caller of the request's session cookie. "session.required"
Task<Result<std::shared_ptr<const http::Caller>>> caller_of_session(Identity* identity,
                                                                    http::Credential credential);

}  // namespace hangu::identity
