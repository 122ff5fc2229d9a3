#include "security/identity/internal/token.hpp"

#include "base/text.hpp"
#include "platform/crypto/crypto.hpp"

#include <algorithm>

namespace hangu::identity {

namespace {

constexpr std::size_t kRandomBytes = 32;
constexpr std::size_t kRandomCharacters = 43;

}  // namespace

std::string make_token(TenantId tenant, Randomness& randomness) {
    return tenant.text() + "." + to_base64url(randomness.bytes(kRandomBytes));
}

std::optional<TenantId> tenant_of_token(std::string_view token) {
    if (token.size() != kIdCharacters + 1 + kRandomCharacters || token[kIdCharacters] != '.') {
        return std::nullopt;
    }
    const std::string_view random = token.substr(kIdCharacters + 1);
    const bool well_formed = std::all_of(random.begin(), random.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '_';
    });
    return well_formed ? TenantId::parse(token.substr(0, kIdCharacters)) : std::nullopt;
}

std::string token_hash(std::string_view token) {
    return std::string(crypto::sha256(token).view());
}

}  // namespace hangu::identity
