// What wiring needs of this module.
#pragma once

#include "commerce/staff/staff.hpp"
#include "platform/http/permission.hpp"
#include "platform/http/route.hpp"
#include "platform/storage/schema.hpp"

#include <vector>

namespace hangu::staff {

inline constexpr http::Permission kMayView{"staff.view"};
inline constexpr http::Permission kMayEdit{"staff.edit"};
inline constexpr http::Permission kMaySuspend{"staff.suspend"};
inline constexpr http::Permission kMayInvite{"staff.invite"};

storage::Part part();
// Under the menu "organisation", which the organisation module declares.
std::vector<http::PermissionNode> permissions();
// The service must outlive the routes.
void add_routes(http::Routes& routes, const Staff& staff);

}  // namespace hangu::staff
