#include "security/identity/caller_cache.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace hangu::identity {

namespace {

// Keys are SHA-256 values: any byte of them chooses as well as another.
std::size_t shard_at(std::string_view key, std::size_t shards) {
    return key.empty() ? 0 : static_cast<unsigned char>(key.back()) % shards;
}

class SeenJob final : public storage::Job {
 public:
    using Write = std::function<void(storage::Tx&, const CallerCache::Seen&)>;

    SeenJob(std::vector<CallerCache::Seen> seen, Write write)
        : seen_(std::move(seen)), write_(std::move(write)) {}
    storage::Decision body(storage::Tx& tx) override {
        for (const CallerCache::Seen& seen : seen_) {
            write_(tx, seen);
        }
        return storage::Decision::commit;
    }
    void done(const storage::Outcome&) override {}

 private:
    std::vector<CallerCache::Seen> seen_;
    Write write_;
};

}  // namespace

CallerCache::CallerCache(std::size_t count_max)
    : per_shard_count_max_(std::max<std::size_t>(1, count_max / kShardsCount)) {}

CallerCache::Shard& CallerCache::shard_of(std::string_view key) {
    return shards_[shard_at(key, kShardsCount)];
}

const CallerCache::Shard& CallerCache::shard_of(std::string_view key) const {
    return shards_[shard_at(key, kShardsCount)];
}

std::shared_ptr<const http::Caller> CallerCache::find(std::string_view key, Time now,
                                                      std::string_view browser) {
    Shard& shard = shard_of(key);
    const std::lock_guard lock(shard.mutex);
    const auto found = shard.index.find(key);
    if (found == shard.index.end()) {
        return nullptr;
    }
    Entry& entry = found->second->entry;
    const bool idle = entry.idle_ms_max > 0 && now > entry.seen_at.plus_ms(entry.idle_ms_max);
    if (now >= entry.expires_at || idle || now >= entry.fresh_until || entry.browser != browser) {
        return nullptr;  // the entry stays: the database has not heard of seen_at yet
    }
    entry.seen_at = std::max(entry.seen_at, now);
    shard.by_use.splice(shard.by_use.begin(), shard.by_use, found->second);
    return entry.caller;
}

std::optional<Time> CallerCache::seen_at(std::string_view key) const {
    const Shard& shard = shard_of(key);
    const std::lock_guard lock(shard.mutex);
    const auto found = shard.index.find(key);
    return found == shard.index.end() ? std::nullopt : std::optional(found->second->entry.seen_at);
}

void CallerCache::put(std::string_view key, Entry entry) {
    Shard& shard = shard_of(key);
    const std::lock_guard lock(shard.mutex);
    if (const auto found = shard.index.find(key); found != shard.index.end()) {
        Entry& kept = found->second->entry;
        entry.seen_at = std::max(entry.seen_at, kept.seen_at);
        entry.seen_written_at = std::max(entry.seen_written_at, kept.seen_written_at);
        kept = std::move(entry);
        shard.by_use.splice(shard.by_use.begin(), shard.by_use, found->second);
        return;
    }
    while (shard.by_use.size() >= per_shard_count_max_) {
        shard.index.erase(shard.by_use.back().key);
        shard.by_use.pop_back();
    }
    shard.by_use.push_front({std::string(key), std::move(entry)});
    shard.index.emplace(shard.by_use.front().key, shard.by_use.begin());
}

void CallerCache::forget_key(std::string_view key) {
    Shard& shard = shard_of(key);
    const std::lock_guard lock(shard.mutex);
    if (const auto found = shard.index.find(key); found != shard.index.end()) {
        const auto kept = found->second;
        shard.index.erase(found);
        shard.by_use.erase(kept);
    }
}

void CallerCache::forget_record(TenantId tenant, std::int64_t record_id) {
    forget_where([tenant, record_id](const Entry& entry) {
        return entry.record_id == record_id && entry.caller->tenant == tenant;
    });
}

void CallerCache::forget(TenantId tenant) {
    forget_where([tenant](const Entry& entry) { return entry.caller->tenant == tenant; });
}

void CallerCache::forget(TenantId tenant, http::ActorKind kind,
                         const std::vector<std::int64_t>& actors) {
    std::vector<std::int64_t> sorted = actors;
    std::sort(sorted.begin(), sorted.end());
    forget_where([tenant, kind, &sorted](const Entry& entry) {
        return entry.caller->tenant == tenant && entry.caller->kind == kind &&
               std::binary_search(sorted.begin(), sorted.end(), entry.caller->actor_id);
    });
}

void CallerCache::forget_where(const std::function<bool(const Entry&)>& matches) {
    for (Shard& shard : shards_) {
        const std::lock_guard lock(shard.mutex);
        for (auto kept = shard.by_use.begin(); kept != shard.by_use.end();) {
            const auto next = std::next(kept);
            if (matches(kept->entry)) {
                shard.index.erase(kept->key);
                shard.by_use.erase(kept);
            }
            kept = next;
        }
    }
}

std::vector<CallerCache::Seen> CallerCache::take_seen(std::int64_t after_ms,
                                                      std::size_t count_max) {
    std::vector<Seen> taken;
    for (Shard& shard : shards_) {
        const std::lock_guard lock(shard.mutex);
        for (Kept& kept : shard.by_use) {
            if (taken.size() >= count_max) {
                return taken;
            }
            Entry& entry = kept.entry;
            if (entry.seen_at >= entry.seen_written_at.plus_ms(after_ms)) {
                entry.seen_written_at = entry.seen_at;
                taken.push_back({entry.caller->tenant, entry.record_id, entry.seen_at});
            }
        }
    }
    return taken;
}

std::size_t CallerCache::count() const {
    std::size_t count = 0;
    for (const Shard& shard : shards_) {
        const std::lock_guard lock(shard.mutex);
        count += shard.by_use.size();
    }
    return count;
}

void submit_seen(storage::Engine& engine, const std::vector<CallerCache::Seen>& seen,
                 const std::function<void(storage::Tx&, const CallerCache::Seen&)>& write) {
    std::map<TenantId, std::vector<CallerCache::Seen>> by_tenant;
    for (const CallerCache::Seen& one : seen) {
        by_tenant[one.tenant].push_back(one);
    }
    for (auto& [tenant, of_tenant] : by_tenant) {
        engine.submit(tenant, storage::Work::write,
                      std::make_unique<SeenJob>(std::move(of_tenant), write));
    }
}

}  // namespace hangu::identity
