#include "app/internal/sensitive_acts.hpp"

#include "base/check.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace hangu::app {

namespace {

// What takes rights away does not ask: that has to be quick.
constexpr std::array<std::string_view, 15> kSensitiveActs = {
    "role.create",      "role.edit",      "duty_pair.remove", "staff.create",     "staff.edit",
    "staff.resume",     "staff.transfer", "staff.invite",     "staff.set_grants", "app_key.create",
    "store_group.edit", "audit.export",   "approval.decide",  "disclosure.take",  "sign_in.export",
};

}  // namespace

void ask_again(std::vector<http::RouteEntry>& routes, identity::Identity& identity) {
    for (const std::string_view name : kSensitiveActs) {
        const auto found =
            std::find_if(routes.begin(), routes.end(), [name](const http::RouteEntry& entry) {
                return entry.route.name == name && entry.handle;
            });
        if (found == routes.end()) {
            throw Bug(std::string(name) + " is no route that could ask again");
        }
        found->handle = [&identity, handle = std::move(found->handle)](
                            http::Scope& scope, const http::Request& request,
                            const http::PathParameters& path) -> Result<http::Response> {
            // The system works for the operator on this machine; no request comes as it.
            if (scope.caller().kind != http::ActorKind::system) {
                HANGU_CHECK(identity.require_fresh(scope));
            }
            return handle(scope, request, path);
        };
    }
}

}  // namespace hangu::app
