// Notices, channels and texts.
#include "tests/matrix/lines.hpp"

namespace hangu::matrix {

namespace {

using boost::json::object;

constexpr std::string_view kNobodys = "0000000000001";

object channel_body(Ground& ground) {
    return {{"kind", "wecom"},
            {"name", ground.fresh_name()},
            {"address", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=0123456789"},
            {"locale", "zh"},
            {"severity_min", "warning"}};
}

std::vector<Line> bell_lines() {
    Line read{"notice.read", Foreign::own, Outside::tenant_wide, nullptr};
    read.own_call = [](Ground& ground, Person& person) {
        const bool known = ground.send(person, get("/session")).status == 200;
        const std::string id = known ? ground.fresh_notice(person) : std::string(kNobodys);
        return post("/notices/" + id + "/read");
    };
    return {
        {"notice.list", Foreign::own, Outside::tenant_wide,
         [](Ground&) { return get("/notices"); }},
        read,
        {"notice.read_all", Foreign::own, Outside::tenant_wide,
         [](Ground&) { return post("/notices/read"); }},
    };
}

}  // namespace

std::vector<Line> notify_lines() {
    std::vector<Line> all = bell_lines();
    const std::vector<Line> channels = {
        {"channel.list", Foreign::own, Outside::tenant_wide,
         [](Ground& ground) {
             ground.fresh_channel();
             return get("/channels");
         }},
        {"channel.create", Foreign::own, Outside::tenant_wide,
         [](Ground& ground) {
             ground.clear_channels();
             return Call{"POST", "/api/v1/channels", channel_body(ground), {}};
         }},
        {"channel.edit", Foreign::missing, Outside::tenant_wide,
         [](Ground& ground) {
             return Call{"PATCH",
                         "/api/v1/channels/" + ground.fresh_channel(),
                         object{{"active", false}, {"version", 1}},
                         {}};
         }},
        {"channel.remove", Foreign::missing, Outside::tenant_wide,
         [](Ground& ground) {
             return Call{"DELETE",
                         "/api/v1/channels/" + ground.fresh_channel() + "?version=1",
                         nullptr,
                         {}};
         }},
        {"channel.test", Foreign::missing, Outside::tenant_wide,
         [](Ground& ground) { return post("/channels/" + ground.fresh_channel() + "/test"); }},
        {"delivery.list", Foreign::missing, Outside::tenant_wide,
         [](Ground& ground) { return get("/channels/" + ground.fresh_channel() + "/deliveries"); }},
        {"delivery.retry", Foreign::missing, Outside::tenant_wide,
         [](Ground& ground) { return post("/deliveries/" + ground.fresh_delivery() + "/retry"); }},
        {"text.list", Foreign::own, Outside::tenant_wide, [](Ground&) { return get("/texts"); }},
        {"mailbox.view", Foreign::own, Outside::tenant_wide,
         [](Ground&) { return get("/mailbox"); }},
    };
    all.insert(all.end(), channels.begin(), channels.end());
    return all;
}

}  // namespace hangu::matrix
