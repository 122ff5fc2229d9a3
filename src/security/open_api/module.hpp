// What wiring needs of the open API module.
#pragma once

#include "platform/http/permission.hpp"
#include "platform/http/route.hpp"
#include "platform/storage/schema.hpp"
#include "security/open_api/open_api.hpp"

#include <vector>

namespace hangu::open_api {

storage::Part part();
std::vector<http::PermissionNode> permissions();  // under the menu "safety" of the audit module
void add_routes(http::Routes& routes, OpenApi& open_api);

}  // namespace hangu::open_api
