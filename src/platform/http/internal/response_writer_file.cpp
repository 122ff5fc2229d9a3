#include "platform/http/internal/response_writer_file.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <charconv>

namespace hangu::http {
namespace {

// Weak comparison of a list of entity tags with the tags of our representations.
bool matches(std::string_view list, std::string_view etag, std::string_view gzip_etag) {
    if (trimmed(list) == "*") {
        return true;
    }
    for (std::string_view item : split(list, ',')) {
        item = trimmed(item);
        if (item.starts_with("W/")) {
            item.remove_prefix(2);
        }
        if (item == etag || item == gzip_etag) {
            return true;
        }
    }
    return false;
}

// A representation of its own has a tag of its own: "abc" becomes "abc-gzip".
std::string gzip_etag_of(std::string_view etag) {
    if (etag.size() < 2 || etag.back() != '"') {
        return std::string(etag);
    }
    return std::string(etag.substr(0, etag.size() - 1)) + "-gzip\"";
}

std::optional<std::uint64_t> number_of(std::string_view text) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc() || end != text.data() + text.size()) {
        return std::nullopt;
    }
    return value;
}

}  // namespace

std::optional<ByteRange> parse_range(std::string_view range, std::uint64_t size) {
    constexpr std::string_view kUnit = "bytes=";
    if (!range.starts_with(kUnit)) {
        return std::nullopt;
    }
    const std::string_view spec = trimmed(range.substr(kUnit.size()));
    const std::size_t dash = spec.find('-');
    if (dash == std::string_view::npos || spec.find(',') != std::string_view::npos) {
        return std::nullopt;
    }
    const std::string_view first_text = spec.substr(0, dash);
    const std::string_view last_text = spec.substr(dash + 1);
    const std::optional<std::uint64_t> first = number_of(first_text);
    const std::optional<std::uint64_t> last = number_of(last_text);
    ByteRange found;
    if (first_text.empty() && last) {
        found.count = std::min(*last, size);
        found.begin = size - found.count;
        return found;
    }
    if (!first || (!last_text.empty() && !last) || (last && *last < *first)) {
        return std::nullopt;
    }
    if (*first < size) {
        found.begin = *first;
        found.count = last ? std::min(*last - *first, size - 1 - *first) + 1 : size - *first;
    }
    return found;
}

FileChoice choose_file(const FileBody& file, std::string_view last_modified,
                       const Conditions& conditions) {
    const std::string_view content = *file.content;
    FileChoice choice;
    choice.body = content;
    choice.etag = file.etag;
    const std::string gzip_etag = gzip_etag_of(file.etag);
    const bool unchanged =
        conditions.if_none_match.empty()
            ? !last_modified.empty() && conditions.if_modified_since == last_modified
            : matches(conditions.if_none_match, file.etag, gzip_etag);
    const bool range_holds = conditions.if_range.empty() || conditions.if_range == file.etag ||
                             (!last_modified.empty() && conditions.if_range == last_modified);
    const bool wants_range = !conditions.range.empty() && range_holds && !conditions.head;
    if (conditions.takes_gzip && file.gzip && !wants_range) {
        choice.gzip = true;
        choice.body = *file.gzip;
        choice.etag = gzip_etag;
    }
    if (unchanged) {
        choice.status = 304;
        choice.body = {};
        return choice;
    }
    const std::optional<ByteRange> range =
        wants_range ? parse_range(conditions.range, content.size()) : std::nullopt;
    if (!range) {
        return choice;
    }
    const std::string size = std::to_string(content.size());
    if (range->count == 0) {
        choice.status = 416;
        choice.body = {};
        choice.content_range = "bytes */" + size;
    } else {
        choice.status = 206;
        choice.body = content.substr(range->begin, range->count);
        choice.content_range = "bytes " + std::to_string(range->begin) + "-" +
                               std::to_string(range->begin + range->count - 1) + "/" + size;
    }
    return choice;
}

}  // namespace hangu::http
