// For the tests of orders: two stores in two regions, a tea with sizes, sugar and toppings, a cake,
// a member. Prices: tea M 15.00, L 18.00; pearls 2.00; cake 9.99.
#pragma once

#include "commerce/catalogue/module.hpp"
#include "commerce/member/module.hpp"
#include "commerce/order/module.hpp"
#include "commerce/organisation/module.hpp"
#include "tests/support/route_call.hpp"

#include <fmt/format.h>

namespace hangu::order {

inline std::vector<http::PermissionNode> commerce_permissions() {
    std::vector<http::PermissionNode> all;
    for (const auto& nodes : {permissions(), catalogue::permissions(), member::permissions(),
                              organisation::permissions()}) {
        all.insert(all.end(), nodes.begin(), nodes.end());
    }
    return all;
}

struct TestShop {
    TestShop()
        : world({organisation::part(), member::part(), catalogue::part(), part()},
                commerce_permissions()),
          orders(organisation, members, catalogue),
          routes(world, all_routes()) {
        const auto top = world.tx([this](storage::Tx& tx) -> Result<organisation::NodePlace> {
            return organisation.seed(tx, world.ids, "Cloud Tea");
        });
        const std::string headquarters = top->id.text();
        const auto north = make_region(headquarters, "North");
        const auto south = make_region(headquarters, "South");
        store_a = make_store(north, "SH001", "Bund", path_a);
        store_b = make_store(south, "GZ001", "Canton", path_b);
        make_products();
        member = testing::text(
            routes.ok("member.create", {}, R"({"phone":"13812345678","name":"Lin"})"), "id");
    }

    http::Routes all_routes() {
        http::Routes all;
        add_routes(all, orders);
        catalogue::add_routes(all, catalogue, organisation);
        member::add_routes(all, members, organisation);
        organisation::add_routes(all, organisation);
        return all;
    }

    std::string make_region(const std::string& parent, const std::string& name) {
        return testing::text(
            routes.ok("org.create", {},
                      fmt::format(R"({{"parent_id":"{}","name":"{}"}})", parent, name)),
            "id");
    }
    std::string make_store(const std::string& parent, const std::string& code,
                           const std::string& name, std::string& path) {
        const std::string id = testing::text(
            routes.ok(
                "store.create", {},
                fmt::format(R"({{"parent_id":"{}","code":"{}","name":"{}"}})", parent, code, name)),
            "id");
        path = place(id).path;
        return id;
    }
    organisation::StorePlace place(const std::string& id) {
        return world
            .tx([&](storage::Tx& tx) { return organisation.store(tx, *StoreId::parse(id)); })
            .value();
    }
    void make_products() {
        const std::string category =
            testing::text(routes.ok("category.create", {}, R"({"name":"Tea"})"), "id");
        const boost::json::value tea = routes.ok(
            "product.create", {},
            fmt::format(R"({{"code":"TEA","name":"Green tea","category_id":"{}","specs":[)"
                        R"({{"code":"TEA-M","name":"M","price_fen":1500}},)"
                        R"({{"code":"TEA-L","name":"L","price_fen":1800}}],"modifier_groups":[)"
                        R"({{"name":"Sugar","kind":"choice","min":1,"max":1,"options":[)"
                        R"({{"name":"Full","price_fen":0,"default":true}},)"
                        R"({{"name":"Half","price_fen":0,"default":false}}]}},)"
                        R"({{"name":"Toppings","kind":"topping","min":0,"max":2,"options":[)"
                        R"({{"name":"Pearls","price_fen":200,"default":false}}]}}]}})",
                        category));
        tea_m = testing::text(tea.at("specs").at(0), "id");
        tea_l = testing::text(tea.at("specs").at(1), "id");
        half = testing::text(tea.at("modifier_groups").at(0).at("options").at(1), "id");
        pearls = testing::text(tea.at("modifier_groups").at(1).at("options").at(0), "id");
        const boost::json::value dessert = routes.ok(
            "product.create", {},
            fmt::format(
                R"({{"code":"CAKE","name":"Cake","category_id":"{}","specs":[)"
                R"({{"code":"CAKE-1","name":"Piece","price_fen":999}}],"modifier_groups":[]}})",
                category));
        cake = testing::text(dessert.at("specs").at(0), "id");
    }
    void set_remaining(const std::string& store, const std::string& spec, std::int64_t remaining) {
        routes.ok("product.set_store_price", {{"store_id", store}, {"spec_id", spec}},
                  fmt::format(R"({{"available":true,"remaining":{}}})", remaining));
    }
    std::int64_t cakes_left(const std::string& store) {
        const auto page = routes.ok("product.list", {{"store_id", store}, {"q", "CAKE"}});
        return testing::number(page.at("items").at(0), "remaining");
    }

    // Cakes, paid with what they cost.
    std::string cakes(const std::string& store, int quantity, std::string_view more = "") const {
        return fmt::format(R"({{"store_id":"{}","mode":"retail"{},"lines":[{{"spec_id":"{}",)"
                           R"("quantity":{},"option_ids":[]}}],)"
                           R"("payment":{{"tender":"cash","amount_fen":{}}}}})",
                           store, more, cake, quantity, 999 * quantity);
    }
    boost::json::value place_cakes(const std::string& store, int quantity,
                                   std::string_view more = "") {
        return routes.ok("order.place", {}, cakes(store, quantity, more));
    }
    boost::json::value act(std::string_view route, const boost::json::value& order,
                           std::string_view body) {
        return routes.ok(
            route, {{"order_id", testing::text(order, "id")}},
            fmt::format(R"({{{},"version":{}}})", body, testing::number(order, "version")));
    }
    std::string code_of(const http::Caller& caller, std::string_view route,
                        const boost::json::value& order, std::string_view body) {
        return routes.code(
            caller, route, {{"order_id", testing::text(order, "id")}},
            fmt::format(R"({{{},"version":{}}})", body, testing::number(order, "version")));
    }

    // How much the world wrote: acts and events. Unchanged after a refusal.
    std::pair<std::size_t, std::size_t> written() {
        const auto events = world.tx([](storage::Tx& tx) -> Result<std::size_t> {
            return hangu::events::since(tx, hangu::events::EventId(), 100'000).size();
        });
        return {world.audit.seen().size(), *events};
    }
    std::vector<std::string> events() {
        const auto names = world.tx([](storage::Tx& tx) -> Result<std::vector<std::string>> {
            std::vector<std::string> list;
            for (const auto& event : hangu::events::since(tx, hangu::events::EventId(), 100'000)) {
                list.push_back(event.name);
            }
            return list;
        });
        return *names;
    }

    testing::TestWorld world;
    organisation::Organisation organisation;
    member::Members members;
    catalogue::Catalogue catalogue;
    Orders orders;
    testing::RouteCaller routes;
    std::string store_a, store_b, path_a, path_b;
    std::string tea_m, tea_l, half, pearls, cake, member;
};

inline std::vector<std::string> all_order_codes() {
    return {"order.view",   "order.place",    "order.advance", "order.cancel",
            "order.refund", "dashboard.view", "report.sales"};
}

}  // namespace hangu::order
