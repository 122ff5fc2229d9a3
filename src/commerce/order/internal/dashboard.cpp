// GET /dashboard: a day beside the same weekday a week earlier. The figures are those of the
// report.
#include "commerce/order/internal/routes.hpp"
#include "commerce/order/internal/sales_store.hpp"
#include "commerce/order/module.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace hangu::order {

struct DashboardInput {
    std::optional<Day> day;
    std::optional<StoreId> store_id;
};
HANGU_STRUCT(DashboardInput, day, store_id)

struct DaySales {
    Money net_fen;
    Money gross_fen;
    Money discount_fen;
    Money refund_fen;
    std::int64_t orders_count = 0;
    std::int64_t items_count = 0;
    Money average_fen;               // net per order
    std::int64_t members_count = 0;  // different members who ordered
};
HANGU_STRUCT(DaySales, net_fen, gross_fen, discount_fen, refund_fen, orders_count, items_count,
             average_fen, members_count)

struct HourSales {
    std::int64_t hour = 0;
    Money net_fen;
    Money compare_net_fen;
    std::int64_t orders_count = 0;
};
HANGU_STRUCT(HourSales, hour, net_fen, compare_net_fen, orders_count)

struct WeekDaySales {
    Day day;
    Money net_fen;
    Money compare_net_fen;
    std::int64_t orders_count = 0;
};
HANGU_STRUCT(WeekDaySales, day, net_fen, compare_net_fen, orders_count)

struct StoreSales {
    StoreId store_id;
    std::string store_name;
    Money net_fen;
    std::int64_t orders_count = 0;
};
HANGU_STRUCT(StoreSales, store_id, store_name, net_fen, orders_count)

struct ProductSales {
    ProductId product_id;
    std::string product_name;
    std::int64_t quantity = 0;
    Money net_fen;
};
HANGU_STRUCT(ProductSales, product_id, product_name, quantity, net_fen)

struct Dashboard {
    Day day;
    Day compare_day;
    DaySales today;
    DaySales compare;
    std::vector<HourSales> hours;
    std::vector<WeekDaySales> week;
    std::vector<StoreSales> stores;
    std::vector<ProductSales> products;
};
HANGU_STRUCT(Dashboard, day, compare_day, today, compare, hours, week, stores, products)

namespace {

using organisation::StorePlace;

constexpr int kWeekDays = 7;
constexpr std::size_t kHoursOfDay = 24;
constexpr std::size_t kStoresShownMax = 100;
constexpr std::size_t kProductsShownMax = 10;

// Sums of all stores while they are read one after the other.
struct Board {
    Day day;
    Day compare_day;
    std::map<Day, DaySales> days;
    std::map<Day, std::set<MemberId>> members;
    std::vector<HourSales> hours = std::vector<HourSales>(kHoursOfDay);
    std::vector<StoreSales> stores;
    std::map<ProductId, ProductSales> products;
};

void add_days(SalesStore& sales, const StorePlace& store, Board& board) {
    const Day from = board.day.plus_days(1 - 2 * kWeekDays);
    StoreSales row{store.id, store.name, Money(0), 0};
    for (const DaySums& sums : sales.days(store.id, from, board.day)) {
        DaySales& day = board.days[sums.business_day];
        day.gross_fen += sums.gross_fen;
        day.discount_fen += sums.discount_fen;
        day.orders_count += sums.orders_count;
        day.items_count += sums.items_count;
        if (sums.business_day == board.day) {
            row.net_fen += sums.gross_fen - sums.discount_fen;
            row.orders_count += sums.orders_count;
        }
    }
    for (const RefundDaySums& sums : sales.refund_days(store.id, from, board.day)) {
        board.days[sums.business_day].refund_fen += sums.refund_fen;
        if (sums.business_day == board.day) {
            row.net_fen -= sums.refund_fen;
        }
    }
    board.stores.push_back(std::move(row));
}

void add_hours(SalesStore& sales, const StorePlace& store, int utc_offset_minutes, Board& board) {
    const auto hour = [&board](const HourSums& sums) -> HourSales& {
        return board.hours.at(static_cast<std::size_t>(sums.hour_ms / kHourMs));
    };
    for (const HourSums& sums : sales.hours(store.id, board.day, utc_offset_minutes)) {
        hour(sums).net_fen += sums.amount_fen;
        hour(sums).orders_count += sums.orders_count;
    }
    for (const HourSums& sums : sales.refund_hours(store.id, board.day, utc_offset_minutes)) {
        hour(sums).net_fen -= sums.amount_fen;
    }
    for (const HourSums& sums : sales.hours(store.id, board.compare_day, utc_offset_minutes)) {
        hour(sums).compare_net_fen += sums.amount_fen;
    }
    for (const HourSums& sums :
         sales.refund_hours(store.id, board.compare_day, utc_offset_minutes)) {
        hour(sums).compare_net_fen -= sums.amount_fen;
    }
}

void add_products(SalesStore& sales, const StorePlace& store, Board& board) {
    for (const ProductSums& sums : sales.products(store.id, board.day, board.day)) {
        ProductSales& product = board.products[sums.product_id];
        product.product_name = sums.product_name;
        product.quantity += sums.items_count;
        product.net_fen += sums.gross_fen - sums.discount_fen;
    }
    for (const RefundProductSums& sums : sales.refund_products(store.id, board.day, board.day)) {
        ProductSales& product = board.products[sums.product_id];
        product.product_name = sums.product_name;
        product.net_fen -= sums.refund_fen;
    }
}

void add_members(SalesStore& sales, const StorePlace& store, Board& board) {
    for (const Day day : {board.day, board.compare_day}) {
        for (const MemberId member : sales.members(store.id, day)) {
            if (member.is_set()) {
                board.members[day].insert(member);
            }
        }
    }
}

DaySales finished(Board& board, Day day) {
    DaySales sales = board.days[day];
    sales.net_fen = sales.gross_fen - sales.discount_fen - sales.refund_fen;
    if (sales.orders_count > 0) {
        sales.average_fen = Money(sales.net_fen.fen() / sales.orders_count);
    }
    sales.members_count = static_cast<std::int64_t>(board.members[day].size());
    return sales;
}

template <class Row>
void keep_best(std::vector<Row>& rows, std::size_t count_max) {
    std::stable_sort(rows.begin(), rows.end(),
                     [](const Row& a, const Row& b) { return a.net_fen > b.net_fen; });
    if (rows.size() > count_max) {
        rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(count_max), rows.end());
    }
}

Dashboard finished(Board board) {
    Dashboard dashboard;
    dashboard.day = board.day;
    dashboard.compare_day = board.compare_day;
    dashboard.today = finished(board, board.day);
    dashboard.compare = finished(board, board.compare_day);
    for (std::size_t i = 0; i < kHoursOfDay; ++i) {
        board.hours[i].hour = static_cast<std::int64_t>(i);
    }
    for (int i = 1 - kWeekDays; i <= 0; ++i) {
        const Day day = board.day.plus_days(i);
        const DaySales sales = finished(board, day);
        dashboard.week.push_back({day, sales.net_fen,
                                  finished(board, day.plus_days(-kWeekDays)).net_fen,
                                  sales.orders_count});
    }
    for (auto& [id, product] : board.products) {
        product.product_id = id;
        dashboard.products.push_back(std::move(product));
    }
    dashboard.hours = std::move(board.hours);
    dashboard.stores = std::move(board.stores);
    keep_best(dashboard.stores, kStoresShownMax);
    keep_best(dashboard.products, kProductsShownMax);
    return dashboard;
}

Result<Dashboard> view_dashboard(const Orders& orders, http::Scope& scope,
                                 const DashboardInput& input) {
    HANGU_TRY(const storage::DataScope within, scope.within(kMayViewDashboard));
    if (input.store_id) {
        HANGU_TRY(const StorePlace store, orders.organisation().store(scope.tx(), *input.store_id));
        HANGU_CHECK(scope.authorize(kMayViewDashboard, store.path));
    }
    Board board;
    board.day = input.day.value_or(scope.today());
    board.compare_day = board.day.plus_days(-kWeekDays);
    SalesStore sales(scope.tx());
    for (const StorePlace& store : orders.organisation().stores_within(scope.tx(), within)) {
        if (input.store_id && store.id != *input.store_id) {
            continue;
        }
        add_days(sales, store, board);
        add_hours(sales, store, scope.utc_offset_minutes(), board);
        add_products(sales, store, board);
        add_members(sales, store, board);
    }
    return finished(std::move(board));
}

}  // namespace

void add_dashboard_route(http::Routes& routes, const Orders& orders) {
    routes.add_with<Dashboard, DashboardInput>(
        {.name = "dashboard.view",
         .method = "GET",
         .path = "/api/v1/dashboard",
         .permission = kMayViewDashboard,
         .work = http::Work::report,
         .per_minute_max = 120,
         .summary = "A day beside the same weekday a week earlier",
         .tag = "reports"},
        [&orders](http::Scope& scope, const DashboardInput& input) {
            return view_dashboard(orders, scope, input);
        });
}

}  // namespace hangu::order
