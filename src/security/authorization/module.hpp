// What wiring needs of the authorization module.
#pragma once

#include "platform/http/permission.hpp"
#include "platform/http/route.hpp"
#include "platform/storage/schema.hpp"
#include "security/authorization/authorization.hpp"

#include <vector>

namespace hangu::authorization {

storage::Part part();
// role.view and role.edit, under the menu "organisation", which the organisation module declares.
std::vector<http::PermissionNode> permissions();
void add_routes(http::Routes& routes, Authorization& authorization);

}  // namespace hangu::authorization
