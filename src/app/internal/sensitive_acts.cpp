#include "app/internal/sensitive_acts.hpp"

#include "base/check.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace hangu::app {

namespace {

// What takes rights away does not ask: that has to be quick.
constexpr std::array<std::string_view, 11> kSensitiveActs = {
    "role.create",      "role.edit",    "duty_pair.remove", "staff.create",
    "staff.edit",       "staff.resume", "staff.transfer",   "staff.invite",
    "staff.set_grants", "audit.export", "sign_in.export",
};
constexpr std::array<std::string_view, 4> kMerchantsActs = {"app_key.create", "store_group.edit",
                                                            "approval.decide", "disclosure.take"};

template <class Names>
void ask_again(std::vector<http::RouteEntry>& routes, identity::Identity& identity,
               const Names& names) {
    for (const std::string_view name : names) {
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

}  // namespace

void ask_again(std::vector<http::RouteEntry>& routes, identity::Identity& identity,
               http::Realm realm) {
    ask_again(routes, identity, kSensitiveActs);
    if (realm == http::Realm::merchant) {
        ask_again(routes, identity, kMerchantsActs);
    }
}

}  // namespace hangu::app
