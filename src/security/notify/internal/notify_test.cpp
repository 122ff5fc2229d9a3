// Texts and notices through real transactions and real sockets of this machine.
#include "security/notify/notify.hpp"

#include "platform/crypto/crypto.hpp"
#include "platform/egress/egress.hpp"
#include "security/notify/internal/notify_state.hpp"
#include "security/notify/module.hpp"
#include "security/tenant/module.hpp"
#include "tests/support/loopback_server.hpp"
#include "tests/support/route_call.hpp"
#include "tests/support/test_world.hpp"

#include <gtest/gtest.h>

#include <atomic>

namespace hangu::notify {
namespace {

using hangu::testing::LoopbackServer;
using hangu::testing::RouteCaller;

constexpr std::int64_t kMei = 7;
constexpr std::int64_t kWang = 8;

class AlwaysFresh final : public Freshness {
 public:
    Result<void> require_fresh(http::Scope&) override {
        if (!fresh) {
            return Problem::forbidden("session.step_up_required");
        }
        return {};
    }
    bool fresh = true;
};

std::vector<http::PermissionNode> nodes() {
    std::vector<http::PermissionNode> all{
        {http::PermissionKind::menu, "safety", "", "安全", "Safety"},
        {http::PermissionKind::page, "staff.view", "safety", "员工", "Staff"}};
    for (http::PermissionNode& node : permissions()) {
        all.push_back(node);
    }
    return all;
}

std::vector<settings::Setting> all_settings() {
    std::vector<settings::Setting> all = settings();
    for (settings::Setting& one : egress::settings()) {
        all.push_back(one);
    }
    return all;
}

http::Routes routes_of(Notify& notify) {
    http::Routes routes;
    add_routes(routes, notify);
    return routes;
}

class House {
 public:
    explicit House(LoopbackServer::Answer answer = [](const auto&) { return ""; })
        : world({tenant::part(), part(), platform_part()}, nodes(), all_settings()),
          far(std::move(answer)),
          tenants(*world.engine, world.ids, world.clock, world.log) {
        world.settings.set("egress.hosts", std::string("127.0.0.1"));
        world.settings.set("egress.allow_loopback", true);
        world.settings.set("notify.allow_local_robots", true);
        out = std::make_unique<egress::Egress>(world.settings, world.log, world.metrics,
                                               world.clock, egress::Egress::Options{});
        notify = std::make_unique<Notify>(*world.engine, tenants, world.world, *out);
        notify->set_freshness(fresh);
        caller = std::make_unique<RouteCaller>(world, routes_of(*notify));
    }
    ~House() { notify->stop(); }

    void send_by_aliyun() {
        world.settings.set("notify.text_sender", std::string("aliyun"));
        world.settings.set("notify.aliyun_endpoint", far.url(""));
        world.settings.set("notify.aliyun_key_id", std::string("id"));
        world.settings.set("notify.aliyun_key_secret", std::string("secret"));
        world.settings.set("notify.aliyun_sign_name", std::string("Hangu"));
        world.settings.set("notify.aliyun_template_sign_in_code", std::string("SMS_1"));
    }
    void send_code(bool decoy = false) {
        Text text;
        text.to = *Phone::parse("13812345678");
        text.code_or_link = Secret("012345");
        text.decoy = decoy;
        ASSERT_TRUE(world
                        .use_case([&](http::Scope& scope) -> Result<void> {
                            notify->send_text(scope, text);
                            return {};
                        })
                        .ok());
        notify->settle_and_wait();
    }
    void tell(const Notice& notice) {
        ASSERT_TRUE(world
                        .use_case([&](http::Scope& scope) -> Result<void> {
                            notify->tell(scope, notice);
                            return {};
                        })
                        .ok());
        notify->settle_and_wait();
    }
    void pass(std::int64_t ms) {
        world.clock.advance_ms(ms);
        notify->sweep();
        notify->settle_and_wait();
    }
    boost::json::value texts() { return caller->ok("text.list", {}).at("items"); }
    http::Caller staff(std::int64_t id, const std::vector<std::string>& codes = {"staff.view"},
                       const std::string& path = "01") {
        return world.staff(codes, {path}, id);
    }
    boost::json::value bell(const http::Caller& of) { return caller->ok_as(of, "notice.list", {}); }
    std::string add_robot(const std::string& kind, const std::string& path,
                          const std::string& more = "") {
        const std::string body = R"({"kind":")" + kind + R"(","name":"Duty","address":")" +
                                 far.url(path) + R"(","locale":"en","severity_min":"warning")" +
                                 more + "}";
        return testing::text(caller->ok("channel.create", {}, body), "id");
    }
    boost::json::value deliveries(const std::string& channel) {
        return caller->ok("delivery.list", {{"channel_id", channel}}).at("items");
    }

    testing::TestWorld world;
    LoopbackServer far;
    tenant::Tenants tenants;
    AlwaysFresh fresh;
    std::unique_ptr<egress::Egress> out;
    std::unique_ptr<Notify> notify;
    std::unique_ptr<RouteCaller> caller;
};

constexpr std::string_view kOk = R"({"Code":"OK","BizId":"9006^0"})";

TEST(Texts, one_is_sent_once_and_its_content_is_gone) {
    House house([](const auto&) { return LoopbackServer::ok(std::string(kOk)); });
    house.send_by_aliyun();
    house.send_code();
    house.pass(kHourMs);
    ASSERT_EQ(house.far.seen().size(), 1u);
    EXPECT_NE(house.far.seen()[0].line().find("PhoneNumbers=13812345678"), std::string::npos);
    const boost::json::value text = house.texts().at(0);
    EXPECT_EQ(testing::text(text, "state"), "sent");
    EXPECT_EQ(testing::text(text, "reference"), "9006^0");
    EXPECT_EQ(testing::text(text, "phone"), "138****5678");
    const auto rows = house.world.tx(
        [](storage::Tx& tx) -> Result<std::vector<TextRow>> { return TextStore(tx).newest(10); });
    EXPECT_TRUE(rows->at(0).content.empty());
}

TEST(Texts, a_refused_act_sends_nothing) {
    House house([](const auto&) { return LoopbackServer::ok(std::string(kOk)); });
    house.send_by_aliyun();
    const auto refused = house.world.use_case([&](http::Scope& scope) -> Result<void> {
        Text text;
        text.to = *Phone::parse("13812345678");
        text.code_or_link = Secret("012345");
        house.notify->send_text(scope, text);
        return Problem::conflict("order.stale");
    });
    EXPECT_FALSE(refused.ok());
    house.pass(kMinuteMs);
    EXPECT_TRUE(house.far.seen().empty());
    EXPECT_TRUE(house.texts().as_array().empty());
}

TEST(Texts, a_busy_provider_is_asked_again_and_a_late_code_is_not_sent) {
    House house(
        [](const auto&) { return LoopbackServer::ok(R"({"Code":"isv.BUSINESS_LIMIT_CONTROL"})"); });
    house.send_by_aliyun();
    house.send_code();
    EXPECT_EQ(house.far.seen().size(), 1u);
    house.pass(1'999);
    EXPECT_EQ(house.far.seen().size(), 1u);
    house.pass(1);
    EXPECT_EQ(house.far.seen().size(), 2u);
    house.pass(5 * kMinuteMs);
    EXPECT_EQ(house.far.seen().size(), 2u);
    EXPECT_EQ(testing::text(house.texts().at(0), "state"), "expired");
    EXPECT_EQ(testing::text(house.texts().at(0), "words"), "isv.BUSINESS_LIMIT_CONTROL");
}

TEST(Texts, one_that_can_never_arrive_is_dead_and_tells_who_sees_to_it) {
    House house(
        [](const auto&) { return LoopbackServer::ok(R"({"Code":"SignatureDoesNotMatch"})"); });
    house.send_by_aliyun();
    house.send_code();
    house.send_code();
    EXPECT_EQ(house.far.seen().size(), 2u);
    EXPECT_EQ(testing::text(house.texts().at(0), "state"), "dead");
    const boost::json::value bell = house.bell(house.staff(kMei, {"text.view"}));
    ASSERT_EQ(bell.at("items").as_array().size(), 1u);
    EXPECT_EQ(testing::text(bell.at("items").at(0), "kind"), "text.failing");
    EXPECT_EQ(testing::number(bell.at("items").at(0), "count"), 2);
}

TEST(Texts, a_decoy_is_stored_and_never_sent_nor_shown) {
    House house([](const auto&) { return LoopbackServer::ok(std::string(kOk)); });
    house.send_by_aliyun();
    house.send_code(true);
    house.pass(kMinuteMs);
    EXPECT_TRUE(house.far.seen().empty());
    EXPECT_TRUE(house.texts().as_array().empty());
}

TEST(Texts, without_a_sender_they_are_dead_and_say_why) {
    House house;
    house.send_code();
    EXPECT_EQ(testing::text(house.texts().at(0), "state"), "dead");
    EXPECT_EQ(testing::text(house.texts().at(0), "words"), "text.no_sender");
}

TEST(Texts, the_mailbox_keeps_the_newest_hundred) {
    House house;
    EXPECT_EQ(house.caller->code(house.world.system(), "mailbox.view", {}), "mailbox.off");
    house.world.settings.set("notify.text_sender", std::string("mailbox"));
    for (int i = 0; i < 102; ++i) {
        house.send_code();
    }
    const boost::json::value items = house.caller->ok("mailbox.view", {}).at("items");
    EXPECT_EQ(items.as_array().size(), 100u);
    EXPECT_EQ(testing::text(items.at(0), "content"), "012345");
    EXPECT_EQ(testing::text(items.at(0), "phone"), "138****5678");
}

Notice locked(std::int64_t account, const std::string& key = "") {
    Notice notice;
    notice.kind = kAccountLocked;
    notice.parameters = {{"name", "wang"}, {"minutes", "15"}};
    notice.account = account;
    notice.org_path = "01/02";
    notice.key = key;
    return notice;
}

TEST(Notices, reach_the_person_and_who_holds_the_permission_there) {
    House house;
    house.tell(locked(kWang));
    EXPECT_EQ(testing::number(house.bell(house.staff(kWang, {})), "unread_count"), 1);
    EXPECT_EQ(testing::number(house.bell(house.staff(kMei)), "unread_count"), 1);
    EXPECT_EQ(testing::number(house.bell(house.staff(kMei, {})), "unread_count"), 0);
    EXPECT_EQ(
        testing::number(house.bell(house.staff(kMei, {"staff.view"}, "01/03")), "unread_count"), 0);
    const boost::json::value item = house.bell(house.staff(kMei)).at("items").at(0);
    EXPECT_EQ(testing::text(item, "text_en"),
              "Account wang failed to sign in too often; unknown browsers are kept out for 15 "
              "minutes.");
    EXPECT_EQ(testing::text(item, "severity"), "warning");
}

TEST(Notices, are_read_by_each_for_herself) {
    House house;
    house.tell(locked(kWang));
    const http::Caller mei = house.staff(kMei);
    const http::Caller wang = house.staff(kWang, {});
    const std::string id = testing::text(house.bell(mei).at("items").at(0), "id");
    EXPECT_EQ(house.caller->code(house.staff(9, {}), "notice.read", {{"notice_id", id}}),
              "notice.not_found");
    house.caller->ok_as(mei, "notice.read", {{"notice_id", id}});
    EXPECT_EQ(testing::number(house.bell(mei), "unread_count"), 0);
    EXPECT_EQ(testing::number(house.bell(wang), "unread_count"), 1);
    house.tell(locked(kWang));
    house.caller->ok_as(wang, "notice.read_all", {});
    EXPECT_EQ(testing::number(house.bell(wang), "unread_count"), 0);
    EXPECT_EQ(testing::number(house.bell(mei), "unread_count"), 1);
}

TEST(Notices, of_one_key_are_counted_for_an_hour_and_unread_again) {
    House house;
    const http::Caller wang = house.staff(kWang, {});
    house.tell(locked(kWang, "lock"));
    house.world.clock.advance_ms(1);
    house.caller->ok_as(wang, "notice.read_all", {});
    house.world.clock.advance_ms(kHourMs - 2);
    house.tell(locked(kWang, "lock"));
    const boost::json::value bell = house.bell(wang);
    ASSERT_EQ(bell.at("items").as_array().size(), 1u);
    EXPECT_EQ(testing::number(bell.at("items").at(0), "count"), 2);
    EXPECT_EQ(testing::number(bell, "unread_count"), 1);
    house.world.clock.advance_ms(kHourMs);
    house.tell(locked(kWang, "lock"));
    EXPECT_EQ(house.bell(wang).at("items").as_array().size(), 2u);
}

TEST(Notices, ring_once_for_the_person_and_once_for_the_holders) {
    House house;
    std::vector<std::string> heard;
    const auto ticket = house.world.hub.listen(house.world.tenant, [&](const events::Event& event) {
        heard.push_back(event.name + " " + event.permission + " " + event.org_path);
    });
    house.tell(locked(kWang));
    house.world.hub.leave(house.world.tenant, ticket);
    EXPECT_EQ(heard, (std::vector<std::string>{"notice.told staff:" + id_text(kWang) + " ",
                                               "notice.told staff.view 01/02"}));
}

TEST(Notices, are_forgotten_after_their_time) {
    House house;
    house.tell(locked(kWang));
    house.caller->ok_as(house.staff(kWang, {}), "notice.read_all", {});
    house.world.clock.advance_ms(90 * kDayMs + 1);
    house.tell(locked(kWang));
    const auto gone = house.world.tx(
        [&](storage::Tx& tx) -> Result<std::int64_t> { return house.notify->forget_old(tx); });
    EXPECT_EQ(*gone, 1);
    EXPECT_EQ(house.bell(house.staff(kWang, {})).at("items").as_array().size(), 1u);
}

TEST(Channels, a_notice_leaves_signed_over_each_that_wants_it) {
    House house([](const auto&) { return LoopbackServer::ok(R"({"errcode":0,"errmsg":"ok"})"); });
    const std::string ding =
        house.add_robot("dingtalk", "/robot/send?access_token=0123456789", R"(,"secret":"SEC1")");
    const std::string quiet = house.add_robot("wecom", "/cgi-bin/webhook/send?key=0123456789",
                                              R"(,"kinds":["audit.damaged"])");
    house.tell(locked(kWang));
    ASSERT_EQ(house.far.seen().size(), 1u);
    EXPECT_NE(house.far.seen()[0].line().find("&timestamp=1795305600000&sign="), std::string::npos);
    EXPECT_NE(house.far.seen()[0].body.find("An account is locked"), std::string::npos);
    EXPECT_EQ(testing::text(house.deliveries(ding).at(0), "state"), "sent");
    EXPECT_EQ(testing::text(house.deliveries(ding).at(0), "words"),
              "200 {\"errcode\":0,\"errmsg\":\"ok\"}");
    EXPECT_TRUE(house.deliveries(quiet).as_array().empty());
}

TEST(Channels, a_failing_one_is_tried_again_and_then_dead_and_revived) {
    std::atomic<bool> well{false};
    House house([&well](const auto&) {
        return well ? LoopbackServer::ok(R"({"errcode":0})")
                    : LoopbackServer::ok(R"({"errcode":45009})");
    });
    house.world.settings.set("notify.delivery_attempts_max", std::int64_t{3});
    const std::string channel = house.add_robot("wecom", "/cgi-bin/webhook/send?key=0123456789");
    house.tell(locked(kWang));
    house.pass(5 * kSecondMs);
    house.pass(30 * kSecondMs);
    house.pass(kDayMs);
    EXPECT_EQ(house.far.seen().size(), 3u);
    const boost::json::value dead = house.deliveries(channel).at(0);
    EXPECT_EQ(testing::text(dead, "state"), "dead");
    EXPECT_EQ(testing::number(dead, "attempts"), 3);
    const boost::json::value bell = house.bell(house.staff(kMei, {"channel.view"}));
    EXPECT_EQ(testing::text(bell.at("items").at(0), "kind"), "channel.failing");
    well = true;
    house.caller->ok("delivery.retry", {{"delivery_id", testing::text(dead, "id")}});
    house.notify->settle_and_wait();
    EXPECT_EQ(house.caller->code(house.world.system(), "delivery.retry",
                                 {{"delivery_id", testing::text(dead, "id")}}),
              "delivery.not_dead");
}

TEST(Channels, a_test_shows_what_the_far_side_said_and_rings_nobodys_bell) {
    House house([](const auto&) {
        return LoopbackServer::ok(R"({"code":19021,"msg":"sign match fail"})");
    });
    const std::string channel =
        house.add_robot("feishu", "/open-apis/bot/v2/hook/0123456789", R"(,"secret":"s")");
    house.caller->ok("channel.test", {{"channel_id", channel}});
    house.notify->settle_and_wait();
    const boost::json::value tried = house.deliveries(channel).at(0);
    EXPECT_EQ(testing::text(tried, "state"), "dead");
    EXPECT_EQ(testing::text(tried, "words"), "200 {\"code\":19021,\"msg\":\"sign match fail\"}");
    EXPECT_EQ(testing::text(tried, "kind"), "channel.test");
    EXPECT_EQ(testing::number(house.bell(house.staff(kMei)), "unread_count"), 0);
}

TEST(Channels, change_only_by_who_is_fresh_and_never_show_their_keys) {
    House house;
    const std::string id = house.add_robot("wecom", "/cgi-bin/webhook/send?key=0123456789");
    house.fresh.fresh = false;
    const http::Caller system = house.world.system();
    EXPECT_EQ(house.caller->code(system, "channel.edit", {{"channel_id", id}},
                                 R"({"version":1,"active":false})"),
              "session.step_up_required");
    EXPECT_EQ(house.caller->code(system, "channel.remove", {{"channel_id", id}, {"version", "1"}}),
              "session.step_up_required");
    EXPECT_EQ(house.caller->code(system, "channel.test", {{"channel_id", id}}),
              "session.step_up_required");
    const std::string shown = boost::json::serialize(house.caller->ok("channel.list", {}));
    EXPECT_EQ(shown.find("0123456789"), std::string::npos);
    EXPECT_NE(shown.find("…6789"), std::string::npos);
    house.fresh.fresh = true;
    house.caller->ok("channel.edit", {{"channel_id", id}}, R"({"version":1,"active":false})");
    EXPECT_EQ(house.caller->code(system, "channel.edit", {{"channel_id", id}},
                                 R"({"version":1,"active":true})"),
              "channel.stale");
    house.tell(locked(kWang));
    EXPECT_TRUE(house.deliveries(id).as_array().empty());
    house.caller->ok("channel.remove", {{"channel_id", id}, {"version", "2"}});
    EXPECT_TRUE(house.caller->ok("channel.list", {}).at("items").as_array().empty());
}

TEST(Channels, addresses_of_others_and_unknown_kinds_are_refused) {
    House house;
    const auto code = [&](const std::string& kind, const std::string& address) {
        const Result<boost::json::value> made =
            house.caller->call(house.world.system(), "channel.create", {},
                               R"({"kind":")" + kind + R"(","name":"x","address":")" + address +
                                   R"(","locale":"zh","severity_min":"info","kinds":["nothing"]})");
        return made.problem().fields.empty() ? made.problem().code : made.problem().fields[0].code;
    };
    EXPECT_EQ(code("wecom", "https://evil.test/cgi-bin/webhook/send?key=0123456789"),
              "channel.address_invalid");
    EXPECT_EQ(code("wecom", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=0123456789"),
              "field.unknown");
    EXPECT_EQ(code("mail", "a@b.test"), "channel.no_mail_server");
}

TEST(PlatformNotices, are_counted_by_key_and_kept) {
    House house;
    Notice notice;
    notice.kind = kAuditDamaged;
    notice.parameters = {{"finding", "leaf 7"}};
    notice.key = "t1";
    house.notify->tell_platform(house.world.tenant, notice);
    house.notify->tell_platform(house.world.tenant, notice);
    const std::vector<PlatformNotice> list = house.notify->platform_notices(10);
    ASSERT_EQ(list.size(), 1u);
    EXPECT_EQ(list[0].count, 2);
    EXPECT_EQ(list[0].severity, Severity::critical);
    EXPECT_EQ(list[0].merchant, house.world.tenant.text());
    EXPECT_NE(list[0].text_en.find("leaf 7"), std::string::npos);
}

TEST(Declarations, hold) {
    const std::vector<storage::Part> parts{events::part(), http::part(), tenant::part(), part(),
                                           platform_part()};
    EXPECT_EQ(storage::faults_of(parts), std::vector<std::string>());
    EXPECT_EQ(storage::statement_faults(parts), std::vector<std::string>());
}

}  // namespace
}  // namespace hangu::notify
