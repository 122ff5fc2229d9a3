// Past orders, the sales report and the dashboard: one definition of the figures.
#include "commerce/order/internal/test_shop.hpp"

#include <gtest/gtest.h>

namespace hangu::order {
namespace {

using testing::number;
using testing::text;

PastOrder past_order(TestShop& shop, std::string ref, std::string_view placed_at) {
    PastOrder order;
    order.external_ref = std::move(ref);
    order.store = shop.place(shop.store_a);
    order.placed_at = parse_time(placed_at).value();
    order.member_id = MemberId::parse(shop.member);
    const auto spec = shop.world.tx([&](storage::Tx& tx) -> Result<catalogue::KnownSpec> {
        return shop.catalogue.find_spec_by_code(tx, "CAKE-1").value();
    });
    order.lines.push_back(
        {spec->product_id, spec->id, "Cake", "Piece", {}, 2, Money(500), Money(100)});
    order.lines.push_back({spec->product_id,
                           spec->id,
                           "Cake",
                           "Piece",
                           {{"Cream", Money(50)}},
                           1,
                           Money(550),
                           Money(0)});
    return order;
}

std::string record(TestShop& shop, const PastOrder& order) {
    const auto answer = shop.world.use_case(
        [&](http::Scope& scope) { return shop.orders.record_past(scope, order); });
    if (!answer.ok()) {
        return answer.problem().fields.empty() ? answer.problem().code
                                               : answer.problem().fields.front().field;
    }
    return *answer == Recorded::added ? "added" : "exists";
}

TEST(PastOrders, are_stored_once_and_as_they_were) {
    TestShop shop;
    shop.set_remaining(shop.store_a, shop.cake, 1);
    const PastOrder order = past_order(shop, "POS-1", "2019-04-01T02:30:00.000Z");
    EXPECT_EQ(record(shop, order), "added");
    const auto before = shop.written();
    EXPECT_EQ(record(shop, order), "exists");
    EXPECT_EQ(shop.written(), before);
    const auto list = shop.routes.ok("order.list", {{"q", "POS-1"}});
    ASSERT_EQ(number(list, "total"), 1);
    const auto shown =
        shop.routes.ok("order.view", {{"order_id", text(list.at("items").at(0), "id")}});
    EXPECT_EQ(text(shown, "business_day"), "2019-04-01");
    EXPECT_EQ(text(shown, "placed_at"), "2019-04-01T02:30:00.000Z");
    EXPECT_EQ(text(shown, "payment_state"), "paid");
    EXPECT_EQ(text(shown, "production_state"), "handed_over");
    EXPECT_EQ(number(shown, "gross_fen"), 1550);
    EXPECT_EQ(number(shown, "discount_fen"), 100);
    EXPECT_EQ(number(shown, "total_fen"), 1450);
    EXPECT_EQ(number(shown.at("payments").at(0), "amount_fen"), 1450);
    EXPECT_TRUE(shown.at("placed_by").is_null());
    EXPECT_EQ(shop.cakes_left(shop.store_a), 1);
    const auto member = shop.routes.ok("member.view", {{"member_id", shop.member}});
    EXPECT_EQ(number(member, "orders_count"), 1);
    EXPECT_EQ(number(member, "spent_fen"), 1450);
    EXPECT_EQ(text(shop.place_cakes(shop.store_a, 1), "pick_up_number"), "A001");
}

TEST(PastOrders, stand_in_the_list_by_their_times) {
    TestShop shop;
    const auto now = shop.place_cakes(shop.store_a, 1);
    EXPECT_EQ(record(shop, past_order(shop, "B", "2019-04-02T00:00:00.000Z")), "added");
    EXPECT_EQ(record(shop, past_order(shop, "A", "2019-04-01T00:00:00.000Z")), "added");
    EXPECT_EQ(record(shop, past_order(shop, "C", "2026-11-21T00:00:00.000Z")), "added");
    for (int i = 0; i < 40; ++i) {
        EXPECT_EQ(record(shop, past_order(shop, fmt::format("S{}", i), "2018-01-01T00:00:00Z")),
                  "added");
    }
    const auto list = shop.routes.ok("order.list", {{"limit", "5"}});
    EXPECT_EQ(number(list, "total"), 44);
    EXPECT_EQ(text(list.at("items").at(0), "id"), text(now, "id"));
    EXPECT_EQ(text(list.at("items").at(1), "number"), "C");
    EXPECT_EQ(text(list.at("items").at(2), "number"), "B");
    EXPECT_EQ(text(list.at("items").at(3), "number"), "A");
    const auto days = shop.routes.ok("order.list", {{"from", "2019-04-01"}, {"to", "2019-04-30"}});
    EXPECT_EQ(number(days, "total"), 2);
}

TEST(PastOrders, refuse_what_cannot_be) {
    TestShop shop;
    PastOrder order = past_order(shop, "X", "2019-04-01T00:00:00.000Z");
    order.placed_at = shop.world.clock.now().plus_ms(1);
    EXPECT_EQ(record(shop, order), "placed_at");
    order = past_order(shop, "", "2019-04-01T00:00:00.000Z");
    EXPECT_EQ(record(shop, order), "external_ref");
    order = past_order(shop, "X", "2019-04-01T00:00:00.000Z");
    order.lines[1].discount = Money(551);
    EXPECT_EQ(record(shop, order), "lines[1].discount");
    order.lines[1].discount = Money(0);
    order.lines[0].quantity = 0;
    EXPECT_EQ(record(shop, order), "lines[0].quantity");
    order.lines.clear();
    EXPECT_EQ(record(shop, order), "lines");
    EXPECT_EQ(number(shop.routes.ok("order.list", {}), "total"), 0);
}

// Monday: two orders in A (one cancelled on Tuesday), one in B. Tuesday: one in A.
struct TwoDays {
    TwoDays() {
        shop.world.clock.set(parse_time("2026-11-23T01:05:00.000Z").value());  // 09:05 there
        first = shop.place_cakes(shop.store_a, 2, fmt::format(R"(,"member_id":"{}")", shop.member));
        shop.world.clock.advance_ms(kHourMs);
        shop.place_cakes(shop.store_a, 1);
        shop.place_cakes(shop.store_b, 3);
        shop.world.clock.set(parse_time("2026-11-24T02:00:00.000Z").value());
        shop.place_cakes(shop.store_a, 4);
        shop.act("order.refund", first, R"("reason":"cold")");
    }
    boost::json::value report(const http::Caller& caller, std::string by, std::string from,
                              std::string to) {
        return shop.routes.ok_as(
            caller, "report.sales",
            {{"by", std::move(by)}, {"from", std::move(from)}, {"to", std::move(to)}});
    }
    TestShop shop;
    boost::json::value first;
};

TEST(Sales, refunds_count_on_their_own_day) {
    TwoDays days;
    const auto report = days.report(days.shop.world.system(), "day", "2026-11-23", "2026-11-24");
    ASSERT_EQ(report.at("rows").as_array().size(), 2u);
    const auto& monday = report.at("rows").at(0);
    EXPECT_EQ(text(monday, "key"), "2026-11-23");
    EXPECT_EQ(number(monday, "orders_count"), 3);
    EXPECT_EQ(number(monday, "items_count"), 6);
    EXPECT_EQ(number(monday, "gross_fen"), 5994);
    EXPECT_EQ(number(monday, "refund_fen"), 0);
    EXPECT_EQ(number(monday, "net_fen"), 5994);
    const auto& tuesday = report.at("rows").at(1);
    EXPECT_EQ(number(tuesday, "gross_fen"), 3996);
    EXPECT_EQ(number(tuesday, "refund_fen"), 1998);
    EXPECT_EQ(number(tuesday, "net_fen"), 1998);
    EXPECT_EQ(number(report.at("total"), "net_fen"), 7992);
    EXPECT_EQ(number(report.at("total"), "orders_count"), 4);
}

TEST(Sales, stores_and_products_have_the_same_sum) {
    TwoDays days;
    const auto system = days.shop.world.system();
    const auto stores = days.report(system, "store", "2026-11-23", "2026-11-24");
    const auto products = days.report(system, "product", "2026-11-23", "2026-11-24");
    EXPECT_EQ(text(stores.at("rows").at(0), "name"), "Bund");
    EXPECT_EQ(number(stores.at("rows").at(0), "net_fen"), 4995);
    EXPECT_EQ(number(stores.at("rows").at(1), "net_fen"), 2997);
    ASSERT_EQ(products.at("rows").as_array().size(), 1u);
    EXPECT_EQ(text(products.at("rows").at(0), "name"), "Cake");
    EXPECT_EQ(number(products.at("rows").at(0), "orders_count"), 4);
    EXPECT_EQ(boost::json::serialize(stores.at("total")),
              boost::json::serialize(products.at("total")));
}

TEST(Sales, a_store_sees_its_own_figures) {
    TwoDays days;
    const http::Caller clerk = days.shop.world.staff(all_order_codes(), {days.shop.path_b});
    const auto report = days.report(clerk, "store", "2026-11-23", "2026-11-24");
    ASSERT_EQ(report.at("rows").as_array().size(), 1u);
    EXPECT_EQ(number(report.at("total"), "net_fen"), 2997);
    EXPECT_EQ(days.shop.routes.code(clerk, "report.sales",
                                    {{"by", "day"}, {"store_id", days.shop.store_a}}),
              "permission.outside_scope");
    EXPECT_EQ(days.shop.routes.code(clerk, "report.sales",
                                    {{"by", "day"}, {"from", "2026-11-24"}, {"to", "2026-11-23"}}),
              "input.invalid");
}

TEST(Sales, the_dashboard_shows_the_figures_of_the_report) {
    TwoDays days;
    const auto board = days.shop.routes.ok("dashboard.view", {{"day", "2026-11-23"}});
    EXPECT_EQ(text(board, "compare_day"), "2026-11-16");
    EXPECT_EQ(number(board.at("today"), "net_fen"), 5994);
    EXPECT_EQ(number(board.at("today"), "orders_count"), 3);
    EXPECT_EQ(number(board.at("today"), "average_fen"), 1998);
    EXPECT_EQ(number(board.at("today"), "members_count"), 1);
    EXPECT_EQ(number(board.at("compare"), "net_fen"), 0);
    ASSERT_EQ(board.at("hours").as_array().size(), 24u);
    EXPECT_EQ(number(board.at("hours").at(9), "net_fen"), 1998);
    EXPECT_EQ(number(board.at("hours").at(10), "orders_count"), 2);
    ASSERT_EQ(board.at("week").as_array().size(), 7u);
    EXPECT_EQ(text(board.at("week").at(6), "day"), "2026-11-23");
    EXPECT_EQ(number(board.at("week").at(6), "net_fen"), 5994);
    EXPECT_EQ(text(board.at("stores").at(0), "store_name"), "Canton");  // as much as Bund
    EXPECT_EQ(number(board.at("products").at(0), "quantity"), 6);
    const auto tuesday = days.shop.routes.ok("dashboard.view", {{"day", "2026-11-24"}});
    EXPECT_EQ(number(tuesday.at("today"), "net_fen"), 1998);
    EXPECT_EQ(number(tuesday.at("today"), "refund_fen"), 1998);
    const auto week_later = days.shop.routes.ok("dashboard.view", {{"day", "2026-11-30"}});
    EXPECT_EQ(number(week_later.at("compare"), "net_fen"), 5994);
    EXPECT_EQ(number(week_later.at("hours").at(9), "compare_net_fen"), 1998);
    const auto clerk = days.shop.world.staff(all_order_codes(), {days.shop.path_b});
    const auto own = days.shop.routes.ok_as(clerk, "dashboard.view", {{"day", "2026-11-23"}});
    EXPECT_EQ(number(own.at("today"), "net_fen"), 2997);
    EXPECT_EQ(own.at("stores").as_array().size(), 1u);
}

}  // namespace
}  // namespace hangu::order
