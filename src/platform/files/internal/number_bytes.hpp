// A number as the formats of this module keep it: 8 bytes, the highest first.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace hangu::files {

inline std::string number_bytes(std::int64_t value) {
    std::string bytes(8, '\0');
    auto left = static_cast<std::uint64_t>(value);
    for (std::size_t i = 8; i-- > 0;) {
        bytes[i] = static_cast<char>(left & 0xFFU);
        left >>= 8U;
    }
    return bytes;
}

inline std::int64_t number_at(std::string_view bytes) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < 8; ++i) {
        value = (value << 8U) | static_cast<unsigned char>(bytes[i]);
    }
    return static_cast<std::int64_t>(value);
}

}  // namespace hangu::files
