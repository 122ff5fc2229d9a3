// The cookies of a realm. Browsers do not keep cookies of two ports of a host apart, so each
// realm's have names of their own.
#pragma once

#include "platform/http/caller.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace hangu::identity {

struct CookieNames {
    std::string_view session;
    std::string_view device;
    std::string_view step;
    std::string_view text;
    std::string_view passkey;
};
const CookieNames& cookie_names(http::Realm realm);

// Values of Set-Cookie: for this host and path /, over TLS only, unreadable for scripts, never sent
// along from other sites. Without `seconds` the cookie ends with the browser.
std::string cookie_header(std::string_view name, std::string_view value);
std::string cookie_header(std::string_view name, std::string_view value, std::int64_t seconds);
std::string ended_cookie_header(std::string_view name);

}  // namespace hangu::identity
