// The way of a request, from its bytes to its answer. internal/pipeline.cpp is the readable list.
#pragma once

#include "platform/http/files.hpp"
#include "platform/http/gate.hpp"
#include "platform/http/ownership.hpp"
#include "platform/http/route.hpp"
#include "platform/http/scope.hpp"
#include "platform/http/server.hpp"
#include "platform/observe/observe.hpp"
#include "platform/shared_state/rate_counters.hpp"
#include "platform/storage/engine.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace hangu::http {

// Counters of addresses that several nodes share; without them each node has its own.
struct SharedRates {
    shared_state::RateCounters* counters = nullptr;
    std::string_view listener;  // apart from other listeners with routes of the same names
};

class Pipeline final : public Handler {
 public:
    // `rate_percent` scales every route's per_minute_max. Throws Bug when a route is not fit to
    // serve: a name or place that stands twice, a permission that is not in the catalogue, a
    // guarded route without one.
    Pipeline(World& world, storage::Engine& engine, Gate& gate, std::vector<RouteEntry> routes,
             FileSet files, observe::Metrics& metrics, std::int64_t rate_percent = 100,
             SharedRates shared_rates = {});
    ~Pipeline() override;

    // Before the first request; without it every tenant is served here. It must outlive the
    // pipeline.
    void use_ownership(Ownership& ownership);
    // What /readyz answers: whether requests are to be brought here. Asked on an event loop, never
    // waits. Without it the answer is yes as soon as there is a pipeline.
    void use_readiness(std::function<bool()> ready);

    Task<Response> handle(Request request) override;
    std::size_t body_bytes_max(std::string_view method, std::string_view path) const override;

    const std::vector<RouteEntry>& routes() const;
    const std::string& openapi() const;  // the document that GET /openapi.json answers

 private:
    struct State;
    std::unique_ptr<State> state_;
};

// Live events for the signed-in (GET /api/v1/events), heartbeats every 15 s.
class EventStreams;
std::shared_ptr<EventStreams> make_event_streams(runtime::Runtime& runtime, World& world,
                                                 Gate& gate);
void add_event_route(Routes& routes, std::shared_ptr<EventStreams> streams);

// OpenAPI 3.1 of the routes that are not hidden, and a readable page of it.
std::string openapi_document(const std::vector<RouteEntry>& routes, std::string_view version);
std::string api_page(const std::vector<RouteEntry>& routes);

// Tables of this module: answers kept for idempotency keys.
storage::Part part();
// Deletes kept answers that are older than a day; for the retention job.
std::int64_t forget_answers_before(storage::Tx& tx, Time before);

}  // namespace hangu::http
