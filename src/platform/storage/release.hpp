// Versions of the program as far as the schema cares about them, and the phases in which a schema
// changes while two versions work side by side.
#pragma once

#include "base/describe.hpp"

#include <charconv>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hangu::storage {

// base: a step without a phase line; what came before phases, and what every program needs that
// opens the database at all. expand: only adds, so that older programs go on working. migrate:
// fills what was added, tenant by tenant. contract: removes what no living program needs any more.
enum class Phase { base, expand, migrate, contract };
HANGU_ENUM(Phase, base, expand, migrate, contract)

// "0.2" of version 0.2.7: what is mended in between does not change the schema.
struct Release {
    std::int64_t first = 0;
    std::int64_t second = 0;

    friend auto operator<=>(const Release&, const Release&) = default;

    std::string text() const { return std::to_string(first) + "." + std::to_string(second); }
    static std::optional<Release> parse(std::string_view text) {
        Release release;
        const char* const end = text.data() + text.size();
        const auto one = std::from_chars(text.data(), end, release.first);
        if (one.ec != std::errc() || one.ptr == end || *one.ptr != '.') {
            return std::nullopt;
        }
        const auto two = std::from_chars(one.ptr + 1, end, release.second);
        if (two.ec != std::errc() || (two.ptr != end && *two.ptr != '.')) {
            return std::nullopt;
        }
        return release;
    }
};

}  // namespace hangu::storage
