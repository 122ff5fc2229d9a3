#include "tests/system/shop.hpp"

#include "tests/system/collected.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace hangu::system {

std::string text_at(const boost::json::value& value, std::string_view member) {
    return std::string(value.at(member).as_string().c_str());
}

boost::json::object order_of(const std::string& store, const std::string& spec, int quantity) {
    return {{"store_id", store},
            {"mode", "pick_up"},
            {"lines",
             boost::json::array{boost::json::object{
                 {"spec_id", spec}, {"quantity", quantity}, {"option_ids", boost::json::array()}}}},
            {"payment", {{"tender", "cash"}, {"amount_fen", 1200 * quantity}}}};
}

Shop::Shop(const std::string& data, std::uint16_t port, std::string code)
    : code_(std::move(code)), owner_(port), port_(port) {
    const Outcome made = run({"tenant", "create", code_, "--name", code_ + " name", "--owner",
                              code_ + "-owner", "--data", data, "--json"});
    if (made.status != 0) {
        throw std::runtime_error("tenant create: " + made.out + made.err);
    }
    const boost::json::value tenant = boost::json::parse(made.out);
    id_ = text_at(tenant, "id");
    const std::string token = text_at(tenant, "sign_in_token");
    Collected::all().secret("sign-in link", token, Source::command);
    must("POST", "/session/redeem", boost::json::object{{"token", token}});
    const boost::json::value nodes = must("GET", "/org-nodes");
    for (const boost::json::value& node : nodes.at("items").as_array()) {
        if (text_at(node, "kind") == "headquarters") {
            headquarters_ = text_at(node, "id");
        }
    }
}

boost::json::value Shop::must(std::string_view method, std::string_view path,
                              const boost::json::value& body) {
    std::optional<Answer> answer =
        owner_.request(method, path, body.is_null() ? "" : boost::json::serialize(body));
    if (!answer || answer->status >= 300) {
        throw std::runtime_error(fmt::format("{} {}: {}", method, path,
                                             answer ? answer->head + answer->body : "no answer"));
    }
    return std::move(answer->json);
}

void Shop::open_stores(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        const boost::json::value made =
            must("POST", "/stores",
                 boost::json::object{{"parent_id", headquarters_},
                                     {"code", fmt::format("{}-S{}", code_, stores_.size() + 1)},
                                     {"name", fmt::format("{} store", code_)}});
        stores_.push_back(text_at(made, "id"));
    }
}

void Shop::sell(const std::string& code, std::optional<std::int64_t> remaining) {
    if (category_.empty()) {
        category_ = text_at(
            must("POST", "/categories", boost::json::object{{"name", code_ + " drinks"}}), "id");
    }
    const boost::json::value made =
        must("POST", "/products",
             boost::json::object{
                 {"code", code},
                 {"name", fmt::format("{} {}", code_, code)},
                 {"category_id", category_},
                 {"specs", boost::json::array{boost::json::object{
                               {"code", code + "-1"}, {"name", "regular"}, {"price_fen", 1200}}}},
                 {"modifier_groups", boost::json::array()}});
    products_.push_back(text_at(made, "id"));
    specs_.push_back(text_at(made.at("specs").at(0), "id"));
    if (remaining) {
        must("PUT", fmt::format("/stores/{}/specs/{}", stores_.front(), specs_.back()),
             boost::json::object{
                 {"price_fen", nullptr}, {"available", true}, {"remaining", *remaining}});
    }
}

void Shop::add_member(const std::string& name, const std::string& phone) {
    Collected::all().secret("phone", phone, Source::reveal);
    const boost::json::value made =
        must("POST", "/members", boost::json::object{{"phone", phone}, {"name", name}});
    members_.push_back(text_at(made, "id"));
}

std::string Shop::new_till() {
    if (till_role_.empty()) {
        till_role_ = text_at(
            must("POST", "/roles",
                 boost::json::object{
                     {"name", code_ + " till"},
                     {"permissions", boost::json::array{"order.view", "order.place", "order.cancel",
                                                        "order.refund", "order.advance"}}}),
            "id");
    }
    const std::string name = fmt::format("{}-till{}", code_, ++tills_);
    const boost::json::value made =
        must("POST", "/staff",
             boost::json::object{{"name", name},
                                 {"login_name", name},
                                 {"node_id", headquarters_},
                                 {"role_ids", boost::json::array{till_role_}}});
    const std::string token = text_at(made, "sign_in_link_token");
    Collected::all().secret("sign-in link", token, Source::issue);
    const std::string mine = std::exchange(owner_.cookie, "");
    must("POST", "/session/redeem", boost::json::object{{"token", token}});
    return std::exchange(owner_.cookie, mine);
}

std::string Shop::order_body(std::size_t store, std::size_t product, int quantity) const {
    return boost::json::serialize(order_of(stores_.at(store), specs_.at(product), quantity));
}

}  // namespace hangu::system
