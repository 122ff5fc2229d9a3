// What wiring needs of the disclosure module.
#pragma once

#include "platform/http/permission.hpp"
#include "platform/http/route.hpp"
#include "platform/settings/settings.hpp"
#include "platform/storage/schema.hpp"
#include "security/disclosure/disclosure.hpp"

#include <vector>

namespace hangu::disclosure {

inline constexpr http::Permission kMayView{"disclosure.view"};
inline constexpr http::Permission kMayAsk{"disclosure.ask"};
inline constexpr http::Permission kMayAuthorise{"disclosure.authorise"};
inline constexpr http::Permission kMayApprove{"disclosure.approve"};
inline constexpr http::Permission kMayTake{"disclosure.take"};

inline constexpr settings::Key<std::int64_t> kOpenHours{"disclosure.open_hours"};
inline constexpr settings::Key<std::int64_t> kTakeHours{"disclosure.take_hours"};
inline constexpr settings::Key<std::int64_t> kRecordsCountMax{"disclosure.records_count_max"};

storage::Part part();
std::vector<settings::Setting> settings();
std::vector<http::PermissionNode> permissions();  // under the menu "safety" of the audit module
void add_routes(http::Routes& routes, Disclosures& disclosures);

}  // namespace hangu::disclosure
