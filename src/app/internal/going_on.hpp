// What the platform's page "Going on now" shows.
#pragma once

#include "base/describe.hpp"
#include "base/id.hpp"
#include "base/time.hpp"
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

struct ShardView {
    std::string name;
    bool reached = false;
    std::string detail;              // the server's version, or why it is away
    std::int64_t tenants_count = 0;  // merchants that are there
    std::int64_t waiting_count = 0;  // requests in its queues
    std::int64_t repeats_count = 0;  // transactions that had to run again, since the start
};
HANGU_STRUCT(ShardView, name, reached, detail, tenants_count, waiting_count, repeats_count)

struct GoingOnList {
    std::vector<GoingOn> items;     // the latest first
    std::int64_t others_count = 0;  // merchants beyond these at which something was seen
    std::vector<ShardView> shards;  // none: everything is in files
};
HANGU_STRUCT(GoingOnList, items, others_count, shards)

// Asks every shard: not from an event loop.
inline std::vector<ShardView> shards_now(storage::Engine& engine) {
    std::vector<ShardView> views;
    for (const storage::ShardState& one : engine.shard_states()) {
        views.push_back({one.name, one.reached, one.detail, one.tenants,
                         static_cast<std::int64_t>(one.waiting),
                         static_cast<std::int64_t>(one.repeats)});
    }
    return views;
}

}  // namespace hangu::app
