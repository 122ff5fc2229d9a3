#include "security/protection/violations.hpp"

#include <algorithm>

namespace hangu::protection {

Violations::Counted& Violations::counted(const Key& key) {
    const auto found = index_.find(key);
    if (found != index_.end()) {
        by_use_.splice(by_use_.begin(), by_use_, found->second);
        return by_use_.front();
    }
    if (index_.size() >= actors_count_max_) {
        index_.erase(by_use_.back().key);
        by_use_.pop_back();
    }
    by_use_.push_front(Counted{key, {}, Measure::none, Time()});
    index_.emplace(key, by_use_.begin());
    return by_use_.front();
}

namespace {

Measure due(const ViolationLimits& limits, std::int64_t count) {
    if (count >= limits.lock_count) {
        return Measure::lock;
    }
    if (count >= limits.end_sessions_count) {
        return Measure::end_sessions;
    }
    return count >= limits.alert_count ? Measure::alert : Measure::none;
}

}  // namespace

Noted Violations::note(const ViolationLimits& limits, TenantId tenant, std::int64_t actor_id,
                       Time now, std::uint64_t thing) {
    const std::lock_guard lock(mutex_);
    Counted& actor = counted({tenant.value(), actor_id});
    std::deque<Refusal>& refusals = actor.refusals;
    const Time since = now.plus_ms(-limits.window_ms);
    while (!refusals.empty() && refusals.front().at <= since) {
        refusals.pop_front();
    }
    if (actor.taken_at <= since) {
        actor.taken = Measure::none;
    }
    const bool again = thing != 0 && std::any_of(refusals.begin(), refusals.end(),
                                                 [thing](const Refusal& refusal) {
                                                     return refusal.thing == thing;
                                                 });
    if (again) {
        return {Measure::none, static_cast<std::int64_t>(refusals.size())};
    }
    refusals.push_back({now, thing});
    while (refusals.size() > static_cast<std::size_t>(limits.lock_count)) {
        refusals.pop_front();
    }
    const auto count = static_cast<std::int64_t>(refusals.size());
    const Measure measure = due(limits, count);
    if (measure <= actor.taken) {
        return {Measure::none, count};
    }
    actor.taken = measure;
    actor.taken_at = now;
    return {measure, count};
}

void Violations::forget(TenantId tenant, std::int64_t actor_id) {
    const std::lock_guard lock(mutex_);
    const auto found = index_.find({tenant.value(), actor_id});
    if (found != index_.end()) {
        by_use_.erase(found->second);
        index_.erase(found);
    }
}

std::size_t Violations::actors_count() const {
    const std::lock_guard lock(mutex_);
    return index_.size();
}

}  // namespace hangu::protection
