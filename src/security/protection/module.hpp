// What wiring needs of the protection module.
#pragma once

#include "platform/http/permission.hpp"
#include "platform/http/route.hpp"
#include "platform/settings/settings.hpp"
#include "platform/storage/schema.hpp"
#include "security/protection/protection.hpp"

#include <string>
#include <vector>

namespace hangu::protection {

// File of networks and places; see places.hpp.
inline constexpr settings::Key<std::string> kPlacesFile{"protection.places_file"};

storage::Part part();
std::vector<http::PermissionNode> permissions();  // under the menu "safety", which audit declares
std::vector<settings::Setting> settings();
// What a declaration cannot say: that thresholds rise. "settings.invalid" with fields.
Result<void> check_settings(const settings::Snapshot& settings);
void add_routes(http::Routes& routes, Protection& protection);

}  // namespace hangu::protection
