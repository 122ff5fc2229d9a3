// The routes of this module.
#pragma once

#include "commerce/staff/internal/staff_store.hpp"
#include "commerce/staff/staff.hpp"
#include "platform/http/route.hpp"

namespace hangu::staff {

// The person, when the caller holds the permission where she works.
Result<StaffListRow> ask_for(http::Scope& scope, http::Permission permission, StaffId id);

void add_staff_routes(http::Routes& routes, const Staff& staff);        // list, create, view, edit
void add_staff_state_routes(http::Routes& routes, const Staff& staff);  // suspend … invite
void add_grant_routes(http::Routes& routes, const Staff& staff);        // of one person
void add_review_routes(http::Routes& routes, const Staff& staff);       // all grants
void add_group_routes(http::Routes& routes, const Staff& staff);        // of stores
void add_rights_routes(http::Routes& routes, const Staff& staff);       // one's own, at a place

}  // namespace hangu::staff
