#include "app/platform_realm.hpp"

#include "app/house.hpp"
#include "app/internal/merchant_window.hpp"
#include "app/internal/telling.hpp"
#include "commerce/organisation/module.hpp"
#include "commerce/staff/module.hpp"
#include "security/audit/module.hpp"
#include "security/authorization/module.hpp"
#include "security/identity/module.hpp"
#include "security/notify/module.hpp"
#include "security/protection/module.hpp"

#include <algorithm>
#include <iterator>
#include <string_view>

namespace hangu::app {

namespace {

// What the merchants' modules declare beyond what people of the platform have.
constexpr std::string_view kMerchantsOnly[] = {"store", "store_group", "text", "mailbox"};

bool is_merchants_only(std::string_view name) {
    const std::string_view subject = name.substr(0, name.find('.'));
    return std::find(std::begin(kMerchantsOnly), std::end(kMerchantsOnly), subject) !=
           std::end(kMerchantsOnly);
}

void append(std::vector<http::PermissionNode>& all, const std::vector<http::PermissionNode>& more) {
    std::copy_if(more.begin(), more.end(), std::back_inserter(all),
                 [](const http::PermissionNode& node) { return !is_merchants_only(node.code); });
}

http::World world_of(const House& house, const http::PermissionCatalogue& permissions,
                     http::AuditSink& records) {
    http::World world = house.world;
    world.permissions = &permissions;
    world.audit = &records;
    return world;
}

}  // namespace

std::vector<http::PermissionNode> platform_permissions() {
    std::vector<http::PermissionNode> all = merchant_window_permissions();
    append(all, organisation::permissions());
    append(all, staff::permissions());
    append(all, authorization::permissions());
    append(all, audit::permissions());
    append(all, protection::permissions());
    append(all, notify::permissions());
    return all;
}

PlatformRealm::PlatformRealm(House& house, Telling& telling)
    : permissions(platform_permissions()),
      world(world_of(house, permissions, records_)),
      identity(*house.engine, *house.tenants, world, *house.hash_pool,
               identity::options_of(http::Realm::platform)),
      authorization(permissions, identity),
      protection(protection::Protection::Services{*house.engine, *house.tenants, world, identity,
                                                  house.metrics}),
      staff(identity, authorization, house.organisation),
      gates({{http::Realm::platform, &identity}}),
      house_(house),
      records_(telling),
      window_(std::make_unique<MerchantWindow>(house, *this)),
      place_names_(std::make_unique<staff::PlaceNames>(house.organisation)),
      phone_book_(std::make_unique<staff::PhoneBook>()) {
    identity.set_grant_source(authorization);
    identity.set_sign_in_judge(protection);
    identity.set_place_names(*place_names_);
    identity.set_phone_book(*phone_book_);
    protection.set_alerts(telling);
    records_.add(protection);
    records_.add(*house.record_counts);
}

PlatformRealm::~PlatformRealm() = default;

std::vector<http::RouteEntry> PlatformRealm::routes(runtime::Runtime& runtime) {
    http::Routes all;
    identity::add_routes(all, identity);
    authorization::add_routes(all, authorization);
    audit::add_routes(all);
    protection::add_routes(all, protection);
    notify::add_routes(all, *house_.notify);
    organisation::add_routes(all, house_.organisation);
    staff::add_routes(all, staff);
    window_->add_routes(all);
    http::add_event_route(all, http::make_event_streams(runtime, world, gates));
    std::vector<http::RouteEntry> routes = all.take();
    std::erase_if(routes, [](const http::RouteEntry& entry) {
        return is_merchants_only(entry.route.name) ||
               is_merchants_only(entry.route.permission.code);
    });
    for (http::RouteEntry& entry : routes) {
        entry.route.realms = static_cast<http::Realms>(http::Realm::platform);
    }
    return routes;
}

}  // namespace hangu::app
