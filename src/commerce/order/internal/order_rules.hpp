// What may happen to an order: pure, from a state to a state. The tables are the whole truth; the
// tests go through every combination.
#pragma once

#include "commerce/order/order.hpp"

namespace hangu::order {

// Only forward, and a step may be left out: a shop that hands a bottle over does not click four
// times.
bool may_advance(ProductionState from, ProductionState to);

// "order.not_advanceable": cancelled, refunded, unpaid, or not forward.
Result<OrderState> advanced(const OrderState& state, ProductionState to);

// Before anything was made: the order is rejected; what was paid goes back. "order.not_cancellable"
Result<OrderState> cancelled(const OrderState& state);

// The whole amount of a paid order, at any time. What was handed over stays handed over.
// "order.not_refundable"
Result<OrderState> refunded(const OrderState& state);

// Pieces of an order that nobody began to make go back into stock.
bool was_not_made(ProductionState state);

// "A001" … "A999", "B001" …; after "Z999" again "A001".
std::string pick_up_number_of(std::int64_t sequence);

// "20261122-SH001-0042".
std::string order_number_of(Day day, std::string_view store_code, std::int64_t sequence);

// Orders are listed by their ids, newest first, so an order of the past gets an id of its own time.
// Ids of live orders begin with 2026; earlier times are mapped, in their order, into the range
// below (1/32 of the resolution). `salt` spreads orders of the same moment.
std::int64_t past_order_id(Time placed_at, std::uint64_t salt);
// No order placed at or after this time has a smaller id.
std::int64_t order_id_floor(Time placed_at);

// FNV-1a, the same on every machine and for ever.
std::uint64_t stable_hash(std::string_view text);

}  // namespace hangu::order
