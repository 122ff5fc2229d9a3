#include "security/identity/internal/common_passwords.hpp"

#include "platform/crypto/crypto.hpp"

#include <span>
#include <string>

namespace hangu::identity {

std::span<const unsigned char> common_password_hashes();  // data/common_passwords.bin

namespace {

constexpr std::size_t kHashStartBytes = 4;
constexpr std::size_t kAroundCharactersMax = 6;  // "-2026!" around a word makes no new password
constexpr std::size_t kCoreCharactersMin = 4;

// Big endian numbers compare as their bytes do.
bool is_listed(std::string_view word) {
    const crypto::Digest digest = crypto::sha256(word);
    const std::string_view wanted = digest.view().substr(0, kHashStartBytes);
    const std::span<const unsigned char> hashes = common_password_hashes();
    const std::string_view all(reinterpret_cast<const char*>(hashes.data()), hashes.size());
    std::size_t from = 0;
    std::size_t to = all.size() / kHashStartBytes;
    while (from < to) {
        const std::size_t middle = (from + to) / 2;
        const int order = all.substr(middle * kHashStartBytes, kHashStartBytes).compare(wanted);
        if (order == 0) {
            return true;
        }
        (order < 0 ? from : to) = order < 0 ? middle + 1 : middle;
    }
    return false;
}

std::string without_look_alikes(std::string_view text) {
    std::string plain(text);
    for (char& c : plain) {
        constexpr std::string_view kMarks = "@4830157$!";
        constexpr std::string_view kLetters = "aabeoistsi";
        if (const std::size_t at = kMarks.find(c); at != std::string_view::npos) {
            c = kLetters[at];
        }
    }
    return plain;
}

bool is_letter(char c) {
    return c >= 'a' && c <= 'z';
}

// Up to the last letter; then from the first one.
std::string_view without_tail(std::string_view text) {
    while (!text.empty() && !is_letter(text.back())) {
        text.remove_suffix(1);
    }
    return text;
}
std::string_view without_head(std::string_view text) {
    while (!text.empty() && !is_letter(text.front())) {
        text.remove_prefix(1);
    }
    return text;
}

bool is_listed_either_way(std::string_view word) {
    return is_listed(word) || is_listed(without_look_alikes(word));
}

}  // namespace

bool is_common_password(std::string_view lower) {
    if (is_listed_either_way(lower)) {
        return true;
    }
    const std::string_view tailless = without_tail(lower);
    for (const std::string_view core : {tailless, without_head(tailless)}) {
        const std::size_t around = lower.size() - core.size();
        if (around <= kAroundCharactersMax && core.size() >= kCoreCharactersMin &&
            is_listed_either_way(core)) {
            return true;
        }
    }
    return false;
}

}  // namespace hangu::identity
