#include "platform/storage/internal/places.hpp"

#include <algorithm>
#include <mutex>

namespace hangu::storage {

namespace {

thread_local int through_count = 0;

std::shared_ptr<Job> keep(Pending& pending) {
    std::shared_ptr<Job> job(std::move(pending.job));
    pending.job = std::make_unique<KeptJob>(job);
    return job;
}

void answer(Job& job, const std::exception_ptr& why) {
    Outcome outcome;
    outcome.fault = why;
    job.done(outcome);
}

}  // namespace

Places::Through::Through() {
    ++through_count;
}

Places::Through::~Through() {
    --through_count;
}

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

// Answers that were read where it was are not given again.
void Places::leave(Entry& entry) {
    if (entry.versions) {
        entry.versions->close();
        entry.versions.reset();
    }
}

void Places::place(Entry& entry, Placed placed) const {
    leave(entry);
    entry.placed = placed;
    if (placed.shard != nullptr && entry.here) {
        entry.versions = std::make_shared<TableVersions>(tenure_);
    }
}

bool Places::deliver(const Entry& entry, Pending pending) const {
    pending.versions = entry.versions;
    return deliver_(entry.placed, std::move(pending));
}

void Places::set(TenantId tenant, Placed placed) {
    const std::unique_lock lock(mutex_);
    Entry& entry = entries_[tenant];
    entry.here = entry.here || !want_;
    place(entry, placed);
}

bool Places::submit(Pending pending) {
    std::exception_ptr refused;
    {
        const std::shared_lock lock(mutex_);
        const auto found = entries_.find(pending.tenant);
        if (found == entries_.end() && !want_) {
            return deliver_(Placed{}, std::move(pending));
        }
        if (found == entries_.end()) {
            refused = std::make_exception_ptr(
                NoSuchTenant("the directory has no tenant " + pending.tenant.text()));
        } else if (found->second.here && (!found->second.held || through_count > 0)) {
            return deliver(found->second, std::move(pending));
        } else if (const auto peer = peers_.find(found->second.owner);
                   !found->second.here && peer != peers_.end()) {
            refused = std::make_exception_ptr(OwnedElsewhere(peer->second));
        } else {
            Entry& entry = found->second;
            const TenantId tenant = pending.tenant;
            const std::lock_guard waiting(waiting_mutex_);
            if (entry.waiting.size() >= kWaitingMax) {
                return false;
            }
            entry.waiting.push_back(std::move(pending));
            if (!entry.here && !entry.held && entry.waiting.size() == 1) {
                want_(tenant);
            }
            return true;
        }
    }
    answer(*pending.job, refused);
    return true;
}

void Places::submit_or_answer(Pending pending) {
    const std::shared_ptr<Job> job = keep(pending);
    if (!submit(std::move(pending))) {
        answer(*job, std::make_exception_ptr(StorageFault("too much waits for the tenant")));
    }
}

void Places::hold(TenantId tenant) {
    const std::unique_lock lock(mutex_);
    Entry& entry = entries_[tenant];
    leave(entry);  // whoever is next may begin before we hear of it
    entry.held = true;
    entry.here = entry.here || !want_;
}

void Places::release(TenantId tenant) {
    std::vector<Pending> elsewhere;
    std::vector<std::shared_ptr<Job>> refused;
    {
        // To the end: what comes meanwhile stays behind what waited.
        const std::unique_lock lock(mutex_);
        Entry& entry = entries_[tenant];
        entry.held = false;
        if (!entry.versions) {
            place(entry, entry.placed);
        }
        std::vector<Pending> waiting = std::exchange(entry.waiting, {});
        if (!entry.here) {
            elsewhere = std::move(waiting);
            waiting.clear();
        }
        for (Pending& pending : waiting) {
            const std::shared_ptr<Job> job = keep(pending);
            if (!deliver(entry, std::move(pending))) {
                refused.push_back(job);
            }
        }
    }
    for (Pending& pending : elsewhere) {
        submit_or_answer(std::move(pending));
    }
    const std::exception_ptr full =
        std::make_exception_ptr(StorageFault("the queue was full behind a move"));
    for (const std::shared_ptr<Job>& job : refused) {
        answer(*job, full);
    }
}

void Places::set_peers(std::map<std::int64_t, std::string> peers) {
    const std::unique_lock lock(mutex_);
    peers_ = std::move(peers);
}

bool Places::is_here(TenantId tenant) const {
    const std::shared_lock lock(mutex_);
    const auto found = entries_.find(tenant);
    return found == entries_.end() ? !want_ : found->second.here;
}

std::vector<TenantId> Places::here() const {
    const std::shared_lock lock(mutex_);
    std::vector<TenantId> all;
    for (const auto& [tenant, entry] : entries_) {
        if (entry.here) {
            all.push_back(tenant);
        }
    }
    return all;
}

std::size_t Places::waiting_count() const {
    const std::shared_lock lock(mutex_);
    const std::lock_guard waiting(waiting_mutex_);
    return static_cast<std::size_t>(std::count_if(
        entries_.begin(), entries_.end(),
        [](const auto& one) { return !one.second.here && !one.second.waiting.empty(); }));
}

std::optional<std::string> Places::elsewhere(TenantId tenant) const {
    const std::shared_lock lock(mutex_);
    const auto found = entries_.find(tenant);
    if (found == entries_.end() || found->second.here) {
        return std::nullopt;
    }
    const auto peer = peers_.find(found->second.owner);
    return peer == peers_.end() ? std::nullopt : std::optional(peer->second);
}

std::string Places::any_peer() const {
    const std::shared_lock lock(mutex_);
    return peers_.empty() ? std::string() : peers_.begin()->second;
}

void Places::doubt(TenantId tenant) {
    const std::unique_lock lock(mutex_);
    const auto found = entries_.find(tenant);
    if (found != entries_.end() && !found->second.here) {
        found->second.owner = 0;
    }
}

void Places::know(TenantId tenant, Placed placed, std::int64_t owner) {
    const std::unique_lock lock(mutex_);
    Entry& entry = entries_[tenant];
    if (!entry.here) {
        entry.placed = placed;
        entry.owner = owner;
    }
}

void Places::take(TenantId tenant, Placed placed) {
    {
        const std::unique_lock lock(mutex_);
        Entry& entry = entries_[tenant];
        entry.here = true;
        entry.held = true;  // until what waited is delivered
        place(entry, placed);
    }
    release(tenant);
}

void Places::let_go(TenantId tenant, std::int64_t owner) {
    {
        const std::unique_lock lock(mutex_);
        Entry& entry = entries_[tenant];
        leave(entry);
        entry.here = false;
        entry.owner = owner;
    }
    release(tenant);
}

void Places::fail_waiting(TenantId tenant, const std::exception_ptr& why) {
    std::vector<Pending> waiting;
    {
        const std::unique_lock lock(mutex_);
        Entry& entry = entries_[tenant];
        if (entry.here) {
            return;
        }
        waiting = std::exchange(entry.waiting, {});
    }
    for (const Pending& pending : waiting) {
        answer(*pending.job, why);
    }
}

bool Places::lost(TenantId tenant, std::int64_t epoch) {
    const std::unique_lock lock(mutex_);
    const auto found = entries_.find(tenant);
    if (found == entries_.end() || !found->second.here || found->second.held ||
        found->second.placed.epoch != epoch) {
        return false;
    }
    leave(found->second);
    found->second.here = false;
    found->second.owner = 0;
    return true;
}

}  // namespace hangu::storage
