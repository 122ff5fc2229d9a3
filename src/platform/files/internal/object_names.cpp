#include "platform/files/object_store.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace hangu::files {

namespace {

bool is_part(std::string_view part) {
    const auto is_plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
    const auto fits = [&](char c) { return is_plain(c) || c == '.' || c == '_' || c == '-'; };
    return !part.empty() && part.size() <= kNamePartBytesMax && is_plain(part.front()) &&
           std::all_of(part.begin(), part.end(), fits);
}

}  // namespace

bool is_object_name(std::string_view name) {
    if (name.empty() || name.size() > kNameBytesMax) {
        return false;
    }
    const std::vector<std::string_view> parts = split(name, '/');
    return parts.size() <= kNamePartsCountMax && std::all_of(parts.begin(), parts.end(), is_part);
}

}  // namespace hangu::files
