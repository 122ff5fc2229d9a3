#include "commerce/order/internal/order_view.hpp"

#include "commerce/order/internal/order_store.hpp"
#include "commerce/order/internal/routes.hpp"
#include "commerce/order/module.hpp"

namespace hangu::order {

namespace {

std::optional<OrderActor> placed_by(const HeadRow& head) {
    const bool person = head.placed_by_kind == http::ActorKind::staff ||
                        head.placed_by_kind == http::ActorKind::application;
    if (!person) {
        return std::nullopt;
    }
    return OrderActor{id_text(head.placed_by_id), head.placed_by_name.shown().text()};
}

std::vector<TimelineEntry> timeline_of(const OrderParts& parts) {
    std::vector<TimelineEntry> timeline;
    const Revealed<PersonName> placer = parts.head.placed_by_name.shown();
    timeline.push_back({parts.head.placed_at, "order.placed", placer});
    for (const PaymentRow& payment : parts.payments) {
        timeline.push_back({payment.paid_at, "order.paid", placer});
    }
    for (const OrderEventRow& event : parts.events) {
        timeline.push_back({event.at, event.action, event.actor_name.shown()});
    }
    return timeline;
}

void put_head(const HeadRow& head, Order& order) {
    order.id = head.id;
    order.number = head.number;
    order.pick_up_number = head.pick_up_number;
    order.store_id = head.store_id;
    order.mode = head.mode;
    order.payment_state = head.payment_state;
    order.production_state = head.production_state;
    order.fulfilment_state = head.fulfilment_state;
    order.total_fen = head.total_fen;
    order.lines_count = head.lines_count;
    order.member_id = head.member_id;
    order.placed_at = head.placed_at;
    order.version = head.version;
    order.business_day = head.business_day;
    order.remark = head.remark;
    order.placed_by = placed_by(head);
    order.gross_fen = head.gross_fen;
    order.discount_fen = head.discount_fen;
    order.refunded_fen = head.refunded_fen;
}

}  // namespace

Order view_of(OrderParts parts) {
    Order order;
    put_head(parts.head, order);
    order.store_name = std::move(parts.store_name);
    order.timeline = timeline_of(parts);
    if (parts.member) {
        OrderMember member{parts.member->id, parts.member->name.shown(), std::nullopt};
        if (!parts.member->phone.empty()) {
            member.phone_masked = parts.member->phone.masked();
        }
        order.member = std::move(member);
    }
    for (LineRow& line : parts.lines) {
        order.lines.push_back({line.id, line.product_id, std::move(line.product_name),
                               std::move(line.spec_name), StoredOptions{std::move(line.options)},
                               line.quantity, line.unit_fen, line.gross_fen, line.discount_fen,
                               line.net_fen, std::move(line.remark)});
    }
    for (PaymentRow& payment : parts.payments) {
        std::optional<std::string> reference;
        if (!payment.reference.empty()) {
            reference = std::move(payment.reference);
        }
        order.payments.push_back({payment.id, payment.tender, std::move(reference),
                                  payment.amount_fen, payment.paid_at});
    }
    for (RefundRow& refund : parts.refunds) {
        order.refunds.push_back({refund.id, refund.amount_fen, std::move(refund.reason), refund.at,
                                 refund.by_name.shown()});
    }
    order.may = std::move(parts.may);
    return order;
}

std::vector<std::string> rights_on(const http::Scope& scope, std::string_view org_path) {
    std::vector<std::string> may;
    for (const http::Permission permission : {kMayAdvance, kMayCancel, kMayRefund}) {
        if (scope.holds(permission, org_path)) {
            may.emplace_back(permission.code);
        }
    }
    return may;
}

Order load_view(http::Scope& scope, const Orders& orders, HeadRow head) {
    storage::Tx& tx = scope.tx();
    OrderStore store(tx);
    OrderParts parts;
    parts.lines = store.lines_of(head.id);
    parts.payments = store.payments_of(head.id);
    parts.refunds = store.refunds_of(head.id);
    parts.events = store.events_of(head.id);
    if (head.member_id) {
        parts.member = orders.members().find_brief(tx, *head.member_id);
    }
    parts.store_name = orders.organisation().store(tx, head.store_id).value().name;
    parts.may = rights_on(scope, head.org_path);
    parts.head = std::move(head);
    return view_of(std::move(parts));
}

struct OrderViewInput {
    OrderId order_id;
};
HANGU_STRUCT(OrderViewInput, order_id)

namespace {

Result<Order> view_order(const Orders& orders, http::Scope& scope, const OrderViewInput& input) {
    std::optional<HeadRow> head = OrderStore(scope.tx()).find(input.order_id);
    if (!head) {
        return Problem::not_found("order.not_found");
    }
    HANGU_CHECK(scope.authorize(kMayViewOrders, head->org_path));
    return load_view(scope, orders, *std::move(head));
}

}  // namespace

void add_view_route(http::Routes& routes, const Orders& orders) {
    routes.add_with<Order, OrderViewInput>(
        {.name = "order.view",
         .method = "GET",
         .path = "/api/v1/orders/{order_id}",
         .permission = kMayViewOrders,
         .realms = http::Realm::merchant | http::Realm::application,
         .work = http::Work::read,
         .summary = "One order with lines, payments, refunds and timeline",
         .tag = "orders"},
        [&orders](http::Scope& scope, const OrderViewInput& input) {
            return view_order(orders, scope, input);
        });
}

}  // namespace hangu::order
