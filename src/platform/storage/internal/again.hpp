// Work that a server gave up for another's sake runs again, as a whole: at once the first time,
// then after pauses that grow, in which whoever was in the way gets done. On a Galera cluster a
// change of the schema ends what others do with its table; a move makes hundreds of them, and on a
// busy machine the same unit was met four times in a row (ADR 0029).
#pragma once

#include <poll.h>

namespace hangu::storage {

// In all; the pauses before them are 184 ms together.
inline constexpr int kUnitAttemptsMax = 6;

// Before attempt number `attempt`. None before one that is not made.
inline void pause_before(int attempt) {
    constexpr int kPausesMs[] = {0, 0, 0, 8, 16, 32, 128};
    if (attempt <= kUnitAttemptsMax && kPausesMs[attempt] > 0) {
        ::poll(nullptr, 0, kPausesMs[attempt]);
    }
}

}  // namespace hangu::storage
