#include "security/identity/internal/cookies.hpp"

namespace hangu::identity {

namespace {

constexpr CookieNames kMerchant{"__Host-hangu_merchant", "__Host-hangu_device", "__Host-hangu_step",
                                "__Host-hangu_text", "__Host-hangu_passkey"};
constexpr CookieNames kPlatform{"__Host-hangu_platform", "__Host-hangu_platform_device",
                                "__Host-hangu_platform_step", "__Host-hangu_platform_text",
                                "__Host-hangu_platform_passkey"};

}  // namespace

const CookieNames& cookie_names(http::Realm realm) {
    return realm == http::Realm::platform ? kPlatform : kMerchant;
}

std::string cookie_header(std::string_view name, std::string_view value) {
    std::string header(name);
    header += "=";
    header += value;
    header += "; Path=/; Secure; HttpOnly; SameSite=Strict";
    return header;
}

std::string cookie_header(std::string_view name, std::string_view value, std::int64_t seconds) {
    return cookie_header(name, value) + "; Max-Age=" + std::to_string(seconds);
}

std::string ended_cookie_header(std::string_view name) {
    return cookie_header(name, "", 0);
}

}  // namespace hangu::identity
