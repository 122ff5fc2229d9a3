#include "security/identity/internal/text_code_rules.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hangu::identity {

namespace {

constexpr std::uint64_t kCodesCount = 1'000'000;

// As of when fewer than `count_max` lie within the span.
std::int64_t wait_ms(const std::vector<Time>& sent, std::int64_t count_max, std::int64_t span_ms,
                     Time now) {
    const auto at = static_cast<std::size_t>(count_max);
    if (count_max <= 0 || sent.size() < at) {
        return 0;
    }
    return std::max<std::int64_t>(0, sent[at - 1].plus_ms(span_ms).unix_ms() - now.unix_ms());
}

}  // namespace

std::string make_text_code(Randomness& randomness) {
    constexpr std::uint64_t kFairMax = UINT64_MAX - UINT64_MAX % kCodesCount;
    std::uint64_t drawn = randomness.number();
    while (drawn >= kFairMax) {
        drawn = randomness.number();
    }
    return fmt::format("{:06}", drawn % kCodesCount);
}

std::int64_t wait_for_text_ms(const std::vector<Time>& sent, const TextLimits& limits, Time now) {
    return std::max({wait_ms(sent, 1, limits.pause_ms, now),
                     wait_ms(sent, limits.per_hour_max, kHourMs, now),
                     wait_ms(sent, limits.per_day_max, kDayMs, now)});
}

}  // namespace hangu::identity
