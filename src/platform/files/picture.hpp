// What a picture is, told from its own bytes: not from its name and not from what a client says.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace hangu::files {

struct Picture {
    std::string_view content_type;  // "image/png", "image/jpeg", "image/webp"
    std::int64_t width = 0;
    std::int64_t height = 0;
};

// Larger ones a browser may choke on.
inline constexpr std::int64_t kPicturePixelsMax = 8192;  // on each side

// nullopt: none of the three, or it does not say a size of 1 to kPicturePixelsMax on each side.
std::optional<Picture> picture_of(std::string_view bytes);

}  // namespace hangu::files
