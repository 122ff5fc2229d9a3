#include "tests/matrix/lines.hpp"

#include <fmt/format.h>

namespace hangu::matrix {

namespace {

using boost::json::array;
using boost::json::object;

Call get(std::string target) {
    return {"GET", "/api/v1" + std::move(target), nullptr, {}};
}

Call post(std::string target, object body) {
    return {"POST", "/api/v1" + std::move(target), std::move(body), {}};
}

Call on_staff(Ground& ground, std::string_view act) {
    const boost::json::value made = ground.fresh_staff().at("staff");
    return post(fmt::format("/staff/{}/{}", story::as_text(made.at("id")), act),
                {{"version", made.at("version")}});
}

std::vector<Line> session_lines() {
    return {
        {"session.open", Foreign::own, Outside::tenant_wide,
         [](Ground& ground) {
             Person& person = ground.staff("amber", {}, "AMB-1");
             story::must(ground.world, person, "POST", "/api/v1/session/password",
                         object{{"new_password", "Quiet-Harbour-7"}});
             return post("/session", {{"tenant_code", "amber"},
                                      {"login_name", person.name},
                                      {"password", "Quiet-Harbour-7"}});
         }},
        {"session.redeem", Foreign::own, Outside::tenant_wide,
         [](Ground& ground) {
             return post("/session/redeem", {{"token", ground.fresh_link_token()}});
         }},
        {"session.view", Foreign::own, Outside::tenant_wide,
         [](Ground&) { return get("/session"); }},
        {"session.close", Foreign::own, Outside::tenant_wide,
         [](Ground&) {
             return Call{"DELETE", "/api/v1/session", nullptr, {}};
         }},
        {"session.change_password", Foreign::own, Outside::tenant_wide,
         [](Ground&) {
             return post("/session/password", {{"new_password", "Quiet-Harbour-7"}});
         }},
        {"permission.list", Foreign::own, Outside::tenant_wide,
         [](Ground&) { return get("/permissions"); }},
        {"event.stream", Foreign::own, Outside::tenant_wide,
         [](Ground&) { return get("/events"); }},
    };
}

std::vector<Line> role_lines() {
    return {
        {"role.list", Foreign::own, Outside::tenant_wide, [](Ground&) { return get("/roles"); }},
        {"role.create", Foreign::own, Outside::tenant_wide,
         [](Ground& ground) {
             return post("/roles",
                         {{"name", ground.fresh_name()}, {"permissions", array{"role.edit"}}});
         }},
        {"role.edit", Foreign::missing, Outside::tenant_wide,
         [](Ground& ground) {
             return Call{"PATCH",
                         "/api/v1/roles/" + ground.fresh_role(),
                         object{{"name", ground.fresh_name()}, {"version", 1}},
                         {}};
         }},
        {"role.remove", Foreign::missing, Outside::tenant_wide,
         [](Ground& ground) {
             return Call{
                 "DELETE", "/api/v1/roles/" + ground.fresh_role() + "?version=1", nullptr, {}};
         }},
    };
}

std::vector<Line> staff_lines() {
    return {
        {"staff.list", Foreign::own, Outside::hidden, [](Ground&) { return get("/staff"); }},
        {"staff.create", Foreign::missing, Outside::refused,
         [](Ground& ground) {
             const std::string name = ground.fresh_name();
             return post("/staff", {{"name", name},
                                    {"login_name", name},
                                    {"node_id", ground.value("node.AMB-1")},
                                    {"role_ids", array()}});
         }},
        {"staff.view", Foreign::missing, Outside::refused,
         [](Ground& ground) {
             const boost::json::value made = ground.fresh_staff();
             return get("/staff/" + story::as_text(made.at("staff").at("id")));
         }},
        {"staff.edit", Foreign::missing, Outside::refused,
         [](Ground& ground) {
             const boost::json::value made = ground.fresh_staff().at("staff");
             return Call{"PATCH",
                         "/api/v1/staff/" + story::as_text(made.at("id")),
                         object{{"name", ground.fresh_name()}, {"version", made.at("version")}},
                         {}};
         }},
        {"staff.suspend", Foreign::missing, Outside::refused,
         [](Ground& ground) { return on_staff(ground, "suspend"); }},
        {"staff.resume", Foreign::missing, Outside::refused,
         [](Ground& ground) {
             const Call suspend = on_staff(ground, "suspend");
             const boost::json::value after = story::must(ground.world, ground.amber.owner(),
                                                          "POST", suspend.target, suspend.body);
             return post("/staff/" + story::as_text(after.at("id")) + "/resume",
                         {{"version", after.at("version")}});
         }},
        {"staff.leave", Foreign::missing, Outside::refused,
         [](Ground& ground) { return on_staff(ground, "leave"); }},
        {"staff.invite", Foreign::missing, Outside::refused,
         [](Ground& ground) {
             const boost::json::value made = ground.fresh_staff();
             return post("/staff/" + story::as_text(made.at("staff").at("id")) + "/sign-in-link",
                         {});
         }},
    };
}

std::vector<Line> safety_lines() {
    return {
        {"audit.list", Foreign::own, Outside::hidden,
         [](Ground& ground) {
             ground.fresh_order();
             return get("/audit-records?limit=100");
         }},
        {"app_key.list",
         Foreign::own,
         Outside::hidden,
         [](Ground& ground) {
             ground.fresh_key();
             return get("/app-keys");
         },
         {"amber-n"}},
        {"app_key.create", Foreign::missing, Outside::refused,
         [](Ground& ground) {
             return post("/app-keys", {{"name", ground.fresh_name()},
                                       {"permissions", array{"app_key.edit"}},
                                       {"node_id", ground.value("node.AMB-1")}});
         }},
        {"app_key.revoke", Foreign::missing, Outside::refused,
         [](Ground& ground) {
             return Call{"DELETE", "/api/v1/app-keys/" + ground.fresh_key(), nullptr, {}};
         }},
    };
}

}  // namespace

std::vector<Line> security_lines() {
    std::vector<Line> all;
    for (std::vector<Line> some : {session_lines(), role_lines(), staff_lines(), safety_lines()}) {
        all.insert(all.end(), some.begin(), some.end());
    }
    return all;
}

const std::vector<Line>& lines() {
    static const std::vector<Line> all = [] {
        std::vector<Line> made = security_lines();
        for (Line& line : commerce_lines()) {
            made.push_back(std::move(line));
        }
        return made;
    }();
    return all;
}

}  // namespace hangu::matrix
