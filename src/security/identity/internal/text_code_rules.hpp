// Codes by text message: how they are made, and how often they may be asked for.
#pragma once

#include "base/randomness.hpp"
#include "base/time.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace hangu::identity {

// Six digits, each code as likely as any other.
std::string make_text_code(Randomness& randomness);

struct TextLimits {
    std::int64_t pause_ms = kMinuteMs;  // between two to one phone
    std::int64_t per_hour_max = 5;
    std::int64_t per_day_max = 10;
};

// How long until another may be sent to a phone; 0: now. `sent` of the last day, newest first.
std::int64_t wait_for_text_ms(const std::vector<Time>& sent, const TextLimits& limits, Time now);

}  // namespace hangu::identity
