#include "security/identity/internal/lockouts.hpp"

#include <iterator>

namespace hangu::identity {

namespace {

constexpr int kLooksCountMax = 64;  // lanes looked at to find one that may be forgotten

}  // namespace

Lockouts::Lane* Lockouts::find(std::string_view key) {
    const auto found = index_.find(key);
    if (found == index_.end()) {
        return nullptr;
    }
    by_use_.splice(by_use_.begin(), by_use_, found->second);
    return &*found->second;
}

// Forgets what is neither locked nor being tried; when the oldest all are, the oldest of them.
void Lockouts::make_room(const LockLimits& limits, Time now) {
    if (by_use_.size() < count_max_) {
        return;
    }
    auto chosen = std::prev(by_use_.end());
    auto at = chosen;
    for (int i = 0; i < kLooksCountMax; ++i) {
        if (at->flying == 0 && !is_locked(at->state, limits, now)) {
            chosen = at;
            break;
        }
        if (at == by_use_.begin()) {
            break;
        }
        --at;
    }
    index_.erase(chosen->key);
    by_use_.erase(chosen);
}

bool Lockouts::reserve(const std::string& key, const LaneState& stored, const LockLimits& limits,
                       Time now) {
    const std::lock_guard lock(mutex_);
    Lane* lane = find(key);
    if (lane == nullptr) {
        make_room(limits, now);
        by_use_.push_front({key, stored, 0});
        lane = &by_use_.front();
        index_.emplace(lane->key, by_use_.begin());
    }
    if (!may_try(lane->state, lane->flying, limits, now)) {
        return false;
    }
    ++lane->flying;
    return true;
}

void Lockouts::give_back(std::string_view key) {
    const std::lock_guard lock(mutex_);
    if (Lane* lane = find(key); lane != nullptr && lane->flying > 0) {
        --lane->flying;
    }
}

LaneState Lockouts::failed(std::string_view key, const LockLimits& limits, Time now) {
    const std::lock_guard lock(mutex_);
    Lane* lane = find(key);
    if (lane == nullptr) {
        return after_failure(LaneState(), limits, now);
    }
    lane->flying -= lane->flying > 0 ? 1 : 0;
    lane->state = after_failure(lane->state, limits, now);
    return lane->state;
}

LaneState Lockouts::succeeded(std::string_view key) {
    const std::lock_guard lock(mutex_);
    Lane* lane = find(key);
    if (lane == nullptr) {
        return {};
    }
    lane->flying -= lane->flying > 0 ? 1 : 0;
    lane->state = after_success(lane->state);
    return lane->state;
}

void Lockouts::owner_was_here(std::string_view key) {
    const std::lock_guard lock(mutex_);
    if (Lane* lane = find(key)) {
        lane->state = after_known_success(lane->state);
    }
}

void Lockouts::forget(std::string_view key) {
    const std::lock_guard lock(mutex_);
    if (const auto found = index_.find(key); found != index_.end()) {
        const auto lane = found->second;
        index_.erase(found);
        by_use_.erase(lane);
    }
}

std::optional<LaneState> Lockouts::state(std::string_view key) const {
    const std::lock_guard lock(mutex_);
    const auto found = index_.find(key);
    return found == index_.end() ? std::nullopt : std::optional(found->second->state);
}

}  // namespace hangu::identity
