#include "platform/files/picture.hpp"

namespace hangu::files {

namespace {

std::int64_t byte_at(std::string_view bytes, std::size_t at) {
    return static_cast<unsigned char>(bytes[at]);
}

std::int64_t big16(std::string_view bytes, std::size_t at) {
    return byte_at(bytes, at) << 8 | byte_at(bytes, at + 1);
}

std::int64_t big32(std::string_view bytes, std::size_t at) {
    return big16(bytes, at) << 16 | big16(bytes, at + 2);
}

std::int64_t little16(std::string_view bytes, std::size_t at) {
    return byte_at(bytes, at) | byte_at(bytes, at + 1) << 8;
}

std::int64_t little24(std::string_view bytes, std::size_t at) {
    return little16(bytes, at) | byte_at(bytes, at + 2) << 16;
}

std::optional<Picture> png(std::string_view bytes) {
    using namespace std::string_view_literals;
    if (bytes.size() < 33 || !bytes.starts_with("\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR"sv)) {
        return std::nullopt;
    }
    return Picture{"image/png", big32(bytes, 16), big32(bytes, 20)};
}

// C0 to CF begin a frame, but for tables of codes (C4), extensions (C8) and conditions (CC).
bool begins_frame(std::int64_t marker) {
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

// Segment after segment until the one that says the size.
std::optional<Picture> jpeg(std::string_view bytes) {
    if (!bytes.starts_with("\xff\xd8\xff")) {
        return std::nullopt;
    }
    std::size_t at = 2;
    while (at + 9 < bytes.size() && byte_at(bytes, at) == 0xFF) {
        const std::int64_t marker = byte_at(bytes, at + 1);
        if (marker == 0xFF) {  // filling
            ++at;
            continue;
        }
        if (begins_frame(marker)) {
            return Picture{"image/jpeg", big16(bytes, at + 7), big16(bytes, at + 5)};
        }
        if (marker == 0xDA || marker == 0xD9) {
            break;  // the picture itself, or its end, and no size before
        }
        at += 2 + static_cast<std::size_t>(big16(bytes, at + 2));
    }
    return std::nullopt;
}

std::optional<Picture> webp(std::string_view bytes) {
    if (bytes.size() < 30 || !bytes.starts_with("RIFF") || bytes.substr(8, 4) != "WEBP") {
        return std::nullopt;
    }
    const std::string_view kind = bytes.substr(12, 4);
    if (kind == "VP8X") {
        return Picture{"image/webp", little24(bytes, 24) + 1, little24(bytes, 27) + 1};
    }
    if (kind == "VP8 " && bytes.substr(23, 3) == "\x9d\x01\x2a") {
        return Picture{"image/webp", little16(bytes, 26) & 0x3FFF, little16(bytes, 28) & 0x3FFF};
    }
    if (kind == "VP8L" && byte_at(bytes, 20) == 0x2F) {
        const std::int64_t packed = little24(bytes, 21) | byte_at(bytes, 24) << 24;
        return Picture{"image/webp", (packed & 0x3FFF) + 1, (packed >> 14 & 0x3FFF) + 1};
    }
    return std::nullopt;
}

}  // namespace

std::optional<Picture> picture_of(std::string_view bytes) {
    std::optional<Picture> found = png(bytes);
    found = found ? found : jpeg(bytes);
    found = found ? found : webp(bytes);
    const bool sized = found && found->width > 0 && found->width <= kPicturePixelsMax &&
                       found->height > 0 && found->height <= kPicturePixelsMax;
    return sized ? found : std::nullopt;
}

}  // namespace hangu::files
