// Orders through their routes on a real engine.
#include "commerce/order/internal/test_shop.hpp"

#include <gtest/gtest.h>

#include <set>
#include <thread>

namespace hangu::order {
namespace {

using testing::number;
using testing::text;

TEST(Orders, an_order_is_placed_paid_and_shown) {
    TestShop shop;
    const std::string draft = fmt::format(
        R"("store_id":"{}","mode":"dine_in","member_id":"{}","remark":"by the window","lines":[)"
        R"({{"spec_id":"{}","quantity":2,"option_ids":["{}","{}"],"remark":"warm"}},)"
        R"({{"spec_id":"{}","quantity":1,"option_ids":[]}}])",
        shop.store_a, shop.member, shop.tea_m, shop.half, shop.pearls, shop.cake);
    const auto priced = shop.routes.ok("order.preview", {}, "{" + draft + "}");
    EXPECT_EQ(number(priced, "total_fen"), 4399);
    EXPECT_EQ(number(priced.at("lines").at(0), "unit_fen"), 1700);

    const auto order = shop.routes.ok_as(
        shop.world.staff(all_order_codes(), {shop.path_a}), "order.place", {},
        "{" + draft + R"(,"payment":{"tender":"external","reference":"T-77","amount_fen":4399}})");
    EXPECT_EQ(text(order, "number"), "20261122-SH001-0001");
    EXPECT_EQ(text(order, "pick_up_number"), "A001");
    EXPECT_EQ(text(order, "payment_state"), "paid");
    EXPECT_EQ(text(order, "production_state"), "received");
    EXPECT_EQ(text(order, "store_name"), "Bund");
    EXPECT_EQ(text(order, "business_day"), "2026-11-22");
    EXPECT_EQ(text(order.at("member"), "name"), "Lin");
    EXPECT_EQ(text(order.at("member"), "phone_masked"), "138****5678");
    EXPECT_EQ(text(order.at("placed_by"), "name"), "Tester");
    EXPECT_EQ(number(order, "lines_count"), 2);
    EXPECT_EQ(text(order.at("lines").at(0).at("options").at(1), "name"), "Pearls");
    EXPECT_EQ(text(order.at("payments").at(0), "reference"), "T-77");
    EXPECT_EQ(order.at("timeline").as_array().size(), 2u);
    EXPECT_EQ(shop.events(), (std::vector<std::string>{"order.placed", "order.paid"}));

    // What is read later is what was answered.
    const auto again = shop.routes.ok("order.view", {{"order_id", text(order, "id")}});
    EXPECT_EQ(boost::json::serialize(again), boost::json::serialize(order));
    const auto member = shop.routes.ok("member.view", {{"member_id", shop.member}});
    EXPECT_EQ(number(member, "orders_count"), 1);
    EXPECT_EQ(number(member, "spent_fen"), 4399);
}

TEST(Orders, numbers_count_per_store_and_day) {
    TestShop shop;
    EXPECT_EQ(text(shop.place_cakes(shop.store_a, 1), "pick_up_number"), "A001");
    EXPECT_EQ(text(shop.place_cakes(shop.store_a, 1), "pick_up_number"), "A002");
    EXPECT_EQ(text(shop.place_cakes(shop.store_b, 1), "number"), "20261122-GZ001-0001");
    shop.world.clock.advance_ms(kDayMs);
    EXPECT_EQ(text(shop.place_cakes(shop.store_a, 1), "number"), "20261123-SH001-0001");
}

TEST(Orders, a_refused_order_leaves_nothing_behind) {
    TestShop shop;
    shop.set_remaining(shop.store_a, shop.cake, 3);
    const auto before = shop.written();
    const auto code = [&shop](const std::string& body) {
        return shop.routes.code(shop.world.system(), "order.place", {}, body);
    };
    EXPECT_EQ(code(shop.cakes(shop.store_a, 4)), "order.sold_out");
    std::string cheap = shop.cakes(shop.store_a, 2);
    cheap.replace(cheap.find("1998"), 4, "1997");
    EXPECT_EQ(code(cheap), "order.price_changed");
    EXPECT_EQ(code(shop.cakes(shop.store_a, 1, R"(,"member_id":"0000000000001")")),
              "member.not_found");
    EXPECT_EQ(code(shop.cakes("0000000000001", 1)), "store.not_found");
    shop.routes.ok("store.edit", {{"store_id", shop.store_b}}, R"({"state":"paused","version":1})");
    EXPECT_EQ(code(shop.cakes(shop.store_b, 1)), "order.unavailable");
    EXPECT_EQ(shop.written().first, before.first + 1);  // the edit of the store
    EXPECT_EQ(shop.written().second, before.second);
    EXPECT_EQ(shop.cakes_left(shop.store_a), 3);
    EXPECT_EQ(text(shop.place_cakes(shop.store_a, 3), "pick_up_number"), "A001");
    EXPECT_EQ(shop.cakes_left(shop.store_a), 0);
}

TEST(Orders, the_last_ten_go_to_exactly_ten) {
    TestShop shop;
    shop.set_remaining(shop.store_a, shop.cake, 10);
    std::vector<std::string> answers(64);
    std::vector<std::string> pick_ups(64);
    std::vector<std::thread> buyers;
    const std::string body = shop.cakes(shop.store_a, 1);
    for (std::size_t i = 0; i < answers.size(); ++i) {
        buyers.emplace_back([&, i] {
            const auto answer = shop.routes.call(shop.world.system(), "order.place", {}, body);
            answers[i] = answer.ok() ? "placed" : answer.problem().code;
            pick_ups[i] = answer.ok() ? text(*answer, "pick_up_number") : "";
        });
    }
    for (std::thread& buyer : buyers) {
        buyer.join();
    }
    EXPECT_EQ(std::count(answers.begin(), answers.end(), "placed"), 10);
    EXPECT_EQ(std::count(answers.begin(), answers.end(), "order.sold_out"), 54);
    EXPECT_EQ(shop.cakes_left(shop.store_a), 0);
    std::set<std::string> numbers(pick_ups.begin(), pick_ups.end());
    numbers.erase("");
    EXPECT_EQ(numbers.size(), 10u);
    EXPECT_EQ(*numbers.begin(), "A001");
    EXPECT_EQ(*numbers.rbegin(), "A010");
}

TEST(Orders, one_spec_in_two_lines_is_one_stock) {
    TestShop shop;
    shop.set_remaining(shop.store_a, shop.cake, 3);
    const std::string line =
        fmt::format(R"({{"spec_id":"{}","quantity":2,"option_ids":[]}})", shop.cake);
    const std::string body = fmt::format(R"({{"store_id":"{}","mode":"retail","lines":[{},{}],)"
                                         R"("payment":{{"tender":"cash","amount_fen":3996}}}})",
                                         shop.store_a, line, line);
    EXPECT_EQ(shop.routes.code(shop.world.system(), "order.place", {}, body), "order.sold_out");
    shop.set_remaining(shop.store_a, shop.cake, 4);
    EXPECT_EQ(shop.routes.code(shop.world.system(), "order.place", {}, body), "");
    EXPECT_EQ(shop.cakes_left(shop.store_a), 0);
}

TEST(Orders, cancelling_gives_everything_back) {
    TestShop shop;
    shop.set_remaining(shop.store_a, shop.cake, 5);
    const std::string member = fmt::format(R"(,"member_id":"{}")", shop.member);
    auto order = shop.place_cakes(shop.store_a, 2, member);
    order = shop.act("order.advance", order, R"("production":"accepted")");
    EXPECT_EQ(number(order, "version"), 2);
    order = shop.act("order.cancel", order, R"("reason":"changed her mind")");
    EXPECT_EQ(text(order, "payment_state"), "refunded");
    EXPECT_EQ(text(order, "production_state"), "rejected");
    EXPECT_EQ(text(order, "fulfilment_state"), "cancelled");
    EXPECT_EQ(number(order, "refunded_fen"), 1998);
    EXPECT_EQ(number(order.at("refunds").at(0), "amount_fen"), 1998);
    EXPECT_EQ(text(order.at("refunds").at(0), "reason"), "changed her mind");
    EXPECT_EQ(text(order.at("timeline").at(3), "action"), "order.cancelled");
    EXPECT_EQ(shop.cakes_left(shop.store_a), 5);
    const auto after = shop.routes.ok("member.view", {{"member_id", shop.member}});
    EXPECT_EQ(number(after, "orders_count"), 0);
    EXPECT_EQ(number(after, "spent_fen"), 0);
    EXPECT_EQ(shop.events().back(), "order.cancelled");
    EXPECT_EQ(shop.world.audit.seen().back().action, "order.cancelled");
}

TEST(Orders, what_was_made_does_not_go_back_into_stock) {
    TestShop shop;
    shop.set_remaining(shop.store_a, shop.cake, 5);
    auto order = shop.place_cakes(shop.store_a, 2);
    order = shop.act("order.advance", order, R"("production":"making")");
    order = shop.act("order.refund", order, R"("reason":"dropped")");
    EXPECT_EQ(text(order, "production_state"), "rejected");
    EXPECT_EQ(shop.cakes_left(shop.store_a), 3);
}

TEST(Orders, acts_that_come_too_late_change_nothing) {
    TestShop shop;
    auto order = shop.place_cakes(shop.store_a, 1);
    const auto stale = order;
    order = shop.act("order.advance", order, R"("production":"handed_over")");
    const auto before = shop.written();
    const http::Caller system = shop.world.system();
    EXPECT_EQ(shop.code_of(system, "order.cancel", order, R"("reason":"late")"),
              "order.not_cancellable");
    EXPECT_EQ(shop.code_of(system, "order.cancel", stale, R"("reason":"late")"), "order.stale");
    EXPECT_EQ(shop.code_of(system, "order.refund", stale, R"("reason":"late")"), "order.stale");
    EXPECT_EQ(shop.code_of(system, "order.advance", stale, R"("production":"ready")"),
              "order.stale");
    EXPECT_EQ(shop.code_of(system, "order.advance", order, R"("production":"ready")"),
              "order.not_advanceable");
    EXPECT_EQ(shop.written(), before);
    order = shop.act("order.refund", order, R"("reason":"hair in it")");
    EXPECT_EQ(text(order, "production_state"), "handed_over");
    EXPECT_EQ(text(order, "fulfilment_state"), "picked");
    EXPECT_EQ(shop.code_of(system, "order.refund", order, R"("reason":"again")"),
              "order.not_refundable");
    const auto again = shop.routes.ok("order.view", {{"order_id", text(order, "id")}});
    EXPECT_EQ(again.at("refunds").as_array().size(), 1u);
}

TEST(Orders, a_store_keeps_to_itself) {
    TestShop shop;
    const auto mine = shop.place_cakes(shop.store_a, 1);
    const auto theirs = shop.place_cakes(shop.store_b, 1);
    const http::Caller clerk = shop.world.staff(all_order_codes(), {shop.path_a});
    const auto list = shop.routes.ok_as(clerk, "order.list", {});
    ASSERT_EQ(list.at("items").as_array().size(), 1u);
    EXPECT_EQ(text(list.at("items").at(0), "id"), text(mine, "id"));
    EXPECT_EQ(number(list, "total"), 1);
    const auto before = shop.written();
    EXPECT_EQ(shop.routes.code(clerk, "order.list", {{"store_id", shop.store_b}}),
              "permission.outside_scope");
    EXPECT_EQ(shop.routes.code(clerk, "order.view", {{"order_id", text(theirs, "id")}}),
              "permission.outside_scope");
    EXPECT_EQ(shop.code_of(clerk, "order.cancel", theirs, R"("reason":"not mine")"),
              "permission.outside_scope");
    EXPECT_EQ(shop.code_of(clerk, "order.refund", theirs, R"("reason":"not mine")"),
              "permission.outside_scope");
    EXPECT_EQ(shop.code_of(clerk, "order.advance", theirs, R"("production":"ready")"),
              "permission.outside_scope");
    EXPECT_EQ(shop.routes.code(clerk, "order.place", {}, shop.cakes(shop.store_b, 1)),
              "permission.outside_scope");
    EXPECT_EQ(shop.written(), before);
    EXPECT_EQ(shop.routes.code(shop.world.staff({"order.view"}, {shop.path_a}), "order.place", {},
                               shop.cakes(shop.store_a, 1)),
              "permission.denied");
}

TEST(Orders, lists_page_and_filter) {
    TestShop shop;
    for (int i = 0; i < 5; ++i) {
        shop.place_cakes(i % 2 == 0 ? shop.store_a : shop.store_b, 1);
        shop.world.clock.advance_ms(kMinuteMs);
    }
    shop.world.clock.advance_ms(kDayMs);
    const auto last =
        shop.place_cakes(shop.store_a, 1, fmt::format(R"(,"member_id":"{}")", shop.member));
    const auto numbers = [](const boost::json::value& list) {
        std::vector<std::string> all;
        for (const auto& item : list.at("items").as_array()) {
            all.push_back(text(item, "number").substr(6));
        }
        return all;
    };
    const auto first = shop.routes.ok("order.list", {{"limit", "4"}});
    EXPECT_EQ(numbers(first), (std::vector<std::string>{"23-SH001-0001", "22-SH001-0003",
                                                        "22-GZ001-0002", "22-SH001-0002"}));
    EXPECT_EQ(number(first, "total"), 6);
    const auto rest =
        shop.routes.ok("order.list", {{"limit", "4"}, {"cursor", text(first, "next_cursor")}});
    EXPECT_EQ(numbers(rest), (std::vector<std::string>{"22-GZ001-0001", "22-SH001-0001"}));
    EXPECT_TRUE(rest.at("next_cursor").is_null());
    EXPECT_EQ(number(rest, "total"), 6);
    const auto store = shop.routes.ok("order.list", {{"store_id", shop.store_a}, {"limit", "3"}});
    EXPECT_EQ(numbers(store),
              (std::vector<std::string>{"23-SH001-0001", "22-SH001-0003", "22-SH001-0002"}));
    EXPECT_EQ(number(store, "total"), 4);
    const auto more = shop.routes.ok(
        "order.list",
        {{"store_id", shop.store_a}, {"limit", "3"}, {"cursor", text(store, "next_cursor")}});
    EXPECT_EQ(numbers(more), (std::vector<std::string>{"22-SH001-0001"}));
    const auto day = shop.routes.ok("order.list", {{"from", "2026-11-23"}, {"to", "2026-11-23"}});
    EXPECT_EQ(numbers(day), (std::vector<std::string>{"23-SH001-0001"}));
    EXPECT_EQ(number(day, "total"), 1);
    const auto member = shop.routes.ok("order.list", {{"member_id", shop.member}});
    EXPECT_EQ(text(member.at("items").at(0), "id"), text(last, "id"));
    const auto by_number = shop.routes.ok("order.list", {{"q", "20261122-GZ001-0002"}});
    EXPECT_EQ(numbers(by_number), (std::vector<std::string>{"22-GZ001-0002"}));
    const auto pick_up = shop.routes.ok("order.list", {{"q", "a002"}});
    EXPECT_EQ(numbers(pick_up), (std::vector<std::string>{"22-GZ001-0002", "22-SH001-0002"}));
    EXPECT_EQ(number(pick_up, "total"), 2);
    const auto refunded = shop.routes.ok("order.list", {{"payment_state", "refunded"}});
    EXPECT_EQ(number(refunded, "total"), 0);
    EXPECT_EQ(shop.routes.code(shop.world.system(), "order.list", {{"cursor", "nonsense"}}),
              "input.invalid");
}

}  // namespace
}  // namespace hangu::order
