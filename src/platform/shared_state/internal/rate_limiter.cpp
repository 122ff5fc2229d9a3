#include "platform/shared_state/rate_limiter.hpp"

namespace hangu::shared_state {

RateLimiter::RateLimiter(std::size_t slots_per_shard) {
    for (Shard& shard : shards_) {
        shard.slots.resize(slots_per_shard);
    }
}

bool RateLimiter::admit(std::uint64_t key, const RatePolicy& policy, std::int64_t now_us) {
    Shard& shard = shards_[key % kShards];
    const std::lock_guard lock(shard.mutex);
    const std::size_t from = (key / kShards) % shard.slots.size();
    Slot* slot = nullptr;
    Slot* oldest = nullptr;
    for (std::size_t i = 0; i < kProbes; ++i) {
        Slot& candidate = shard.slots[(from + i) % shard.slots.size()];
        if (candidate.key == key) {
            slot = &candidate;
            break;
        }
        if (oldest == nullptr || candidate.arrival_us < oldest->arrival_us) {
            oldest = &candidate;
        }
    }
    if (slot == nullptr) {
        shard.evicted += oldest->key != 0 && oldest->arrival_us > now_us ? 1U : 0U;
        *oldest = {key, now_us};
        slot = oldest;
    }
    const std::int64_t arrival_us = std::max(slot->arrival_us, now_us);
    if (arrival_us - now_us > policy.tolerance_us) {
        return false;
    }
    slot->arrival_us = arrival_us + policy.interval_us;
    return true;
}

std::uint64_t RateLimiter::evicted_count() const {
    std::uint64_t count = 0;
    for (const Shard& shard : shards_) {
        const std::lock_guard lock(shard.mutex);
        count += shard.evicted;
    }
    return count;
}

std::uint64_t rate_key(std::string_view identity, std::string_view route) {
    std::uint64_t hash = 0xCBF29CE484222325ULL;  // FNV-1a
    for (const std::string_view part : {identity, route}) {
        for (const char c : part) {
            hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
        }
        hash = (hash ^ 0xFFU) * 0x100000001B3ULL;
    }
    return hash | 1U;
}

}  // namespace hangu::shared_state
