#include "security/identity/internal/password_hash.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hangu::identity {

namespace {

constexpr std::string_view kMark = "p1:";  // the number is the pepper's version
constexpr std::size_t kSaltBytes = 16;     // as those that are made
constexpr std::size_t kHashBytes = 32;
constexpr std::string_view kPepperLabel = "password_pepper.1";

Secret peppered(const Secret& password, const Secret& pepper) {
    return Secret(to_hex(crypto::hmac_sha256(pepper.expose(), password.expose()).view()));
}

}  // namespace

Secret pepper_of(crypto::TenantKeys& keys) {
    return keys.derived(kPepperLabel);
}

std::string hash_with_pepper(const Secret& password, const Secret& pepper,
                             const crypto::PasswordCost& cost, Randomness& randomness) {
    return std::string(kMark) + crypto::hash_password(peppered(password, pepper), cost, randomness);
}

std::string hash_of_nobody(const crypto::PasswordCost& cost, Randomness& randomness) {
    const auto random_text = [&randomness](std::size_t bytes) {
        std::string text = to_base64url(randomness.bytes(bytes));
        std::replace(text.begin(), text.end(), '-', '+');
        std::replace(text.begin(), text.end(), '_', '/');
        return text;
    };
    const std::string salt = random_text(kSaltBytes);
    return fmt::format("{}$argon2id$v=19$m={},t={},p={}${}${}", kMark, cost.memory_kib, cost.passes,
                       cost.lanes, salt, random_text(kHashBytes));
}

bool is_password(const Secret& password, const Secret& pepper, std::string_view stored) {
    if (stored.starts_with(kMark)) {
        return crypto::verify_password(peppered(password, pepper), stored.substr(kMark.size()));
    }
    return crypto::verify_password(password, stored);
}

bool should_rehash(std::string_view stored, const crypto::PasswordCost& cost) {
    return !stored.starts_with(kMark) || crypto::needs_rehash(stored.substr(kMark.size()), cost);
}

}  // namespace hangu::identity
