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
// What a declaration cannot say: names that are one of a few. "settings.invalid" with fields.
Result<void> check_settings(const settings::Snapshot& settings);
Identity::Options options_of(http::Realm realm);
void add_routes(http::Routes& routes, Identity& identity);

}  // namespace hangu::identity
