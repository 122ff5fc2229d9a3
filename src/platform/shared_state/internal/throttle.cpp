#include "platform/shared_state/throttle.hpp"

#include <algorithm>

namespace hangu::shared_state {

Throttle::Counted& Throttle::counted(const std::string& key, Time now) {
    const auto found = index_.find(key);
    if (found != index_.end()) {
        Counted& known = *found->second;
        if (now >= known.began_at.plus_ms(kWindowMs)) {
            known.began_at = now;
            known.attempts = 0;
            by_age_.splice(by_age_.begin(), by_age_, found->second);
        }
        return known;
    }
    while (by_age_.size() >= count_max_) {
        index_.erase(by_age_.back().key);
        by_age_.pop_back();
    }
    by_age_.push_front({key, now, 0});
    index_.emplace(by_age_.front().key, by_age_.begin());
    return by_age_.front();
}

bool Throttle::reserve(const std::vector<Claim>& claims, Time now) {
    const std::lock_guard lock(mutex_);
    const bool free = std::all_of(claims.begin(), claims.end(), [&](const Claim& claim) {
        return counted(claim.key, now).attempts < claim.attempts_max;
    });
    if (free) {
        for (const Claim& claim : claims) {
            ++counted(claim.key, now).attempts;
        }
    }
    return free;
}

void Throttle::give_back(std::string_view key) {
    const std::lock_guard lock(mutex_);
    const auto found = index_.find(key);
    if (found != index_.end() && found->second->attempts > 0) {
        --found->second->attempts;
    }
}

void Throttle::clear(std::string_view key) {
    const std::lock_guard lock(mutex_);
    if (const auto found = index_.find(key); found != index_.end()) {
        const auto counted = found->second;
        index_.erase(found);
        by_age_.erase(counted);
    }
}

}  // namespace hangu::shared_state
