#include "security/authorization/authorization.hpp"
#include "security/authorization/internal/role_store.hpp"
#include "security/authorization/module.hpp"
#include "security/identity/module.hpp"
#include "security/tenant/module.hpp"

#include "tests/support/test_world.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

namespace hangu::authorization {
namespace {

using hangu::testing::TestWorld;
using http::PermissionKind;
using http::Scope;

std::vector<http::PermissionNode> nodes() {
    std::vector<http::PermissionNode> all = {
        {PermissionKind::menu, "organisation", "", "组织", "Organisation"},
        {PermissionKind::menu, "orders", "", "订单", "Orders"},
        {PermissionKind::page, "order.view", "orders", "订单", "Orders"},
        {PermissionKind::button, "order.cancel", "order.view", "取消", "Cancel"},
    };
    for (const http::PermissionNode& node : permissions()) {
        all.push_back(node);
    }
    return all;
}

class AuthorizationTest : public ::testing::Test {
 protected:
    AuthorizationTest()
        : world_({tenant::part(), identity::part(), part()}, nodes(), identity::settings()),
          tenants_(*world_.engine, world_.ids, world_.clock, world_.log),
          pool_(1, 4),
          identity_(*world_.engine, tenants_, world_.world, pool_, {{1024, 1, 1}}),
          authorization_(world_.permissions_, identity_) {
        identity_.set_grant_source(authorization_);
        owner_role_ = *world_.use_case([this](Scope& scope) -> Result<RoleId> {
            return authorization_.seed_owner_role(scope.tx(), world_.ids);
        });
        owner_ = person("owner");
        EXPECT_TRUE(grant(world_.system(), owner_, "", {owner_role_}).ok());
    }

    std::int64_t person(const std::string& login) {
        const identity::StaffId id(world_.ids.next(world_.clock.now().unix_ms()));
        EXPECT_TRUE(world_
                        .use_case([&](Scope& scope) {
                            return identity_.create_account(scope, id, login, PersonName(login));
                        })
                        .ok());
        return id.value();
    }
    Result<Role> make_role(const http::Caller& caller, const std::string& name,
                           const std::vector<std::string>& codes) {
        return world_.as(
            caller, [&](Scope& scope) { return authorization_.create_role(scope, name, codes); });
    }
    Result<void> grant(const http::Caller& caller, std::int64_t staff, const std::string& place,
                       const std::vector<RoleId>& roles) {
        return world_.as(caller, [&](Scope& scope) {
            return authorization_.set_grants(scope, {http::ActorKind::staff, staff}, place, roles);
        });
    }
    identity::ActorGrants rights(std::int64_t staff) {
        return *world_.use_case([&](Scope& scope) -> Result<identity::ActorGrants> {
            return authorization_.grants_of(scope.tx(), http::ActorKind::staff, staff);
        });
    }
    std::vector<std::string> codes(std::int64_t staff) {
        return world_.permissions_.codes_of(rights(staff).permissions);
    }
    Result<Role> edit(const http::Caller& caller, const Role& role, std::optional<std::string> name,
                      std::optional<std::vector<std::string>> permissions) {
        return world_.as(caller, [&](Scope& scope) {
            return authorization_.edit_role(scope, role.id, name, permissions, role.version);
        });
    }

    TestWorld world_;
    tenant::Tenants tenants_;
    crypto::HashPool pool_;
    identity::Identity identity_;
    Authorization authorization_;
    RoleId owner_role_;
    std::int64_t owner_ = 0;
};

using Codes = std::vector<std::string>;

TEST_F(AuthorizationTest, the_owner_holds_everything_everywhere) {
    EXPECT_EQ(rights(owner_).permissions, world_.permissions_.all());
    EXPECT_EQ(rights(owner_).ranges[0].from, "");
    EXPECT_EQ(rights(owner_).ranges[0].to, "~");
    const auto again = world_.use_case([this](Scope& scope) -> Result<RoleId> {
        return authorization_.seed_owner_role(scope.tx(), world_.ids);
    });
    EXPECT_EQ(*again, owner_role_);
}

TEST_F(AuthorizationTest, rights_are_the_union_of_roles) {
    const auto view = make_role(world_.system(), "View", {"order.view"});
    const auto cancel = make_role(world_.system(), "Cancel", {"order.cancel"});
    const std::int64_t staff = person("li");
    EXPECT_TRUE(codes(staff).empty());
    ASSERT_TRUE(grant(world_.system(), staff, "0102", {view->id, cancel->id, view->id}).ok());
    EXPECT_EQ(codes(staff), (Codes{"order.view", "order.cancel"}));
    EXPECT_EQ(rights(staff).ranges[0].from, "0102");
    EXPECT_EQ(rights(staff).ranges[1].to, "");
    ASSERT_TRUE(grant(world_.system(), staff, "0103", {view->id}).ok());
    EXPECT_EQ(codes(staff), Codes{"order.view"});
    EXPECT_EQ(rights(staff).ranges[0].from, "0103");
}

TEST_F(AuthorizationTest, role_rules_hold) {
    const auto role = make_role(world_.system(), "View", {"order.view"});
    EXPECT_EQ(make_role(world_.system(), "View", {}).problem().code, "role.name_taken");
    EXPECT_EQ(make_role(world_.system(), "Bad", {"order.fly"}).problem().code, "input.invalid");
    const auto edited = edit(world_.system(), *role, "Look", std::nullopt);
    ASSERT_TRUE(edited.ok());
    EXPECT_EQ(edited->version, 2);
    EXPECT_EQ(edited->permissions, Codes{"order.view"});
    EXPECT_EQ(edit(world_.system(), *role, "Again", std::nullopt).problem().code, "role.stale");

    Role owner;
    owner.id = owner_role_;
    EXPECT_EQ(edit(world_.system(), owner, "Mine", std::nullopt).problem().code, "role.built_in");
    const auto remove = [this](RoleId id, std::int64_t version) {
        return world_.use_case(
            [&](Scope& scope) { return authorization_.remove_role(scope, id, version); });
    };
    EXPECT_EQ(remove(owner_role_, 1).problem().code, "role.built_in");
    const std::int64_t staff = person("li");
    ASSERT_TRUE(grant(world_.system(), staff, "", {role->id}).ok());
    EXPECT_EQ(remove(role->id, 2).problem().code, "role.in_use");
    ASSERT_TRUE(grant(world_.system(), staff, "", {}).ok());
    EXPECT_EQ(remove(role->id, 1).problem().code, "role.stale");
    EXPECT_TRUE(remove(role->id, 2).ok());
    EXPECT_EQ(remove(role->id, 2).problem().code, "role.not_found");
}

TEST_F(AuthorizationTest, nobody_rises_above_herself) {
    const http::Caller manager = world_.staff({"role.view", "role.edit", "order.view"}, {"01"}, 5);
    EXPECT_EQ(make_role(manager, "Strong", {"order.cancel"}).problem().code, "role.ceiling");
    const auto weak = make_role(manager, "Weak", {"order.view"});
    ASSERT_TRUE(weak.ok());
    EXPECT_EQ(
        edit(manager, *weak, std::nullopt, Codes{"order.view", "order.cancel"}).problem().code,
        "role.ceiling");
    const auto strong = make_role(world_.system(), "Strong", {"order.cancel"});
    EXPECT_EQ(edit(manager, *strong, std::nullopt, Codes{}).problem().code, "role.ceiling");

    const std::int64_t staff = person("li");
    EXPECT_EQ(grant(manager, staff, "0101", {owner_role_}).problem().code, "role.ceiling");
    EXPECT_EQ(grant(manager, 5, "01", {strong->id}).problem().code, "role.ceiling");
    EXPECT_EQ(grant(manager, staff, "02", {weak->id}).problem().code, "permission.outside_scope");
    EXPECT_EQ(grant(manager, staff, "", {weak->id}).problem().code, "permission.outside_scope");
    EXPECT_EQ(grant(manager, owner_, "01", {}).problem().code, "role.ceiling");
    EXPECT_EQ(grant(manager, staff, "01", {RoleId(77)}).problem().code, "input.invalid");
    EXPECT_TRUE(codes(staff).empty());
    EXPECT_EQ(codes(owner_).size(), 4u);
    EXPECT_TRUE(grant(manager, staff, "0101", {weak->id}).ok());
}

TEST_F(AuthorizationTest, the_last_owner_stays) {
    EXPECT_EQ(grant(world_.system(), owner_, "", {}).problem().code, "role.last_owner");
    const std::int64_t second = person("second");
    ASSERT_TRUE(grant(world_.system(), second, "", {owner_role_}).ok());
    ASSERT_TRUE(world_
                    .use_case([&](Scope& scope) {
                        return identity_.set_state(scope, identity::StaffId(second),
                                                   identity::AccountState::suspended);
                    })
                    .ok());
    EXPECT_EQ(grant(world_.system(), owner_, "", {}).problem().code, "role.last_owner");
    const auto asked = world_.use_case([&](Scope& scope) {
        return authorization_.check_not_last_owner(scope.tx(), {http::ActorKind::staff, owner_});
    });
    EXPECT_EQ(asked.problem().code, "role.last_owner");
    ASSERT_TRUE(world_
                    .use_case([&](Scope& scope) {
                        return identity_.set_state(scope, identity::StaffId(second),
                                                   identity::AccountState::active);
                    })
                    .ok());
    EXPECT_TRUE(grant(world_.system(), owner_, "", {}).ok());
}

TEST_F(AuthorizationTest, places_have_a_limit) {
    const auto role = make_role(world_.system(), "View", {"order.view"});
    const std::int64_t staff = person("li");
    const auto give = [&](const std::vector<std::string>& places) {
        return world_.use_case([&](Scope& scope) {
            return authorization_.set_grants(scope, {http::ActorKind::staff, staff}, places,
                                             {role->id});
        });
    };
    EXPECT_EQ(give({"01", "02", "03", "04", "05"}).problem().code, "grants.too_many_places");
    EXPECT_TRUE(give({"01", "02", "03", "04", "0101", "0402"}).ok());
    EXPECT_EQ(rights(staff).ranges[3].from, "04");
}

TEST_F(AuthorizationTest, roles_know_who_holds_them) {
    const auto role = make_role(world_.system(), "View", {"order.view"});
    ASSERT_TRUE(grant(world_.system(), person("anna"), "01", {role->id}).ok());
    ASSERT_TRUE(grant(world_.system(), person("bert"), "02", {role->id}).ok());
    const auto roles = world_.use_case([this](Scope& scope) -> Result<std::vector<Role>> {
        return authorization_.roles(scope.tx());
    });
    ASSERT_EQ(roles->size(), 2u);
    const auto found = std::find_if(roles->begin(), roles->end(),
                                    [&](const Role& one) { return one.id == role->id; });
    EXPECT_EQ(found->staff_count, 2);
}

// Stored grants of random roles at random places against sets that are united by hand.
TEST_F(AuthorizationTest, stored_grants_agree_with_brute_force) {
    std::mt19937 random(7);
    const Codes all = world_.permissions_.codes_of(world_.permissions_.all());
    std::vector<Role> roles;
    for (int i = 0; i < 12; ++i) {
        Codes some;
        std::copy_if(all.begin(), all.end(), std::back_inserter(some),
                     [&](const std::string&) { return random() % 2 == 0; });
        roles.push_back(*make_role(world_.system(), "R" + std::to_string(i), some));
    }
    const std::vector<std::string> places = {"", "01", "0101", "0102", "010201", "02", "03"};
    const std::int64_t staff = person("li");
    for (int i = 0; i < 40; ++i) {
        std::vector<RoleId> given;
        std::set<std::string> expected;
        for (std::size_t n = random() % 4; n > 0; --n) {
            const Role& role = roles[random() % roles.size()];
            given.push_back(role.id);
            expected.insert(role.permissions.begin(), role.permissions.end());
        }
        const std::string& place = places[random() % places.size()];
        ASSERT_TRUE(grant(world_.system(), staff, place, given).ok());
        const Codes found = codes(staff);
        ASSERT_EQ(std::set<std::string>(found.begin(), found.end()), expected) << i;
        const auto ranges = rights(staff).ranges;
        for (const std::string& path : places) {
            const bool inside = path >= ranges[0].from && path < ranges[0].to;
            ASSERT_EQ(inside, !given.empty() && path.starts_with(place)) << i << path;
        }
    }
}

TEST(AuthorizationSchema, statements_and_columns_are_sound) {
    const std::vector<storage::Part> parts = {part()};
    EXPECT_EQ(storage::statement_faults(parts), std::vector<std::string>());
}

}  // namespace
}  // namespace hangu::authorization
