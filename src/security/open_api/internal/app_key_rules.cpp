#include "security/open_api/internal/app_key_rules.hpp"

#include "base/text.hpp"
#include "platform/crypto/crypto.hpp"

#include <algorithm>

namespace hangu::open_api {

namespace {

constexpr std::string_view kMark = "hgk_";
constexpr std::size_t kIdCharacters = 13;
constexpr std::size_t kRandomBytes = 32;
constexpr std::size_t kRandomCharacters = 43;
constexpr std::size_t kKeyAt = kMark.size() + kIdCharacters + 1;
constexpr std::size_t kRandomAt = kKeyAt + kIdCharacters + 1;
constexpr std::size_t kHashBytes = 32;

bool is_base64url(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
}

}  // namespace

std::string key_prefix(TenantId tenant, AppKeyId key) {
    return std::string(kMark) + tenant.text() + "_" + key.text();
}

std::string make_key_text(TenantId tenant, AppKeyId key, Randomness& randomness) {
    return key_prefix(tenant, key) + "_" + to_base64url(randomness.bytes(kRandomBytes));
}

// By position: the random part may hold underscores itself.
std::optional<KeyText> parse_key_text(std::string_view text) {
    if (text.size() != kRandomAt + kRandomCharacters || !text.starts_with(kMark) ||
        text[kKeyAt - 1] != '_' || text[kRandomAt - 1] != '_') {
        return std::nullopt;
    }
    const std::string_view random = text.substr(kRandomAt);
    const auto tenant = TenantId::parse(text.substr(kMark.size(), kIdCharacters));
    const auto key = AppKeyId::parse(text.substr(kKeyAt, kIdCharacters));
    if (!tenant || !key || !std::all_of(random.begin(), random.end(), is_base64url)) {
        return std::nullopt;
    }
    return KeyText{*tenant, *key};
}

std::string_view bearer_token(std::string_view authorization_header) {
    constexpr std::string_view kScheme = "bearer ";
    if (authorization_header.size() <= kScheme.size() ||
        lower_ascii(authorization_header.substr(0, kScheme.size())) != kScheme) {
        return {};
    }
    return authorization_header.substr(kScheme.size());
}

std::string credential_key(std::string_view text, AppKeyId key) {
    return std::string(crypto::sha256(text).view()) + key.text();
}

std::string_view hash_of_credential(std::string_view credential_key) {
    return credential_key.substr(0, kHashBytes);
}

AppKeyId key_of_credential(std::string_view credential_key) {
    if (credential_key.size() != kHashBytes + kIdCharacters) {
        return AppKeyId();
    }
    return AppKeyId::parse(credential_key.substr(kHashBytes)).value_or(AppKeyId());
}

}  // namespace hangu::open_api
