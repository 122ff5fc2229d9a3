// Where a product's picture is kept, and what may be one. Pure.
#pragma once

#include "base/result.hpp"
#include "commerce/catalogue/catalogue.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hangu::catalogue {

struct PictureTag;
using PictureId = Id<PictureTag>;

inline constexpr std::size_t kPictureBytesMax = std::size_t{1} << 20U;
inline constexpr std::size_t kPictureTextMax = (kPictureBytesMax + 2) / 3 * 4;  // as base64url
inline constexpr std::string_view kPictureFolder = "product-picture/";

// "product-picture/<product>/<picture>". A name is used once: whoever reads never meets another
// picture under it.
std::string picture_file(ProductId product, PictureId picture);
// As the product's row keeps it: "files:product-picture/…"
std::string picture_url(const std::string& file);
// Of a row: the file, and the picture's own name; nullopt: it has none.
std::optional<std::string> file_in(const std::optional<std::string>& image_url);
std::optional<std::string> picture_in(const std::optional<std::string>& image_url);

// A PNG, JPEG or WebP by its own bytes. "input.invalid": field "content", "picture.not_base64",
// "picture.too_large", "picture.unknown".
struct GivenPicture {
    std::string bytes;
    std::string content_type;
};
Result<GivenPicture> read_picture(std::string_view base64url);

// "a,b,c"; every one has to be an id. "input.invalid": field "product_ids"
inline constexpr std::size_t kPicturesAskedMax = 200;
Result<std::vector<ProductId>> read_product_ids(std::string_view list);

}  // namespace hangu::catalogue
