// POST /orders/{order_id}/cancel and /refund: the whole amount goes back, with each line's exact
// share.
#include "commerce/order/internal/order_acts.hpp"
#include "commerce/order/internal/order_rules.hpp"
#include "commerce/order/internal/order_view.hpp"
#include "commerce/order/internal/routes.hpp"
#include "commerce/order/module.hpp"

namespace hangu::order {

struct OrderReasonInput {
    OrderId order_id;
    Text<2, 200> reason;
    Number<1, INT64_MAX> version;
};
HANGU_STRUCT(OrderReasonInput, order_id, reason, version)

namespace {

// Writes the refund: its lines carry what each line had cost, so they add up to the amount.
void write_refund(http::Scope& scope, const HeadRow& head, const std::vector<LineRow>& lines,
                  std::string_view reason) {
    OrderStore store(scope.tx());
    const RefundRow refund{scope.new_id<RefundId>(),
                           head.id,
                           head.store_id,
                           scope.today(),
                           head.total_fen,
                           std::string(reason),
                           scope.caller().kind,
                           scope.caller().actor_id,
                           actor_name(scope),
                           scope.now()};
    store.insert(refund);
    Money sum;
    std::vector<RefundLineRow> given_back;
    for (const LineRow& line : lines) {
        given_back.push_back(
            {refund.id, line.id, line.product_id, line.product_name, line.quantity, line.net_fen});
        sum += line.net_fen;
    }
    store.insert_all(given_back);
    HANGU_ASSERT(sum == refund.amount_fen);
}

void return_stock(const Orders& orders, storage::Tx& tx, const HeadRow& head,
                  const std::vector<LineRow>& lines) {
    for (const LineRow& line : lines) {
        if (line.counted) {
            orders.catalogue().return_stock(tx, head.store_id, line.spec_id, line.quantity);
        }
    }
}

// What cancelling and refunding have in common once the new state is decided.
Result<void> give_back(const Orders& orders, http::Scope& scope, HeadRow& head,
                       const OrderState& to, const OrderReasonInput& input) {
    const OrderState from = head.state();
    OrderStore store(scope.tx());
    const bool was_paid = from.payment == PaymentState::paid;
    head.set(to);
    head.refunded_fen = was_paid ? head.total_fen : Money(0);
    if (!store.save_state(head, input.version)) {
        return Problem::conflict("order.stale");
    }
    head.version = input.version + 1;
    const std::vector<LineRow> lines = store.lines_of(head.id);
    if (was_paid) {
        write_refund(scope, head, lines, input.reason);
    }
    if (was_not_made(from.production)) {
        return_stock(orders, scope.tx(), head, lines);
    }
    if (head.member_id) {
        HANGU_CHECK(orders.members().add_purchase(scope.tx(), *head.member_id, -1,
                                                  Money(0) - head.total_fen));
    }
    return {};
}

void record(http::Scope& scope, const HeadRow& head, const OrderState& from,
            std::string_view action, std::string_view reason) {
    note_event(scope, head.id, action);
    scope.audit({action,
                 "order",
                 head.id.text(),
                 head.number,
                 {{"reason", "", std::string(reason)},
                  {"payment_state", std::string(enum_text(from.payment)),
                   std::string(enum_text(head.payment_state))},
                  {"production_state", std::string(enum_text(from.production)),
                   std::string(enum_text(head.production_state))},
                  {"refunded_fen", "0", std::to_string(head.refunded_fen.fen())}},
                 head.org_path});
}

Result<Order> cancel_order(const Orders& orders, http::Scope& scope,
                           const OrderReasonInput& input) {
    HANGU_TRY(HeadRow head, find_at(scope.tx(), input.order_id));
    HANGU_CHECK(scope.authorize(kMayCancel, head.org_path));
    HANGU_CHECK(check_version(head, input.version));
    const OrderState from = head.state();
    HANGU_TRY(const OrderState to, cancelled(from));
    HANGU_CHECK(give_back(orders, scope, head, to, input));
    record(scope, head, from, "order.cancelled", input.reason);
    publish<OrderCancelled>(scope, head);
    return load_view(scope, orders, std::move(head));
}

Result<Order> refund_order(const Orders& orders, http::Scope& scope,
                           const OrderReasonInput& input) {
    HANGU_TRY(HeadRow head, find_at(scope.tx(), input.order_id));
    HANGU_CHECK(scope.authorize(kMayRefund, head.org_path));
    HANGU_CHECK(check_version(head, input.version));
    const OrderState from = head.state();
    HANGU_TRY(const OrderState to, refunded(from));
    HANGU_CHECK(give_back(orders, scope, head, to, input));
    record(scope, head, from, "order.refunded", input.reason);
    publish<OrderRefunded>(scope, head);
    return load_view(scope, orders, std::move(head));
}

}  // namespace

void add_give_back_routes(http::Routes& routes, const Orders& orders) {
    routes.add_with<Order, OrderReasonInput>(
        {.name = "order.cancel",
         .method = "POST",
         .path = "/api/v1/orders/{order_id}/cancel",
         .permission = kMayCancel,
         .summary = "Cancel an order before it is made; what was paid goes back",
         .tag = "orders"},
        [&orders](http::Scope& scope, const OrderReasonInput& input) {
            return cancel_order(orders, scope, input);
        });
    routes.add_with<Order, OrderReasonInput>(
        {.name = "order.refund",
         .method = "POST",
         .path = "/api/v1/orders/{order_id}/refund",
         .permission = kMayRefund,
         .summary = "Give the whole amount of an order back",
         .tag = "orders"},
        [&orders](http::Scope& scope, const OrderReasonInput& input) {
            return refund_order(orders, scope, input);
        });
}

}  // namespace hangu::order
