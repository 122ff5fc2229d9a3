#include "commerce/order/internal/sales_store.hpp"

namespace hangu::order {

namespace {

using storage::Statement;

#define HANGU_PAID_ON_DAYS(prefix)                                              \
    " and " prefix "store_id = ?2 and " prefix "business_day >= ?3 and " prefix \
    "business_day <= ?4 and " prefix "payment_state <> 'pending' and " prefix   \
    "payment_state <> 'closed'"

constexpr Statement<DaySums(StoreId, Day, Day)> kDays{
    "sales.days",
    "select business_day, count(*) as orders_count, sum(lines_count) as lines_count,"
    " sum(items_count) as items_count, sum(gross_fen) as gross_fen,"
    " sum(discount_fen) as discount_fen"
    " from order_head where tenant_id = ?1" HANGU_PAID_ON_DAYS("") " group by business_day"};

constexpr Statement<RefundDaySums(StoreId, Day, Day)> kRefundDays{
    "sales.refund_days",
    "select business_day, sum(amount_fen) as refund_fen from refund where tenant_id = ?1"
    " and store_id = ?2 and business_day >= ?3 and business_day <= ?4 group by business_day"};

constexpr Statement<ProductSums(StoreId, Day, Day)> kProducts{
    "sales.products",
    "select l.product_id as product_id, max(l.product_name) as product_name,"
    " count(distinct l.order_id) as orders_count, count(*) as lines_count,"
    " sum(l.quantity) as items_count, sum(l.gross_fen) as gross_fen,"
    " sum(l.discount_fen) as discount_fen"
    " from order_head h join order_line l on l.tenant_id = h.tenant_id and l.order_id = h.id"
    " where h.tenant_id = ?1" HANGU_PAID_ON_DAYS("h.") " group by l.product_id"};

constexpr Statement<RefundProductSums(StoreId, Day, Day)> kRefundProducts{
    "sales.refund_products",
    "select l.product_id as product_id, max(l.product_name) as product_name,"
    " sum(l.amount_fen) as refund_fen"
    " from refund r join refund_line l on l.tenant_id = r.tenant_id and l.refund_id = r.id"
    " where r.tenant_id = ?1 and r.store_id = ?2 and r.business_day >= ?3"
    " and r.business_day <= ?4 group by l.product_id"};

// ?5 moves a time to the local clock; what is left of the day, without what is left of the hour.
constexpr Statement<HourSums(StoreId, Day, Day, std::int64_t)> kHours{
    "sales.hours",
    "select (placed_at + ?5) % 86400000 - (placed_at + ?5) % 3600000 as hour_ms,"
    " count(*) as orders_count, sum(gross_fen - discount_fen) as amount_fen"
    " from order_head where tenant_id = ?1" HANGU_PAID_ON_DAYS("") " group by 1"};

constexpr Statement<HourSums(StoreId, Day, std::int64_t)> kRefundHours{
    "sales.refund_hours",
    "select (at + ?4) % 86400000 - (at + ?4) % 3600000 as hour_ms,"
    " count(*) as orders_count, sum(amount_fen) as amount_fen"
    " from refund where tenant_id = ?1 and store_id = ?2 and business_day = ?3 group by 1"};

// 0 stands for "no member": asked for members only, the planner would go through every member.
constexpr Statement<MemberId(StoreId, Day, Day)> kMembers{
    "sales.members",
    "select distinct coalesce(member_id, 0) from order_head where tenant_id = "
    "?1" HANGU_PAID_ON_DAYS("")};

#undef HANGU_PAID_ON_DAYS

}  // namespace

std::vector<DaySums> SalesStore::days(StoreId store, Day from, Day to) {
    return tx_.list(kDays, store, from, to);
}

std::vector<RefundDaySums> SalesStore::refund_days(StoreId store, Day from, Day to) {
    return tx_.list(kRefundDays, store, from, to);
}

std::vector<ProductSums> SalesStore::products(StoreId store, Day from, Day to) {
    return tx_.list(kProducts, store, from, to);
}

std::vector<RefundProductSums> SalesStore::refund_products(StoreId store, Day from, Day to) {
    return tx_.list(kRefundProducts, store, from, to);
}

std::vector<HourSums> SalesStore::hours(StoreId store, Day day, int utc_offset_minutes) {
    return tx_.list(kHours, store, day, day, utc_offset_minutes * kMinuteMs);
}

std::vector<HourSums> SalesStore::refund_hours(StoreId store, Day day, int utc_offset_minutes) {
    return tx_.list(kRefundHours, store, day, utc_offset_minutes * kMinuteMs);
}

std::vector<MemberId> SalesStore::members(StoreId store, Day day) {
    return tx_.list(kMembers, store, day, day);
}

std::vector<storage::StatementInfo> sales_statements() {
    using storage::info;
    return {info(kDays),  info(kRefundDays),  info(kProducts), info(kRefundProducts),
            info(kHours), info(kRefundHours), info(kMembers)};
}

}  // namespace hangu::order
