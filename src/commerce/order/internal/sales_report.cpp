// GET /reports/sales and the face's sales_report: one definition of the figures (README,
// "Figures").
#include "commerce/order/internal/routes.hpp"
#include "commerce/order/internal/sales_store.hpp"
#include "commerce/order/module.hpp"

#include <algorithm>
#include <map>

namespace hangu::order {

namespace {

using organisation::StorePlace;

// The rows being gathered, by key.
using Gathered = std::map<std::string, SalesRow>;

SalesRow& row_of(Gathered& rows, const std::string& key, const std::string& name) {
    SalesRow& row = rows[key];
    row.key = key;
    row.name = name;
    return row;
}

void add_days(SalesStore& sales, const StorePlace& store, const SalesQuery& query, Gathered& rows) {
    const auto row_for = [&](Day day) -> SalesRow& {
        return query.by == SalesBy::day ? row_of(rows, day.text(), day.text())
                                        : row_of(rows, store.id.text(), store.name);
    };
    for (const DaySums& sums : sales.days(store.id, query.from, query.to)) {
        SalesRow& row = row_for(sums.business_day);
        row.orders_count += sums.orders_count;
        row.lines_count += sums.lines_count;
        row.items_count += sums.items_count;
        row.gross_fen += sums.gross_fen;
        row.discount_fen += sums.discount_fen;
    }
    for (const RefundDaySums& sums : sales.refund_days(store.id, query.from, query.to)) {
        row_for(sums.business_day).refund_fen += sums.refund_fen;
    }
}

void add_products(SalesStore& sales, const StorePlace& store, const SalesQuery& query,
                  Gathered& rows) {
    for (const ProductSums& sums : sales.products(store.id, query.from, query.to)) {
        SalesRow& row = row_of(rows, sums.product_id.text(), sums.product_name);
        row.orders_count += sums.orders_count;
        row.lines_count += sums.lines_count;
        row.items_count += sums.items_count;
        row.gross_fen += sums.gross_fen;
        row.discount_fen += sums.discount_fen;
    }
    for (const RefundProductSums& sums : sales.refund_products(store.id, query.from, query.to)) {
        row_of(rows, sums.product_id.text(), sums.product_name).refund_fen += sums.refund_fen;
    }
}

// Products share orders, so the number of orders is counted, not added up.
void add_orders(SalesStore& sales, const StorePlace& store, const SalesQuery& query,
                SalesTotal& total) {
    for (const DaySums& sums : sales.days(store.id, query.from, query.to)) {
        total.orders_count += sums.orders_count;
    }
}

Sales summed(const SalesQuery& query, Gathered rows, SalesTotal total) {
    Sales result;
    for (auto& [key, row] : rows) {
        row.net_fen = row.gross_fen - row.discount_fen - row.refund_fen;
        total.orders_count += query.by == SalesBy::product ? 0 : row.orders_count;
        total.lines_count += row.lines_count;
        total.items_count += row.items_count;
        total.gross_fen += row.gross_fen;
        total.discount_fen += row.discount_fen;
        total.refund_fen += row.refund_fen;
        total.net_fen += row.net_fen;
        result.rows.push_back(std::move(row));
    }
    if (query.by != SalesBy::day) {
        std::stable_sort(
            result.rows.begin(), result.rows.end(),
            [](const SalesRow& a, const SalesRow& b) { return a.net_fen > b.net_fen; });
    }
    result.total = total;
    return result;
}

}  // namespace

Result<Sales> Orders::sales_report(storage::Tx& tx, const storage::DataScope& within,
                                   const SalesQuery& query) const {
    if (query.to < query.from || query.from.plus_days(kReportDaysMax) <= query.to) {
        return Problem::invalid_field("to", "report.range",
                                      "1 to " + std::to_string(kReportDaysMax) + " days");
    }
    SalesStore sales(tx);
    Gathered rows;
    SalesTotal total;
    for (const StorePlace& store : organisation_.stores_within(tx, within)) {
        if (query.store_id && store.id != *query.store_id) {
            continue;
        }
        if (query.by == SalesBy::product) {
            add_products(sales, store, query, rows);
            add_orders(sales, store, query, total);
        } else {
            add_days(sales, store, query, rows);
        }
    }
    return summed(query, std::move(rows), total);
}

struct SalesReportInput {
    SalesBy by = SalesBy::store;
    std::optional<Day> from;
    std::optional<Day> to;
    std::optional<StoreId> store_id;
};
HANGU_STRUCT(SalesReportInput, by, from, to, store_id)

struct SalesReport {
    SalesBy by = SalesBy::store;
    Day from;
    Day to;
    std::vector<SalesRow> rows;
    SalesTotal total;
};
HANGU_STRUCT(SalesReport, by, from, to, rows, total)

namespace {

constexpr int kUsualDays = 7;

Result<SalesReport> report_sales(const Orders& orders, http::Scope& scope,
                                 const SalesReportInput& input) {
    HANGU_TRY(const storage::DataScope within, scope.within(kMayReport));
    if (input.store_id) {
        HANGU_TRY(const StorePlace store, orders.organisation().store(scope.tx(), *input.store_id));
        HANGU_CHECK(scope.authorize(kMayReport, store.path));
    }
    SalesQuery query;
    query.by = input.by;
    query.to = input.to.value_or(scope.today());
    query.from = input.from.value_or(query.to.plus_days(1 - kUsualDays));
    query.store_id = input.store_id;
    HANGU_TRY(Sales sales, orders.sales_report(scope.tx(), within, query));
    return SalesReport{query.by, query.from, query.to, std::move(sales.rows), sales.total};
}

}  // namespace

void add_report_route(http::Routes& routes, const Orders& orders) {
    routes.add_with<SalesReport, SalesReportInput>(
        {.name = "report.sales",
         .method = "GET",
         .path = "/api/v1/reports/sales",
         .permission = kMayReport,
         .work = http::Work::report,
         .per_minute_max = 60,
         .summary = "Sales by store, day or product",
         .tag = "reports"},
        [&orders](http::Scope& scope, const SalesReportInput& input) {
            return report_sales(orders, scope, input);
        });
}

}  // namespace hangu::order
