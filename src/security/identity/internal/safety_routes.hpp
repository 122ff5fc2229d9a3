// Routes of one's own safety centre.
#pragma once

#include "platform/http/route.hpp"
#include "security/identity/identity.hpp"

namespace hangu::identity {

void add_safety_routes(http::Routes& routes, Identity& identity);

}  // namespace hangu::identity
