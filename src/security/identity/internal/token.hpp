// Tokens of sessions and links: "<tenant id>.<43 characters of base64url: 32 random bytes>".
// Whoever stores one stores its SHA-256 only. The tenant stands in the hashed text, so a token is
// of one tenant.
#pragma once

#include "base/id.hpp"
#include "base/randomness.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace hangu::identity {

inline constexpr std::size_t kIdCharacters = 13;  // of a tenant's id, and of a device's

std::string make_token(TenantId tenant, Randomness& randomness);
std::optional<TenantId> tenant_of_token(std::string_view token);  // nullopt: not of this form
std::string token_hash(std::string_view token);                   // 32 bytes

}  // namespace hangu::identity
