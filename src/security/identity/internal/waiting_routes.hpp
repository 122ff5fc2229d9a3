// The routes that wait for the hash pool, or are public and so open their own transactions.
#pragma once

#include "platform/http/route.hpp"
#include "security/identity/identity.hpp"

namespace hangu::identity {

void add_waiting_routes(http::Routes& routes, Identity& identity);
void add_waiting_passkey_routes(http::Routes& routes, Identity& identity);  // so is this
void add_waiting_text_routes(http::Routes& routes, Identity& identity);     // and this
void add_waiting_own_routes(http::Routes& routes, Identity& identity);      // part of the above

}  // namespace hangu::identity
