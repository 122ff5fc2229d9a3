// Every combination of states against every act, the numbers people read, and ids of the past.
#include "commerce/order/internal/order_rules.hpp"

#include <gtest/gtest.h>

#include <set>

namespace hangu::order {
namespace {

using P = PaymentState;
using M = ProductionState;
using F = FulfilmentState;

constexpr P kPayments[] = {P::pending, P::paid, P::refunded, P::closed};
constexpr M kProductions[] = {M::received, M::accepted,    M::making,
                              M::ready,    M::handed_over, M::rejected};
constexpr F kFulfilments[] = {F::waiting, F::called, F::picked, F::cancelled};

template <class Visit>
void every_state(Visit&& visit) {
    for (const P payment : kPayments) {
        for (const M production : kProductions) {
            for (const F fulfilment : kFulfilments) {
                visit(OrderState{payment, production, fulfilment});
            }
        }
    }
}

TEST(OrderRules, production_goes_forward_only) {
    for (std::size_t from = 0; from < std::size(kProductions); ++from) {
        for (std::size_t to = 0; to < std::size(kProductions); ++to) {
            const bool forward = to > from && from < 4 && to < 5;
            EXPECT_EQ(may_advance(kProductions[from], kProductions[to]), forward)
                << enum_text(kProductions[from]) << " to " << enum_text(kProductions[to]);
        }
    }
}

TEST(OrderRules, only_paid_orders_advance) {
    every_state([](const OrderState& state) {
        for (const M to : kProductions) {
            const Result<OrderState> after = advanced(state, to);
            const bool may = state.payment == P::paid && may_advance(state.production, to);
            ASSERT_EQ(after.ok(), may);
            if (!may) {
                EXPECT_EQ(after.problem().code, "order.not_advanceable");
                continue;
            }
            EXPECT_EQ(after->payment, P::paid);
            EXPECT_EQ(after->production, to);
            const F expected = to == M::ready         ? F::called
                               : to == M::handed_over ? F::picked
                                                      : F::waiting;
            EXPECT_EQ(after->fulfilment, expected);
        }
    });
}

TEST(OrderRules, an_order_is_cancelled_before_it_is_made) {
    every_state([](const OrderState& state) {
        const Result<OrderState> after = cancelled(state);
        const bool may = (state.payment == P::pending || state.payment == P::paid) &&
                         (state.production == M::received || state.production == M::accepted);
        ASSERT_EQ(after.ok(), may);
        if (!may) {
            EXPECT_EQ(after.problem().code, "order.not_cancellable");
            return;
        }
        const P payment = state.payment == P::paid ? P::refunded : P::closed;
        EXPECT_EQ(*after, (OrderState{payment, M::rejected, F::cancelled}));
    });
}

TEST(OrderRules, a_paid_order_is_refunded_once) {
    every_state([](const OrderState& state) {
        const Result<OrderState> after = refunded(state);
        ASSERT_EQ(after.ok(), state.payment == P::paid);
        if (!after.ok()) {
            EXPECT_EQ(after.problem().code, "order.not_refundable");
            return;
        }
        EXPECT_EQ(after->payment, P::refunded);
        if (state.production == M::handed_over) {
            EXPECT_EQ(after->production, M::handed_over);
            EXPECT_EQ(after->fulfilment, state.fulfilment);
        } else {
            EXPECT_EQ(after->production, M::rejected);
            EXPECT_EQ(after->fulfilment, F::cancelled);
        }
        EXPECT_FALSE(refunded(*after).ok());
        EXPECT_FALSE(cancelled(*after).ok());
        EXPECT_FALSE(advanced(*after, M::handed_over).ok());
    });
}

TEST(OrderRules, numbers_can_be_called_and_read) {
    EXPECT_EQ(pick_up_number_of(1), "A001");
    EXPECT_EQ(pick_up_number_of(999), "A999");
    EXPECT_EQ(pick_up_number_of(1000), "B001");
    EXPECT_EQ(pick_up_number_of(26 * 999), "Z999");
    EXPECT_EQ(pick_up_number_of(26 * 999 + 1), "A001");
    EXPECT_EQ(order_number_of(Day::of(2026, 11, 22).value(), "SH001", 42), "20261122-SH001-0042");
    EXPECT_EQ(order_number_of(Day::of(2026, 11, 22).value(), "SH001", 12345),
              "20261122-SH001-12345");
}

TEST(OrderRules, ids_of_the_past_follow_their_times) {
    const char* const times[] = {"1999-12-31T23:59:59.999Z", "2019-04-01T08:00:00.000Z",
                                 "2019-04-01T08:00:00.001Z", "2023-12-31T23:59:59.999Z",
                                 "2024-01-01T00:00:00.000Z", "2025-12-31T23:59:59.999Z",
                                 "2026-01-01T00:00:00.000Z", "2026-11-22T10:00:00.000Z"};
    std::int64_t before = 0;
    for (const char* const text : times) {
        const Time time = parse_time(text).value();
        EXPECT_GT(past_order_id(time, 0), before) << text;
        EXPECT_EQ(past_order_id(time, 0), order_id_floor(time)) << text;
        before = past_order_id(time, ~std::uint64_t{0});
        EXPECT_LT(before, order_id_floor(time.plus_ms(1))) << text;
    }
    IdSource ids(1023);
    EXPECT_GT(ids.next(parse_time("2026-11-22T10:00:00.001Z")->unix_ms()), before);
    EXPECT_GT(past_order_id(Time(-5), 0), 0);
}

TEST(OrderRules, the_hash_is_for_ever) {
    EXPECT_EQ(stable_hash(""), 0xcbf29ce484222325ULL ^ 0xcbf29ce4ULL);
    EXPECT_NE(stable_hash("r-1"), stable_hash("r-2"));
}

}  // namespace
}  // namespace hangu::order
