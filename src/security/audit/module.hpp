// What wiring needs of the audit module.
#pragma once

#include "platform/http/permission.hpp"
#include "platform/http/route.hpp"
#include "platform/storage/schema.hpp"

#include <vector>

namespace hangu::audit {

storage::Part part();
std::vector<http::PermissionNode> permissions();  // declares the menu "safety"
void add_routes(http::Routes& routes);

}  // namespace hangu::audit
