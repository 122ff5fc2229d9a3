// What wiring needs of the delivery module.
#pragma once

#include "platform/events/rabbit.hpp"
#include "platform/http/permission.hpp"
#include "platform/http/route.hpp"
#include "platform/settings/settings.hpp"
#include "platform/storage/schema.hpp"
#include "security/delivery/delivery.hpp"

#include <optional>
#include <vector>

namespace hangu::delivery {

storage::Part part();
// destination.view and the like, under the menu "safety", which the audit module declares.
std::vector<http::PermissionNode> permissions();
std::vector<settings::Setting> settings();
// The broker of the settings, with its password; none: there is none. "settings.invalid" with
// fields, "broker.password_missing", "broker.password_open".
Result<std::optional<events::RabbitOptions>> broker_of(const settings::Snapshot& settings);
void add_routes(http::Routes& routes, Deliveries& deliveries);

}  // namespace hangu::delivery
