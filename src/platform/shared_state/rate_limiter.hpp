// GCRA: one number per key, exact token-bucket behaviour, fixed memory. The formula is the "virtual
// scheduling" form of ITU-T I.371.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string_view>
#include <vector>

namespace hangu::shared_state {

// `per_minute` is the sustained rate, at most one in a microsecond; a sixth of a minute's worth (at
// least 5) may come at once.
struct RatePolicy {
    std::int64_t interval_us = 0;
    std::int64_t tolerance_us = 0;

    // One of `share` parts, which together allow no more than the whole does (as long as there are
    // not more parts than may come at once).
    static RatePolicy of(std::int64_t per_minute, std::int64_t share = 1) {
        const std::int64_t burst = std::max<std::int64_t>(per_minute / 6, 5);
        const std::int64_t part = std::max<std::int64_t>(burst / share, 1);
        const std::int64_t each_us = 60'000'000 / std::max<std::int64_t>(per_minute, 1);
        const std::int64_t interval_us = std::max<std::int64_t>(each_us, 1) * share;
        return {interval_us, interval_us * (part - 1)};
    }
};

class RateLimiter {
 public:
    explicit RateLimiter(std::size_t slots_per_shard = 16384);

    // May one more request of this key pass?
    bool admit(std::uint64_t key, const RatePolicy& policy, std::int64_t now_us);
    bool admit(std::uint64_t key, std::int64_t per_minute, std::int64_t now_us) {
        return admit(key, RatePolicy::of(per_minute), now_us);
    }

    std::uint64_t evicted_count() const;  // live keys that lost their place: the table is too small

 private:
    struct Slot {
        std::uint64_t key = 0;
        std::int64_t arrival_us = 0;  // theoretical arrival time
    };
    struct Shard {
        mutable std::mutex mutex;
        std::vector<Slot> slots;
        std::uint64_t evicted = 0;
    };
    static constexpr std::size_t kShards = 16;
    static constexpr std::size_t kProbes = 8;

    std::array<Shard, kShards> shards_;
};

std::uint64_t rate_key(std::string_view identity, std::string_view route);

}  // namespace hangu::shared_state
