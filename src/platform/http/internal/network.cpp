#include "platform/http/network.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <optional>
#include <string_view>

namespace hangu::http {

namespace {

// The first `groups_count` groups of sixteen bits of an IPv6 address, "::" written out.
std::optional<std::array<unsigned, 3>> first_groups(std::string_view address) {
    std::array<unsigned, 3> groups{};
    for (std::size_t at = 0; at < groups.size(); ++at) {
        const std::size_t colon = address.find(':');
        if (colon == std::string_view::npos) {
            return std::nullopt;
        }
        const std::string_view part = address.substr(0, colon);
        if (part.empty()) {
            return groups;  // "::": zeroes from here, whatever follows lies behind
        }
        const auto read = std::from_chars(part.data(), part.data() + part.size(), groups[at], 16);
        if (read.ec != std::errc() || read.ptr != part.data() + part.size() || part.size() > 4) {
            return std::nullopt;
        }
        address.remove_prefix(colon + 1);
    }
    return groups;
}

std::string network_of_four(std::string_view address) {
    std::array<unsigned, 4> parts{};
    for (std::size_t at = 0; at < parts.size(); ++at) {
        const auto read =
            std::from_chars(address.data(), address.data() + address.size(), parts[at]);
        if (read.ec != std::errc() || parts[at] > 255) {
            return "";
        }
        address.remove_prefix(static_cast<std::size_t>(read.ptr - address.data()));
        const bool last = at + 1 == parts.size();
        if (last != address.empty() || (!last && address.front() != '.')) {
            return "";
        }
        address.remove_prefix(last ? 0 : 1);
    }
    return fmt::format("{}.{}.{}.0/24", parts[0], parts[1], parts[2]);
}

}  // namespace

std::string network_of(const std::string& address) {
    constexpr std::string_view kMapped = "::ffff:";
    if (address.find(':') == std::string::npos) {
        return network_of_four(address);
    }
    if (address.starts_with(kMapped) && address.find('.') != std::string::npos) {
        return network_of_four(std::string_view(address).substr(kMapped.size()));
    }
    const auto groups = first_groups(address);
    return groups ? fmt::format("{:x}:{:x}:{:x}::/48", (*groups)[0], (*groups)[1], (*groups)[2])
                  : "";
}

}  // namespace hangu::http
