// What the use cases that change an order share: who acts, the record of it, the news.
#pragma once

#include "commerce/order/events.hpp"
#include "commerce/order/internal/order_store.hpp"

namespace hangu::order {

// "order.not_found"
inline Result<HeadRow> find_at(storage::Tx& tx, OrderId id) {
    std::optional<HeadRow> head = OrderStore(tx).find(id);
    if (!head) {
        return Problem::not_found("order.not_found");
    }
    return *std::move(head);
}

// Asked before any question about the state, so that two people at one order learn that they are
// two.
inline Result<void> check_version(const HeadRow& head, std::int64_t version) {
    if (head.version != version) {
        return Problem::conflict("order.stale");
    }
    return {};
}

inline Sealed<PersonName> actor_name(const http::Scope& scope) {
    return Sealed(PersonName(scope.caller().actor_name));
}

inline void note_event(http::Scope& scope, OrderId order, std::string_view action) {
    OrderStore(scope.tx())
        .insert(OrderEventRow{scope.new_id<OrderEventId>(), order, scope.now(), std::string(action),
                              scope.caller().kind, scope.caller().actor_id, actor_name(scope)});
}

template <class What>
void publish(http::Scope& scope, const HeadRow& head) {
    scope.publish(
        OrderEvent<What>{{head.id, head.store_id, head.number, head.pick_up_number, head.total_fen,
                          head.payment_state, head.production_state, head.placed_at}},
        head.org_path);
}

}  // namespace hangu::order
