// Events: news for whoever is above or outside, written to the tenant's outbox in the transaction
// of the act. The outbox is the durable record; the hub wakes live listeners (server-sent events)
// once the commit is durable.
#pragma once

#include "base/id.hpp"
#include "base/json.hpp"
#include "base/time.hpp"
#include "platform/storage/engine.hpp"
#include "platform/storage/tx.hpp"

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace hangu::events {

struct EventTag;
using EventId = Id<EventTag>;

// One event as it is stored and delivered. `org_path` is the node it happened at, `permission` what
// a live listener must hold to hear it.
struct Event {
    static constexpr std::string_view kTable = "outbox";
    EventId id;
    std::string name;  // "order.placed"
    std::string org_path;
    std::string permission;  // "order.view"
    std::string payload;     // JSON object
    Time at;
    std::string subject;  // "order:…": those of one subject keep their order; "" : of nothing
};
HANGU_STRUCT(Event, id, name, org_path, permission, payload, at, subject)

// Writes to the outbox of the transaction's tenant. A tenant's events are found by "after this id",
// so each gets a larger id than all before it, also when the clock went back or another machine
// wrote those: then `event.id` is changed.
void append(storage::Tx& tx, Event& event);

// Events after `last`, oldest first, at most `count_max` (Last-Event-ID).
std::vector<Event> since(storage::Tx& tx, EventId last, std::size_t count_max);
std::optional<Event> find(storage::Tx& tx, EventId id);
EventId newest(storage::Tx& tx);  // 0: there is none
// How many there are after `last`; counts no further than `count_max`.
std::int64_t count_after(storage::Tx& tx, EventId last, std::int64_t count_max);

// Deletes events older than `before` that nobody waits for: up to `last`. Answers how many. For the
// retention job.
std::int64_t forget_before(storage::Tx& tx, Time before, EventId last, std::size_t count_max);

// Live listeners of this process. Thread-safe. publish() is called after the commit is durable.
class Hub {
 public:
    using Listener = std::function<void(const Event&)>;  // short, any thread
    // Hears of every tenant, once per commit: a doorbell, or what tells other processes.
    using Follower = std::function<void(TenantId, const std::vector<Event>&)>;

    std::uint64_t listen(TenantId tenant, Listener listener);
    void leave(TenantId tenant, std::uint64_t ticket);
    void follow(Follower follower);  // before anything is published
    void publish(TenantId tenant, const std::vector<Event>& events);
    // What another process has told its followers: to listeners alone.
    void hear(TenantId tenant, const std::vector<Event>& events);
    bool is_heard(TenantId tenant) const;
    std::size_t listeners_count() const;

 private:
    std::vector<Follower> followers_;
    mutable std::mutex mutex_;
    std::unordered_map<TenantId, std::vector<std::pair<std::uint64_t, std::shared_ptr<Listener>>>>
        listeners_;
    std::uint64_t next_ticket_ = 1;
};

storage::Part part();

}  // namespace hangu::events
