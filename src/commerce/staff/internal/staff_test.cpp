// People through their routes, with real accounts, roles and grants.
#include "commerce/organisation/module.hpp"
#include "commerce/staff/module.hpp"
#include "security/authorization/module.hpp"
#include "security/identity/module.hpp"
#include "security/tenant/module.hpp"
#include "tests/support/route_call.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace hangu::staff {
namespace {

using testing::number;
using testing::text;

std::vector<http::PermissionNode> all_permissions() {
    std::vector<http::PermissionNode> all;
    for (const auto& nodes :
         {organisation::permissions(), permissions(), authorization::permissions()}) {
        all.insert(all.end(), nodes.begin(), nodes.end());
    }
    return all;
}

struct Team {
    Team()
        : world({tenant::part(), identity::part(), authorization::part(), organisation::part(),
                 part()},
                all_permissions(), identity::settings()),
          tenants(*world.engine, world.ids, world.clock, world.log),
          pool(1, 4),
          identity(*world.engine, tenants, world.world, pool, {.password_cost = {1024, 1, 1}}),
          authorization(world.permissions_, identity),
          staff(identity, authorization, organisation),
          routes(world, all_routes()) {
        identity.set_grant_source(authorization);
        const auto top = world.tx([this](storage::Tx& tx) -> Result<organisation::NodePlace> {
            owner_role = authorization.seed_owner_role(tx, world.ids);
            return organisation.seed(tx, world.ids, "Cloud Tea");
        });
        headquarters = top->id.text();
        north = region("North");
        south = region("South");
        clerk_role = world
                         .use_case([this](http::Scope& scope) {
                             return authorization.create_role(scope, "Clerk", {"store.view"});
                         })
                         ->id;
        owner_link = world
                         .use_case([this](http::Scope& scope) {
                             return staff.create_owner(scope, "owner", "Lin Zhixia");
                         })
                         ->token;
    }
    http::Routes all_routes() {
        http::Routes all;
        add_routes(all, staff);
        organisation::add_routes(all, organisation);
        return all;
    }
    std::string region(const std::string& name) {
        return text(
            routes.ok("org.create", {},
                      fmt::format(R"({{"parent_id":"{}","name":"{}"}})", headquarters, name)),
            "id");
    }
    std::string body(const std::string& login, const std::string& node, std::string_view phone,
                     authorization::RoleId role) {
        return fmt::format(
            R"({{"name":"Wu {}","login_name":"{}","phone":{},"node_id":"{}","role_ids":["{}"]}})",
            login, login, phone, node, role.text());
    }
    boost::json::value make(const std::string& login, const std::string& node) {
        return routes.ok("staff.create", {}, body(login, node, "null", clerk_role)).at("staff");
    }
    std::string act(const http::Caller& caller, std::string_view route,
                    const boost::json::value& person, std::string_view more = "") {
        return routes.code(caller, route, {{"staff_id", text(person, "id")}},
                           fmt::format(R"({{{}"version":{}}})", more, number(person, "version")));
    }
    boost::json::value view(const boost::json::value& person) {
        return routes.ok("staff.view", {{"staff_id", text(person, "id")}});
    }
    http::Caller manager(std::int64_t id = 7) {
        return world.staff(
            {"staff.view", "staff.edit", "staff.suspend", "staff.invite", "store.view"}, {"0001/"},
            id);
    }

    testing::TestWorld world;
    tenant::Tenants tenants;
    crypto::HashPool pool;
    identity::Identity identity;
    authorization::Authorization authorization;
    organisation::Organisation organisation;
    Staff staff;
    testing::RouteCaller routes;
    std::string headquarters, north, south, owner_link;
    authorization::RoleId owner_role, clerk_role;
};

TEST(Staff, the_owner_is_the_first) {
    Team team;
    EXPECT_GT(team.owner_link.size(), 20u);
    const auto list = team.routes.ok("staff.list", {});
    ASSERT_EQ(number(list, "total"), 1);
    const auto& owner = list.at("items").at(0);
    EXPECT_EQ(text(owner, "name"), "Lin Zhixia");
    EXPECT_EQ(text(owner, "login_name"), "owner");
    EXPECT_EQ(text(owner, "node_name"), "Cloud Tea");
    EXPECT_EQ(owner.at("roles").as_array().size(), 1u);
    EXPECT_EQ(team.act(team.world.system(), "staff.leave", owner), "role.last_owner");
    EXPECT_EQ(team.act(team.world.system(), "staff.suspend", owner), "role.last_owner");
}

TEST(Staff, a_person_is_made_with_account_roles_and_link) {
    Team team;
    const auto made = team.routes.ok(
        "staff.create", {}, team.body("wu.min", team.north, R"("13800001111")", team.clerk_role));
    EXPECT_GT(text(made, "sign_in_link_token").size(), 20u);
    const auto& person = made.at("staff");
    EXPECT_EQ(text(person, "name"), "Wu wu.min");
    EXPECT_EQ(text(person, "phone_masked"), "138****1111");
    EXPECT_EQ(text(person, "state"), "active");
    EXPECT_EQ(text(person, "node_name"), "North");
    EXPECT_EQ(text(person.at("roles").at(0), "name"), "Clerk");
    EXPECT_TRUE(person.at("last_sign_in_at").is_null());
    EXPECT_EQ(team.world.audit.seen().back().action, "staff.created");

    const auto before = team.world.audit.seen().size();
    const auto code = [&team](const std::string& body) {
        return team.routes.code(team.world.system(), "staff.create", {}, body);
    };
    EXPECT_EQ(code(team.body("wu.min", team.north, "null", team.clerk_role)),
              "staff.login_name_taken");
    EXPECT_EQ(code(team.body("wu.two", team.north, R"("13800001111")", team.clerk_role)),
              "staff.phone_taken");
    EXPECT_EQ(code(team.body("wu.two", team.north, "null", authorization::RoleId(5))),
              "input.invalid");
    EXPECT_EQ(team.world.audit.seen().size(), before);
    EXPECT_EQ(number(team.routes.ok("staff.list", {}), "total"), 2);
}

TEST(Staff, a_move_takes_the_roles_along) {
    Team team;
    const auto person = team.make("wu.min", team.north);
    EXPECT_EQ(team.act(team.world.system(), "staff.edit", person,
                       fmt::format(R"("node_id":"{}","name":"Wu Min",)", team.south)),
              "");
    const auto moved = team.view(person);
    EXPECT_EQ(text(moved, "node_name"), "South");
    EXPECT_EQ(text(moved, "name"), "Wu Min");
    EXPECT_EQ(number(moved, "version"), 2);
    const auto grants =
        team.world.tx([&](storage::Tx& tx) -> Result<std::vector<authorization::Grant>> {
            return team.authorization.grants(
                tx, {http::ActorKind::staff, *parse_id(text(person, "id"))});
        });
    ASSERT_EQ(grants->size(), 1u);
    EXPECT_EQ(grants->front().what.place.node_path, "0002/");
    EXPECT_EQ(team.act(team.world.system(), "staff.edit", person, R"("name":"Late",)"),
              "staff.stale");
    EXPECT_EQ(text(team.view(person), "name"), "Wu Min");
}

TEST(Staff, suspend_resume_leave) {
    Team team;
    auto person = team.make("wu.min", team.north);
    const http::Caller system = team.world.system();
    EXPECT_EQ(team.act(system, "staff.resume", person), "staff.wrong_state");
    EXPECT_EQ(team.act(system, "staff.suspend", person), "");
    EXPECT_EQ(team.act(system, "staff.leave", person), "staff.stale");
    person = team.view(person);
    EXPECT_EQ(text(person, "state"), "suspended");
    EXPECT_EQ(team.routes.code(system, "staff.invite", {{"staff_id", text(person, "id")}}),
              "staff.not_active");
    EXPECT_EQ(team.act(system, "staff.resume", person), "");
    EXPECT_EQ(team.routes.code(system, "staff.invite", {{"staff_id", text(person, "id")}}), "");
    person = team.view(person);
    EXPECT_EQ(team.act(system, "staff.leave", person), "");
    person = team.view(person);
    EXPECT_EQ(text(person, "state"), "left");
    EXPECT_EQ(person.at("roles").as_array().size(), 0u);
    EXPECT_EQ(team.act(system, "staff.resume", person), "staff.wrong_state");
    EXPECT_EQ(number(team.routes.ok("staff.list", {{"state", "left"}}), "total"), 1);
    EXPECT_EQ(number(team.routes.ok("staff.list", {{"q", "wu.m"}}), "total"), 1);
    EXPECT_EQ(number(team.routes.ok("staff.list", {{"q", "nobody"}}), "total"), 0);
}

TEST(Staff, a_manager_stays_within_her_region_and_rights) {
    Team team;
    const auto north = team.make("wu.north", team.north);
    const auto south = team.make("wu.south", team.south);
    const auto strong =
        team.routes.ok("staff.create", {}, team.body("chief", team.north, "null", team.owner_role))
            .at("staff");
    const http::Caller manager = team.manager();
    const auto list = team.routes.ok_as(manager, "staff.list", {});
    EXPECT_EQ(number(list, "total"), 2);
    const auto before = team.world.audit.seen().size();
    EXPECT_EQ(team.routes.code(manager, "staff.view", {{"staff_id", text(south, "id")}}),
              "permission.outside_scope");
    EXPECT_EQ(team.act(manager, "staff.suspend", south), "permission.outside_scope");
    EXPECT_EQ(team.act(manager, "staff.suspend", strong), "role.ceiling");
    EXPECT_EQ(team.act(manager, "staff.edit", strong, R"("name":"Small",)"), "role.ceiling");
    EXPECT_EQ(team.routes.code(manager, "staff.invite", {{"staff_id", text(strong, "id")}}),
              "role.ceiling");
    EXPECT_EQ(team.act(manager, "staff.edit", north, fmt::format(R"("node_id":"{}",)", team.south)),
              "permission.outside_scope");
    EXPECT_EQ(team.routes.code(manager, "staff.create", {},
                               team.body("wu.x", team.south, "null", team.clerk_role)),
              "permission.outside_scope");
    EXPECT_EQ(team.routes.code(manager, "staff.create", {},
                               team.body("wu.x", team.north, "null", team.owner_role)),
              "role.ceiling");
    const std::int64_t herself = *parse_id(text(north, "id"));
    EXPECT_EQ(team.act(team.manager(herself), "staff.suspend", north), "staff.not_yourself");
    EXPECT_EQ(team.world.audit.seen().size(), before);
    EXPECT_EQ(team.act(manager, "staff.suspend", north), "");
}

TEST(Staff, places_have_names) {
    Team team;
    PlaceNames names(team.organisation);
    const auto name = [&](std::string_view path) {
        return *team.world.tx(
            [&](storage::Tx& tx) -> Result<std::string> { return names.place_name(tx, path); });
    };
    EXPECT_EQ(name(""), "Cloud Tea");
    EXPECT_EQ(name("0002/"), "South");
    EXPECT_EQ(name("zzzz/"), "zzzz/");
}

}  // namespace
}  // namespace hangu::staff
