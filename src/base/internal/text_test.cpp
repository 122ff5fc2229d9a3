#include "base/text.hpp"

#include "base/randomness.hpp"

#include <gtest/gtest.h>

namespace hangu {
namespace {

using std::string_literals::operator""s;

// Encodes without checking, as the wrong forms need it.
std::string encoded(std::uint32_t point, std::size_t bytes) {
    const auto tail = [point](unsigned shift) {
        return static_cast<char>(0x80U | ((point >> shift) & 0x3FU));
    };
    if (bytes == 1) {
        return {static_cast<char>(point)};
    }
    if (bytes == 2) {
        return {static_cast<char>(0xC0U | (point >> 6U)), tail(0)};
    }
    if (bytes == 3) {
        return {static_cast<char>(0xE0U | (point >> 12U)), tail(6), tail(0)};
    }
    return {static_cast<char>(0xF0U | (point >> 18U)), tail(12), tail(6), tail(0)};
}

TEST(Utf8, TakesEveryCharacterInItsShortestFormOnly) {
    for (std::uint32_t point = 0; point <= 0x11'0FFFU; ++point) {
        const bool exists = point <= 0x10'FFFFU && (point < 0xD800U || point > 0xDFFFU);
        const std::size_t shortest = point < 0x80U      ? 1
                                     : point < 0x800U   ? 2
                                     : point < 0x10000U ? 3
                                                        : 4;
        ASSERT_EQ(is_utf8(encoded(point, shortest)), exists) << point;
        for (std::size_t bytes = shortest + 1; bytes <= 4; ++bytes) {
            ASSERT_FALSE(is_utf8(encoded(point, bytes))) << point << " in " << bytes;
        }
    }
}

TEST(Utf8, RefusesBrokenSequences) {
    for (const std::string& text :
         {"\x80"s, "\xBF"s, "\xC3"s, "\xC3("s, "\xE4\xBD"s, "\xE4"s, "\xE4(\xA0"s, "\xF0\x9F\x98"s,
          "\xF5\x80\x80\x80"s, "\xFE"s, "\xFF"s, "a\xC3"s, "\xC3\xA9\xA9"s, "\xED\xA0\x80"s,
          "\xC0\x80"s}) {
        EXPECT_FALSE(is_utf8(text)) << to_hex(text);
        EXPECT_FALSE(is_utf8("ok" + text + "ok")) << to_hex(text);
    }
    EXPECT_TRUE(is_utf8(""));
    EXPECT_TRUE(is_utf8("函谷关 ☕ 😀"));
    EXPECT_TRUE(is_utf8("a\0b"s));
}

TEST(Utf8, CountsCharacters) {
    EXPECT_EQ(count_characters(""), 0U);
    EXPECT_EQ(count_characters("abc"), 3U);
    EXPECT_EQ(count_characters("函谷关"), 3U);
    EXPECT_EQ(count_characters("é😀"), 2U);
}

TEST(Trimmed, TakesBlanksOffBothEnds) {
    EXPECT_EQ(trimmed(" a b \t\r\n"), "a b");
    EXPECT_EQ(trimmed("\u3000 \u3000关\u3000"), "关");
    EXPECT_EQ(trimmed(" \u3000 "), "");
    EXPECT_EQ(trimmed(""), "");
    EXPECT_EQ(trimmed("\u3001"), "\u3001");
    EXPECT_EQ(trimmed("a\u3000b"), "a\u3000b");
}

TEST(LowerAscii, LeavesOtherLettersAlone) {
    EXPECT_EQ(lower_ascii("AbZ[@É09"), "abz[@É09");
}

TEST(ControlCharacters, AreFound) {
    for (const std::string& text :
         {"\0"s, "a\x01"s, "\x1F"s, "\x7F"s, "\r"s, "\x1B[0m"s, "\u0080"s, "\u009F"s, "x\u0085"s,
          "\u2028"s, "pay\u202Egnp.exe"s, "\u2066"s, "a\u2069"s}) {
        EXPECT_TRUE(has_control_characters(text)) << to_hex(text);
    }
    for (const std::string& text :
         {""s, "a\tb\nc"s, "\u00A0"s, "é"s, "关"s, "😀"s, "~"s, "\u2027"s, "\u202F"s, "\u2065"s,
          "\u200B"s, "👩\u200D👧"s, "\u206A"s, "\xE2\x80"s}) {
        EXPECT_FALSE(has_control_characters(text)) << to_hex(text);
    }
}

TEST(Hex, IsWrittenAndRead) {
    EXPECT_EQ(to_hex("\x00\x0F\xF0\xFF"s.substr(0, 4)), "000ff0ff");
    EXPECT_EQ(from_hex("000ff0ff"), "\x00\x0F\xF0\xFF"s);
    EXPECT_EQ(from_hex(""), "");
    for (const std::string_view text : {"0", "0g", "FF", " 0", "0x", "000"}) {
        EXPECT_EQ(from_hex(text), std::nullopt) << text;
    }
}

TEST(Base64url, GivesTheKnownAnswers) {
    // RFC 4648 §10 without padding, and the two characters that differ from base64.
    const std::vector<std::pair<std::string, std::string>> known{
        {"", ""},           {"f", "Zg"},          {"fo", "Zm8"},          {"foo", "Zm9v"},
        {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}, {"\xFB\xFF", "-_8"}};
    for (const auto& [plain, text] : known) {
        EXPECT_EQ(to_base64url(plain), text);
        EXPECT_EQ(from_base64url(text), plain);
    }
}

TEST(Base64url, RefusesWhatItWouldNotWrite) {
    for (const std::string_view text :
         {"Z", "Zg=", "Zg==", "Zh", "Zm9", "Zm+v", "Zm/v", "Zm 9v", "Zm9vY"}) {
        EXPECT_EQ(from_base64url(text), std::nullopt) << text;
    }
}

TEST(Encodings, ComeBackForManyTexts) {
    SeededRandomness randomness(3);
    for (std::size_t size = 0; size < 300; ++size) {
        const std::string bytes = randomness.bytes(size);
        ASSERT_EQ(from_hex(to_hex(bytes)), bytes);
        ASSERT_EQ(from_base64url(to_base64url(bytes)), bytes);
    }
}

TEST(Split, KeepsEmptyParts) {
    using Parts = std::vector<std::string_view>;
    EXPECT_EQ(split("a,b", ','), (Parts{"a", "b"}));
    EXPECT_EQ(split(",a,,", ','), (Parts{"", "a", "", ""}));
    EXPECT_EQ(split("", ','), (Parts{""}));
}

}  // namespace
}  // namespace hangu
