// What wiring needs of the notify module.
#pragma once

#include "platform/http/permission.hpp"
#include "platform/http/route.hpp"
#include "platform/settings/settings.hpp"
#include "platform/storage/schema.hpp"
#include "security/notify/notify.hpp"

#include <vector>

namespace hangu::notify {

storage::Part part();
storage::Part platform_part();  // of the control database
// channel.view and the like, under the menu "safety", which the audit module declares.
std::vector<http::PermissionNode> permissions();
std::vector<settings::Setting> settings();
// What a declaration cannot say. "settings.invalid" with fields.
Result<void> check_settings(const settings::Snapshot& settings);
// Texts are kept in the development mailbox instead of sent: never in production.
bool uses_mailbox(const settings::Snapshot& settings);
// Why texts would not be sent; "" : they are.
std::string text_advice(const settings::Snapshot& settings);
void add_routes(http::Routes& routes, Notify& notify);

}  // namespace hangu::notify
