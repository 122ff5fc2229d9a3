// The routes of this module.
#pragma once

#include "commerce/staff/staff.hpp"
#include "platform/http/route.hpp"

namespace hangu::staff {

void add_staff_routes(http::Routes& routes, const Staff& staff);        // list, create, view, edit
void add_staff_state_routes(http::Routes& routes, const Staff& staff);  // suspend … invite

}  // namespace hangu::staff
