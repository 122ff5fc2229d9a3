// What every list of the commerce layer shares: limits, opaque cursors, search patterns.
#pragma once

#include "base/id.hpp"
#include "base/json.hpp"
#include "base/result.hpp"
#include "base/text.hpp"

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace hangu::organisation {

using PageLimit = std::optional<Number<1, 100>>;
using PageCursor = std::optional<Text<1, 120>>;
using PageQuery = std::optional<Text<0, 60>>;

inline std::int64_t rows_of(const PageLimit& limit) {
    return limit ? std::int64_t{*limit} : 20;
}

// Pages are found by the last key shown, wrapped so that nobody builds on its form.
inline std::string cursor_of(std::string_view last_key) {
    return to_base64url(last_key);
}

inline Result<std::string> key_of(const PageCursor& cursor) {
    if (!cursor) {
        return std::string();
    }
    std::optional<std::string> key = from_base64url(cursor->str());
    if (!key || !is_utf8(*key)) {
        return Problem::invalid_field("cursor", "field.not_a_cursor");
    }
    return *std::move(key);
}

// The id below which a list "newest first" goes on; the largest one for the first page.
inline Result<std::int64_t> id_before(const PageCursor& cursor) {
    HANGU_TRY(const std::string key, key_of(cursor));
    if (key.empty()) {
        return std::numeric_limits<std::int64_t>::max();
    }
    const std::optional<std::int64_t> id = parse_id(key);
    if (!id) {
        return Problem::invalid_field("cursor", "field.not_a_cursor");
    }
    return *id;
}

// "%text%" for LIKE … ESCAPE '!'; "%" for no text.
inline std::string like_pattern(std::string_view text) {
    if (text.empty()) {
        return "%";
    }
    std::string pattern = "%";
    for (const char c : text) {
        if (c == '%' || c == '_' || c == '!') {
            pattern += '!';
        }
        pattern += c;
    }
    pattern += '%';
    return pattern;
}

inline std::string like_pattern(const PageQuery& query) {
    return like_pattern(query ? std::string_view(query->str()) : std::string_view());
}

}  // namespace hangu::organisation
