// The part of a request that runs on a database lane: who, may they, the handler, its records, all
// in one transaction.
#pragma once

#include "platform/http/gate.hpp"
#include "platform/http/idempotency.hpp"
#include "platform/http/route.hpp"
#include "platform/http/scope.hpp"
#include "platform/storage/engine.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace hangu::http {

// What the lane answers to the event loop.
struct LaneAnswer {
    std::optional<Result<Response>> result;  // none: a fault
    std::exception_ptr fault;
    std::shared_ptr<const Caller> caller;  // as far as it was known
    bool recorded = false;                 // an act was recorded: no visit record is needed
    storage::Seen seen;                    // set if the answer would come out the same again
};

// What the job needs of its request; lives in the waiting coroutine.
struct RequestWork {
    World* world = nullptr;
    Gate* gate = nullptr;
    const RouteEntry* entry = nullptr;
    const Request* request = nullptr;
    const PathParameters* path = nullptr;
    std::optional<Credential> credential;
    std::shared_ptr<const Caller> caller;  // null: not known yet
};

class RequestJob final : public storage::Job {
 public:
    RequestJob(const RequestWork& work, std::function<void(LaneAnswer)> answer)
        : work_(work), answer_(std::move(answer)) {}

    storage::Decision body(storage::Tx& tx) override;
    void done(const storage::Outcome& outcome) override;

 private:
    Result<Response> serve(storage::Tx& tx);
    Result<Response> handle(storage::Tx& tx);

    RequestWork work_;
    std::function<void(LaneAnswer)> answer_;
    std::shared_ptr<const Caller> caller_;
    std::unique_ptr<Scope> scope_;
    std::optional<Result<Response>> result_;
    bool replayed_ = false;
};

// The permission of the route, asked with the caller alone.
Result<void> check_route(const Route& route, const Caller& caller,
                         const PermissionCatalogue& permissions);

}  // namespace hangu::http
