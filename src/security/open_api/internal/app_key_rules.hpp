// The text of an application's key: "hgk_<tenant id>_<key id>_<43 characters of base64url>". Pure.
#pragma once

#include "base/id.hpp"
#include "base/randomness.hpp"
#include "security/open_api/open_api.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace hangu::open_api {

struct KeyText {
    TenantId tenant;
    AppKeyId key;
};

std::string key_prefix(TenantId tenant, AppKeyId key);
std::string make_key_text(TenantId tenant, AppKeyId key, Randomness& randomness);
std::optional<KeyText> parse_key_text(std::string_view text);

// The token of "Bearer <token>" (the scheme in any case); "" for anything else.
std::string_view bearer_token(std::string_view authorization_header);

// What a credential carries: the SHA-256 of the whole text, then the key's id for the look-up.
std::string credential_key(std::string_view text, AppKeyId key);
std::string_view hash_of_credential(std::string_view credential_key);
AppKeyId key_of_credential(std::string_view credential_key);

}  // namespace hangu::open_api
