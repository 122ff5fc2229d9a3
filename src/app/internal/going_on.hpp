// What the platform's page "Going on now" shows.
#pragma once

#include "base/describe.hpp"
#include "base/id.hpp"
#include "base/time.hpp"
#include "platform/shared_state/shared_state.hpp"
#include "platform/storage/engine.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace hangu::app {

struct GoingOn {
    TenantId id;
    std::string code;
    std::string name;
    std::int64_t attacks_count = 0;  // in progress
    std::int64_t locked_count = 0;   // accounts, for whomever
    Time since;
    Time last_at;
};
HANGU_STRUCT(GoingOn, id, code, name, attacks_count, locked_count, since, last_at)

// One of the servers of a shard that has several.
struct ShardHostView {
    std::string name;            // its socket, or address and port
    bool reached = false;        // it answers
    bool fit = false;            // it may be worked with
    bool chosen = false;         // it is worked with
    bool behind = false;         // it lags so far that the others wait for it
    std::int64_t lag_count = 0;  // transactions that it has received and has yet to apply
    std::int64_t answer_us = 0;  // that it took to say so
    std::string detail;          // its version and state, or why it cannot be reached
};
HANGU_STRUCT(ShardHostView, name, reached, fit, chosen, behind, lag_count, answer_us, detail)

struct ShardView {
    std::string name;
    bool reached = false;
    std::string detail;                   // the server's version, or why it is away
    std::int64_t tenants_count = 0;       // merchants that are there
    std::int64_t waiting_count = 0;       // requests in its queues
    std::int64_t repeats_count = 0;       // transactions that had to run again, since the start
    std::int64_t changes_count = 0;       // from one server to another, since the start
    std::int64_t answers_lost_count = 0;  // that no server gave, since the start
    std::int64_t answer_us = 0;           // that the server which is worked with took to answer
    std::vector<ShardHostView> hosts;     // none: it is one server
};
HANGU_STRUCT(ShardView, name, reached, detail, tenants_count, waiting_count, repeats_count,
             changes_count, answers_lost_count, answer_us, hosts)

// One process of several.
struct NodeView {
    std::string name;
    std::string address;
    std::string version;
    bool here = false;  // the one that answers
    bool alive = false;
    bool leaving = false;
    std::int64_t lease_left_ms = 0;  // then others take its merchants
    std::int64_t tenants_count = 0;  // merchants that it works for
    Time beat_at;
};
HANGU_STRUCT(NodeView, name, address, version, here, alive, leaving, lease_left_ms, tenants_count,
             beat_at)

struct ClusterView {
    bool clustered = false;
    // Without the control database what is owned goes on; nothing is taken over, opened or frozen.
    bool control_reached = true;
    std::string control_detail;
    std::int64_t waiting_count = 0;  // merchants whose requests wait for an owner
    bool shared_named = false;       // there is a Redis to share limits and questions through
    bool shared_reached = false;
    std::string shared_detail;
    std::vector<NodeView> nodes;
};
HANGU_STRUCT(ClusterView, clustered, control_reached, control_detail, waiting_count, shared_named,
             shared_reached, shared_detail, nodes)

struct GoingOnList {
    bool listed = false;            // no: where they stand, the control database, is away
    std::vector<GoingOn> items;     // the latest first
    std::int64_t others_count = 0;  // merchants beyond these at which something was seen
    std::vector<ShardView> shards;  // none: everything is in files
    ClusterView cluster;
};
HANGU_STRUCT(GoingOnList, listed, items, others_count, shards, cluster)

inline ClusterView cluster_now(const storage::Engine& engine,
                               const shared_state::SharedState& shared) {
    const storage::ClusterState state = engine.cluster_state();
    ClusterView view;
    view.clustered = state.clustered;
    view.control_reached = !state.clustered || state.control_reached;
    view.control_detail = state.control_detail;
    view.waiting_count = state.waiting;
    const shared_state::Health health = shared.health();
    view.shared_named = health.shared;
    view.shared_reached = health.connected;
    view.shared_detail = health.detail;
    for (const storage::NodeState& one : state.nodes) {
        view.nodes.push_back({one.name, one.address, one.version, one.here, one.alive, one.leaving,
                              one.lease_left_ms, one.tenants, one.beat_at});
    }
    return view;
}

// Asks every shard: not from an event loop.
inline std::vector<ShardView> shards_now(storage::Engine& engine) {
    std::vector<ShardView> views;
    for (const storage::ShardState& one : engine.shard_states()) {
        views.push_back({one.name,
                         one.reached,
                         one.detail,
                         one.tenants,
                         static_cast<std::int64_t>(one.waiting),
                         static_cast<std::int64_t>(one.repeats),
                         static_cast<std::int64_t>(one.changes),
                         static_cast<std::int64_t>(one.answers_lost),
                         0,
                         {}});
        for (const storage::ShardHostState& host : one.hosts) {
            if (host.chosen) {
                views.back().answer_us = host.answer_us;
            }
            if (one.hosts.size() > 1) {
                views.back().hosts.push_back({host.name, host.reached, host.fit, host.chosen,
                                              host.behind(), host.lag_count, host.answer_us,
                                              host.detail});
            }
        }
    }
    return views;
}

}  // namespace hangu::app
