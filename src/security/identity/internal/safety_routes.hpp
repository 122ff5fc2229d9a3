// Routes of one's own safety centre.
#pragma once

#include "platform/http/route.hpp"
#include "security/identity/identity.hpp"

namespace hangu::identity {

void add_safety_routes(http::Routes& routes, Identity& identity);
void add_passkey_routes(http::Routes& routes, Identity& identity);

// A route about the caller's own things.
http::Route own_route(std::string_view name, std::string_view method, std::string_view path,
                      std::string_view summary);

}  // namespace hangu::identity
