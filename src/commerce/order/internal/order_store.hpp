// All SQL that writes orders or reads single ones. Lists stand in order_list_store, sums in
// sales_store.
#pragma once

#include "commerce/order/internal/order_rows.hpp"

#include <span>
#include <vector>

namespace hangu::order {

class OrderStore {
 public:
    explicit OrderStore(storage::Tx& tx) : tx_(tx) {}

    std::optional<HeadRow> find(OrderId id);
    std::optional<OrderId> find_by_external_ref(std::string_view external_ref);
    std::vector<LineRow> lines_of(OrderId id);
    std::vector<PaymentRow> payments_of(OrderId id);
    std::vector<RefundRow> refunds_of(OrderId id);
    std::vector<OrderEventRow> events_of(OrderId id);

    // Moves an order to a new state; false when it was not at that version any more.
    bool save_state(const HeadRow& row, std::int64_t version_before);
    // 1, 2, 3 … per store and business day; never the same twice, no gaps among committed orders.
    std::int64_t next_sequence(StoreId store, Day day);

    template <class Row>
    void insert(const Row& row) {
        tx_.insert(row);
    }
    template <class Row>
    void insert_all(const std::vector<Row>& rows) {
        tx_.insert_all(std::span<const Row>(rows));
    }
    bool try_insert(const HeadRow& row) { return tx_.try_insert(row); }

 private:
    storage::Tx& tx_;
};

std::vector<storage::StatementInfo> order_statements();

}  // namespace hangu::order
