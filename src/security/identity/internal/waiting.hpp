// For this module's handlers that await: transactions of their own, and work in the hash pool.
#pragma once

#include "platform/http/problem_response.hpp"
#include "platform/http/route.hpp"
#include "platform/http/waiting.hpp"
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
Task<Result<T>> run_tx(Identity::State* state, TenantId tenant, storage::Work work,
                       typename http::TxJob<T>::Body body) {
    return http::run_tx<T>(&state->engine, tenant, work, std::move(body), nullptr);
}

template <class T>
Task<Result<T>> run_scope(Identity::State* state, http::Caller caller, const Client& client,
                          std::function<Result<T>(http::Scope&)> work) {
    return http::run_scope<T>(&state->engine, &state->world, std::move(caller),
                              {client.route, client.address, client.trace}, std::move(work));
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

Client client_of(const Identity::State& state, const http::Request& request, std::string route);
// The account's owner, or nobody in particular, of a tenant.
http::Caller caller_of(const tenant::Tenant& tenant, const AccountRow* account);
Throttle::Claim address_claim(const Identity::State& state, const std::string& address);

// An attempt from an address, reserved over all nodes before it is looked at. Unless it is said to
// have failed, it does not count.
class AttemptFrom {
 public:
    AttemptFrom(Identity::State* state, std::string key, bool reserved)
        : state_(state), key_(std::move(key)), reserved_(reserved) {}
    AttemptFrom(AttemptFrom&& other) noexcept
        : state_(other.state_),
          key_(std::move(other.key_)),
          reserved_(std::exchange(other.reserved_, false)) {}
    AttemptFrom& operator=(AttemptFrom&&) = delete;
    ~AttemptFrom();

    bool reserved() const { return reserved_; }
    void failed() { reserved_ = false; }

 private:
    Identity::State* state_;
    std::string key_;
    bool reserved_;
};
Task<AttemptFrom> attempt_from(Identity::State* state, Throttle::Claim claim);

// The answer to a sign-in, whichever way it went: Me with the cookies, a demand for the second
// step, or the refusal that was committed.
http::Response entered_response(const Identity::State& state, const Entered& entered,
                                const http::Request& request);

}  // namespace hangu::identity
