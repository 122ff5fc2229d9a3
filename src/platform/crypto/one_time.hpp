// One-time passwords of an authenticator app: HOTP (RFC 4226), which TOTP (RFC 6238) uses with the
// number of a step of time as the counter. HMAC-SHA-1, because that is what the apps speak.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace hangu::crypto {

// `digits` digits (6 to 8), with leading zeros.
std::string hotp(std::string_view secret, std::uint64_t counter, int digits = 6);

}  // namespace hangu::crypto
