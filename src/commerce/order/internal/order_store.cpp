#include "commerce/order/internal/order_store.hpp"

namespace hangu::order {

namespace {

using storage::Statement;

constexpr Statement<HeadRow(OrderId)> kFind{
    "order.find",
    "select id, number, store_id, org_path, mode, payment_state, production_state,"
    " fulfilment_state, business_day, pick_up_number, member_id, placed_by_kind, placed_by_id,"
    " placed_by_name, gross_fen, discount_fen, total_fen, refunded_fen, lines_count, items_count,"
    " remark, placed_at, external_ref, version from order_head where tenant_id = ?1 and id = ?2"};

constexpr Statement<OrderId(std::string_view)> kFindByExternalRef{
    "order.find_by_external_ref",
    "select id from order_head where tenant_id = ?1 and external_ref = ?2"};

constexpr Statement<LineRow(OrderId)> kLinesOf{
    "order_line.list",
    "select order_id, id, product_id, spec_id, product_name, spec_name, options, quantity,"
    " unit_fen, gross_fen, discount_fen, net_fen, counted, remark from order_line"
    " where tenant_id = ?1 and order_id = ?2 order by id"};

constexpr Statement<PaymentRow(OrderId)> kPaymentsOf{
    "payment.list",
    "select order_id, id, tender, reference, amount_fen, paid_at from payment"
    " where tenant_id = ?1 and order_id = ?2 order by id"};

constexpr Statement<RefundRow(OrderId)> kRefundsOf{
    "refund.list",
    "select id, order_id, store_id, business_day, amount_fen, reason, by_kind, by_id, by_name, at"
    " from refund where tenant_id = ?1 and order_id = ?2 order by id"};

constexpr Statement<OrderEventRow(OrderId)> kEventsOf{
    "order_event.list",
    "select id, order_id, at, action, actor_kind, actor_id, actor_name from order_event"
    " where tenant_id = ?1 and order_id = ?2 order by id"};

constexpr Statement<void(OrderId, PaymentState, ProductionState, FulfilmentState, Money,
                         std::int64_t)>
    kSaveState{"order.save_state",
               "update order_head set payment_state = ?3, production_state = ?4,"
               " fulfilment_state = ?5, refunded_fen = ?6, version = version + 1"
               " where tenant_id = ?1 and id = ?2 and version = ?7"};

constexpr Statement<void(StoreId, Day)> kTakeSequence{
    "pick_up_counter.take",
    "update pick_up_counter set last = last + 1"
    " where tenant_id = ?1 and store_id = ?2 and business_day = ?3"};

constexpr Statement<std::int64_t(StoreId, Day)> kSequenceTaken{
    "pick_up_counter.taken",
    "select last from pick_up_counter"
    " where tenant_id = ?1 and store_id = ?2 and business_day = ?3"};

}  // namespace

std::optional<HeadRow> OrderStore::find(OrderId id) {
    return tx_.find(kFind, id);
}

std::optional<OrderId> OrderStore::find_by_external_ref(std::string_view external_ref) {
    return tx_.find(kFindByExternalRef, external_ref);
}

std::vector<LineRow> OrderStore::lines_of(OrderId id) {
    return tx_.list(kLinesOf, id);
}

std::vector<PaymentRow> OrderStore::payments_of(OrderId id) {
    return tx_.list(kPaymentsOf, id);
}

std::vector<RefundRow> OrderStore::refunds_of(OrderId id) {
    return tx_.list(kRefundsOf, id);
}

std::vector<OrderEventRow> OrderStore::events_of(OrderId id) {
    return tx_.list(kEventsOf, id);
}

bool OrderStore::save_state(const HeadRow& row, std::int64_t version_before) {
    return tx_.run(kSaveState, row.id, row.payment_state, row.production_state,
                   row.fulfilment_state, row.refunded_fen, version_before) == 1;
}

std::int64_t OrderStore::next_sequence(StoreId store, Day day) {
    if (tx_.run(kTakeSequence, store, day) == 0) {
        tx_.insert(PickUpCounterRow{store, day, 1});
        return 1;
    }
    return tx_.find(kSequenceTaken, store, day).value();
}

std::vector<storage::StatementInfo> order_statements() {
    using storage::info;
    using storage::insert_info;
    return {info(kFind),
            info(kFindByExternalRef),
            info(kLinesOf),
            info(kPaymentsOf),
            info(kRefundsOf),
            info(kEventsOf),
            info(kSaveState),
            info(kTakeSequence),
            info(kSequenceTaken),
            insert_info<HeadRow>(),
            insert_info<LineRow>(),
            insert_info<PaymentRow>(),
            insert_info<RefundRow>(),
            insert_info<RefundLineRow>(),
            insert_info<OrderEventRow>(),
            insert_info<PickUpCounterRow>()};
}

}  // namespace hangu::order
