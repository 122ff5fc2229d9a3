#include "commerce/order/module.hpp"

#include "base/migration_file.hpp"
#include "commerce/order/internal/order_list_store.hpp"
#include "commerce/order/internal/order_store.hpp"
#include "commerce/order/internal/routes.hpp"
#include "commerce/order/internal/sales_store.hpp"

namespace hangu::order {

std::span<const MigrationFile> sql_files();

namespace {

using storage::Column;
using storage::ColumnType;
using storage::DataClass;
using storage::Level;

constexpr Column kHeadColumns[] = {
    {"id", ColumnType::integer, DataClass::key, Level::internal},
    {"number", ColumnType::text, DataClass::business, Level::internal},
    {"store_id", ColumnType::integer, DataClass::key, Level::internal},
    {"org_path", ColumnType::text, DataClass::technical, Level::internal},
    {"mode", ColumnType::text, DataClass::business, Level::internal},
    {"payment_state", ColumnType::text, DataClass::business, Level::internal},
    {"production_state", ColumnType::text, DataClass::business, Level::internal},
    {"fulfilment_state", ColumnType::text, DataClass::business, Level::internal},
    {"business_day", ColumnType::integer, DataClass::business, Level::internal},
    {"pick_up_number", ColumnType::text, DataClass::business, Level::internal},
    {"member_id", ColumnType::integer, DataClass::key, Level::internal, true},
    {"placed_by_kind", ColumnType::text, DataClass::technical, Level::internal},
    {"placed_by_id", ColumnType::integer, DataClass::key, Level::internal},
    {"placed_by_name", ColumnType::sealed, DataClass::identity, Level::sensitive, true},
    {"gross_fen", ColumnType::integer, DataClass::business, Level::internal},
    {"discount_fen", ColumnType::integer, DataClass::business, Level::internal},
    {"total_fen", ColumnType::integer, DataClass::business, Level::internal},
    {"refunded_fen", ColumnType::integer, DataClass::business, Level::internal},
    {"lines_count", ColumnType::integer, DataClass::business, Level::internal},
    {"items_count", ColumnType::integer, DataClass::business, Level::internal},
    {"remark", ColumnType::text, DataClass::person, Level::internal},
    {"placed_at", ColumnType::integer, DataClass::business, Level::internal},
    {"external_ref", ColumnType::text, DataClass::key, Level::internal, true},
    {"version", ColumnType::integer, DataClass::technical, Level::internal},
};

constexpr Column kLineColumns[] = {
    {"order_id", ColumnType::integer, DataClass::key, Level::internal},
    {"id", ColumnType::integer, DataClass::key, Level::internal},
    {"product_id", ColumnType::integer, DataClass::key, Level::internal},
    {"spec_id", ColumnType::integer, DataClass::key, Level::internal},
    {"product_name", ColumnType::text, DataClass::business, Level::internal},
    {"spec_name", ColumnType::text, DataClass::business, Level::internal},
    {"options", ColumnType::text, DataClass::business, Level::internal},
    {"quantity", ColumnType::integer, DataClass::business, Level::internal},
    {"unit_fen", ColumnType::integer, DataClass::business, Level::internal},
    {"gross_fen", ColumnType::integer, DataClass::business, Level::internal},
    {"discount_fen", ColumnType::integer, DataClass::business, Level::internal},
    {"net_fen", ColumnType::integer, DataClass::business, Level::internal},
    {"counted", ColumnType::integer, DataClass::technical, Level::internal},
    {"remark", ColumnType::text, DataClass::person, Level::internal},
};

// reference is the till's or the provider's number of a payment, not a card or an account.
constexpr Column kPaymentColumns[] = {
    {"order_id", ColumnType::integer, DataClass::key, Level::internal},
    {"id", ColumnType::integer, DataClass::key, Level::internal},
    {"tender", ColumnType::text, DataClass::business, Level::internal},
    {"reference", ColumnType::text, DataClass::payment, Level::internal},
    {"amount_fen", ColumnType::integer, DataClass::business, Level::internal},
    {"paid_at", ColumnType::integer, DataClass::business, Level::internal},
};

constexpr Column kRefundColumns[] = {
    {"id", ColumnType::integer, DataClass::key, Level::internal},
    {"order_id", ColumnType::integer, DataClass::key, Level::internal},
    {"store_id", ColumnType::integer, DataClass::key, Level::internal},
    {"business_day", ColumnType::integer, DataClass::business, Level::internal},
    {"amount_fen", ColumnType::integer, DataClass::business, Level::internal},
    {"reason", ColumnType::text, DataClass::business, Level::internal},
    {"by_kind", ColumnType::text, DataClass::technical, Level::internal},
    {"by_id", ColumnType::integer, DataClass::key, Level::internal},
    {"by_name", ColumnType::sealed, DataClass::identity, Level::sensitive, true},
    {"at", ColumnType::integer, DataClass::business, Level::internal},
};

constexpr Column kRefundLineColumns[] = {
    {"refund_id", ColumnType::integer, DataClass::key, Level::internal},
    {"line_id", ColumnType::integer, DataClass::key, Level::internal},
    {"product_id", ColumnType::integer, DataClass::key, Level::internal},
    {"product_name", ColumnType::text, DataClass::business, Level::internal},
    {"quantity", ColumnType::integer, DataClass::business, Level::internal},
    {"amount_fen", ColumnType::integer, DataClass::business, Level::internal},
};

constexpr Column kEventColumns[] = {
    {"id", ColumnType::integer, DataClass::key, Level::internal},
    {"order_id", ColumnType::integer, DataClass::key, Level::internal},
    {"at", ColumnType::integer, DataClass::business, Level::internal},
    {"action", ColumnType::text, DataClass::business, Level::internal},
    {"actor_kind", ColumnType::text, DataClass::technical, Level::internal},
    {"actor_id", ColumnType::integer, DataClass::key, Level::internal},
    {"actor_name", ColumnType::sealed, DataClass::identity, Level::sensitive, true},
};

constexpr Column kCounterColumns[] = {
    {"store_id", ColumnType::integer, DataClass::key, Level::internal},
    {"business_day", ColumnType::integer, DataClass::business, Level::internal},
    {"last", ColumnType::integer, DataClass::technical, Level::internal},
};

}  // namespace

storage::Part part() {
    std::vector<storage::StatementInfo> statements = order_statements();
    for (auto more : {order_list_statements(), sales_statements()}) {
        statements.insert(statements.end(), more.begin(), more.end());
    }
    return {"order",
            sql_files(),
            {{"order_head", kHeadColumns},
             {"order_line", kLineColumns},
             {"payment", kPaymentColumns},
             {"refund", kRefundColumns},
             {"refund_line", kRefundLineColumns},
             {"order_event", kEventColumns},
             {"pick_up_counter", kCounterColumns}},
            std::move(statements)};
}

std::vector<http::PermissionNode> permissions() {
    using enum http::PermissionKind;
    return {
        {menu, "dashboard", "", "概览", "Dashboard"},
        {page, "dashboard.view", "dashboard", "经营概览", "Overview"},
        {page, "report.sales", "dashboard", "销售报表", "Sales report"},
        {menu, "orders", "", "订单", "Orders"},
        {page, "order.view", "orders", "订单列表", "Orders"},
        {button, "order.place", "order.view", "下单", "Place orders"},
        {button, "order.advance", "order.view", "推进制作", "Advance orders"},
        {button, "order.cancel", "order.view", "取消订单", "Cancel orders"},
        {button, "order.refund", "order.view", "退款", "Refund orders"},
    };
}

void add_routes(http::Routes& routes, const Orders& orders) {
    add_dashboard_route(routes, orders);
    add_report_route(routes, orders);
    add_list_route(routes, orders);
    add_place_routes(routes, orders);
    add_order_stores_route(routes, orders);
    add_view_route(routes, orders);
    add_give_back_routes(routes, orders);
    add_advance_route(routes, orders);
}

}  // namespace hangu::order
