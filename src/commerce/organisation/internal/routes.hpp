// The routes of this module, by subject.
#pragma once

#include "commerce/organisation/organisation.hpp"
#include "platform/http/route.hpp"

namespace hangu::organisation {

void add_node_routes(http::Routes& routes, const Organisation& organisation);
void add_store_routes(http::Routes& routes, const Organisation& organisation);

}  // namespace hangu::organisation
