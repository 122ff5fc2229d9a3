#include "tests/matrix/lines.hpp"

#include <fmt/format.h>

namespace hangu::matrix {

namespace {

using boost::json::array;
using boost::json::object;

// A change of what amber's owner sees at `target`, with its present version.
Call patch(Ground& ground, const std::string& target, object body) {
    body["version"] = ground.row("/api/v1" + target).at("version");
    return {"PATCH", "/api/v1" + target, std::move(body), {}};
}

object order_draft(Ground& ground) {
    return {{"store_id", ground.value("store.AMB-1")},
            {"mode", "pick_up"},
            {"lines", array{object{{"spec_id", ground.value("spec.amber-tea")},
                                   {"quantity", 1},
                                   {"option_ids", array()}}}}};
}

Call on_order(Ground& ground, std::string_view act, object body) {
    const boost::json::value order = ground.fresh_order();
    body["version"] = order.at("version");
    return post(fmt::format("/orders/{}/{}", story::as_text(order.at("id")), act), std::move(body));
}

// The smallest PNG.
constexpr std::string_view kPicture =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAAC0lEQVR42mNgAAIAAAUAAen63NgAAAAASUVORK5CYII";

Call with_picture(Ground& ground) {
    const std::string target = "/api/v1/products/" + ground.value("product.amber-tea");
    return {"PUT",
            target + "/picture",
            object{{"content", kPicture}, {"version", ground.row(target).at("version")}},
            {}};
}

std::vector<Line> organisation_lines() {
    return {
        {"org.list", Foreign::own, Outside::hidden, [](Ground&) { return get("/org-nodes"); }},
        {"org.create", Foreign::missing, Outside::refused,
         [](Ground& ground) {
             return post("/org-nodes", {{"parent_id", ground.value("region.AmberNorth")},
                                        {"name", ground.fresh_name()}});
         }},
        {"org.rename", Foreign::missing, Outside::refused,
         [](Ground& ground) {
             const boost::json::value made =
                 story::must(ground.world, ground.amber.owner(), "POST", "/api/v1/org-nodes",
                             object{{"parent_id", ground.value("region.AmberNorth")},
                                    {"name", ground.fresh_name()}});
             return Call{"PATCH",
                         "/api/v1/org-nodes/" + story::as_text(made.at("id")),
                         object{{"name", ground.fresh_name()}, {"version", made.at("version")}},
                         {}};
         }},
        {"store.list", Foreign::own, Outside::hidden, [](Ground&) { return get("/stores"); }},
        {"store.create", Foreign::missing, Outside::refused,
         [](Ground& ground) {
             return post("/stores", {{"parent_id", ground.value("region.AmberNorth")},
                                     {"code", ground.fresh_name()},
                                     {"name", "a new store"}});
         }},
        {"store.view", Foreign::missing, Outside::refused,
         [](Ground& ground) { return get("/stores/" + ground.value("store.AMB-1")); }},
        {"store.edit", Foreign::missing, Outside::refused,
         [](Ground& ground) {
             return patch(ground, "/stores/" + ground.value("store.AMB-1"),
                          {{"address", ground.fresh_name()}});
         }},
    };
}

std::vector<Line> member_lines() {
    return {
        {"member.list", Foreign::own, Outside::tenant_wide,
         [](Ground&) { return get("/members"); }},
        {"member.create", Foreign::own, Outside::tenant_wide,
         [](Ground& ground) {
             return post("/members", {{"phone", ground.fresh_phone()}});
         }},
        {"member.view", Foreign::missing, Outside::tenant_wide,
         [](Ground& ground) { return get("/members/" + ground.value("member.Amberzhao")); }},
        {"member.edit", Foreign::missing, Outside::tenant_wide,
         [](Ground& ground) {
             return patch(ground, "/members/" + ground.value("member.Amberzhao"),
                          {{"name", ground.fresh_name()}});
         }},
        {"member.reveal_phone", Foreign::missing, Outside::tenant_wide,
         [](Ground& ground) {
             return post("/members/" + ground.value("member.Amberzhao") + "/phone",
                         {{"reason", "she asked"}});
         }},
    };
}

std::vector<Line> category_lines() {
    return {
        {"category.list", Foreign::own, Outside::tenant_wide,
         [](Ground&) { return get("/categories"); }},
        {"category.create", Foreign::own, Outside::tenant_wide,
         [](Ground& ground) {
             return post("/categories", {{"name", ground.fresh_name()}});
         }},
        {"category.edit", Foreign::missing, Outside::tenant_wide,
         [](Ground& ground) {
             const boost::json::value made =
                 story::must(ground.world, ground.amber.owner(), "POST", "/api/v1/categories",
                             object{{"name", ground.fresh_name()}});
             return Call{"PATCH",
                         "/api/v1/categories/" + story::as_text(made.at("id")),
                         object{{"name", ground.fresh_name()}, {"version", made.at("version")}},
                         {}};
         }},
    };
}

std::vector<Line> product_lines() {
    return {
        {"product.list", Foreign::missing, Outside::refused,
         [](Ground& ground) { return get("/products?store_id=" + ground.value("store.AMB-1")); }},
        {"product.view", Foreign::missing, Outside::refused,
         [](Ground& ground) {
             return get("/products/" + ground.value("product.amber-tea") +
                        "?store_id=" + ground.value("store.AMB-1"));
         }},
        {"product.create", Foreign::field, Outside::tenant_wide,
         [](Ground& ground) {
             const std::string code = ground.fresh_name();
             return post(
                 "/products",
                 {{"code", code},
                  {"name", code},
                  {"category_id", ground.value("category.AmberDrinks")},
                  {"specs",
                   array{object{{"code", code + "-1"}, {"name", "regular"}, {"price_fen", 100}}}},
                  {"modifier_groups", array()}});
         }},
        {"product.edit", Foreign::missing, Outside::tenant_wide,
         [](Ground& ground) {
             return patch(ground, "/products/" + ground.value("product.amber-tea"),
                          {{"description", ground.fresh_name()}});
         }},
        {"product.set_picture", Foreign::missing, Outside::tenant_wide,
         [](Ground& ground) { return with_picture(ground); }},
        {"product.remove_picture", Foreign::missing, Outside::tenant_wide,
         [](Ground& ground) {
             const std::string target = "/api/v1/products/" + ground.value("product.amber-tea");
             const std::string version = story::as_text(ground.row(target).at("version"));
             return Call{"DELETE", target + "/picture?version=" + version, nullptr, {}};
         }},
        {"product.pictures", Foreign::own, Outside::tenant_wide,
         [](Ground& ground) {
             return get("/product-pictures?product_ids=" + ground.value("product.amber-tea"));
         }},
        {"product.set_store_price", Foreign::missing, Outside::refused,
         [](Ground& ground) {
             return Call{
                 "PUT",
                 fmt::format("/api/v1/stores/{}/specs/{}", ground.value("store.AMB-1"),
                             ground.value("spec.amber-tea")),
                 object{{"price_fen", nullptr}, {"available", true}, {"remaining", nullptr}},
                 {}};
         }},
    };
}

std::vector<Line> order_lines() {
    return {
        {"order.list", Foreign::own, Outside::hidden,
         [](Ground& ground) {
             ground.fresh_order();
             return get("/orders");
         }},
        {"order.stores", Foreign::own, Outside::hidden,
         [](Ground&) { return get("/order-stores"); }},
        {"order.preview", Foreign::missing, Outside::refused,
         [](Ground& ground) { return post("/orders/preview", order_draft(ground)); }},
        {"order.place", Foreign::missing, Outside::refused,
         [](Ground& ground) {
             object body = order_draft(ground);
             body["payment"] = {{"tender", "cash"}, {"amount_fen", 1200}};
             Call call = post("/orders", std::move(body));
             call.headers.push_back({"idempotency-key", ground.fresh_name() + "-key"});
             return call;
         }},
        {"order.view", Foreign::missing, Outside::refused,
         [](Ground& ground) {
             return get("/orders/" + story::as_text(ground.fresh_order().at("id")));
         }},
        {"order.cancel", Foreign::missing, Outside::refused,
         [](Ground& ground) {
             return on_order(ground, "cancel", {{"reason", "changed mind"}});
         }},
        {"order.refund", Foreign::missing, Outside::refused,
         [](Ground& ground) {
             return on_order(ground, "refund", {{"reason", "it was cold"}});
         }},
        {"order.advance", Foreign::missing, Outside::refused,
         [](Ground& ground) {
             return on_order(ground, "advance", {{"production", "accepted"}});
         }},
        {"dashboard.view", Foreign::missing, Outside::refused,
         [](Ground& ground) { return get("/dashboard?store_id=" + ground.value("store.AMB-1")); }},
        {"report.sales", Foreign::missing, Outside::refused,
         [](Ground& ground) {
             return get("/reports/sales?by=store&from=2026-11-01&to=2026-11-30&store_id=" +
                        ground.value("store.AMB-1"));
         }},
    };
}

}  // namespace

std::vector<Line> commerce_lines() {
    std::vector<Line> all;
    for (std::vector<Line> some :
         {organisation_lines(), member_lines(), category_lines(), product_lines(), order_lines()}) {
        all.insert(all.end(), some.begin(), some.end());
    }
    return all;
}

}  // namespace hangu::matrix
