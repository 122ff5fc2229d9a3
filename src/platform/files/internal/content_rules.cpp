#include "platform/files/internal/content_rules.hpp"

#include "base/text.hpp"
#include "platform/files/internal/s3_answers.hpp"
#include "platform/files/picture.hpp"

#include <algorithm>

namespace hangu::files {

namespace {

// Saved as what they are; nothing of it runs by itself. No HTML, no SVG, no XML.
constexpr std::string_view kHarmless[] = {
    "image/png",
    "image/jpeg",
    "image/webp",
    "image/gif",
    "application/pdf",
    "application/zip",
    "text/csv",
    "text/plain",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"};

}  // namespace

std::string handed_type(std::string_view said) {
    const bool harmless =
        std::find(std::begin(kHarmless), std::end(kHarmless), said) != std::end(kHarmless);
    if (!harmless) {
        return "application/octet-stream";
    }
    return said.starts_with("text/") ? std::string(said) + "; charset=utf-8" : std::string(said);
}

bool may_be_shown(std::string_view said, std::string_view first_bytes) {
    const std::optional<Picture> picture = picture_of(first_bytes);
    return picture && picture->content_type == said;
}

std::string content_disposition(bool shown, std::string_view name) {
    std::string plain;
    for (const char c : name) {
        const bool fits = c >= 0x20 && c < 0x7F && c != '"' && c != '\\' && c != '%' && c != '/';
        plain += fits ? c : '_';
    }
    return std::string(shown ? "inline" : "attachment") + "; filename=\"" + plain +
           "\"; filename*=UTF-8''" + encode_query(name);
}

}  // namespace hangu::files
