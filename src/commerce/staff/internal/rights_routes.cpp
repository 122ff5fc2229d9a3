// GET /api/v1/session/rights/{node_id}   what the caller may do at that place
//
// Pages offer a button only where it works; the server decides again, always.
#include "commerce/staff/internal/staff_routes.hpp"
#include "commerce/staff/module.hpp"

namespace hangu::staff {

namespace api {

struct RightsInput {
    NodeId node_id;
};
HANGU_STRUCT(RightsInput, node_id)

struct RightsAt {
    std::vector<std::string> may;
};
HANGU_STRUCT(RightsAt, may)

}  // namespace api

namespace {

Result<api::RightsAt> view_rights(const Staff& service, http::Scope& scope,
                                  const api::RightsInput& input) {
    HANGU_TRY(const organisation::NodePlace place,
              service.organisation().node(scope.tx(), input.node_id));
    api::RightsAt rights;
    for (const http::PermissionNode& node : service.authorization().catalogue().nodes()) {
        if (node.kind != http::PermissionKind::menu &&
            scope.holds(http::Permission{node.code}, place.path)) {
            rights.may.emplace_back(node.code);
        }
    }
    return rights;
}

}  // namespace

void add_rights_routes(http::Routes& routes, const Staff& service) {
    routes.add_with<api::RightsAt, api::RightsInput>(
        {.name = "session.rights",
         .method = "GET",
         .path = "/api/v1/session/rights/{node_id}",
         .guard = http::Guard::signed_in,
         .work = http::Work::read,
         .summary = "What the caller may do at that place",
         .tag = "session"},
        [&service](http::Scope& scope, const api::RightsInput& input) {
            return view_rights(service, scope, input);
        });
}

}  // namespace hangu::staff
