// For handlers that await: transactions of any tenant that a coroutine waits for, and who is
// asking. Arguments are taken by value or by pointer, since what awaits outlives the call.
#pragma once

#include "platform/http/gate.hpp"
#include "platform/http/scope.hpp"
#include "platform/runtime/await.hpp"
#include "platform/storage/engine.hpp"

#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace hangu::http {

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

// "server.busy" when the tenant's lane takes no more. `committed` may be empty.
template <class T>
Task<Result<T>> run_tx(storage::Engine* engine, TenantId tenant, storage::Work work,
                       typename TxJob<T>::Body body, std::function<void()> committed) {
    std::function<void(std::function<void(Ran<T>)>)> start =
        [&](std::function<void(Ran<T>)> answer) {
            auto job = std::make_unique<TxJob<T>>(std::move(body), std::move(committed), answer);
            if (!engine->submit(tenant, work, std::move(job))) {
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

// What a record of the audit log says of its request.
struct Origin {
    std::string route;
    std::string address;
    std::string trace;
};

// What a scope refers to; lives as long as the job.
struct ScopeRun {
    Caller caller;
    Origin origin;
    std::unique_ptr<Scope> scope;
};

// A use case in its own transaction of the caller's tenant, as the pipeline runs one: scope, work,
// facts and events, commit.
template <class T>
Task<Result<T>> run_scope(storage::Engine* engine, World* world, Caller caller, Origin origin,
                          std::function<Result<T>(Scope&)> work) {
    const TenantId tenant = caller.tenant;
    auto run = std::make_shared<ScopeRun>();
    run->caller = std::move(caller);
    run->origin = std::move(origin);
    typename TxJob<T>::Body body = [world, run, work](storage::Tx& tx) {
        RequestFacts facts;
        facts.caller = &run->caller;
        facts.route = run->origin.route;
        facts.remote_address = run->origin.address;
        facts.trace = run->origin.trace;
        run->scope =
            std::make_unique<Scope>(*world, tx, run->caller, world->settings->snapshot(), facts);
        Result<T> result = work(*run->scope);
        if (result.ok()) {
            run->scope->finish();
        }
        return result;
    };
    std::function<void()> committed = [run] { run->scope->committed(); };
    Result<T> result = co_await run_tx<T>(engine, tenant, storage::Work::write, std::move(body),
                                          std::move(committed));
    co_return result;
}

using CallerPointer = std::shared_ptr<const Caller>;

// From memory, else from the tenant's database. "session.required"
Task<Result<CallerPointer>> recognised(storage::Engine* engine, const Clock* clock, Gate* gate,
                                       Credential credential);

}  // namespace hangu::http
