#include "tests/matrix/ground.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hangu::matrix {

using story::must;

Ground::Ground()
    : amber(world, values, "amber", "amberowner"), birch(world, values, "birch", "birchowner") {
    // Everybody signs in once, and the clock goes on: who may is asked here, not how fresh she is.
    world.house->settings.set("identity.fresh_minutes", std::int64_t{60});
    // Here people are refused all the time, and none of them may be locked for it.
    for (const char* limit : {"alert", "end_sessions", "lock"}) {
        world.house->settings.set(std::string("protection.refusals_") + limit, std::int64_t{1000});
    }
    amber.region("AmberNorth");
    amber.store("AMB-1", "AmberNorth");
    amber.store("AMB-2");
    amber.category("AmberDrinks");
    amber.product("amber-tea", 1200, {{"AmberPearl", 200}}, {});
    amber.member("Amberzhao", "13800000001");
    birch.store("BIR-1");
    birch.category("BirchDrinks");
    birch.region("BirchNorth");
    birch.product("birch-tea", 900, {{"BirchPearl", 200}}, {});
    birch.member("Birchli", "13700000002");
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
    clear_duty_pairs();
    const std::string name = fmt::format("{}p{}", tenant, ++count_);
    std::string& role = roles_[{tenant, permissions}];  // a merchant has not room for endless ones
    if (role.empty()) {
        role = name;
        merchant.role(role, permissions);
    }
    merchant.staff(name, place, role);
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

std::string Ground::fresh_record() {
    fresh_order();
    const boost::json::value found = row("/api/v1/audit-records?action=order.placed&limit=1");
    world.house->audit_log->sequence_now(world.house->tenants->find_by_code("amber")->id);
    return story::as_text(found.at("items").at(0).at("id"));
}

boost::json::value Ground::fresh_staff() {
    const std::string name = fresh_name();
    const boost::json::object body{{"name", name},
                                   {"login_name", name},
                                   {"node_id", value("node.AMB-1")},
                                   {"role_ids", boost::json::array()}};
    return must(world, amber.owner(), "POST", "/api/v1/staff", body);
}

boost::json::object Ground::text_code_wish() {
    const std::string name = fresh_name();
    const std::string phone = fresh_phone();
    const boost::json::object body{{"name", name},
                                   {"login_name", name},
                                   {"phone", phone},
                                   {"node_id", value("node.AMB-1")},
                                   {"role_ids", boost::json::array()}};
    must(world, amber.owner(), "POST", "/api/v1/staff", body);
    return {{"tenant_code", "amber"}, {"phone", phone}, {"purpose", "sign_in"}};
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

std::string Ground::make(Person& owner, const std::string& target, boost::json::object body) {
    return story::as_text(must(world, owner, "POST", "/api/v1" + target, std::move(body)).at("id"));
}

std::string Ground::fresh_grant() {
    const boost::json::array permissions{"grant.review"};
    const std::string role =
        make(amber.owner(), "/roles", {{"name", fresh_name()}, {"permissions", permissions}});
    const std::string name = fresh_name();
    const boost::json::value made = must(world, amber.owner(), "POST", "/api/v1/staff",
                                         boost::json::object{{"name", name},
                                                             {"login_name", name},
                                                             {"node_id", value("node.AMB-1")},
                                                             {"role_ids", {role}}});
    const std::string id = story::as_text(made.at("staff").at("id"));
    return story::as_text(row("/api/v1/staff/" + id + "/grants").at("items").at(0).at("id"));
}

std::string Ground::fresh_group() {
    return make(amber.owner(), "/store-groups",
                {{"name", fresh_name()}, {"node_ids", {value("node.AMB-1")}}});
}

std::string Ground::fresh_duty_pair() {
    clear_duty_pairs();
    return make(amber.owner(), "/duty-pairs", {{"one", "order.view"}, {"other", "order.refund"}});
}

// Every merchant has set up stores before this moment.
boost::json::object Ground::disclosure_wish() {
    const std::string now = time_text(world.clock.now());
    return {{"requester", fresh_name()},
            {"legal_ground", "Cyber law §28"},
            {"reason", "case 7"},
            {"from", "2026-01-01T00:00:00.000Z"},
            {"to", now},
            {"action", "store.created"},
            {"fields", {"at", "action"}}};
}

std::string Ground::fresh_approval() {
    return approval_of(amber.owner());
}

std::string Ground::approval_of(Person& person) {
    story::Extras extras;
    Answer made;
    if (person.tenant == "amber") {
        made = world.send(person, "POST", "/api/v1/disclosures", disclosure_wish(), extras);
    }
    if (made.status != 201) {
        made = world.send(amber.owner(), "POST", "/api/v1/disclosures", disclosure_wish(), extras);
    }
    return story::as_text(made.json.at("approval_id"));
}

std::string Ground::fresh_disclosure() {
    const boost::json::value made =
        must(world, amber.owner(), "POST", "/api/v1/disclosures", disclosure_wish());
    const std::string approval = story::as_text(made.at("approval_id"));
    world.house->audit_log->sequence_now(world.house->tenants->find_by_code("amber")->id);
    std::int64_t version = 0;
    for (const std::string right : {"disclosure.authorise", "disclosure.approve"}) {
        const boost::json::object yes{
            {"verdict", "approve"}, {"reason", "seen"}, {"version", ++version}};
        must(world, staff("amber", {"approval.decide", right}, "headquarters"), "POST",
             "/api/v1/approvals/" + approval + "/decide", yes);
    }
    return story::as_text(made.at("id"));
}

void Ground::clear_duty_pairs() {
    for (story::Merchant* merchant : {&amber, &birch}) {
        const boost::json::value pairs =
            must(world, merchant->owner(), "GET", "/api/v1/duty-pairs");
        for (const boost::json::value& pair : pairs.at("items").as_array()) {
            must(world, merchant->owner(), "DELETE",
                 "/api/v1/duty-pairs/" + story::as_text(pair.at("id")));
        }
    }
}

Person& Ground::keeper(const std::string& tenant) {
    return staff(tenant, {"channel.view", "channel.edit"}, "headquarters");
}

// Its host is none that may be spoken to here, so that what goes over it fails for good.
std::string Ground::make_channel(Person& keeper, const std::string& name) {
    return make(keeper, "/channels",
                {{"kind", "wecom"},
                 {"name", name},
                 {"address", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=0123456789"},
                 {"locale", "zh"},
                 {"severity_min", "critical"}});
}

std::string Ground::make_delivery(Person& keeper, const std::string& channel) {
    return make(keeper, "/channels/" + channel + "/test", {});
}

std::string Ground::fresh_channel() {
    clear_channels();
    return make_channel(keeper("amber"), fresh_name());
}

std::string Ground::fresh_delivery() {
    const std::string channel = fresh_channel();
    return make_delivery(keeper("amber"), channel);
}

std::string Ground::fresh_notice(Person& person) {
    const boost::json::value me = must(world, person, "GET", "/api/v1/session");
    notify::Notice notice;
    notice.kind = notify::kPasswordChanged;
    notice.account = parse_id(story::as_text(me.at("staff").at("id"))).value();
    const TenantId tenant = world.house->tenants->find_by_code(person.tenant)->id;
    const Result<void> told = world.house->engine->run(
        tenant, storage::Work::write, [&](storage::Tx& tx) -> Result<void> {
            static_cast<void>(world.house->notify->tell(tx, notice));
            return {};
        });
    HANGU_ASSERT(told.ok());
    const auto list = must(world, person, "GET", "/api/v1/notices");
    return story::as_text(list.at("items").at(0).at("id"));
}

void Ground::clear_channels() {
    Person& person = keeper("amber");
    const auto channels = must(world, person, "GET", "/api/v1/channels");
    for (const boost::json::value& one : channels.at("items").as_array()) {
        must(world, person, "DELETE",
             fmt::format("/api/v1/channels/{}?version={}", story::as_text(one.at("id")),
                         one.at("version").to_number<int>()));
    }
}

Person& Ground::dispatcher(const std::string& tenant) {
    return staff(tenant, {"destination.view", "destination.edit"}, "headquarters");
}

std::string Ground::make_destination(Person& dispatcher, const std::string& name,
                                     const std::string& node) {
    return make(dispatcher, "/destinations",
                {{"name", name}, {"events", {"order.*"}}, {"node_id", value(node)}});
}

// The queue takes nothing while `happen` happens.
std::string Ground::make_letter(Person& dispatcher, const std::string& destination,
                                const std::function<void()>& happen) {
    world.carrier.answer([](const events::Event&) {
        return events::Receipt{events::Verdict::never, "too large"};
    });
    happen();
    world.settle();
    world.carrier.answer(nullptr);
    const boost::json::value found =
        must(world, dispatcher, "GET", "/api/v1/destinations/" + destination + "/dead-letters");
    return story::as_text(found.at("items").at(0).at("id"));
}

std::string Ground::fresh_destination() {
    clear_destinations();
    return make_destination(dispatcher("amber"), fresh_name(), "node.AMB-1");
}

std::string Ground::fresh_letter() {
    const std::string destination = fresh_destination();
    return make_letter(dispatcher("amber"), destination, [this] { fresh_order(); });
}

void Ground::clear_destinations() {
    Person& person = dispatcher("amber");
    const auto found = must(world, person, "GET", "/api/v1/destinations");
    for (const boost::json::value& one : found.at("items").as_array()) {
        must(world, person, "DELETE",
             fmt::format("/api/v1/destinations/{}?version={}", story::as_text(one.at("id")),
                         one.at("version").to_number<int>()));
    }
}

boost::json::value Ground::birch_order(const std::string& key) {
    const boost::json::object body{{"store_id", value("store.BIR-1")},
                                   {"mode", "pick_up"},
                                   {"lines",
                                    {{{"spec_id", value("spec.birch-tea")},
                                      {"quantity", 1},
                                      {"option_ids", boost::json::array()}}}},
                                   {"payment", {{"tender", "cash"}, {"amount_fen", 900}}}};
    story::Extras extras;
    extras.headers.push_back({"idempotency-key", key});
    return must(world, birch.owner(), "POST", "/api/v1/orders", body, extras);
}

// Made once each.
std::string Ground::make_for_birch(const std::string& kind) {
    Person& owner = birch.owner();
    if (kind == "order") {
        return story::as_text(birch_order("matrix-birch-order").at("id"));
    }
    if (kind == "role") {
        return make(owner, "/roles", {{"name", "Birchrole"}, {"permissions", {"order.view"}}});
    }
    if (kind == "staff" || kind == "grant") {
        const boost::json::object body{{"name", "Birchwu"},
                                       {"login_name", "birch-" + kind},
                                       {"node_id", value("node.BIR-1")},
                                       {"role_ids", {thing_of_birch("role_id")}}};
        const boost::json::value made = must(world, owner, "POST", "/api/v1/staff", body);
        const std::string id = story::as_text(made.at("staff").at("id"));
        if (kind == "staff") {
            return id;
        }
        const auto grants = must(world, owner, "GET", "/api/v1/staff/" + id + "/grants");
        return story::as_text(grants.at("items").at(0).at("id"));
    }
    if (kind == "session") {  // no device of hers is known, and none of amber's has this id
        const auto safety = must(world, owner, "GET", "/api/v1/session/safety");
        return story::as_text(safety.at("sessions").at(0).at("id"));
    }
    if (kind == "record") {
        thing_of_birch("order_id");
        const auto found =
            must(world, owner, "GET", "/api/v1/audit-records?action=order.placed&limit=1");
        return story::as_text(found.at("items").at(0).at("id"));
    }
    if (kind == "group") {
        return make(owner, "/store-groups",
                    {{"name", "Birchgroup"}, {"node_ids", {value("node.BIR-1")}}});
    }
    if (kind == "approval" || kind == "disclosure") {
        const boost::json::value made =
            must(world, owner, "POST", "/api/v1/disclosures", disclosure_wish());
        return story::as_text(made.at(kind == "approval" ? "approval_id" : "id"));
    }
    if (kind == "pair") {
        return make(owner, "/duty-pairs", {{"one", "order.view"}, {"other", "order.refund"}});
    }
    if (kind == "channel") {
        return make_channel(keeper("birch"), "Birchchannel");
    }
    if (kind == "delivery") {
        const std::string channel = thing_of_birch("channel_id");
        return make_delivery(keeper("birch"), channel);
    }
    if (kind == "destination") {
        return make_destination(dispatcher("birch"), "Birchqueue", "node.BIR-1");
    }
    if (kind == "letter") {
        const std::string destination = thing_of_birch("destination_id");
        return make_letter(dispatcher("birch"), destination,
                           [this] { birch_order("matrix-birch-letter"); });
    }
    if (kind == "notice") {
        return fresh_notice(owner);
    }
    const boost::json::object body{{"name", "Birchkey"}, {"permissions", {"product.view"}}};
    const boost::json::value made = must(world, owner, "POST", "/api/v1/app-keys", body);
    return story::as_text(made.at("app_key").at("id"));
}

std::string Ground::thing_of_birch(const std::string& field) {
    static const std::map<std::string, std::string> known = {
        {"store_id", "store.BIR-1"},
        {"node_id", "node.BIR-1"},
        {"node_ids", "node.BIR-1"},
        {"except_node_ids", "node.BIR-1"},
        {"parent_id", "region.BirchNorth"},
        {"region_id", "region.BirchNorth"},
        {"category_id", "category.BirchDrinks"},
        {"product_id", "product.birch-tea"},
        {"product_ids", "product.birch-tea"},
        {"spec_id", "spec.birch-tea"},
        {"option_ids", "option.BirchPearl"},
        {"member_id", "member.Birchli"}};
    static const std::map<std::string, std::string> made = {
        {"order_id", "order"},     {"role_id", "role"},         {"role_ids", "role"},
        {"staff_id", "staff"},     {"actor_id", "staff"},       {"subject_id", "order"},
        {"session_id", "session"}, {"device_id", "session"},    {"record_id", "record"},
        {"grant_id", "grant"},     {"group_id", "group"},       {"key_id", "key"},
        {"pair_id", "pair"},       {"approval_id", "approval"}, {"disclosure_id", "disclosure"},
        {"habit_id", "session"},   {"channel_id", "channel"},   {"delivery_id", "delivery"},
        {"notice_id", "notice"},   {"passkey_id", "session"},   {"destination_id", "destination"},
        {"letter_id", "letter"}};
    if (const auto found = known.find(field); found != known.end()) {
        return value(found->second);
    }
    const auto kind = made.find(field);
    if (kind == made.end()) {
        return "";
    }
    if (kind->second == "pair") {
        return make_for_birch("pair");  // cleared again and again
    }
    const auto [thing, is_new] = birch_things_.try_emplace(kind->second);
    if (is_new) {
        thing->second = make_for_birch(kind->second);
    }
    return thing->second;
}

std::vector<std::string> Ground::markers_of_birch() const {
    return {"BIR-", "birch", "Birch", "13700000002"};
}

std::string Ground::fresh_link_token() {
    return story::as_text(fresh_staff().at("sign_in_link_token"));
}

std::string Ground::fresh_lock_out() {
    const boost::json::value made = fresh_staff().at("staff");
    const boost::json::object body{
        {"tenant_code", "amber"}, {"login_name", made.at("login_name")}, {"password", "a guess"}};
    for (int i = 0; i < 5; ++i) {
        send(world.person(fresh_name()), {"POST", "/api/v1/session", body, {}});
    }
    // An attack that was seen meanwhile is recorded before anybody looks at what is written.
    const auto nothing = [](storage::Tx&) -> Result<void> { return {}; };
    const TenantId tenant = world.house->tenants->find_by_code("amber")->id;
    HANGU_ASSERT(world.house->engine->run(tenant, storage::Work::write, nothing).ok());
    return story::as_text(made.at("id"));
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
    extras.origin = call.origin;
    return world.send(person, call.method, call.target, call.body, extras);
}

std::vector<std::string> Ground::markers() const {
    return {"AMB-", "amber", "Amber", "13800000001", "139000"};
}

}  // namespace hangu::matrix
