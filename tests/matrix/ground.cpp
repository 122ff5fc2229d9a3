#include "tests/matrix/ground.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hangu::matrix {

using story::must;

Ground::Ground()
    : amber(world, values, "amber", "amberowner"), birch(world, values, "birch", "birchowner") {
    amber.region("AmberNorth");
    amber.store("AMB-1", "AmberNorth");
    amber.store("AMB-2");
    amber.category("AmberDrinks");
    amber.product("amber-tea", 1200, {{"AmberPearl", 200}}, {});
    amber.member("Amberzhao", "13800000001");
    birch.store("BIR-1");
    birch.category("BirchDrinks");
    birch.product("birch-tea", 900, {}, {});
}

std::vector<std::string> Ground::all_permissions() const {
    return world.house->permissions.codes_of(world.house->permissions.all());
}

std::vector<std::string> Ground::all_but(std::string_view permission) const {
    std::vector<std::string> codes = all_permissions();
    std::erase(codes, permission);
    return codes;
}

Person& Ground::staff(const std::string& tenant, const std::vector<std::string>& permissions,
                      const std::string& place) {
    story::Merchant& merchant = tenant == "amber" ? amber : birch;
    const std::string name = fmt::format("{}p{}", tenant, ++count_);
    merchant.role(name, permissions);
    merchant.staff(name, place, name);
    return world.person(name);
}

Person& Ground::application(const std::string& tenant,
                            const std::vector<std::string>& permissions) {
    story::Merchant& merchant = tenant == "amber" ? amber : birch;
    const std::string name = fmt::format("{}k{}", tenant, ++count_);
    merchant.application(name, permissions, "headquarters");
    return world.person(name);
}

Person& Ground::nobody() {
    return world.person(fmt::format("nobody{}", ++count_));
}

boost::json::value Ground::fresh_order() {
    const boost::json::object body{{"store_id", value("store.AMB-1")},
                                   {"mode", "pick_up"},
                                   {"lines",
                                    {{{"spec_id", value("spec.amber-tea")},
                                      {"quantity", 1},
                                      {"option_ids", boost::json::array()}}}},
                                   {"payment", {{"tender", "cash"}, {"amount_fen", 1200}}}};
    story::Extras extras;
    extras.headers.push_back({"idempotency-key", fmt::format("matrix-ground-{}", ++count_)});
    return must(world, amber.owner(), "POST", "/api/v1/orders", body, extras);
}

boost::json::value Ground::fresh_staff() {
    const std::string name = fresh_name();
    const boost::json::object body{{"name", name},
                                   {"login_name", name},
                                   {"node_id", value("node.AMB-1")},
                                   {"role_ids", boost::json::array()}};
    return must(world, amber.owner(), "POST", "/api/v1/staff", body);
}

std::string Ground::fresh_role() {
    const boost::json::object body{{"name", fresh_name()}, {"permissions", boost::json::array()}};
    return story::as_text(must(world, amber.owner(), "POST", "/api/v1/roles", body).at("id"));
}

std::string Ground::fresh_key() {
    const boost::json::object body{{"name", fresh_name()},
                                   {"permissions", boost::json::array{"product.view"}},
                                   {"node_id", value("node.AMB-1")}};
    const boost::json::value made = must(world, amber.owner(), "POST", "/api/v1/app-keys", body);
    return story::as_text(made.at("app_key").at("id"));
}

std::string Ground::fresh_link_token() {
    return story::as_text(fresh_staff().at("sign_in_link_token"));
}

std::string Ground::fresh_name() {
    return fmt::format("amber-n{}", ++count_);
}

std::string Ground::fresh_phone() {
    return fmt::format("139{:08}", ++count_);
}

boost::json::value Ground::row(const std::string& target) {
    return must(world, amber.owner(), "GET", target);
}

Answer Ground::send(Person& person, const Call& call) {
    story::Extras extras;
    extras.headers = call.headers;
    return world.send(person, call.method, call.target, call.body, extras);
}

std::vector<std::string> Ground::markers() const {
    return {"AMB-", "amber", "Amber", "13800000001", "139000"};
}

}  // namespace hangu::matrix
