// POST /orders/{order_id}/advance: the kitchen's and the counter's steps.
#include "commerce/order/internal/order_acts.hpp"
#include "commerce/order/internal/order_rules.hpp"
#include "commerce/order/internal/order_view.hpp"
#include "commerce/order/internal/routes.hpp"
#include "commerce/order/module.hpp"

namespace hangu::order {

enum class AdvanceTo { accepted, making, ready, handed_over };
HANGU_ENUM(AdvanceTo, accepted, making, ready, handed_over)

struct OrderAdvanceInput {
    OrderId order_id;
    AdvanceTo production = AdvanceTo::accepted;
    Number<1, INT64_MAX> version;
};
HANGU_STRUCT(OrderAdvanceInput, order_id, production, version)

namespace {

Result<Order> advance_order(const Orders& orders, http::Scope& scope,
                            const OrderAdvanceInput& input) {
    HANGU_TRY(HeadRow head, find_at(scope.tx(), input.order_id));
    HANGU_CHECK(scope.authorize(kMayAdvance, head.org_path));
    HANGU_CHECK(check_version(head, input.version));
    const ProductionState before = head.production_state;
    const ProductionState to = parse_enum<ProductionState>(enum_text(input.production)).value();
    HANGU_TRY(const OrderState state, advanced(head.state(), to));
    head.set(state);
    if (!OrderStore(scope.tx()).save_state(head, input.version)) {
        return Problem::conflict("order.stale");
    }
    head.version = input.version + 1;
    note_event(scope, head.id, "order." + std::string(enum_text(to)));
    scope.audit({"order.advanced",
                 "order",
                 head.id.text(),
                 head.number,
                 {{"production_state", std::string(enum_text(before)), std::string(enum_text(to))}},
                 head.org_path});
    publish<OrderAdvanced>(scope, head);
    return load_view(scope, orders, std::move(head));
}

}  // namespace

void add_advance_route(http::Routes& routes, const Orders& orders) {
    routes.add_with<Order, OrderAdvanceInput>(
        {.name = "order.advance",
         .method = "POST",
         .path = "/api/v1/orders/{order_id}/advance",
         .permission = kMayAdvance,
         .per_minute_max = 1200,
         .summary = "Move an order forward: accepted, making, ready, handed over",
         .tag = "orders"},
        [&orders](http::Scope& scope, const OrderAdvanceInput& input) {
            return advance_order(orders, scope, input);
        });
}

}  // namespace hangu::order
