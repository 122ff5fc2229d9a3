// Sums over one store's orders. The stores come from a data scope.
#pragma once

#include "commerce/order/internal/order_rows.hpp"

namespace hangu::order {

struct DaySums {
    Day business_day;
    std::int64_t orders_count = 0;
    std::int64_t lines_count = 0;
    std::int64_t items_count = 0;
    Money gross_fen;
    Money discount_fen;
};
HANGU_STRUCT(DaySums, business_day, orders_count, lines_count, items_count, gross_fen, discount_fen)

struct RefundDaySums {
    Day business_day;
    Money refund_fen;
};
HANGU_STRUCT(RefundDaySums, business_day, refund_fen)

struct ProductSums {
    ProductId product_id;
    std::string product_name;
    std::int64_t orders_count = 0;
    std::int64_t lines_count = 0;
    std::int64_t items_count = 0;
    Money gross_fen;
    Money discount_fen;
};
HANGU_STRUCT(ProductSums, product_id, product_name, orders_count, lines_count, items_count,
             gross_fen, discount_fen)

struct RefundProductSums {
    ProductId product_id;
    std::string product_name;
    Money refund_fen;
};
HANGU_STRUCT(RefundProductSums, product_id, product_name, refund_fen)

struct HourSums {
    std::int64_t hour_ms = 0;  // milliseconds of the local day at which the hour begins
    std::int64_t orders_count = 0;
    Money amount_fen;  // gross − discount, or refunds
};
HANGU_STRUCT(HourSums, hour_ms, orders_count, amount_fen)

class SalesStore {
 public:
    explicit SalesStore(storage::Tx& tx) : tx_(tx) {}

    std::vector<DaySums> days(StoreId store, Day from, Day to);
    std::vector<RefundDaySums> refund_days(StoreId store, Day from, Day to);
    std::vector<ProductSums> products(StoreId store, Day from, Day to);
    std::vector<RefundProductSums> refund_products(StoreId store, Day from, Day to);
    std::vector<HourSums> hours(StoreId store, Day day, int utc_offset_minutes);
    std::vector<HourSums> refund_hours(StoreId store, Day day, int utc_offset_minutes);
    std::vector<MemberId> members(StoreId store, Day day);

 private:
    storage::Tx& tx_;
};

std::vector<storage::StatementInfo> sales_statements();

}  // namespace hangu::order
