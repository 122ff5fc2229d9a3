// What this module tells the world. Live listeners need "order.view" and the store in their scope.
#pragma once

#include "commerce/order/order.hpp"

namespace hangu::order {

// All order events say the same things; the name says what happened.
struct OrderNews {
    static constexpr std::string_view kPermission = "order.view";
    OrderId order_id;
    StoreId store_id;
    std::string number;
    std::string pick_up_number;
    Money total_fen;
    PaymentState payment_state = PaymentState::pending;
    ProductionState production_state = ProductionState::received;
    Time placed_at;
};
HANGU_STRUCT(OrderNews, order_id, store_id, number, pick_up_number, total_fen, payment_state,
             production_state, placed_at)

struct OrderPlaced {
    static constexpr std::string_view kName = "order.placed";
};
struct OrderPaid {
    static constexpr std::string_view kName = "order.paid";
};
struct OrderAdvanced {
    static constexpr std::string_view kName = "order.advanced";
};
struct OrderCancelled {
    static constexpr std::string_view kName = "order.cancelled";
};
struct OrderRefunded {
    static constexpr std::string_view kName = "order.refunded";
};

// The event that is published: a name with the news. Subscribers read the payload as OrderNews.
template <class What>
struct OrderEvent {
    static constexpr std::string_view kName = What::kName;
    static constexpr std::string_view kPermission = OrderNews::kPermission;
    OrderNews news;
    std::string subject() const { return "order:" + news.order_id.text(); }
};

}  // namespace hangu::order

template <class What>
struct hangu::json::Codec<hangu::order::OrderEvent<What>> {
    static void write(std::string& out, const hangu::order::OrderEvent<What>& event) {
        Codec<hangu::order::OrderNews>::write(out, event.news);
    }
};
