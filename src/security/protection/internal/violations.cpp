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

Measure Violations::due(std::size_t count) const {
    const auto reached = [count](int limit) { return count >= static_cast<std::size_t>(limit); };
    if (reached(limits_.lock_count)) {
        return Measure::lock;
    }
    if (reached(limits_.end_sessions_count)) {
        return Measure::end_sessions;
    }
    return reached(limits_.alert_count) ? Measure::alert : Measure::none;
}

Measure Violations::note(TenantId tenant, std::int64_t actor_id, Time now) {
    const std::lock_guard lock(mutex_);
    Counted& actor = counted({tenant.value(), actor_id});
    const Time since = now.plus_ms(-limits_.window_ms);
    while (!actor.refusals.empty() && actor.refusals.front() <= since) {
        actor.refusals.pop_front();
    }
    if (actor.taken_at <= since) {
        actor.taken = Measure::none;
    }
    actor.refusals.push_back(now);
    if (actor.refusals.size() > static_cast<std::size_t>(limits_.lock_count)) {
        actor.refusals.pop_front();
    }
    const Measure measure = due(actor.refusals.size());
    if (measure <= actor.taken) {
        return Measure::none;
    }
    actor.taken = measure;
    actor.taken_at = now;
    return measure;
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
