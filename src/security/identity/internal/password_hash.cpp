#include "security/identity/internal/password_hash.hpp"

#include "base/text.hpp"

namespace hangu::identity {

namespace {

constexpr std::string_view kMark = "p1:";  // the number is the pepper's version
constexpr std::string_view kLabel = "password_pepper.1";

Secret peppered(const Secret& password, const Secret& pepper) {
    return Secret(to_hex(crypto::hmac_sha256(pepper.expose(), password.expose()).view()));
}

}  // namespace

Secret pepper_of(crypto::TenantKeys& keys) {
    return keys.derived(kLabel);
}

std::string hash_with_pepper(const Secret& password, const Secret& pepper,
                             const crypto::PasswordCost& cost, Randomness& randomness) {
    return std::string(kMark) + crypto::hash_password(peppered(password, pepper), cost, randomness);
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
