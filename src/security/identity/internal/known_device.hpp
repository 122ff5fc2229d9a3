// The cookie that says "this browser was here before": "<tenant id>.<device id>.<43 characters>",
// the last an HMAC under a key of the tenant. It opens nothing; it only chooses whose failures are
// counted. Which accounts a device is known to stands in known_device.
#pragma once

#include "base/id.hpp"
#include "platform/crypto/crypto.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace hangu::identity {

struct DeviceTag;
using DeviceId = Id<DeviceTag>;

std::string make_device_cookie(crypto::TenantKeys& keys, TenantId tenant, DeviceId device);
// nullopt: not of this tenant, or not made by us.
std::optional<DeviceId> device_of_cookie(crypto::TenantKeys& keys, TenantId tenant,
                                         std::string_view cookie);

}  // namespace hangu::identity
