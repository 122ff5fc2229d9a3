// The routes of this module, by use case.
#pragma once

#include "commerce/order/order.hpp"
#include "platform/http/route.hpp"

namespace hangu::order {

void add_place_routes(http::Routes& routes, const Orders& orders);  // preview, place
void add_order_stores_route(http::Routes& routes, const Orders& orders);
void add_view_route(http::Routes& routes, const Orders& orders);
void add_list_route(http::Routes& routes, const Orders& orders);
void add_advance_route(http::Routes& routes, const Orders& orders);
void add_give_back_routes(http::Routes& routes, const Orders& orders);  // cancel, refund
void add_report_route(http::Routes& routes, const Orders& orders);
void add_dashboard_route(http::Routes& routes, const Orders& orders);

}  // namespace hangu::order
