// The realm of who runs the platform. Its people are accounts of the platform's own tenant;
// identity, roles, audit log and protection are those of the merchants, made a second time over a
// catalogue of permissions of their own: no right of one realm has a name in the other.
#pragma once

#include "commerce/staff/staff.hpp"
#include "platform/http/gate.hpp"
#include "platform/http/permission.hpp"
#include "platform/http/route.hpp"
#include "platform/http/scope.hpp"
#include "platform/runtime/runtime.hpp"
#include "security/authorization/authorization.hpp"
#include "security/identity/identity.hpp"
#include "security/open_api/open_api.hpp"
#include "security/protection/protection.hpp"
#include "security/protection/watched_audit.hpp"

#include <memory>
#include <vector>

namespace hangu::app {

class House;
class MerchantWindow;
class Telling;

std::vector<http::PermissionNode> platform_permissions();

class PlatformRealm {
 public:
    // After the house has its engine, tenants and records.
    PlatformRealm(House& house, Telling& telling);
    ~PlatformRealm();

    // Routes of this realm alone; they say so.
    std::vector<http::RouteEntry> routes(runtime::Runtime& runtime);

    const http::PermissionCatalogue permissions;
    http::World world;
    identity::Identity identity;
    authorization::Authorization authorization;
    protection::Protection protection;
    staff::Staff staff;
    open_api::Gates gates;

 private:
    House& house_;
    protection::WatchedAudit records_;
    std::unique_ptr<MerchantWindow> window_;
    std::unique_ptr<identity::PlaceNames> place_names_;
    std::unique_ptr<identity::PhoneBook> phone_book_;
};

}  // namespace hangu::app
