#include "base/id.hpp"

#include "base/check.hpp"

#include <cstdint>

namespace hangu {

namespace {

constexpr std::int64_t kEpochMs = 1704067200000;  // 2024-01-01T00:00:00Z
constexpr std::string_view kAlphabet = "0123456789abcdefghjkmnpqrstvwxyz";

int digit_of(char c) {
    const std::size_t at = kAlphabet.find(c);
    return at == std::string_view::npos ? -1 : static_cast<int>(at);
}

}  // namespace

std::string id_text(std::int64_t value) {
    std::string text(13, '0');
    auto rest = static_cast<std::uint64_t>(value);
    for (std::size_t i = 13; i-- > 0;) {
        text[i] = kAlphabet[rest & 31U];
        rest >>= 5U;
    }
    return text;
}

std::optional<std::int64_t> parse_id(std::string_view text) {
    if (text.size() != 13) {
        return std::nullopt;
    }
    std::uint64_t value = 0;
    for (const char c : text) {
        const int digit = digit_of(c);
        if (digit < 0 || value > (std::uint64_t{1} << 58U)) {
            return std::nullopt;
        }
        value = (value << 5U) | static_cast<std::uint64_t>(digit);
    }
    if (value == 0 || value > static_cast<std::uint64_t>(INT64_MAX)) {
        return std::nullopt;
    }
    return static_cast<std::int64_t>(value);
}

IdSource::IdSource(std::uint32_t node) : node_bits_(std::uint64_t{node} << 12U) {
    HANGU_ASSERT(node < 1024);
}

void IdSource::become(std::uint32_t node) {
    HANGU_ASSERT(node < 1024 && last_ == 0);
    node_bits_ = std::uint64_t{node} << 12U;
}

std::int64_t IdSource::next(std::int64_t now_ms) {
    const std::int64_t since = now_ms > kEpochMs ? now_ms - kEpochMs : 0;
    const std::uint64_t wanted = static_cast<std::uint64_t>(since) << 12U;
    std::uint64_t last = last_.load(std::memory_order_relaxed);
    std::uint64_t mine = 0;
    do {
        mine = wanted > last ? wanted : last + 1;
    } while (!last_.compare_exchange_weak(last, mine, std::memory_order_relaxed));
    const std::uint64_t milliseconds = mine >> 12U;
    const std::uint64_t sequence = mine & 0xFFFU;
    return static_cast<std::int64_t>((milliseconds << 22U) | node_bits_ | sequence);
}

std::int64_t IdSource::floor_at(std::int64_t unix_ms) {
    const std::int64_t since = unix_ms > kEpochMs ? unix_ms - kEpochMs : 0;
    return since << 22U;
}

}  // namespace hangu
