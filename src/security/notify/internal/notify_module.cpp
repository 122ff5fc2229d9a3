// What the module declares.
#include "security/notify/internal/channel_store.hpp"
#include "security/notify/internal/notice_store.hpp"
#include "security/notify/internal/notify_routes.hpp"
#include "security/notify/internal/text_store.hpp"
#include "security/notify/module.hpp"

namespace hangu::notify {

std::span<const MigrationFile> sql_files();

storage::Part part() {
    storage::Part part{"notify", sql_files(), {}, {}};
    add_notice_tables(part);
    add_text_tables(part);
    add_channel_tables(part);
    return part;
}

std::vector<http::PermissionNode> permissions() {
    using http::PermissionKind;
    return {
        {PermissionKind::page, "channel.view", "safety", "通知渠道", "Notice channels"},
        {PermissionKind::button, "channel.edit", "channel.view", "管理通知渠道", "Manage channels"},
        {PermissionKind::page, "text.view", "safety", "短信记录", "Text messages"},
        {PermissionKind::page, "mailbox.view", "safety", "开发信箱", "Development mailbox"},
    };
}

void add_routes(http::Routes& routes, Notify& notify) {
    add_notice_routes(routes);
    add_channel_routes(routes, notify.state());
    add_delivery_routes(routes, notify.state());
    add_text_routes(routes, notify.state());
}

}  // namespace hangu::notify
