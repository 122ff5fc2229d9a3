// The rows of orders as they are stored.
#pragma once

#include "commerce/order/order.hpp"

namespace hangu::order {

struct LineTag;
using LineId = Id<LineTag>;
struct PaymentTag;
using PaymentId = Id<PaymentTag>;
struct RefundTag;
using RefundId = Id<RefundTag>;
struct OrderEventTag;
using OrderEventId = Id<OrderEventTag>;

struct HeadRow {
    static constexpr std::string_view kTable = "order_head";
    OrderId id;
    std::string number;
    StoreId store_id;
    std::string org_path;
    OrderMode mode = OrderMode::retail;
    PaymentState payment_state = PaymentState::pending;
    ProductionState production_state = ProductionState::received;
    FulfilmentState fulfilment_state = FulfilmentState::waiting;
    Day business_day;
    std::string pick_up_number;
    std::optional<MemberId> member_id;
    http::ActorKind placed_by_kind = http::ActorKind::nobody;
    std::int64_t placed_by_id = 0;
    Sealed<PersonName> placed_by_name;
    Money gross_fen;
    Money discount_fen;
    Money total_fen;
    Money refunded_fen;
    std::int64_t lines_count = 0;
    std::int64_t items_count = 0;
    std::string remark;
    Time placed_at;
    std::optional<std::string> external_ref;
    std::int64_t version = 1;

    OrderState state() const { return {payment_state, production_state, fulfilment_state}; }
    void set(const OrderState& to) {
        payment_state = to.payment;
        production_state = to.production;
        fulfilment_state = to.fulfilment;
    }
};
HANGU_STRUCT(HeadRow, id, number, store_id, org_path, mode, payment_state, production_state,
             fulfilment_state, business_day, pick_up_number, member_id, placed_by_kind,
             placed_by_id, placed_by_name, gross_fen, discount_fen, total_fen, refunded_fen,
             lines_count, items_count, remark, placed_at, external_ref, version)

// What a list shows of an order.
struct HeadListRow {
    OrderId id;
    std::string number;
    std::string pick_up_number;
    StoreId store_id;
    OrderMode mode = OrderMode::retail;
    PaymentState payment_state = PaymentState::pending;
    ProductionState production_state = ProductionState::received;
    FulfilmentState fulfilment_state = FulfilmentState::waiting;
    Money total_fen;
    std::int64_t lines_count = 0;
    std::optional<MemberId> member_id;
    Day business_day;
    Time placed_at;
    std::int64_t version = 1;
};
HANGU_STRUCT(HeadListRow, id, number, pick_up_number, store_id, mode, payment_state,
             production_state, fulfilment_state, total_fen, lines_count, member_id, business_day,
             placed_at, version)

struct LineRow {
    static constexpr std::string_view kTable = "order_line";
    OrderId order_id;
    LineId id;
    ProductId product_id;
    SpecId spec_id;
    std::string product_name;
    std::string spec_name;
    std::string options;  // JSON list of {name, price_fen}
    std::int64_t quantity = 1;
    Money unit_fen;
    Money gross_fen;
    Money discount_fen;
    Money net_fen;
    bool counted = false;  // its pieces were taken from a counted stock
    std::string remark;
};
HANGU_STRUCT(LineRow, order_id, id, product_id, spec_id, product_name, spec_name, options, quantity,
             unit_fen, gross_fen, discount_fen, net_fen, counted, remark)

struct PaymentRow {
    static constexpr std::string_view kTable = "payment";
    OrderId order_id;
    PaymentId id;
    Tender tender = Tender::cash;
    std::string reference;
    Money amount_fen;
    Time paid_at;
};
HANGU_STRUCT(PaymentRow, order_id, id, tender, reference, amount_fen, paid_at)

struct RefundRow {
    static constexpr std::string_view kTable = "refund";
    RefundId id;
    OrderId order_id;
    StoreId store_id;
    Day business_day;  // of the refund
    Money amount_fen;
    std::string reason;
    http::ActorKind by_kind = http::ActorKind::nobody;
    std::int64_t by_id = 0;
    Sealed<PersonName> by_name;
    Time at;
};
HANGU_STRUCT(RefundRow, id, order_id, store_id, business_day, amount_fen, reason, by_kind, by_id,
             by_name, at)

struct RefundLineRow {
    static constexpr std::string_view kTable = "refund_line";
    RefundId refund_id;
    LineId line_id;
    ProductId product_id;
    std::string product_name;
    std::int64_t quantity = 1;
    Money amount_fen;
};
HANGU_STRUCT(RefundLineRow, refund_id, line_id, product_id, product_name, quantity, amount_fen)

struct OrderEventRow {
    static constexpr std::string_view kTable = "order_event";
    OrderEventId id;
    OrderId order_id;
    Time at;
    std::string action;
    http::ActorKind actor_kind = http::ActorKind::nobody;
    std::int64_t actor_id = 0;
    Sealed<PersonName> actor_name;
};
HANGU_STRUCT(OrderEventRow, id, order_id, at, action, actor_kind, actor_id, actor_name)

struct PickUpCounterRow {
    static constexpr std::string_view kTable = "pick_up_counter";
    StoreId store_id;
    Day business_day;
    std::int64_t last = 0;
};
HANGU_STRUCT(PickUpCounterRow, store_id, business_day, last)

}  // namespace hangu::order
