#include "tests/matrix/lines.hpp"

#include "tests/story/authenticator.hpp"

#include <fmt/format.h>

namespace hangu::matrix {

Call get(std::string target) {
    return {"GET", "/api/v1" + std::move(target), nullptr, {}};
}

Call post(std::string target) {
    return {"POST", "/api/v1" + std::move(target), nullptr, {}};
}

Call post(std::string target, boost::json::object body) {
    return {"POST", "/api/v1" + std::move(target), std::move(body), {}};
}

namespace {

using boost::json::array;
using boost::json::object;

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
        {"session.rights", Foreign::missing, Outside::tenant_wide,
         [](Ground& ground) { return get("/session/rights/" + ground.value("node.AMB-1")); }},
        {"permission.list", Foreign::own, Outside::tenant_wide,
         [](Ground&) { return get("/permissions"); }},
        {"event.stream", Foreign::own, Outside::tenant_wide,
         [](Ground&) { return get("/events"); }},
    };
}

// What a person does to her own sessions, browsers and second factors. Who is not signed in has
// none: any id serves.
Line own_line(std::string_view route, std::function<Call(Ground&, Person&)> call) {
    Line line{route, Foreign::own, Outside::tenant_wide, nullptr};
    line.own_call = std::move(call);
    return line;
}

bool is_signed_in(Ground& ground, Person& person) {
    return ground.send(person, get("/session")).status == 200;
}

std::string own_id(Ground& ground, Person& person, std::string_view list) {
    if (!is_signed_in(ground, person)) {
        return "0000000000001";
    }
    const Answer safety = ground.send(person, get("/session/safety"));
    return story::as_text(safety.json.at(list).at(0).at("id"));
}

Call with_app(Ground& ground, Person& person, Call call) {
    if (is_signed_in(ground, person)) {
        story::set_up_app(ground.world, person);
    }
    return call;
}

// A passkey of that person on a new device.
boost::json::value with_passkey(Ground& ground, Person& person, story::Device& device) {
    const Answer added = story::add_passkey(ground.world, person, device);
    return added.status == 201 ? added.json.at("id") : boost::json::value("0000000000001");
}

std::vector<Line> text_code_lines() {
    return {
        {"session.ways", Foreign::own, Outside::tenant_wide,
         [](Ground&) { return get("/session/ways"); }},
        {"session.ask_text_code", Foreign::own, Outside::tenant_wide,
         [](Ground& ground) { return post("/session/text-code", ground.text_code_wish()); }},
        own_line("session.open_with_text_code",
                 [](Ground& ground, Person& person) {
                     ground.send(person, post("/session/text-code", ground.text_code_wish()));
                     const Answer mail = ground.send(ground.amber.owner(), get("/mailbox"));
                     return post("/session/text-code/sign-in",
                                 {{"code", mail.json.at("items").at(0).at("content")}});
                 }),
    };
}

std::vector<Line> passkey_lines() {
    return {
        {"session.ask_passkey", Foreign::own, Outside::tenant_wide,
         [](Ground&) { return post("/session/passkey/question", {}); }},
        own_line("session.open_with_passkey",
                 [](Ground& ground, Person& person) {
                     story::Device device(ground.world.random.number());
                     with_passkey(ground, ground.staff("amber", {}, "AMB-1"), device);
                     return post("/session/passkey",
                                 story::passkey_proof(ground.world, person, device));
                 }),
        own_line("session.ask_second_passkey",
                 [](Ground& ground, Person& person) {
                     Person& owner = ground.staff("amber", {}, "AMB-1");
                     ground.send(owner,
                                 post("/session/password", {{"new_password", "Quiet-Harbour-7"}}));
                     story::Device device(ground.world.random.number());
                     with_passkey(ground, owner, device);
                     ground.send(person, post("/session", {{"tenant_code", "amber"},
                                                           {"login_name", owner.name},
                                                           {"password", "Quiet-Harbour-7"}}));
                     return post("/session/second-factor/passkey", {});
                 }),
        {"session.begin_passkey", Foreign::own, Outside::tenant_wide,
         [](Ground&) { return post("/session/passkeys/offer", {}); }},
        own_line("session.add_passkey",
                 [](Ground& ground, Person& person) {
                     const Answer offer = ground.send(person, post("/session/passkeys/offer", {}));
                     story::Device device(ground.world.random.number());
                     return post("/session/passkeys",
                                 offer.status == 200
                                     ? device.make(offer.json, "https://hangu.test", {})
                                     : object{{"name", "laptop"}});
                 }),
        {"session.ask_step_up_passkey", Foreign::own, Outside::tenant_wide,
         [](Ground&) { return post("/session/step-up/passkey", {}); }},
        own_line("session.remove_passkey",
                 [](Ground& ground, Person& person) {
                     story::Device device(ground.world.random.number());
                     const std::string id = story::as_text(with_passkey(ground, person, device));
                     return Call{"DELETE", "/api/v1/session/passkeys/" + id, nullptr, {}};
                 }),
    };
}

std::vector<Line> own_safety_lines() {
    return {
        {"session.safety", Foreign::own, Outside::tenant_wide,
         [](Ground&) { return get("/session/safety"); }},
        {"session.end_others", Foreign::own, Outside::tenant_wide,
         [](Ground&) {
             return Call{"DELETE", "/api/v1/sessions", nullptr, {}};
         }},
        own_line("session.end",
                 [](Ground& ground, Person& person) {
                     const std::string id = own_id(ground, person, "sessions");
                     return Call{"DELETE", "/api/v1/sessions/" + id, nullptr, {}};
                 }),
        own_line("session.forget_device",
                 [](Ground& ground, Person& person) {
                     const std::string id = own_id(ground, person, "devices");
                     return Call{"DELETE", "/api/v1/session/devices/" + id, nullptr, {}};
                 }),
        own_line("session.step_up",
                 [](Ground& ground, Person& person) {
                     ground.send(person,
                                 post("/session/password", {{"new_password", "Quiet-Harbour-7"}}));
                     return post("/session/step-up", {{"password", "Quiet-Harbour-7"}});
                 }),
        {"session.begin_totp", Foreign::own, Outside::tenant_wide,
         [](Ground&) { return post("/session/totp", {}); }},
        own_line("session.confirm_totp",
                 [](Ground& ground, Person& person) {
                     const Answer begun = ground.send(person, post("/session/totp", {}));
                     const std::string secret =
                         begun.status == 200 ? story::as_text(begun.json.at("secret")) : "A";
                     return post("/session/totp/confirm",
                                 {{"code", story::app_code(secret, ground.world.clock.now())}});
                 }),
        own_line(
            "session.remove_totp",
            [](Ground& ground, Person& person) {
                return with_app(ground, person, {"DELETE", "/api/v1/session/totp", nullptr, {}});
            }),
        own_line("session.renew_recovery_codes",
                 [](Ground& ground, Person& person) {
                     return with_app(ground, person, post("/session/recovery-codes", {}));
                 }),
        own_line("session.second_factor",
                 [](Ground& ground, Person& person) {
                     Person& owner = ground.staff("amber", {}, "AMB-1");
                     ground.send(owner,
                                 post("/session/password", {{"new_password", "Quiet-Harbour-7"}}));
                     const story::App app = story::set_up_app(ground.world, owner);
                     ground.send(person, post("/session", {{"tenant_code", "amber"},
                                                           {"login_name", owner.name},
                                                           {"password", "Quiet-Harbour-7"}}));
                     return post("/session/second-factor",
                                 {{"code", story::app_code(app.secret, ground.world.clock.now())}});
                 }),
    };
}

std::vector<Line> habit_lines() {
    return {
        {"session.habits", Foreign::own, Outside::tenant_wide,
         [](Ground&) { return get("/session/habits"); }},
        {"session.forget_habits", Foreign::own, Outside::tenant_wide,
         [](Ground&) {
             return Call{"DELETE", "/api/v1/session/habits", nullptr, {}};
         }},
        own_line("session.forget_habit",
                 [](Ground& ground, Person& person) {
                     std::string id = "0000000000001";
                     if (is_signed_in(ground, person)) {
                         const Answer habits = ground.send(person, get("/session/habits"));
                         id = story::as_text(habits.json.at("items").at(0).at("id"));
                     }
                     return Call{"DELETE", "/api/v1/session/habits/" + id, nullptr, {}};
                 }),
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
        {"role.preview", Foreign::missing, Outside::tenant_wide,
         [](Ground& ground) {
             return post("/roles/" + ground.fresh_role() + "/preview", {{"permissions", array()}});
         }},
        {"duty_pair.list", Foreign::own, Outside::tenant_wide,
         [](Ground&) { return get("/duty-pairs"); }},
        {"duty_pair.add", Foreign::own, Outside::tenant_wide,
         [](Ground& ground) {
             ground.clear_duty_pairs();
             return post("/duty-pairs", {{"one", "order.view"}, {"other", "order.refund"}});
         }},
        {"duty_pair.remove", Foreign::missing, Outside::tenant_wide,
         [](Ground& ground) {
             return Call{"DELETE", "/api/v1/duty-pairs/" + ground.fresh_duty_pair(), nullptr, {}};
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
        {"staff.remove_factors", Foreign::missing, Outside::refused,
         [](Ground& ground) {
             Person& person = ground.staff("amber", {}, "AMB-1");
             story::set_up_app(ground.world, person);
             return post("/staff/" + identity::StaffId(person.id).text() + "/second-factors/remove",
                         {{"reason", "lost her phone"}});
         }},
        {"staff.invite", Foreign::missing, Outside::refused,
         [](Ground& ground) {
             const boost::json::value made = ground.fresh_staff();
             return post("/staff/" + story::as_text(made.at("staff").at("id")) + "/sign-in-link",
                         {});
         }},
    };
}

std::vector<Line> grant_lines() {
    return {
        {"staff.grants", Foreign::missing, Outside::refused,
         [](Ground& ground) {
             const boost::json::value made = ground.fresh_staff();
             return get("/staff/" + story::as_text(made.at("staff").at("id")) + "/grants");
         }},
        {"staff.set_grants", Foreign::missing, Outside::refused,
         [](Ground& ground) {
             const boost::json::value made = ground.fresh_staff().at("staff");
             const object grant{{"role_id", ground.fresh_role()},
                                {"node_id", ground.value("node.AMB-1")}};
             return Call{"PUT",
                         "/api/v1/staff/" + story::as_text(made.at("id")) + "/grants",
                         object{{"grants", array{grant}}, {"version", made.at("version")}},
                         {}};
         }},
        {"staff.explain", Foreign::missing, Outside::refused,
         [](Ground& ground) {
             const boost::json::value made = ground.fresh_staff().at("staff");
             return get("/staff/" + story::as_text(made.at("id")) +
                        "/explain?permission=order.view&node_id=" + ground.value("node.AMB-1"));
         }},
        {"staff.holdings", Foreign::missing, Outside::refused,
         [](Ground& ground) {
             const boost::json::value made = ground.fresh_staff();
             return get("/staff/" + story::as_text(made.at("staff").at("id")) + "/holdings");
         }},
        {"staff.transfer", Foreign::missing, Outside::refused,
         [](Ground& ground) {
             const boost::json::value made = ground.fresh_staff().at("staff");
             return post("/staff/" + story::as_text(made.at("id")) + "/transfer",
                         {{"node_id", ground.value("node.AMB-1")},
                          {"role_ids", array()},
                          {"version", made.at("version")}});
         }},
    };
}

std::vector<Line> review_lines() {
    return {
        {"grant.list", Foreign::own, Outside::hidden,
         [](Ground& ground) {
             ground.fresh_grant();
             return get("/grants?limit=100");
         }},
        {"grant.keep", Foreign::missing, Outside::refused,
         [](Ground& ground) { return post("/grants/" + ground.fresh_grant() + "/keep", {}); }},
        {"grant.take_away", Foreign::missing, Outside::refused,
         [](Ground& ground) {
             return Call{"DELETE", "/api/v1/grants/" + ground.fresh_grant(), nullptr, {}};
         }},
        {"store_group.list", Foreign::own, Outside::tenant_wide,
         [](Ground& ground) {
             ground.fresh_group();
             return get("/store-groups");
         }},
        {"store_group.create", Foreign::missing, Outside::refused,
         [](Ground& ground) {
             return post("/store-groups", {{"name", ground.fresh_name()},
                                           {"node_ids", array{ground.value("node.AMB-1")}}});
         }},
        {"store_group.edit", Foreign::missing, Outside::refused,
         [](Ground& ground) {
             return Call{"PATCH",
                         "/api/v1/store-groups/" + ground.fresh_group(),
                         object{{"name", ground.fresh_name()},
                                {"node_ids", array{ground.value("node.AMB-1")}},
                                {"version", 1}},
                         {}};
         }},
        {"store_group.remove", Foreign::missing, Outside::refused,
         [](Ground& ground) {
             return Call{"DELETE",
                         "/api/v1/store-groups/" + ground.fresh_group() + "?version=1",
                         nullptr,
                         {}};
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
        {"audit.export", Foreign::own, Outside::hidden,
         [](Ground& ground) {
             ground.fresh_order();
             return post("/audit-exports", {{"format", "jsonl"}});
         }},
        {"audit.receipt", Foreign::missing, Outside::refused,
         [](Ground& ground) {
             return get(fmt::format("/audit-records/{}/receipt", ground.fresh_record()));
         }},
        {"audit_log.view", Foreign::own, Outside::tenant_wide,
         [](Ground&) { return get("/audit-log"); }},
        {"audit_log.check", Foreign::own, Outside::tenant_wide,
         [](Ground&) { return get("/audit-log/check"); }},
        {"audit_log.compare", Foreign::own, Outside::tenant_wide,
         [](Ground&) {
             return post("/audit-log/compare", {{"checkpoint", "none"}});
         }},
        {"sign_in.list", Foreign::own, Outside::refused, [](Ground&) { return get("/sign-ins"); }},
        {"sign_in.export", Foreign::own, Outside::refused,
         [](Ground&) { return post("/sign-in-exports", {}); }},
        {"sign_in_attack.list", Foreign::own, Outside::refused,
         [](Ground&) { return get("/sign-in-attacks"); }},
        {"lock_out.list", Foreign::own, Outside::refused,
         [](Ground& ground) {
             ground.fresh_lock_out();
             return get("/lock-outs");
         }},
        {"lock_out.unlock", Foreign::missing, Outside::refused,
         [](Ground& ground) {
             return post("/lock-outs/" + ground.fresh_lock_out() + "/unlock",
                         {{"reason", "The matrix asks"}});
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

std::vector<Line> approval_lines() {
    const auto decision = [](std::string_view verdict) {
        return object{{"verdict", verdict}, {"reason", "seen"}, {"version", 1}};
    };
    std::vector<Line> lines{
        {"approval.list",
         Foreign::own,
         Outside::hidden,
         [](Ground& ground) {
             ground.fresh_approval();
             return get("/approvals?limit=100");
         },
         {"amber-n"}},
        {"approval.view", Foreign::missing, Outside::refused,
         [](Ground& ground) { return get("/approvals/" + ground.fresh_approval()); }},
        {"approval.decide", Foreign::missing, Outside::refused,
         [decision](Ground& ground) {
             return post("/approvals/" + ground.fresh_approval() + "/decide", decision("approve"));
         }},
        {"disclosure.list", Foreign::own, Outside::refused,
         [](Ground& ground) {
             ground.fresh_approval();
             return get("/disclosures");
         }},
        {"disclosure.view", Foreign::missing, Outside::refused,
         [](Ground& ground) { return get("/disclosures/" + ground.fresh_disclosure()); }},
        {"disclosure.ask", Foreign::own, Outside::refused,
         [](Ground& ground) { return post("/disclosures", ground.disclosure_wish()); }},
        {"disclosure.take", Foreign::missing, Outside::refused,
         [](Ground& ground) {
             return post("/disclosures/" + ground.fresh_disclosure() + "/take", {});
         }},
    };
    lines[2].also = {"disclosure.authorise"};
    // Whoever calls takes back what she asked for; who may not ask gets one of the owner's.
    lines.push_back({"approval.withdraw", Foreign::missing, Outside::refused, nullptr});
    lines.back().own_call = [](Ground& ground, Person& person) {
        const std::string id = ground.approval_of(person);
        return post("/approvals/" + id + "/withdraw", {{"reason", "a mistake"}, {"version", 1}});
    };
    lines.back().also = {"disclosure.ask"};
    return lines;
}

}  // namespace

std::vector<Line> security_lines() {
    std::vector<Line> all;
    for (std::vector<Line> some :
         {session_lines(), passkey_lines(), text_code_lines(), own_safety_lines(), habit_lines(),
          role_lines(), staff_lines(), grant_lines(), review_lines(), safety_lines(),
          approval_lines()}) {
        all.insert(all.end(), some.begin(), some.end());
    }
    return all;
}

const std::vector<Line>& lines() {
    static const std::vector<Line> all = [] {
        std::vector<Line> made = security_lines();
        for (Line& line : delivery_lines()) {
            made.push_back(std::move(line));
        }
        for (Line& line : notify_lines()) {
            made.push_back(std::move(line));
        }
        for (Line& line : commerce_lines()) {
            made.push_back(std::move(line));
        }
        return made;
    }();
    return all;
}

}  // namespace hangu::matrix
