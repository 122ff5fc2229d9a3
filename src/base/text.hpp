// Text helpers: bounded strings, UTF-8, hex, base64url.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hangu {

bool is_utf8(std::string_view text);                  // strict: no surrogates, no overlong forms
std::size_t count_characters(std::string_view utf8);  // code points
std::string_view trimmed(std::string_view text);      // ASCII blanks and U+3000, both ends
std::string lower_ascii(std::string_view text);
bool has_control_characters(std::string_view text);  // C0 but tab/newline, DEL, C1

std::string to_hex(std::string_view bytes);
std::optional<std::string> from_hex(std::string_view hex);
std::string to_base64url(std::string_view bytes);  // no padding (RFC 4648 §5)
std::optional<std::string> from_base64url(std::string_view text);

std::vector<std::string_view> split(std::string_view text, char separator);

// A text of Min to Max characters (code points) after trimming, valid UTF-8, without control
// characters. Request fields use it, so that every text from outside has a limit.
template <std::size_t Min, std::size_t Max>
class Text {
 public:
    static constexpr std::size_t kMin = Min;
    static constexpr std::size_t kMax = Max;

    Text() = default;
    explicit Text(std::string value) : value_(std::move(value)) {}  // the caller has checked it

    const std::string& str() const { return value_; }
    operator std::string_view() const { return value_; }
    bool empty() const { return value_.empty(); }
    friend bool operator==(const Text&, const Text&) = default;

 private:
    std::string value_;
};

}  // namespace hangu
