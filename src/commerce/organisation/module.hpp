// What wiring needs of this module.
#pragma once

#include "commerce/organisation/organisation.hpp"
#include "platform/http/permission.hpp"
#include "platform/http/route.hpp"
#include "platform/storage/schema.hpp"

#include <vector>

namespace hangu::organisation {

inline constexpr http::Permission kMayViewOrg{"org.view"};
inline constexpr http::Permission kMayEditOrg{"org.edit"};
inline constexpr http::Permission kMayViewStore{"store.view"};
inline constexpr http::Permission kMayEditStore{"store.edit"};

storage::Part part();
std::vector<http::PermissionNode> permissions();
// The service must outlive the routes.
void add_routes(http::Routes& routes, const Organisation& organisation);

}  // namespace hangu::organisation
