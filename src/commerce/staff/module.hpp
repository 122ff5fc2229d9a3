// What wiring needs of this module.
#pragma once

#include "commerce/staff/staff.hpp"
#include "platform/http/permission.hpp"
#include "platform/http/route.hpp"
#include "platform/settings/settings.hpp"
#include "platform/storage/schema.hpp"

#include <vector>

namespace hangu::staff {

inline constexpr http::Permission kMayView{"staff.view"};
inline constexpr http::Permission kMayEdit{"staff.edit"};
inline constexpr http::Permission kMaySuspend{"staff.suspend"};
inline constexpr http::Permission kMayInvite{"staff.invite"};
inline constexpr http::Permission kMayRemoveFactors{"staff.remove_factors"};
inline constexpr http::Permission kMayReview{"grant.review"};
inline constexpr http::Permission kMayViewGroups{"store_group.view"};
inline constexpr http::Permission kMayEditGroups{"store_group.edit"};

// A grant is to be looked at again when nobody has for this many days.
inline constexpr settings::Key<std::int64_t> kReviewDays{"grants.review_days"};

storage::Part part();
std::vector<settings::Setting> settings();
// Under the menu "organisation", which the organisation module declares.
std::vector<http::PermissionNode> permissions();
// The service must outlive the routes.
void add_routes(http::Routes& routes, const Staff& staff);

}  // namespace hangu::staff
