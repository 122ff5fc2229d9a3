// GET /orders: newest first, within the caller's part of the organisation.
#include "commerce/order/internal/order_list_store.hpp"
#include "commerce/order/internal/order_rules.hpp"
#include "commerce/order/internal/order_store.hpp"
#include "commerce/order/internal/routes.hpp"
#include "commerce/order/module.hpp"
#include "commerce/organisation/paging.hpp"

#include <unordered_map>

namespace hangu::order {

struct OrderSummary {
    OrderId id;
    std::string number;
    std::string pick_up_number;
    StoreId store_id;
    std::string store_name;
    OrderMode mode = OrderMode::retail;
    PaymentState payment_state = PaymentState::pending;
    ProductionState production_state = ProductionState::received;
    FulfilmentState fulfilment_state = FulfilmentState::waiting;
    Money total_fen;
    std::int64_t lines_count = 0;
    std::optional<MemberId> member_id;
    Time placed_at;
    std::int64_t version = 1;
};
HANGU_STRUCT(OrderSummary, id, number, pick_up_number, store_id, store_name, mode, payment_state,
             production_state, fulfilment_state, total_fen, lines_count, member_id, placed_at,
             version)

struct OrderList {
    std::vector<OrderSummary> items;
    std::optional<std::string> next_cursor;
    std::int64_t total = 0;
};
HANGU_STRUCT(OrderList, items, next_cursor, total)

struct OrderListInput {
    std::optional<StoreId> store_id;
    std::optional<PaymentState> payment_state;
    std::optional<Day> from;
    std::optional<Day> to;
    organisation::PageQuery q;
    std::optional<MemberId> member_id;
    organisation::PageLimit limit;
    organisation::PageCursor cursor;
};
HANGU_STRUCT(OrderListInput, store_id, payment_state, from, to, q, member_id, limit, cursor)

namespace {

using organisation::StorePlace;
using storage::DataScope;

// A pick-up number means nothing without its day: without days it is looked for in the last month.
constexpr int kPickUpDaysMax = 31;

const Day kFirstDay = Day::of(1900, 1, 1).value();
const Day kLastDay = Day::of(2999, 12, 31).value();

struct Wanted {
    OrderFilter filter;
    std::optional<StoreId> store;
    std::optional<MemberId> member;
    bool narrowed = false;  // by more than store and days
};

// Ids follow the time of placing; an hour on both sides covers clocks that were put right.
void narrow_ids(OrderFilter& filter, int utc_offset_minutes) {
    filter.id_from = std::max(
        filter.id_from, order_id_floor(filter.from.start(utc_offset_minutes).plus_ms(-kHourMs)));
    if (filter.to < kLastDay) {
        const Time end = filter.to.plus_days(1).start(utc_offset_minutes).plus_ms(kHourMs);
        filter.id_before = std::min(filter.id_before, order_id_floor(end));
    }
}

// A number of ours tells day and store; a number from elsewhere has its own index; anything else is
// taken for a pick-up number.
void narrow_by_text(const Orders& orders, http::Scope& scope, std::string_view text, bool has_days,
                    Wanted& wanted) {
    OrderFilter& filter = wanted.filter;
    wanted.narrowed = true;
    filter.text = text;
    if (const std::optional<OrderId> id = OrderStore(scope.tx()).find_by_external_ref(text)) {
        filter.text.clear();
        filter.id_from = id->value();
        filter.id_before = std::min(filter.id_before, id->value() + 1);
        return;
    }
    const std::size_t first = text.find('-');
    const std::size_t last = text.rfind('-');
    if (first == 8 && last > first) {
        const auto number = std::atoll(std::string(text.substr(0, 8)).c_str());
        const std::optional<Day> day = Day::from_number(number);
        const std::optional<StorePlace> store = orders.organisation().find_store_by_code(
            scope.tx(), text.substr(first + 1, last - first - 1));
        if (day && store) {
            filter.from = std::max(filter.from, *day);
            filter.to = std::min(filter.to, *day);
            wanted.store = wanted.store.value_or(store->id);
            return;
        }
    }
    for (char& c : filter.text) {
        c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
    if (!has_days) {
        filter.from = scope.today().plus_days(1 - kPickUpDaysMax);
    }
}

Wanted read_wishes(const Orders& orders, http::Scope& scope, const DataScope& within,
                   const OrderListInput& input) {
    Wanted wanted;
    wanted.filter.id_before = std::numeric_limits<std::int64_t>::max();
    wanted.filter.from = input.from.value_or(kFirstDay);
    wanted.filter.to = input.to.value_or(kLastDay);
    wanted.store = input.store_id;
    wanted.member = input.member_id;
    wanted.narrowed = input.member_id.has_value() || input.payment_state.has_value();
    if (input.payment_state) {
        wanted.filter.payment_state = enum_text(*input.payment_state);
    }
    if (input.q && !input.q->empty()) {
        narrow_by_text(orders, scope, *input.q, input.from || input.to, wanted);
    }
    if (!wanted.store && !wanted.member) {
        if (const auto only = orders.organisation().only_store_within(scope.tx(), within)) {
            wanted.store = only->id;
        }
    }
    if (input.from || input.to || wanted.filter.from != kFirstDay) {
        narrow_ids(wanted.filter, scope.utc_offset_minutes());
    }
    return wanted;
}

std::vector<HeadListRow> rows_for(storage::Tx& tx, const DataScope& within, const Wanted& wanted,
                                  std::int64_t limit) {
    OrderListStore store(tx);
    if (wanted.member) {
        return store.list_of_member(within, *wanted.member, wanted.filter, limit);
    }
    if (wanted.store) {
        return store.list_of_store(within, *wanted.store, wanted.filter, limit);
    }
    return store.list(within, wanted.filter, limit);
}

// The number of all pages together: the cursor is not part of it.
std::int64_t total_for(const Orders& orders, storage::Tx& tx, const DataScope& within,
                       const Wanted& page, std::int64_t id_before) {
    OrderListStore store(tx);
    Wanted wanted = page;
    wanted.filter.id_before = id_before;
    const OrderFilter& filter = wanted.filter;
    if (!wanted.narrowed) {
        std::int64_t total = 0;
        for (const StorePlace& place : orders.organisation().stores_within(tx, within)) {
            if (!wanted.store || place.id == *wanted.store) {
                total += store.count_days(place.id, filter.from, filter.to);
            }
        }
        return total;
    }
    if (wanted.member) {
        return store.count_of_member(within, *wanted.member, filter);
    }
    return wanted.store ? store.count_of_store(within, *wanted.store, filter)
                        : store.count(within, filter);
}

Result<OrderList> list_orders(const Orders& orders, http::Scope& scope,
                              const OrderListInput& input) {
    HANGU_TRY(const DataScope within, scope.within(kMayViewOrders));
    if (input.store_id) {
        HANGU_TRY(const StorePlace store, orders.organisation().store(scope.tx(), *input.store_id));
        HANGU_CHECK(scope.authorize(kMayViewOrders, store.path));
    }
    HANGU_TRY(const std::int64_t before, organisation::id_before(input.cursor));
    Wanted wanted = read_wishes(orders, scope, within, input);
    const std::int64_t all_before = wanted.filter.id_before;
    wanted.filter.id_before = std::min(all_before, before);
    const std::int64_t limit = organisation::rows_of(input.limit);
    std::unordered_map<StoreId, std::string> names;
    OrderList list;
    for (HeadListRow& row : rows_for(scope.tx(), within, wanted, limit + 1)) {
        if (static_cast<std::int64_t>(list.items.size()) == limit) {
            list.next_cursor = organisation::cursor_of(list.items.back().id.text());
            break;
        }
        auto name = names.find(row.store_id);
        if (name == names.end()) {
            HANGU_TRY(StorePlace store, orders.organisation().store(scope.tx(), row.store_id));
            name = names.emplace(row.store_id, std::move(store.name)).first;
        }
        list.items.push_back({row.id, std::move(row.number), std::move(row.pick_up_number),
                              row.store_id, name->second, row.mode, row.payment_state,
                              row.production_state, row.fulfilment_state, row.total_fen,
                              row.lines_count, row.member_id, row.placed_at, row.version});
    }
    list.total = total_for(orders, scope.tx(), within, wanted, all_before);
    return list;
}

}  // namespace

void add_list_route(http::Routes& routes, const Orders& orders) {
    routes.add_with<OrderList, OrderListInput>(
        {.name = "order.list",
         .method = "GET",
         .path = "/api/v1/orders",
         .permission = kMayViewOrders,
         .work = http::Work::report,
         .summary = "Orders, newest first; q is a number or a pick-up number",
         .tag = "orders"},
        [&orders](http::Scope& scope, const OrderListInput& input) {
            return list_orders(orders, scope, input);
        });
}

}  // namespace hangu::order
