// Callers that were recognised, by the SHA-256 of their credential, so that a request of a known
// caller needs no database. Bounded; the entry unused for longest goes first.
#pragma once

#include "base/id.hpp"
#include "base/time.hpp"
#include "platform/http/caller.hpp"
#include "platform/storage/engine.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace hangu::identity {

class CallerCache {
 public:
    struct Entry {
        std::shared_ptr<const http::Caller> caller;
        std::int64_t record_id = 0;    // session or key, for writing "last seen"
        Time expires_at;               // absolute end of the session
        std::int64_t idle_ms_max = 0;  // 0: no idle limit
        Time seen_at;                  // last request
        Time seen_written_at;          // what the database knows of it
        Time fresh_until;              // then the database is asked again, whatever we believe
        std::string browser;           // another one is not believed
    };
    // A "last seen" that should be written.
    struct Seen {
        TenantId tenant;
        std::int64_t record_id = 0;
        Time at;
    };

    explicit CallerCache(std::size_t count_max);

    // The caller if it may still be believed; notes the visit. Null: ask the database.
    std::shared_ptr<const http::Caller> find(std::string_view key, Time now,
                                             std::string_view browser = {});
    // When it was last seen here, which the database may not know yet.
    std::optional<Time> seen_at(std::string_view key) const;
    void put(std::string_view key, Entry entry);

    void forget_key(std::string_view key);
    void forget_record(TenantId tenant, std::int64_t record_id);
    void forget(TenantId tenant);
    void forget(TenantId tenant, http::ActorKind kind, const std::vector<std::int64_t>& actors);

    // Visits that the database should hear of: those at least `after_ms` newer than what it knows.
    // They count as written; at most `count_max`.
    std::vector<Seen> take_seen(std::int64_t after_ms, std::size_t count_max);
    std::size_t count() const;

 private:
    struct Kept {
        std::string key;
        Entry entry;
    };
    struct Shard {
        mutable std::mutex mutex;
        std::list<Kept> by_use;  // most recent first
        std::unordered_map<std::string_view, std::list<Kept>::iterator> index;
    };
    static constexpr std::size_t kShardsCount = 16;

    Shard& shard_of(std::string_view key);
    const Shard& shard_of(std::string_view key) const;
    void forget_where(const std::function<bool(const Entry&)>& matches);

    std::size_t per_shard_count_max_;
    std::array<Shard, kShardsCount> shards_;
};

// Writes them, one transaction per tenant, each by `write`; never waits, and what a full queue
// refuses is lost: a later visit is written again.
void submit_seen(storage::Engine& engine, const std::vector<CallerCache::Seen>& seen,
                 const std::function<void(storage::Tx&, const CallerCache::Seen&)>& write);

}  // namespace hangu::identity
