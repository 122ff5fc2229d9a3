#include "commerce/catalogue/internal/picture_rules.hpp"

#include "base/text.hpp"
#include "platform/files/picture.hpp"

#include <fmt/format.h>

namespace hangu::catalogue {

namespace {

constexpr std::string_view kScheme = "files:";

}  // namespace

std::string picture_file(ProductId product, PictureId picture) {
    return fmt::format("{}{}/{}", kPictureFolder, product.text(), picture.text());
}

std::string picture_url(const std::string& file) {
    return std::string(kScheme) + file;
}

std::optional<std::string> file_in(const std::optional<std::string>& image_url) {
    return image_url && image_url->starts_with(kScheme)
               ? std::optional(image_url->substr(kScheme.size()))
               : std::nullopt;
}

std::optional<std::string> picture_in(const std::optional<std::string>& image_url) {
    const std::optional<std::string> file = file_in(image_url);
    return file ? std::optional(file->substr(file->rfind('/') + 1)) : std::nullopt;
}

Result<GivenPicture> read_picture(std::string_view base64url) {
    std::optional<std::string> bytes = from_base64url(base64url);
    if (!bytes) {
        return Problem::invalid_field("content", "picture.not_base64");
    }
    if (bytes->size() > kPictureBytesMax) {
        return Problem::invalid_field("content", "picture.too_large", "at most 1 MB");
    }
    const std::optional<files::Picture> picture = files::picture_of(*bytes);
    if (!picture) {
        return Problem::invalid_field("content", "picture.unknown",
                                      fmt::format("PNG, JPEG or WebP, at most {} pixels on a side",
                                                  files::kPicturePixelsMax));
    }
    return GivenPicture{*std::move(bytes), std::string(picture->content_type)};
}

Result<std::vector<ProductId>> read_product_ids(std::string_view list) {
    std::vector<ProductId> ids;
    for (const std::string_view text : split(list, ',')) {
        const std::optional<ProductId> id = ProductId::parse(text);
        if (!id || ids.size() == kPicturesAskedMax) {
            return Problem::invalid_field("product_ids", "field.malformed",
                                          "at most 200 ids with commas between them");
        }
        ids.push_back(*id);
    }
    return ids;
}

}  // namespace hangu::catalogue
