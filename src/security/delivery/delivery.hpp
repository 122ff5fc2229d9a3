// Events for a merchant's own programs: destinations (queues of the broker), what was delivered to
// them, what waits, and what is dead until somebody looks at it. At least once, with the event's
// id; events of one subject in their order.
#pragma once

#include "base/result.hpp"
#include "platform/events/carrier.hpp"
#include "platform/http/scope.hpp"
#include "platform/observe/observe.hpp"
#include "platform/storage/engine.hpp"
#include "security/notify/notify.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace hangu::delivery {

// Port: where a node of the organisation stands in the tree. "field.unknown" on others' nodes.
// (organisation)
class Places {
 public:
    virtual ~Places() = default;
    virtual Result<std::string> path_of_node(storage::Tx& tx, std::int64_t node_id) = 0;
};

class Deliveries {
 public:
    struct Services {
        storage::Engine& engine;
        http::World& world;
        notify::Notify& notify;
        observe::Metrics& metrics;
        events::Carrier* carrier = nullptr;         // null: there is no broker, and nothing leaves
        std::vector<std::string_view> event_names;  // that may leave the house
    };

    explicit Deliveries(const Services& services);  // follows the hub from here on
    ~Deliveries();

    void set_places(Places& places);
    void set_freshness(notify::Freshness& freshness);

    // --- jobs
    // Delivers what waits of that tenant; for the start of the process, for a tenant that has just
    // come to this node, and after a change. Never waits.
    void look_at(TenantId tenant);
    // Looks at the tenants whose next attempt is due; for a timer of about a second.
    void sweep();
    // Events after this one are still needed; for the retention of the outbox.
    events::EventId done_up_to(storage::Tx& tx);
    // Destinations that fell further behind than events are kept go on where these begin, and the
    // merchant is told; how many.
    std::int64_t forget_old(storage::Tx& tx);
    // Waits until nothing is being delivered; for tests and the end.
    void settle_and_wait();
    // What is being delivered is finished or given up; nothing is begun any more.
    void stop();

    struct State;  // for this module's own files
    State& state() { return *state_; }

 private:
    std::shared_ptr<State> state_;  // the hub may call longer than this lives
};

}  // namespace hangu::delivery
