#include "commerce/order/internal/order_list_store.hpp"

namespace hangu::order {

namespace {

using storage::DataScope;
using storage::Statement;

#define HANGU_LIST_COLUMNS                                                                   \
    "select id, number, pick_up_number, store_id, mode, payment_state, production_state,"    \
    " fulfilment_state, total_fen, lines_count, member_id, business_day, placed_at, version" \
    " from order_head"

// ?2 to ?17 scope, ?18 and ?19 ids, ?20 and ?21 days, ?22 payment state, ?23 text.
#define HANGU_LIST_FILTER \
    " and " HANGU_WITHIN_SCOPE("org_path") " and id >= ?18 and id < ?19"                       \
    " and business_day >= ?20 and business_day <= ?21 and (?22 = '' or payment_state = ?22)"   \
    " and (?23 = '' or number = ?23 or pick_up_number = ?23)"

// "+" keeps the planner on the primary key, which gives the order; the index on the tenant would
// have it sort every order there is.
constexpr Statement<HeadListRow(DataScope, std::int64_t, std::int64_t, Day, Day, std::string_view,
                                std::string_view, std::int64_t)>
    kList{"order.list", HANGU_LIST_COLUMNS " where +tenant_id = ?1" HANGU_LIST_FILTER
                                           " order by id desc limit ?24"};

constexpr Statement<std::int64_t(DataScope, std::int64_t, std::int64_t, Day, Day, std::string_view,
                                 std::string_view, std::int64_t)>
    kCount{"order.count",
           "select count(*) from (select 1 from order_head where +tenant_id = ?1" HANGU_LIST_FILTER
           " limit ?24)"};

constexpr Statement<HeadListRow(DataScope, std::int64_t, std::int64_t, Day, Day, std::string_view,
                                std::string_view, StoreId, std::int64_t)>
    kListOfStore{"order.list_of_store",
                 HANGU_LIST_COLUMNS " where tenant_id = ?1 and store_id = ?24" HANGU_LIST_FILTER
                                    " order by business_day desc, id desc limit ?25"};

constexpr Statement<std::int64_t(DataScope, std::int64_t, std::int64_t, Day, Day, std::string_view,
                                 std::string_view, StoreId, std::int64_t)>
    kCountOfStore{"order.count_of_store",
                  "select count(*) from (select 1 from order_head where tenant_id = ?1"
                  " and store_id = ?24" HANGU_LIST_FILTER " limit ?25)"};

constexpr Statement<HeadListRow(DataScope, std::int64_t, std::int64_t, Day, Day, std::string_view,
                                std::string_view, MemberId, std::int64_t)>
    kListOfMember{"order.list_of_member",
                  HANGU_LIST_COLUMNS " where tenant_id = ?1 and member_id = ?24" HANGU_LIST_FILTER
                                     " order by id desc limit ?25"};

constexpr Statement<std::int64_t(DataScope, std::int64_t, std::int64_t, Day, Day, std::string_view,
                                 std::string_view, MemberId, std::int64_t)>
    kCountOfMember{"order.count_of_member",
                   "select count(*) from (select 1 from order_head where tenant_id = ?1"
                   " and member_id = ?24" HANGU_LIST_FILTER " limit ?25)"};

#undef HANGU_LIST_COLUMNS
#undef HANGU_LIST_FILTER

constexpr Statement<std::int64_t(StoreId, Day, Day)> kCountDays{
    "order.count_days",
    "select count(*) from order_head where tenant_id = ?1 and store_id = ?2"
    " and business_day >= ?3 and business_day <= ?4"};

}  // namespace

std::vector<HeadListRow> OrderListStore::list(const DataScope& within, const OrderFilter& f,
                                              std::int64_t limit) {
    return tx_.list(kList, within, f.id_from, f.id_before, f.from, f.to, f.payment_state, f.text,
                    limit);
}

std::vector<HeadListRow> OrderListStore::list_of_store(const DataScope& within, StoreId store,
                                                       const OrderFilter& f, std::int64_t limit) {
    return tx_.list(kListOfStore, within, f.id_from, f.id_before, f.from, f.to, f.payment_state,
                    f.text, store, limit);
}

std::vector<HeadListRow> OrderListStore::list_of_member(const DataScope& within, MemberId member,
                                                        const OrderFilter& f, std::int64_t limit) {
    return tx_.list(kListOfMember, within, f.id_from, f.id_before, f.from, f.to, f.payment_state,
                    f.text, member, limit);
}

std::int64_t OrderListStore::count(const DataScope& within, const OrderFilter& f) {
    return tx_
        .find(kCount, within, f.id_from, f.id_before, f.from, f.to, f.payment_state, f.text,
              kCountMax)
        .value();
}

std::int64_t OrderListStore::count_of_store(const DataScope& within, StoreId store,
                                            const OrderFilter& f) {
    return tx_
        .find(kCountOfStore, within, f.id_from, f.id_before, f.from, f.to, f.payment_state, f.text,
              store, kCountMax)
        .value();
}

std::int64_t OrderListStore::count_of_member(const DataScope& within, MemberId member,
                                             const OrderFilter& f) {
    return tx_
        .find(kCountOfMember, within, f.id_from, f.id_before, f.from, f.to, f.payment_state, f.text,
              member, kCountMax)
        .value();
}

std::int64_t OrderListStore::count_days(StoreId store, Day from, Day to) {
    return tx_.find(kCountDays, store, from, to).value();
}

std::vector<storage::StatementInfo> order_list_statements() {
    using storage::info;
    return {info(kList),         info(kCount),         info(kListOfStore), info(kCountOfStore),
            info(kListOfMember), info(kCountOfMember), info(kCountDays)};
}

}  // namespace hangu::order
