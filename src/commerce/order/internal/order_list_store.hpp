// The list of orders, newest first, by three ways in: everything in a scope, one store, one member.
#pragma once

#include "commerce/order/internal/order_rows.hpp"

namespace hangu::order {

struct OrderFilter {
    std::int64_t id_from = 0;    // inclusive
    std::int64_t id_before = 0;  // exclusive
    Day from;
    Day to;
    std::string payment_state;  // "": all
    std::string text;           // number or pick-up number, exactly; "": all
};

class OrderListStore {
 public:
    explicit OrderListStore(storage::Tx& tx) : tx_(tx) {}

    std::vector<HeadListRow> list(const storage::DataScope& within, const OrderFilter& filter,
                                  std::int64_t limit);
    std::vector<HeadListRow> list_of_store(const storage::DataScope& within, StoreId store,
                                           const OrderFilter& filter, std::int64_t limit);
    std::vector<HeadListRow> list_of_member(const storage::DataScope& within, MemberId member,
                                            const OrderFilter& filter, std::int64_t limit);

    // Counted exactly up to kCountMax.
    static constexpr std::int64_t kCountMax = 100'000;
    std::int64_t count(const storage::DataScope& within, const OrderFilter& filter);
    std::int64_t count_of_store(const storage::DataScope& within, StoreId store,
                                const OrderFilter& filter);
    std::int64_t count_of_member(const storage::DataScope& within, MemberId member,
                                 const OrderFilter& filter);
    // From the index alone, without bound: the stores come from a scope.
    std::int64_t count_days(StoreId store, Day from, Day to);

 private:
    storage::Tx& tx_;
};

std::vector<storage::StatementInfo> order_list_statements();

}  // namespace hangu::order
