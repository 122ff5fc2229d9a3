#include "commerce/organisation/internal/organisation_rules.hpp"

#include "base/check.hpp"
#include "base/json.hpp"

namespace hangu::organisation {

namespace {

constexpr std::string_view kDigits = "0123456789abcdefghjkmnpqrstvwxyz";

bool is_time_of_day(std::string_view text) {
    const auto digit = [text](std::size_t i) { return text[i] >= '0' && text[i] <= '9'; };
    if (text.size() != 5 || !digit(0) || !digit(1) || text[2] != ':' || !digit(3) || !digit(4)) {
        return false;
    }
    const int hour = (text[0] - '0') * 10 + (text[1] - '0');
    const int minute = (text[3] - '0') * 10 + (text[4] - '0');
    return (hour < 24 && minute < 60) || (hour == 24 && minute == 0);
}

}  // namespace

std::string child_path(std::string_view parent_path, std::int64_t label) {
    HANGU_ASSERT(label > 0 && label <= kChildrenCountMax);
    std::string path(parent_path);
    for (int shift = 15; shift >= 0; shift -= 5) {
        path += kDigits[static_cast<std::size_t>(label >> shift) & 31U];
    }
    path += '/';
    return path;
}

Result<void> may_have_child(NodeKind parent_kind, std::int64_t parent_depth) {
    if (parent_kind == NodeKind::store) {
        return Problem::invalid_field("parent_id", "org.under_store");
    }
    if (parent_depth + 1 > static_cast<std::int64_t>(kDepthMax)) {
        return Problem::invalid_field("parent_id", "org.too_deep");
    }
    return {};
}

bool is_store_code(std::string_view code) {
    for (const char c : code) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!letter && !(c >= '0' && c <= '9') && c != '-' && c != '_') {
            return false;
        }
    }
    return !code.empty();
}

std::optional<std::string> wrong_time_field(const std::vector<OpeningHours>& hours) {
    for (std::size_t i = 0; i < hours.size(); ++i) {
        if (!is_time_of_day(hours[i].opens)) {
            return "opening_hours[" + std::to_string(i) + "].opens";
        }
        if (!is_time_of_day(hours[i].closes)) {
            return "opening_hours[" + std::to_string(i) + "].closes";
        }
    }
    return std::nullopt;
}

std::string hours_text(const std::vector<OpeningHours>& hours) {
    return json::to_text(hours);
}

std::vector<OpeningHours> hours_of(std::string_view text) {
    const Result<boost::json::value> document = json::parse(text);
    HANGU_ASSERT(document.ok());
    List<OpeningHours, 0, 21> hours;
    json::Reader reader;
    json::Codec<List<OpeningHours, 0, 21>>::read(*document, hours, reader);
    HANGU_ASSERT(reader.ok());
    return {hours.begin(), hours.end()};
}

}  // namespace hangu::organisation
