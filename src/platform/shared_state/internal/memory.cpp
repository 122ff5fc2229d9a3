#include "platform/shared_state/internal/memory.hpp"

#include "base/check.hpp"

#include <algorithm>

namespace hangu::shared_state {

namespace {

std::int64_t end_of(const Clock& clock, std::int64_t ttl_ms) {
    return clock.monotonic_us() + ttl_ms * 1000;
}

}  // namespace

// ---- nonces

Taken MemoryNonces::take(std::string_view key, std::int64_t ttl_ms) {
    const std::int64_t now_us = clock_.monotonic_us();
    const std::lock_guard lock(mutex_);
    while (!by_end_.empty() && by_end_.begin()->first <= now_us) {
        ends_us_.erase(by_end_.begin()->second);
        by_end_.erase(by_end_.begin());
    }
    std::string name(key);
    if (ends_us_.contains(name)) {
        return Taken::seen_before;
    }
    if (ends_us_.size() >= count_max_) {
        return Taken::refused;
    }
    const std::int64_t ends_us = now_us + ttl_ms * 1000;
    by_end_.emplace(ends_us, name);
    ends_us_.emplace(std::move(name), ends_us);
    return Taken::first;
}

void MemoryNonces::forget(std::string_view key) {
    const std::lock_guard lock(mutex_);
    const auto found = ends_us_.find(std::string(key));
    if (found == ends_us_.end()) {
        return;
    }
    const auto [from, to] = by_end_.equal_range(found->second);
    by_end_.erase(std::find_if(from, to, [&](const auto& one) { return one.second == key; }));
    ends_us_.erase(found);
}

// ---- notes

void MemoryNotes::drop(Space& space, const std::string& key) {
    const auto found = space.notes.find(key);
    if (found == space.notes.end()) {
        return;
    }
    const auto [from, to] = space.by_end.equal_range(found->second.ends_us);
    space.by_end.erase(std::find_if(from, to, [&](const auto& one) { return one.second == key; }));
    space.notes.erase(found);
}

bool MemoryNotes::put(std::string_view space_name, std::string_view key, std::string_view value,
                      std::int64_t ttl_ms) {
    if (value.size() > kNoteBytesMax) {
        return false;
    }
    const std::int64_t now_us = clock_.monotonic_us();
    const std::lock_guard lock(mutex_);
    Space& space = spaces_[std::string(space_name)];
    while (!space.by_end.empty() && space.by_end.begin()->first <= now_us) {
        space.notes.erase(space.by_end.begin()->second);
        space.by_end.erase(space.by_end.begin());
    }
    std::string name(key);
    drop(space, name);
    if (space.notes.size() >= count_max_) {
        return false;
    }
    const std::int64_t ends_us = end_of(clock_, ttl_ms);
    space.by_end.emplace(ends_us, name);
    space.notes.emplace(std::move(name), Kept{std::string(value), ends_us});
    return true;
}

std::optional<std::string> MemoryNotes::find(std::string_view space_name, std::string_view key,
                                             bool take) {
    const std::lock_guard lock(mutex_);
    const auto space = spaces_.find(space_name);
    if (space == spaces_.end()) {
        return std::nullopt;
    }
    const std::string name(key);
    const auto found = space->second.notes.find(name);
    if (found == space->second.notes.end() || found->second.ends_us <= clock_.monotonic_us()) {
        return std::nullopt;
    }
    std::string value = found->second.value;
    if (take) {
        drop(space->second, name);
    }
    return value;
}

// ---- bells

void MemoryBells::ring(std::string_view topic, std::string_view payload) {
    HANGU_ASSERT(payload.size() <= kBellBytesMax);
    listeners_.tell(topic, {std::string(payload), false});
}

std::unique_ptr<Listening> MemoryBells::listen(std::string_view topic, Hear hear) {
    const Hear first = hear;
    std::unique_ptr<Listening> listening = listeners_.add(topic, std::move(hear));
    first({"", true});  // as on the other side: what was before the listening may have been missed
    return listening;
}

// ---- locks

void MemoryLocks::acquire(std::string_view name, std::int64_t ttl_ms,
                          std::function<void(std::optional<Lease>)> answer) {
    HANGU_ASSERT(ttl_ms > 0 && ttl_ms <= kLeaseMsMax);
    const std::int64_t now_us = clock_.monotonic_us();
    std::optional<Lease> lease;
    {
        const std::lock_guard lock(mutex_);
        std::erase_if(held_, [now_us](const auto& one) { return one.second.ends_us <= now_us; });
        if (!held_.contains(name)) {
            last_token_ = std::max(last_token_ + 1,
                                   static_cast<std::uint64_t>(clock_.now().unix_ms()) * 1000);
            held_[std::string(name)] = {last_token_, now_us + ttl_ms * 1000};
            lease = Lease{std::string(name), last_token_};
        }
    }
    answer(std::move(lease));
}

void MemoryLocks::renew(const Lease& lease, std::int64_t ttl_ms, std::function<void(bool)> answer) {
    HANGU_ASSERT(ttl_ms > 0 && ttl_ms <= kLeaseMsMax);
    const std::int64_t now_us = clock_.monotonic_us();
    bool kept = false;
    {
        const std::lock_guard lock(mutex_);
        const auto found = held_.find(lease.name);
        kept = found != held_.end() && found->second.token == lease.token &&
               found->second.ends_us > now_us;
        if (kept) {
            found->second.ends_us = now_us + ttl_ms * 1000;
        }
    }
    answer(kept);
}

void MemoryLocks::release(const Lease& lease, std::function<void(bool)> answer) {
    bool had = false;
    {
        const std::lock_guard lock(mutex_);
        const auto found = held_.find(lease.name);
        had = found != held_.end() && found->second.token == lease.token &&
              found->second.ends_us > clock_.monotonic_us();
        if (had) {
            held_.erase(found);
        }
    }
    answer(had);
}

}  // namespace hangu::shared_state
