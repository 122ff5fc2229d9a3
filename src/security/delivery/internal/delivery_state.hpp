// What the files of this module share.
#pragma once

#include "platform/runtime/runtime.hpp"
#include "security/delivery/delivery.hpp"
#include "security/delivery/internal/delivery_settings.hpp"
#include "security/delivery/internal/destination_store.hpp"

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>

namespace hangu::delivery {

struct Deliveries::State {
    explicit State(const Services& given);
    ~State();

    template <class TypedId>
    TypedId new_id(Time now) {
        return TypedId(world.ids->next(now.unix_ms()));
    }
    std::shared_ptr<const settings::Snapshot> settings() const {
        return world.settings->snapshot();
    }
    bool may_name(std::string_view pattern) const;  // is there an event that it means?

    void wake(TenantId tenant);             // look at it now
    void ring(TenantId tenant);             // the same, if it is known to have or may have a queue
    void due_at(TenantId tenant, Time at);  // … or then
    void remove_queue(const std::string& queue);
    void stop();
    void settle_and_wait();

    storage::Engine& engine;
    http::World& world;
    notify::Notify& notify;
    events::Carrier* carrier;
    std::vector<std::string_view> event_names;
    Places* places = nullptr;
    notify::Freshness* freshness = nullptr;
    observe::Counter& delivered;
    observe::Counter& refused;
    observe::Counter& dead;

    std::mutex mutex;
    std::map<TenantId, Time> due;
    bool stopping = false;

 private:
    void look(TenantId tenant);  // on the thread that delivers
    bool push(std::function<void()> work);
    void ended();

    std::condition_variable settled_;
    std::size_t outstanding_ = 0;
    std::set<TenantId> queued_;  // to be looked at
    std::set<TenantId> quiet_;   // without destinations
    std::unique_ptr<runtime::Lane<std::function<void()>>> lane_;
};

// A declared kind of notify: destination, reason.
inline constexpr std::string_view kDestinationFailing = "destination.failing";

// What came of looking at a tenant once.
struct Looked {
    bool any = false;   // it has destinations
    bool more = false;  // there is more to be delivered at once
    std::optional<Time> next_at;
};

// --- dispatch.cpp
Looked deliver_due(Deliveries::State& state, TenantId tenant);

// "hangu.<tenant>.<destination>": given, so that nobody can name another's.
std::string queue_of(TenantId tenant, DestinationId destination);

}  // namespace hangu::delivery
