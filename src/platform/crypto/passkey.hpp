// Passkeys (W3C WebAuthn), checked by libfido2. What the browser says beside it (type, challenge,
// origin) is the caller's to check; here are the authenticator's own words and signatures.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hangu::crypto {

// COSE names of the signatures we take (RFC 9053).
inline constexpr std::int64_t kPasskeyEs256 = -7;
inline constexpr std::int64_t kPasskeyEddsa = -8;
inline constexpr std::int64_t kPasskeyRs256 = -257;

struct PasskeyKey {
    std::int64_t algorithm = 0;
    std::string bytes;  // as libfido2 keeps it
};

// A key pair that an authenticator made for a site.
struct NewPasskey {
    std::string credential_id;
    PasskeyKey key;
    std::int64_t counter = 0;
    bool backed_up = false;  // kept by a service, and so on several devices
};

// Reads authenticator data of a registration. None: not of this site, the user was not present and
// verified, or an algorithm we do not take.
std::optional<NewPasskey> read_new_passkey(std::string_view site,
                                           std::string_view authenticator_data);

// An answer to a challenge.
struct PasskeyAnswer {
    std::string client_data;  // JSON as the browser made it
    std::string authenticator_data;
    std::string signature;
};

// Did the authenticator see that it is the right person (a finger, a PIN), or just somebody?
enum class PasskeyUser { present, verified };

// The authenticator's counter, if the answer is of this site and key and by such a user.
std::optional<std::int64_t> check_passkey(std::string_view site, const PasskeyKey& key,
                                          const PasskeyAnswer& answer, PasskeyUser user);

}  // namespace hangu::crypto
