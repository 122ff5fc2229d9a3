#include "platform/files/picture.hpp"

#include "base/text.hpp"

#include <gtest/gtest.h>

namespace hangu::files {
namespace {

std::string bytes(std::string_view hex) {
    return *from_hex(hex);
}

// A PNG of 3 by 2, a JPEG of 4 by 3 behind a comment, WebP of all three kinds.
const std::string kPng =
    bytes("89504e470d0a1a0a0000000d494844520000000300000002080200000012163b4d");
const std::string kJpeg = bytes(
    "ffd8ffe000104a46494600010100000100010000fffe0004abcdffc000110800030004030122000211"
    "0103110100");
const std::string kLossy = bytes(
    "5249464624000000574542505650382018000000300100"
    "9d012a050006000200340000000000");
const std::string kLossless = bytes(
    "52494646200000005745425056503"
    "84c140000002f06c00100"
    "000000000000000000000000");
const std::string kExtended = bytes(
    "524946462000000057454250565038580a00000000000000"
    "070000080000"
    "0000");

std::string said(std::string_view data) {
    const std::optional<Picture> found = picture_of(data);
    return found ? std::string(found->content_type) + " " + std::to_string(found->width) + "x" +
                       std::to_string(found->height)
                 : "none";
}

TEST(Picture, is_told_from_its_bytes) {
    EXPECT_EQ(said(kPng), "image/png 3x2");
    EXPECT_EQ(said(kJpeg), "image/jpeg 4x3");
    EXPECT_EQ(said(kLossy), "image/webp 5x6");
    EXPECT_EQ(said(kLossless), "image/webp 7x8");
    EXPECT_EQ(said(kExtended), "image/webp 8x9");
}

TEST(Picture, other_things_are_none) {
    for (const std::string text :
         {"", "tea", "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "GIF89a......",
          "<html><img></html>", "%PDF-1.7", "RIFF....WAVEfmt .................", "\xff\xd8\xff\xe0",
          "\x89PNG\r\n\x1a\n"}) {
        EXPECT_EQ(said(text), "none") << text;
    }
    EXPECT_EQ(said(std::string(100, '\xff')), "none");
}

TEST(Picture, a_cut_one_is_none) {
    EXPECT_EQ(said(kPng.substr(0, 32)), "none");
    for (const std::string* whole : {&kPng, &kJpeg, &kLossy, &kLossless, &kExtended}) {
        for (std::size_t size = 0; size < 24; ++size) {
            EXPECT_EQ(said(whole->substr(0, size)), "none") << size;
        }
    }
}

TEST(Picture, sides_have_bounds) {
    const auto sized = [](std::string_view width, std::string_view height) {
        return said(bytes("89504e470d0a1a0a0000000d49484452" + std::string(width) +
                          std::string(height) + "080200000012163b4d"));
    };
    EXPECT_EQ(sized("00002000", "00000001"), "image/png 8192x1");
    EXPECT_EQ(sized("00002001", "00000001"), "none");
    EXPECT_EQ(sized("00000001", "ffffffff"), "none");
    EXPECT_EQ(sized("00000000", "00000001"), "none");
}

}  // namespace
}  // namespace hangu::files
