// Acts that ask again who it is: what gives rights or a way in, and what takes much out at once.
#pragma once

#include "platform/http/route.hpp"
#include "security/identity/identity.hpp"

#include <vector>

namespace hangu::app {

// Puts the question before the handlers of those routes. Throws Bug when one of them is no route.
void ask_again(std::vector<http::RouteEntry>& routes, identity::Identity& identity,
               http::Realm realm);

}  // namespace hangu::app
