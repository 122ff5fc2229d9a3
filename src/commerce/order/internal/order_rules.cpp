#include "commerce/order/internal/order_rules.hpp"

#include "base/check.hpp"

#include <fmt/format.h>

#include <array>

namespace hangu::order {

namespace {

using P = ProductionState;

struct Step {
    P from;
    P to;
};

constexpr std::array<Step, 10> kSteps = {{
    {P::received, P::accepted},
    {P::received, P::making},
    {P::received, P::ready},
    {P::received, P::handed_over},
    {P::accepted, P::making},
    {P::accepted, P::ready},
    {P::accepted, P::handed_over},
    {P::making, P::ready},
    {P::making, P::handed_over},
    {P::ready, P::handed_over},
}};

FulfilmentState fulfilment_at(P production) {
    switch (production) {
        case P::ready:
            return FulfilmentState::called;
        case P::handed_over:
            return FulfilmentState::picked;
        case P::received:
        case P::accepted:
        case P::making:
            return FulfilmentState::waiting;
        case P::rejected:
            break;
    }
    return FulfilmentState::cancelled;
}

// 2026-01-01T00:00:00Z: before any live order, after every mapped one.
constexpr std::int64_t kLiveFromMs = 1'767'225'600'000;
constexpr unsigned kPastBits = 17;  // of salt, per millisecond
constexpr unsigned kLiveBits = 22;  // node and sequence of an id

}  // namespace

bool may_advance(P from, P to) {
    for (const Step& step : kSteps) {
        if (step.from == from && step.to == to) {
            return true;
        }
    }
    return false;
}

Result<OrderState> advanced(const OrderState& state, P to) {
    if (state.payment != PaymentState::paid || !may_advance(state.production, to)) {
        return Problem::conflict("order.not_advanceable");
    }
    return OrderState{state.payment, to, fulfilment_at(to)};
}

Result<OrderState> cancelled(const OrderState& state) {
    const bool open = state.payment == PaymentState::pending || state.payment == PaymentState::paid;
    if (!open || !was_not_made(state.production)) {
        return Problem::conflict("order.not_cancellable");
    }
    const PaymentState payment =
        state.payment == PaymentState::paid ? PaymentState::refunded : PaymentState::closed;
    return OrderState{payment, P::rejected, FulfilmentState::cancelled};
}

Result<OrderState> refunded(const OrderState& state) {
    if (state.payment != PaymentState::paid) {
        return Problem::conflict("order.not_refundable");
    }
    if (state.production == P::handed_over) {
        return OrderState{PaymentState::refunded, state.production, state.fulfilment};
    }
    return OrderState{PaymentState::refunded, P::rejected, FulfilmentState::cancelled};
}

bool was_not_made(P state) {
    return state == P::received || state == P::accepted;
}

std::string pick_up_number_of(std::int64_t sequence) {
    HANGU_ASSERT(sequence > 0);
    const std::int64_t zero_based = sequence - 1;
    return fmt::format("{}{:03}", static_cast<char>('A' + zero_based / 999 % 26),
                       zero_based % 999 + 1);
}

std::string order_number_of(Day day, std::string_view store_code, std::int64_t sequence) {
    return fmt::format("{}-{}-{:04}", day.number(), store_code, sequence);
}

std::int64_t past_order_id(Time placed_at, std::uint64_t salt) {
    const std::int64_t floor = order_id_floor(placed_at);
    const unsigned bits = placed_at.unix_ms() < kLiveFromMs ? kPastBits : kLiveBits;
    const auto spread = static_cast<std::int64_t>(salt & ((std::uint64_t{1} << bits) - 1));
    return floor + spread > 0 ? floor + spread : 1;
}

std::int64_t order_id_floor(Time placed_at) {
    if (placed_at.unix_ms() >= kLiveFromMs) {
        return IdSource::floor_at(placed_at.unix_ms());
    }
    return placed_at.unix_ms() > 0 ? placed_at.unix_ms() << kPastBits : 0;
}

std::uint64_t stable_hash(std::string_view text) {
    std::uint64_t hash = 0xcbf29ce484222325ULL;
    for (const char c : text) {
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
    }
    return hash ^ (hash >> 32U);
}

}  // namespace hangu::order
