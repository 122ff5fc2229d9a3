// What the module declares.
#include "security/delivery/internal/delivery_routes.hpp"
#include "security/delivery/internal/destination_store.hpp"
#include "security/delivery/module.hpp"

namespace hangu::delivery {

std::span<const MigrationFile> sql_files();

storage::Part part() {
    storage::Part part{"delivery", sql_files(), {}, {}};
    add_destination_tables(part);
    return part;
}

std::vector<http::PermissionNode> permissions() {
    using http::PermissionKind;
    return {
        {PermissionKind::page, "destination.view", "safety", "事件投递", "Event delivery"},
        {PermissionKind::button, "destination.edit", "destination.view", "管理事件投递",
         "Manage event delivery"},
    };
}

void add_routes(http::Routes& routes, Deliveries& deliveries) {
    add_destination_routes(routes, deliveries.state());
    add_dead_letter_routes(routes, deliveries.state());
}

}  // namespace hangu::delivery
