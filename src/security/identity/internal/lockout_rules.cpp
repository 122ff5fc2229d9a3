#include "security/identity/internal/lockout_rules.hpp"

#include <algorithm>

namespace hangu::identity {

namespace {

constexpr std::int64_t kLevelMax = 7;  // 15 minutes doubled seven times is more than a day

}  // namespace

LaneState aged(LaneState state, const LockLimits& limits, Time now) {
    if (now >= state.window_began_at.plus_ms(limits.window_ms)) {
        state.failures = 0;
    }
    while (state.level > 0 && now >= state.level_at.plus_ms(limits.decay_ms)) {
        --state.level;
        state.level_at = state.level_at.plus_ms(limits.decay_ms);
    }
    return state;
}

bool is_locked(const LaneState& state, const LockLimits& limits, Time now) {
    return now < state.locked_until || state.consecutive >= limits.consecutive_max;
}

bool may_try(const LaneState& state, std::int64_t flying, const LockLimits& limits, Time now) {
    const LaneState present = aged(state, limits, now);
    return !is_locked(present, limits, now) && present.failures + flying < limits.failures_max &&
           present.consecutive + flying < limits.consecutive_max;
}

LaneState after_failure(LaneState state, const LockLimits& limits, Time now) {
    state = aged(state, limits, now);
    if (state.failures == 0) {
        state.window_began_at = now;
    }
    ++state.failures;
    ++state.consecutive;
    if (state.failures >= limits.failures_max) {
        const std::int64_t doubled = limits.lock_ms << std::min(state.level, kLevelMax);
        state.locked_until = now.plus_ms(std::min(doubled, limits.lock_ms_max));
        state.level = std::min(state.level + 1, kLevelMax);
        state.level_at = state.locked_until;
        state.failures = 0;
    }
    return state;
}

LaneState after_success(LaneState state) {
    state.failures = 0;
    state.consecutive = 0;
    return state;
}

LaneState after_known_success(LaneState state) {
    state.consecutive = 0;
    return state;
}

}  // namespace hangu::identity
