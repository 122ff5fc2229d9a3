// The way from a tenant to whoever does its work, and the place where its work waits while it
// moves or is taken over.
#pragma once

#include "platform/storage/cluster.hpp"
#include "platform/storage/internal/shard.hpp"
#include "platform/storage/internal/tenant_lane.hpp"

#include <functional>
#include <map>
#include <shared_mutex>
#include <string>
#include <unordered_map>
#include <vector>

namespace hangu::storage {

struct Placed {
    Shard* shard = nullptr;  // null: in a file
    std::int64_t epoch = 1;
};

// Stays with whoever hands it on, so that it can be answered when it is not taken.
class KeptJob final : public Job {
 public:
    explicit KeptJob(std::shared_ptr<Job> job) : job_(std::move(job)) {}
    Decision body(Tx& tx) override { return job_->body(tx); }
    void done(const Outcome& outcome) override { job_->done(outcome); }

 private:
    std::shared_ptr<Job> job_;
};

class Places {
 public:
    static constexpr std::size_t kWaitingMax = 4096;  // of a tenant that moves or is taken over
    static constexpr int kBouncesMax = 4;             // of a piece of work, between owners

    // Does not block; false: not taken.
    using Deliver = std::function<bool(const Placed&, Pending)>;
    // Work waits for a tenant that no living node works for. Does not block, any thread.
    using Want = std::function<void(TenantId)>;

    // While it lives, what this thread submits is not kept because the tenant is held.
    class Through {
     public:
        Through();
        ~Through();
        Through(const Through&) = delete;
        Through& operator=(const Through&) = delete;
    };

    // Without `want` there is one process, and it works for everybody; `tenure` is a node's.
    Places(Deliver deliver, Want want, std::shared_ptr<const Tenure> tenure = nullptr)
        : deliver_(std::move(deliver)), want_(std::move(want)), tenure_(std::move(tenure)) {}

    Placed of(TenantId tenant) const;
    std::int64_t count_on(const Shard& shard) const;
    void set(TenantId tenant, Placed placed);

    // Work is delivered, or kept while the tenant is held or taken over, or told who works for it.
    // False: not taken, nothing was done.
    bool submit(Pending pending);
    // The same; what is not taken is answered with a fault.
    void submit_or_answer(Pending pending);
    // From when it returns on, nothing more reaches the place where the tenant is now.
    void hold(TenantId tenant);
    // What waited is delivered to where the tenant is now, in its order.
    void release(TenantId tenant);

    // --- several nodes
    // Living nodes by their numbers, without this one.
    void set_peers(std::map<std::int64_t, std::string> peers);
    bool is_here(TenantId tenant) const;
    std::vector<TenantId> here() const;
    std::size_t waiting_count() const;  // tenants with work that waits for an owner
    // The living node that works for it, if that is another one.
    std::optional<std::string> elsewhere(TenantId tenant) const;
    // A living node, for tenants that nobody works for when this one takes no more; "": none.
    std::string any_peer() const;
    // What is known of who works for it may be old: its next work waits until the directory was
    // read.
    void doubt(TenantId tenant);
    void know(TenantId tenant, Placed placed, std::int64_t owner);  // of what is not here
    void take(TenantId tenant, Placed placed);  // it is here from now on; what waited is delivered
    // It is not here any more; what waited goes to the new owner, or is told who that is.
    void let_go(TenantId tenant, std::int64_t owner);
    // What waits for an owner is answered so.
    void fail_waiting(TenantId tenant, const std::exception_ptr& why);
    // The place refused the epoch: somebody else has taken the tenant. False: was not here anyway.
    bool lost(TenantId tenant, std::int64_t epoch);

 private:
    struct Entry {
        Placed placed;
        bool here = false;
        bool held = false;
        std::int64_t owner = 0;
        std::vector<Pending> waiting;
        std::shared_ptr<TableVersions> versions;  // null: in files, or not here
    };
    void place(Entry& entry, Placed placed) const;
    static void leave(Entry& entry);
    bool deliver(const Entry& entry, Pending pending) const;

    Deliver deliver_;
    Want want_;
    std::shared_ptr<const Tenure> tenure_;
    mutable std::shared_mutex mutex_;  // held shared while work is handed on, see hold()
    mutable std::mutex waiting_mutex_;
    std::unordered_map<TenantId, Entry> entries_;  // of tenants that are on shards, or move
    std::map<std::int64_t, std::string> peers_;
};

}  // namespace hangu::storage
