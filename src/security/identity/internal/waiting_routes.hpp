// The routes that wait for the hash pool: POST /session, /session/redeem and /session/password.
#pragma once

#include "platform/http/route.hpp"
#include "security/identity/identity.hpp"

namespace hangu::identity {

void add_waiting_routes(http::Routes& routes, Identity& identity);

}  // namespace hangu::identity
