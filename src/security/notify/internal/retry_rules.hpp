// When what failed is tried again. Pure.
#pragma once

#include "base/time.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace hangu::notify {

// After the first, second, … attempt; the last one repeats.
inline constexpr std::array<std::int64_t, 7> kTextRetrySeconds = {2, 5, 15, 30, 60, 60, 60};
inline constexpr std::array<std::int64_t, 7> kDeliveryRetrySeconds = {5,    30,   120, 600,
                                                                      1800, 3600, 7200};

// A row that is being sent is not taken again within this time, even if the process dies.
inline constexpr std::int64_t kLeaseMs = 2 * kMinuteMs;

template <std::size_t Count>
Time next_try(const std::array<std::int64_t, Count>& seconds, std::int64_t attempts, Time now) {
    const std::int64_t at = std::clamp<std::int64_t>(attempts - 1, 0, Count - 1);
    return now.plus_ms(seconds[static_cast<std::size_t>(at)] * kSecondMs);
}

}  // namespace hangu::notify
