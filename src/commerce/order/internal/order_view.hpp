// An order as the API shows it, with the story of what happened to it.
#pragma once

#include "commerce/order/internal/order_rows.hpp"

namespace hangu::order {

// Options as they are stored: already JSON.
struct StoredOptions {
    std::string json;
};

struct OrderActor {
    std::string id;
    std::string name;
};
HANGU_STRUCT(OrderActor, id, name)

struct OrderMember {
    MemberId id;
    Revealed<PersonName> name;
    std::optional<Masked<Phone>> phone_masked;
};
HANGU_STRUCT(OrderMember, id, name, phone_masked)

struct OrderLine {
    LineId id;
    ProductId product_id;
    std::string product_name;
    std::string spec_name;
    StoredOptions options;
    std::int64_t quantity = 1;
    Money unit_fen;
    Money gross_fen;
    Money discount_fen;
    Money net_fen;
    std::string remark;
};
HANGU_STRUCT(OrderLine, id, product_id, product_name, spec_name, options, quantity, unit_fen,
             gross_fen, discount_fen, net_fen, remark)

struct Payment {
    PaymentId id;
    Tender tender = Tender::cash;
    std::optional<std::string> reference;
    Money amount_fen;
    Time paid_at;
};
HANGU_STRUCT(Payment, id, tender, reference, amount_fen, paid_at)

struct Refund {
    RefundId id;
    Money amount_fen;
    std::string reason;
    Time refunded_at;
    Revealed<PersonName> by;
};
HANGU_STRUCT(Refund, id, amount_fen, reason, refunded_at, by)

struct TimelineEntry {
    Time at;
    std::string action;
    Revealed<PersonName> actor;
};
HANGU_STRUCT(TimelineEntry, at, action, actor)

struct Order {
    OrderId id;
    std::string number;
    std::string pick_up_number;
    StoreId store_id;
    std::string store_name;
    OrderMode mode = OrderMode::retail;
    PaymentState payment_state = PaymentState::pending;
    ProductionState production_state = ProductionState::received;
    FulfilmentState fulfilment_state = FulfilmentState::waiting;
    Money total_fen;
    std::int64_t lines_count = 0;
    std::optional<MemberId> member_id;
    Time placed_at;
    std::int64_t version = 1;
    Day business_day;
    std::string remark;
    std::optional<OrderMember> member;
    std::optional<OrderActor> placed_by;
    Money gross_fen;
    Money discount_fen;
    Money refunded_fen;
    std::vector<OrderLine> lines;
    std::vector<Payment> payments;
    std::vector<Refund> refunds;
    std::vector<TimelineEntry> timeline;
    std::vector<std::string> may;  // what the viewer may do with orders of this store
};
HANGU_STRUCT(Order, id, number, pick_up_number, store_id, store_name, mode, payment_state,
             production_state, fulfilment_state, total_fen, lines_count, member_id, placed_at,
             version, business_day, remark, member, placed_by, gross_fen, discount_fen,
             refunded_fen, lines, payments, refunds, timeline, may)

// Everything that an order's page is made of.
struct OrderParts {
    HeadRow head;
    std::vector<LineRow> lines;
    std::vector<PaymentRow> payments;
    std::vector<RefundRow> refunds;
    std::vector<OrderEventRow> events;
    std::optional<member::MemberBrief> member;
    std::string store_name;
    std::vector<std::string> may;
};

// Which buttons of an order work for the caller at that store.
std::vector<std::string> rights_on(const http::Scope& scope, std::string_view org_path);

Order view_of(OrderParts parts);

// Reads all parts. The caller has asked for permission on head.org_path.
Order load_view(http::Scope& scope, const Orders& orders, HeadRow head);

}  // namespace hangu::order

template <>
struct hangu::json::Codec<hangu::order::StoredOptions> {
    static void write(std::string& out, const hangu::order::StoredOptions& value) {
        out += value.json;
    }
    static boost::json::object schema(Schemas& schemas) {
        return Codec<std::vector<hangu::pricing::PricedOption>>::schema(schemas);
    }
};
