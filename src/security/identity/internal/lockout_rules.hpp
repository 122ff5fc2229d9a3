// When passwords for an account are no longer looked at. Pure. Failures of one lane (strangers, or
// one known browser) are counted in a window; a full window locks the lane, twice as long each
// time; a level is forgotten after a day without locks.
#pragma once

#include "base/time.hpp"

#include <cstdint>

namespace hangu::identity {

struct LockLimits {
    std::int64_t failures_max = 5;  // per window
    std::int64_t window_ms = 15 * kMinuteMs;
    std::int64_t lock_ms = 15 * kMinuteMs;  // the first lock
    std::int64_t lock_ms_max = 24 * kHourMs;
    std::int64_t decay_ms = 24 * kHourMs;
    std::int64_t consecutive_max = 100;  // NIST SP 800-63B 3.2.2; then it stays locked
};

struct LaneState {
    Time window_began_at;
    std::int64_t failures = 0;
    std::int64_t level = 0;
    Time level_at;  // from here on the level decays
    Time locked_until;
    std::int64_t consecutive = 0;  // since the owner was last here

    friend bool operator==(const LaneState&, const LaneState&) = default;
};

LaneState aged(LaneState state, const LockLimits& limits, Time now);
bool is_locked(const LaneState& state, const LockLimits& limits, Time now);
// `flying` attempts are being looked at right now and may all fail.
bool may_try(const LaneState& state, std::int64_t flying, const LockLimits& limits, Time now);
LaneState after_failure(LaneState state, const LockLimits& limits, Time now);
// The level stays: who guesses between two visits of the owner waits longer each time.
LaneState after_success(LaneState state);
// For the strangers' lane, when the owner came in by a browser that the account knows.
LaneState after_known_success(LaneState state);

}  // namespace hangu::identity
