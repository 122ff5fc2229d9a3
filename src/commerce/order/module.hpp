// What wiring needs of this module.
#pragma once

#include "commerce/order/order.hpp"
#include "platform/http/permission.hpp"
#include "platform/http/route.hpp"
#include "platform/storage/schema.hpp"

#include <vector>

namespace hangu::order {

inline constexpr http::Permission kMayViewOrders{"order.view"};
inline constexpr http::Permission kMayPlace{"order.place"};
inline constexpr http::Permission kMayAdvance{"order.advance"};
inline constexpr http::Permission kMayCancel{"order.cancel"};
inline constexpr http::Permission kMayRefund{"order.refund"};
inline constexpr http::Permission kMayViewDashboard{"dashboard.view"};
inline constexpr http::Permission kMayReport{"report.sales"};

storage::Part part();
std::vector<http::PermissionNode> permissions();
// The service must outlive the routes.
void add_routes(http::Routes& routes, const Orders& orders);

}  // namespace hangu::order
