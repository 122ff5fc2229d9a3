#include "platform/files/internal/s3_answers.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <charconv>

namespace hangu::files {

namespace {

constexpr std::size_t kTextBytesMax = 4096;

struct Entity {
    std::string_view form;
    char character;
};
constexpr Entity kEntities[] = {
    {"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}};

std::string resolved(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        std::size_t taken = 1;
        char character = text.front();
        for (const Entity& entity : kEntities) {
            if (text.starts_with(entity.form)) {
                taken = entity.form.size();
                character = entity.character;
            }
        }
        out += character;
        text.remove_prefix(taken);
    }
    return out;
}

// The inside of the first element of that name at or behind `from`, and where it ends.
struct Element {
    std::string_view inside;
    std::size_t end = 0;
};
std::optional<Element> element(std::string_view xml, std::string_view name, std::size_t from) {
    const std::string opening = fmt::format("<{}>", name);
    const std::string closing = fmt::format("</{}>", name);
    const std::size_t begin = xml.find(opening, from);
    if (begin == std::string_view::npos) {
        return std::nullopt;
    }
    const std::size_t inside = begin + opening.size();
    const std::size_t end = xml.find(closing, inside);
    if (end == std::string_view::npos) {
        return std::nullopt;
    }
    return Element{xml.substr(inside, end - inside), end + closing.size()};
}

std::optional<std::int64_t> number_of(std::string_view text) {
    std::int64_t value = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool whole = read.ec == std::errc() && read.ptr == text.data() + text.size();
    return whole && value >= 0 ? std::optional(value) : std::nullopt;
}

}  // namespace

std::string element_text(std::string_view xml, std::string_view name) {
    const std::optional<Element> found = element(xml, name, 0);
    return found ? resolved(found->inside.substr(0, kTextBytesMax)) : "";
}

std::optional<Listing> read_listing(std::string_view xml) {
    if (xml.find("<ListBucketResult") == std::string_view::npos) {
        return std::nullopt;
    }
    Listing listing;
    listing.more = element_text(xml, "IsTruncated") == "true";
    std::size_t at = 0;
    while (const std::optional<Element> one = element(xml, "Contents", at)) {
        at = one->end;
        const std::string name = element_text(one->inside, "Key");
        const auto bytes = number_of(element_text(one->inside, "Size"));
        if (is_object_name(name) && bytes) {
            listing.objects.push_back({name, *bytes});
        }
        if (static_cast<std::int64_t>(listing.objects.size()) == kListCountMax) {
            break;
        }
    }
    return listing;
}

std::string encode_query(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
        out += plain ? std::string(1, c)
                     : fmt::format("%{:02X}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    }
    return out;
}

}  // namespace hangu::files
