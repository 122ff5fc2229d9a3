#include "platform/storage/internal/places.hpp"

#include <algorithm>
#include <mutex>

namespace hangu::storage {

namespace {

// Stays with us while it is handed on, so that it can be answered when it is not taken.
class KeptJob final : public Job {
 public:
    explicit KeptJob(std::shared_ptr<Job> job) : job_(std::move(job)) {}
    Decision body(Tx& tx) override { return job_->body(tx); }
    void done(const Outcome& outcome) override { job_->done(outcome); }

 private:
    std::shared_ptr<Job> job_;
};

}  // namespace

Placed Places::of(TenantId tenant) const {
    const std::shared_lock lock(mutex_);
    const auto found = entries_.find(tenant);
    return found == entries_.end() ? Placed{} : found->second.placed;
}

std::int64_t Places::count_on(const Shard& shard) const {
    const std::shared_lock lock(mutex_);
    return std::count_if(entries_.begin(), entries_.end(), [&shard](const auto& entry) {
        return entry.second.placed.shard == &shard;
    });
}

void Places::set(TenantId tenant, Placed placed) {
    const std::unique_lock lock(mutex_);
    entries_[tenant].placed = placed;
}

bool Places::submit(Pending pending) {
    const std::shared_lock lock(mutex_);
    const auto found = entries_.find(pending.tenant);
    if (found == entries_.end()) {
        return deliver_(Placed{}, std::move(pending));
    }
    Entry& entry = found->second;
    if (!entry.held) {
        return deliver_(entry.placed, std::move(pending));
    }
    const std::lock_guard waiting(waiting_mutex_);
    if (entry.waiting.size() >= kWaitingMax) {
        return false;
    }
    entry.waiting.push_back(std::move(pending));
    return true;
}

void Places::hold(TenantId tenant) {
    const std::unique_lock lock(mutex_);
    entries_[tenant].held = true;
}

void Places::release(TenantId tenant) {
    std::vector<std::shared_ptr<Job>> refused;
    {
        // To the end: what comes meanwhile stays behind what waited.
        const std::unique_lock lock(mutex_);
        Entry& entry = entries_[tenant];
        entry.held = false;
        for (Pending& pending : entry.waiting) {
            const std::shared_ptr<Job> job(std::move(pending.job));
            pending.job = std::make_unique<KeptJob>(job);
            if (!deliver_(entry.placed, std::move(pending))) {
                refused.push_back(job);
            }
        }
        entry.waiting.clear();
    }
    for (const std::shared_ptr<Job>& job : refused) {
        Outcome outcome;
        outcome.fault = std::make_exception_ptr(StorageFault("the queue was full after a move"));
        job->done(outcome);
    }
}

}  // namespace hangu::storage
