// Several processes over one control database: who is there, and who works for which tenant.
//
// A tenant has one node that works for it. The node holds the tenant's epoch, which the tenant's
// row on its shard names too: whoever comes with another one is refused by the database. A node's
// lease, judged by the clock of the control database alone, only says when others may take its
// tenants: a node whose lease is over goes on until somebody has.
#pragma once

#include "base/id.hpp"
#include "base/time.hpp"
#include "platform/storage/owned_elsewhere.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace hangu::storage {

struct NodeOptions {
    std::string name;     // [a-z0-9_]{1,16}; one process at a time has it
    std::string address;  // where people find it; only shown
    std::string version;
    std::int64_t lease_ms = 6'000;
    std::int64_t beat_ms = 1'000;
    // What this process's clock has to be put forward by, so that all nodes have one time.
    std::function<void(std::int64_t ms)> clock_differs;
    // Whoever can tell other nodes to look at once does so; without it they look within `beat_ms`.
    std::function<void()> tell_others;
};

struct NodeState {
    std::int64_t number = 0;
    std::string name;
    std::string address;
    std::string version;
    bool here = false;     // this process
    bool alive = false;    // its lease is not over
    bool leaving = false;  // it gives its tenants away
    Time beat_at;
    std::int64_t lease_left_ms = 0;
    std::int64_t tenants = 0;  // that it works for, as the directory says
};

// How the nodes are, as seen from this one.
struct ClusterState {
    bool clustered = false;
    bool control_reached = false;       // without it, what is owned goes on; nothing is taken over
    std::string control_detail;         // why it could not be reached
    Time seen_at;                       // when it was reached last
    std::int64_t control_ahead_ms = 0;  // its clock, against the machine's
    std::int64_t waiting = 0;           // tenants that this node is about to take
    std::vector<NodeState> nodes;
};

enum class Ownership {
    gained,   // this node works for the tenant from now on
    leaving,  // no more of its requests are served: what is buffered is written now, by work that
              // is submitted from within this call
    lost,     // no longer: what is remembered of it may be wrong
};
using OwnershipWatch = std::function<void(TenantId, Ownership)>;

class NoSuchTenant : public std::runtime_error {
 public:
    using std::runtime_error::runtime_error;
};

}  // namespace hangu::storage
