// The way from a tenant to whoever does its work, and the place where its work waits while it
// moves.
#pragma once

#include "platform/storage/internal/shard.hpp"
#include "platform/storage/internal/tenant_lane.hpp"

#include <functional>
#include <shared_mutex>
#include <string>
#include <unordered_map>
#include <vector>

namespace hangu::storage {

struct Placed {
    Shard* shard = nullptr;  // null: in a file
    std::int64_t epoch = 1;
};

class Places {
 public:
    static constexpr std::size_t kWaitingMax = 4096;  // of a tenant that moves

    // Does not block; false: not taken.
    using Deliver = std::function<bool(const Placed&, Pending)>;

    explicit Places(Deliver deliver) : deliver_(std::move(deliver)) {}

    Placed of(TenantId tenant) const;
    std::int64_t count_on(const Shard& shard) const;
    void set(TenantId tenant, Placed placed);

    // Work is delivered, or kept while the tenant is held. False: not taken, nothing was done.
    bool submit(Pending pending);
    // From when it returns on, nothing more reaches the place where the tenant is now.
    void hold(TenantId tenant);
    // What waited is delivered to where the tenant is now, in its order.
    void release(TenantId tenant);

 private:
    struct Entry {
        Placed placed;
        bool held = false;
        std::vector<Pending> waiting;
    };

    Deliver deliver_;
    mutable std::shared_mutex mutex_;  // held shared while work is handed on, see hold()
    std::mutex waiting_mutex_;
    std::unordered_map<TenantId, Entry> entries_;  // of tenants that are on shards, or move
};

}  // namespace hangu::storage
