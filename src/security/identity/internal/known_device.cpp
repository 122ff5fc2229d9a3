#include "security/identity/internal/known_device.hpp"

#include "security/identity/internal/token.hpp"

#include "base/text.hpp"

namespace hangu::identity {

namespace {

constexpr std::string_view kDeviceLabel = "known_device.1";
constexpr std::size_t kHeadCharacters = 2 * kIdCharacters + 1;

std::string mark_of(crypto::TenantKeys& keys, std::string_view head) {
    const Secret key = keys.derived(kDeviceLabel);
    return to_base64url(crypto::hmac_sha256(key.expose(), head).view());
}

}  // namespace

std::string make_device_cookie(crypto::TenantKeys& keys, TenantId tenant, DeviceId device) {
    const std::string head = tenant.text() + "." + device.text();
    return head + "." + mark_of(keys, head);
}

std::optional<DeviceId> device_of_cookie(crypto::TenantKeys& keys, TenantId tenant,
                                         std::string_view cookie) {
    const std::string_view head = cookie.substr(0, kHeadCharacters);
    if (cookie.size() <= kHeadCharacters || cookie[kHeadCharacters] != '.' ||
        head.substr(0, kIdCharacters) != tenant.text() || head[kIdCharacters] != '.' ||
        !equal_in_constant_time(cookie.substr(kHeadCharacters + 1), mark_of(keys, head))) {
        return std::nullopt;
    }
    return DeviceId::parse(head.substr(kIdCharacters + 1));
}

}  // namespace hangu::identity
