#include "base/text.hpp"
#include "platform/observe/observe.hpp"

namespace hangu::observe {

namespace {

constexpr std::size_t kTraceBytes = 16;
constexpr std::size_t kSpanBytes = 8;

// All zeros means "none" in the standard.
std::string random_hex(Randomness& randomness, std::size_t bytes) {
    std::string hex = to_hex(randomness.bytes(bytes));
    if (hex.find_first_not_of('0') == std::string::npos) {
        hex.back() = '1';
    }
    return hex;
}

bool is_lower_hex(std::string_view text) {
    return text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

bool is_id(std::string_view text) {
    return is_lower_hex(text) && text.find_first_not_of('0') != std::string_view::npos;
}

}  // namespace

TraceId new_trace(Randomness& randomness) {
    std::string trace = random_hex(randomness, kTraceBytes);
    return {std::move(trace), random_hex(randomness, kSpanBytes)};
}

// version(2) "-" trace(32) "-" span(16) "-" flags(2); a later version than 00 may have more behind.
TraceId trace_from(std::string_view traceparent, Randomness& randomness) {
    constexpr std::size_t kLength = 55;
    const std::string_view header = trimmed(traceparent);
    if (header.size() < kLength || header[2] != '-' || header[35] != '-' || header[52] != '-') {
        return new_trace(randomness);
    }
    const std::string_view version = header.substr(0, 2);
    const bool right_length =
        header.size() == kLength || (version != "00" && header[kLength] == '-');
    const bool well_formed = is_lower_hex(version) && version != "ff" && right_length &&
                             is_id(header.substr(3, 32)) && is_id(header.substr(36, 16)) &&
                             is_lower_hex(header.substr(53, 2));
    if (!well_formed) {
        return new_trace(randomness);
    }
    return {std::string(header.substr(3, 32)), random_hex(randomness, kSpanBytes)};
}

}  // namespace hangu::observe
