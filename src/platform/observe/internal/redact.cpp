#include "platform/observe/observe.hpp"

#include <array>
#include <cstddef>

namespace hangu::observe {

namespace {

constexpr std::string_view kKeyPrefix = "hgk_";
constexpr std::string_view kCookiePrefix = "__Host-hangu_";
constexpr std::size_t kE164DigitsMin = 8;
constexpr std::size_t kE164DigitsMax = 15;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_word(char c) {
    return is_digit(c) || is_letter(c);
}

// What to replace: [from, to).
struct Span {
    std::size_t from = 0;
    std::size_t to = 0;
    bool found() const { return to > from; }
};

std::size_t digits_end(std::string_view text, std::size_t at) {
    while (at < text.size() && is_digit(text[at])) {
        ++at;
    }
    return at;
}

bool is_mobile(std::string_view digits) {
    return digits.size() == 11 && digits[0] == '1' && digits[1] >= '3';
}

// An id has 13 characters and begins with a digit; no phone glued to letters looks like that.
bool is_id_shaped(std::string_view word) {
    return word.size() == 13 && is_digit(word[0]);
}

// The run of digits [from, to) may have letters before or after it ("tel13812345678"), but it is
// the only run of its word. Hashes and ids, where digits and letters alternate, are left alone.
bool stands_alone(std::string_view text, std::size_t from, std::size_t to) {
    std::size_t word_from = from;
    while (word_from > 0 && is_letter(text[word_from - 1])) {
        --word_from;
    }
    std::size_t word_to = to;
    while (word_to < text.size() && is_letter(text[word_to])) {
        ++word_to;
    }
    const bool digits_before = word_from > 0 && is_digit(text[word_from - 1]);
    const bool digits_after = word_to < text.size() && is_digit(text[word_to]);
    const bool plain = word_from == from && word_to == to;
    return !digits_before && !digits_after &&
           (plain || !is_id_shaped(text.substr(word_from, word_to - word_from)));
}

bool is_separator(char c) {
    return c == ' ' || c == '-';
}

// "138 1234 5678" and "138-1234-5678", from a run of three digits on.
Span find_grouped_mobile(std::string_view text, std::size_t from) {
    constexpr std::size_t kLength = 13;
    const std::string_view part = text.substr(from, kLength);
    if (part.size() < kLength || !is_separator(part[3]) || !is_separator(part[8])) {
        return {};
    }
    std::string digits(part.substr(0, 3));
    digits += part.substr(4, 4);
    digits += part.substr(9, 4);
    const bool all_digits = digits_end(digits, 0) == digits.size();
    const bool ends = from + kLength == text.size() || !is_digit(text[from + kLength]);
    const bool begins = from == 0 || !is_word(text[from - 1]);
    return all_digits && begins && ends && is_mobile(digits) ? Span{from, from + kLength} : Span{};
}

// A run of digits begins at `from` and ends at `to`.
Span find_mobile(std::string_view text, std::size_t from, std::size_t to) {
    const std::string_view run = text.substr(from, to - from);
    if (run.size() == 3) {
        return find_grouped_mobile(text, from);
    }
    const bool decimals = from >= 2 && text[from - 1] == '.' && is_digit(text[from - 2]);
    const bool mobile = is_mobile(run) || (run.starts_with("86") && is_mobile(run.substr(2))) ||
                        (run.starts_with("0086") && is_mobile(run.substr(4)));
    return mobile && !decimals && stands_alone(text, from, to) ? Span{from, to} : Span{};
}

// "+" and 8 to 15 digits in groups. A group that would be too much belongs to what follows.
Span find_international(std::string_view text, std::size_t plus) {
    std::size_t digits = 0;
    Span found;
    std::size_t at = plus + 1;
    while (at < text.size() && is_digit(text[at])) {
        const std::size_t end = digits_end(text, at);
        digits += end - at;
        if (digits > kE164DigitsMax) {
            break;
        }
        if (digits >= kE164DigitsMin) {
            found = {plus, end};
        }
        at = end;
        for (int i = 0; i < 2 && at < text.size() &&
                        (is_separator(text[at]) || text[at] == '(' || text[at] == ')');
             ++i) {
            ++at;
        }
    }
    return found;
}

bool is_token(char c) {
    return is_word(c) || c == '_' || c == '-' || c == '.' || c == '~' || c == '+' || c == '/' ||
           c == '=' || c == '%';
}

Span find_token(std::string_view text, std::size_t from, std::size_t value_from) {
    std::size_t to = value_from;
    while (to < text.size() && is_token(text[to])) {
        ++to;
    }
    return to > value_from ? Span{from, to} : Span{};
}

// A cookie "__Host-hangu_<name>=<value>", as a whole.
Span find_cookie(std::string_view text, std::size_t from) {
    std::size_t at = from + kCookiePrefix.size();
    while (at < text.size() && (is_word(text[at]) || text[at] == '_')) {
        ++at;
    }
    const bool has_value = at < text.size() && text[at] == '=';
    return has_value ? find_token(text, from, at + 1) : Span{};
}

// What begins exactly at `at`, where `digits_to` is the end of the digits there.
Span find_at(std::string_view text, std::size_t at, std::size_t digits_to) {
    switch (text[at]) {
        case '+':
            return find_international(text, at);
        case 'h':
            return text.substr(at).starts_with(kKeyPrefix)
                       ? find_token(text, at, at + kKeyPrefix.size())
                       : Span{};
        case '_':
            return text.substr(at).starts_with(kCookiePrefix) ? find_cookie(text, at) : Span{};
        default:
            return digits_to > at ? find_mobile(text, at, digits_to) : Span{};
    }
}

bool may_begin(char c) {
    return is_digit(c) || c == '+' || c == 'h' || c == '_';
}

Span find_next(std::string_view text, std::size_t at) {
    while (at < text.size()) {
        if (!may_begin(text[at])) {
            ++at;
            continue;
        }
        const std::size_t digits_to = digits_end(text, at);
        const Span found = find_at(text, at, digits_to);
        if (found.found()) {
            return found;
        }
        at = digits_to > at ? digits_to : at + 1;
    }
    return {};
}

}  // namespace

int redact(std::string& text) {
    if (!find_next(text, 0).found()) {
        return 0;
    }
    std::string out;
    std::string_view rest = text;
    int count = 0;
    // The rest is looked at as if it began there: what was replaced is no neighbour any more.
    for (Span found = find_next(rest, 0); found.found(); found = find_next(rest, 0)) {
        out += rest.substr(0, found.from);
        out += "***";
        ++count;
        rest.remove_prefix(found.to);
    }
    out += rest;
    text = std::move(out);
    return count;
}

}  // namespace hangu::observe
