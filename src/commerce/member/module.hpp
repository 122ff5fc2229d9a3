// What wiring needs of this module.
#pragma once

#include "commerce/member/member.hpp"
#include "platform/http/permission.hpp"
#include "platform/http/route.hpp"
#include "platform/storage/schema.hpp"

#include <vector>

namespace hangu::member {

inline constexpr http::Permission kMayView{"member.view"};
inline constexpr http::Permission kMayEdit{"member.edit"};
inline constexpr http::Permission kMayRevealPhone{"member.reveal_phone"};

storage::Part part();
std::vector<http::PermissionNode> permissions();
// The services must outlive the routes.
void add_routes(http::Routes& routes, const Members& members,
                const organisation::Organisation& organisation);

}  // namespace hangu::member
