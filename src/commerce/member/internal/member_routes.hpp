// The routes of this module.
#pragma once

#include "commerce/member/member.hpp"
#include "platform/http/route.hpp"

namespace hangu::member {

void add_member_list_route(http::Routes& routes);
void add_member_routes(http::Routes& routes, const Members& members,
                       const organisation::Organisation& organisation);

}  // namespace hangu::member
