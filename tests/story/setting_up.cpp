#include "tests/story/setting_up.hpp"

#include <fmt/format.h>

namespace hangu::story {

namespace {

std::string text_at(const boost::json::value& value, std::string_view path) {
    const boost::json::value* found = at_path(value, path);
    if (found == nullptr) {
        throw StoryFault(
            fmt::format("the answer has no {}: {}", path, boost::json::serialize(value)));
    }
    return as_text(*found);
}

boost::json::array texts(const std::vector<std::string>& list) {
    boost::json::array array;
    for (const std::string& text : list) {
        array.push_back(boost::json::string(text));
    }
    return array;
}

}  // namespace

boost::json::value must(World& world, Person& person, std::string_view method,
                        std::string_view target, const boost::json::value& body,
                        const Extras& extras) {
    Answer answer = world.send(person, method, target, body, extras);
    if (answer.status >= 300) {
        throw StoryFault(fmt::format("setting up: {} {} by {} was answered {}", method, target,
                                     person.name, answer.shown()));
    }
    return std::move(answer.json);
}

Merchant::Merchant(World& world, Values& values, std::string code, std::string owner)
    : world_(world), values_(values), code_(std::move(code)), owner_(std::move(owner)) {
    const World::CommandAnswer made =
        world_.command({"tenant", "create", code_, "--name", code_, "--owner", owner_, "--json"});
    if (made.status != 0) {
        throw StoryFault("setting up: tenant create failed: " + made.lines + made.notes);
    }
    const boost::json::value tenant = boost::json::parse(made.lines);
    Person& person = world_.person(owner_);
    person.tenant = code_;
    values_.set("tenant." + code_, boost::json::string(text_at(tenant, ".id")));
    values_.set("link." + owner_, boost::json::string(text_at(tenant, ".sign_in_token")));
    world_.listen_to(TenantId::parse(text_at(tenant, ".id")).value());
    const boost::json::value me =
        must(world_, person, "POST", "/api/v1/session/redeem",
             boost::json::object{{"token", text_at(tenant, ".sign_in_token")}});
    person.id = parse_id(text_at(me, ".staff.id")).value();
    values_.set("staff." + owner_, boost::json::string(text_at(me, ".staff.id")));
    const boost::json::value nodes = must(world_, person, "GET", "/api/v1/org-nodes");
    for (const boost::json::value& node : nodes.at("items").as_array()) {
        if (text_at(node, ".kind") == "headquarters") {
            values_.set("headquarters", node.at("id"));
            values_.set("headquarters-of." + code_, node.at("id"));
        }
    }
}

std::string Merchant::id(const std::string& kind, const std::string& name) const {
    return as_text(values_.get(kind + "." + name));
}

std::string Merchant::node_of(const std::string& place) const {
    if (place == "headquarters") {
        return id("headquarters-of", code_);
    }
    const boost::json::value* node = values_.find("node." + place);
    return node != nullptr ? as_text(*node) : id("region", place);
}

TenantId Merchant::tenant_id() const {
    return world_.house->tenants->find_by_code(code_)->id;
}

void Merchant::region(const std::string& name) {
    const boost::json::value made =
        must(world_, owner(), "POST", "/api/v1/org-nodes",
             boost::json::object{{"parent_id", node_of("headquarters")}, {"name", name}});
    values_.set("region." + name, boost::json::string(text_at(made, ".id")));
}

void Merchant::store(const std::string& code, const std::string& region) {
    const std::string parent = node_of(region.empty() ? "headquarters" : region);
    const boost::json::value made =
        must(world_, owner(), "POST", "/api/v1/stores",
             boost::json::object{{"parent_id", parent}, {"code", code}, {"name", "Store " + code}});
    values_.set("store." + code, boost::json::string(text_at(made, ".id")));
    values_.set("node." + code, boost::json::string(text_at(made, ".node_id")));
}

void Merchant::category(const std::string& name) {
    const boost::json::value made =
        must(world_, owner(), "POST", "/api/v1/categories", boost::json::object{{"name", name}});
    values_.set("category." + name, boost::json::string(text_at(made, ".id")));
    values_.set("category-of." + code_, boost::json::string(text_at(made, ".id")));
}

void Merchant::product(const std::string& code, std::int64_t fen,
                       const std::vector<Topping>& toppings, const std::vector<Choice>& choices) {
    if (values_.find("category-of." + code_) == nullptr) {
        category("Drinks");
    }
    boost::json::array groups;
    for (const Choice& choice : choices) {
        boost::json::array options;
        for (const std::string& option : choice.options) {
            options.push_back({{"name", option}, {"price_fen", 0}, {"default", options.empty()}});
        }
        groups.push_back({{"name", choice.name},
                          {"kind", "choice"},
                          {"min", 1},
                          {"max", 1},
                          {"options", options}});
    }
    if (!toppings.empty()) {
        boost::json::array options;
        for (const Topping& topping : toppings) {
            options.push_back(
                {{"name", topping.name}, {"price_fen", topping.fen}, {"default", false}});
        }
        groups.push_back({{"name", "Toppings"},
                          {"kind", "topping"},
                          {"min", 0},
                          {"max", toppings.size()},
                          {"options", options}});
    }
    const boost::json::object body{
        {"code", code},
        {"name", code},
        {"category_id", id("category-of", code_)},
        {"specs", {{{"code", code + "-1"}, {"name", "regular"}, {"price_fen", fen}}}},
        {"modifier_groups", groups}};
    const boost::json::value made = must(world_, owner(), "POST", "/api/v1/products", body);
    values_.set("product." + code, boost::json::string(text_at(made, ".id")));
    values_.set("spec." + code, boost::json::string(text_at(made, ".specs[0].id")));
    for (const boost::json::value& group : made.at("modifier_groups").as_array()) {
        values_.set("group." + text_at(group, ".name"), boost::json::string(text_at(group, ".id")));
        for (const boost::json::value& option : group.at("options").as_array()) {
            values_.set("option." + text_at(option, ".name"),
                        boost::json::string(text_at(option, ".id")));
        }
    }
}

void Merchant::offer(const std::string& store, const std::string& product,
                     std::optional<std::int64_t> fen, bool available,
                     std::optional<std::int64_t> remaining) {
    boost::json::object body{{"available", available}};
    body["price_fen"] = fen ? boost::json::value(*fen) : boost::json::value();
    body["remaining"] = remaining ? boost::json::value(*remaining) : boost::json::value();
    must(world_, owner(), "PUT",
         fmt::format("/api/v1/stores/{}/specs/{}", id("store", store), id("spec", product)), body);
}

void Merchant::role(const std::string& name, const std::vector<std::string>& permissions) {
    const boost::json::value made =
        must(world_, owner(), "POST", "/api/v1/roles",
             boost::json::object{{"name", name}, {"permissions", texts(permissions)}});
    values_.set("role." + name, boost::json::string(text_at(made, ".id")));
}

void Merchant::staff(const std::string& name, const std::string& place, const std::string& role) {
    const boost::json::value made =
        must(world_, owner(), "POST", "/api/v1/staff",
             boost::json::object{{"name", name},
                                 {"login_name", name},
                                 {"node_id", node_of(place)},
                                 {"role_ids", texts({id("role", role)})}});
    const std::string token = text_at(made, ".sign_in_link_token");
    values_.set("staff." + name, boost::json::string(text_at(made, ".staff.id")));
    values_.set("link." + name, boost::json::string(token));
    Person& person = world_.person(name);
    person.tenant = code_;
    person.id = parse_id(text_at(made, ".staff.id")).value();
    must(world_, person, "POST", "/api/v1/session/redeem", boost::json::object{{"token", token}});
}

void Merchant::member(const std::string& name, const std::string& phone) {
    const boost::json::value made = must(world_, owner(), "POST", "/api/v1/members",
                                         boost::json::object{{"phone", phone}, {"name", name}});
    values_.set("member." + name, boost::json::string(text_at(made, ".id")));
}

void Merchant::application(const std::string& name, const std::vector<std::string>& permissions,
                           const std::string& place) {
    boost::json::object body{{"name", name}, {"permissions", texts(permissions)}};
    if (!place.empty()) {
        body["node_id"] = node_of(place);
    }
    const boost::json::value made = must(world_, owner(), "POST", "/api/v1/app-keys", body);
    Person& person = world_.person(name);
    person.tenant = code_;
    person.bearer = text_at(made, ".secret");
    person.id = parse_id(text_at(made, ".app_key.id")).value();
    values_.set("key." + name, boost::json::string(text_at(made, ".app_key.id")));
    values_.set("secret." + name, boost::json::string(person.bearer));
}

}  // namespace hangu::story
