// What the route files of this module share.
#pragma once

#include "base/sealed.hpp"
#include "platform/http/route.hpp"
#include "security/authorization/authorization.hpp"

#include <string_view>

namespace hangu::authorization {

inline constexpr http::Permission kMayView{"role.view"};

// A person as those see her who may see roles, not people.
struct PersonView {
    identity::StaffId id;
    Masked<PersonName> name_masked;
};
HANGU_STRUCT(PersonView, id, name_masked)

PersonView person_view(Authorization& authorization, storage::Tx& tx, std::int64_t staff);
http::Route role_route(std::string_view name, std::string_view method, std::string_view path,
                       http::Permission permission, std::string_view summary);

void add_duty_routes(http::Routes& routes, Authorization& authorization);

}  // namespace hangu::authorization
