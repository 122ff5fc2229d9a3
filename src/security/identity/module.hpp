// What wiring needs of the identity module.
#pragma once

#include "platform/http/permission.hpp"
#include "platform/http/route.hpp"
#include "platform/settings/settings.hpp"
#include "platform/storage/schema.hpp"
#include "security/identity/identity.hpp"

#include <vector>

namespace hangu::identity {

storage::Part part();
std::vector<http::PermissionNode> permissions();  // none: its routes need a session at most
std::vector<settings::Setting> settings();
void add_routes(http::Routes& routes, Identity& identity);

}  // namespace hangu::identity
