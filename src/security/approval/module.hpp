// What wiring needs of the approval module.
#pragma once

#include "platform/http/permission.hpp"
#include "platform/http/route.hpp"
#include "platform/settings/settings.hpp"
#include "platform/storage/schema.hpp"
#include "security/approval/approval.hpp"

#include <vector>

namespace hangu::approval {

inline constexpr http::Permission kMayView{"approval.view"};
inline constexpr http::Permission kMayDecide{"approval.decide"};

// Open requests of a tenant.
inline constexpr settings::Key<std::int64_t> kOpenCountMax{"approval.open_count_max"};

storage::Part part();
std::vector<settings::Setting> settings();
std::vector<http::PermissionNode> permissions();  // under the menu "safety" of the audit module
void add_routes(http::Routes& routes, Approvals& approvals);

}  // namespace hangu::approval
