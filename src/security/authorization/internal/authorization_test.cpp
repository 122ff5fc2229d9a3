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
          identity_(*world_.engine, tenants_, world_.world, pool_, {.password_cost = {1024, 1, 1}}),
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
        std::vector<GrantWish> wishes;
        for (const RoleId role : roles) {
            wishes.push_back({role, {place, {}, {}}, {}, {}});
        }
        return give(caller, staff, wishes);
    }
    Result<void> give(const http::Caller& caller, std::int64_t staff,
                      const std::vector<GrantWish>& wishes) {
        return world_.as(caller, [&](Scope& scope) {
            return authorization_.set_grants(scope, {http::ActorKind::staff, staff}, wishes, {});
        });
    }
    identity::ActorGrants rights(std::int64_t staff) {
        return *world_.use_case([&](Scope& scope) -> Result<identity::ActorGrants> {
            return authorization_.grants_of(scope.tx(), http::ActorKind::staff, staff);
        });
    }
    std::vector<std::string> codes(std::int64_t staff) {
        return world_.permissions_.codes_of(rights(staff).rights.anywhere());
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
    EXPECT_EQ(rights(owner_).rights.anywhere(), world_.permissions_.all());
    EXPECT_EQ(rights(owner_).places, std::vector<std::string>{""});
    EXPECT_TRUE(rights(owner_).rights.covers(0, storage::subtree("")));
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
    EXPECT_EQ(rights(staff).places, Codes{"0102"});
    ASSERT_TRUE(grant(world_.system(), staff, "0103", {view->id}).ok());
    EXPECT_EQ(codes(staff), Codes{"order.view"});
    EXPECT_EQ(rights(staff).places, Codes{"0103"});
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
    EXPECT_EQ(codes(owner_).size(), world_.permissions_.all().count());
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
    const auto at = [&](const std::vector<std::string>& places) {
        std::vector<GrantWish> wishes;
        for (const std::string& place : places) {
            wishes.push_back({role->id, {place, {}, {}}, {}, {}});
        }
        return give(world_.system(), staff, wishes);
    };
    const Codes nine = {"01", "02", "03", "04", "05", "06", "07", "08", "09"};
    EXPECT_EQ(at(nine).problem().code, "grants.too_many_places");
    EXPECT_TRUE(rights(staff).rights.anywhere().none());
    EXPECT_TRUE(at({"01", "02", "03", "04", "05", "06", "07", "08", "0101", "0402"}).ok());
    const std::size_t view = *world_.permissions_.bit("order.view");
    EXPECT_TRUE(rights(staff).rights.holds(view, "0899"));
    EXPECT_FALSE(rights(staff).rights.holds(view, "09"));
    // Labels of organisation's form that follow each other are one place.
    EXPECT_TRUE(at({"0001/", "0002/", "0003/", "0004/", "0005/", "0006/", "0007/", "0008/", "0009/",
                    "000a/"})
                    .ok());
    EXPECT_EQ(rights(staff).rights.places(view)->at(0).to, "000a/~");
}

TEST_F(AuthorizationTest, roles_and_places_are_pairs) {
    const auto cashier = make_role(world_.system(), "Cashier", {"order.view"});
    const auto manager = make_role(world_.system(), "Manager", {"order.view", "order.cancel"});
    const std::int64_t staff = person("li");
    ASSERT_TRUE(give(world_.system(), staff,
                     {{cashier->id, {"01", {}, {}}, {}, {}}, {manager->id, {"02", {}, {}}, {}, {}}})
                    .ok());
    const http::Rights held = rights(staff).rights;
    const std::size_t view = *world_.permissions_.bit("order.view");
    const std::size_t cancel = *world_.permissions_.bit("order.cancel");
    EXPECT_TRUE(held.holds(view, "01"));
    EXPECT_TRUE(held.holds(view, "02"));
    EXPECT_FALSE(held.holds(cancel, "01"));
    EXPECT_TRUE(held.holds(cancel, "02"));
    http::Caller caller = world_.staff({}, {}, staff);
    caller.rights = held;
    const auto asked = world_.as(caller, [&](Scope& scope) -> Result<std::vector<std::string>> {
        EXPECT_TRUE(scope.authorize({"order.cancel"}, "0203").ok());
        EXPECT_EQ(scope.authorize({"order.cancel"}, "0103").problem().code,
                  "permission.outside_scope");
        HANGU_TRY(const storage::DataScope within, scope.within({"order.cancel"}));
        EXPECT_TRUE(within.covers("02"));
        EXPECT_FALSE(within.covers("01"));
        return Codes{};
    });
    ASSERT_TRUE(asked.ok());
    // What she may do in one store is not hers to give in the other.
    const std::int64_t friend_of_hers = person("wu");
    EXPECT_EQ(grant(caller, friend_of_hers, "01", {manager->id}).problem().code,
              "permission.outside_scope");
    EXPECT_TRUE(grant(caller, friend_of_hers, "02", {manager->id}).ok());
}

TEST_F(AuthorizationTest, grants_begin_and_end_by_the_clock) {
    const auto view = make_role(world_.system(), "View", {"order.view"});
    const auto manage = make_role(world_.system(), "Manage", {"order.view", "role.edit"});
    const std::int64_t staff = person("li");
    const Time start = world_.clock.now();
    const Time from = start.plus_ms(kHourMs);
    const Time until = start.plus_ms(2 * kHourMs);
    const auto wish = [&](RoleId role, std::optional<Time> begins, std::optional<Time> ends) {
        return GrantWish{role, {"01", {}, {}}, begins, ends};
    };
    EXPECT_EQ(give(world_.system(), staff, {wish(view->id, until, from)}).problem().fields[0].code,
              "grant.ends_before_it_begins");
    EXPECT_EQ(give(world_.system(), staff, {wish(view->id, {}, start)}).problem().fields[0].code,
              "grant.already_over");
    ASSERT_TRUE(give(world_.system(), staff, {wish(manage->id, from, until)}).ok());
    EXPECT_TRUE(codes(staff).empty());
    EXPECT_EQ(rights(staff).changes_at, from);
    world_.clock.advance_ms(kHourMs);
    EXPECT_EQ(codes(staff), (Codes{"order.view", "role.edit"}));
    EXPECT_EQ(rights(staff).changes_at, until);
    // She cannot give for longer than she has it herself.
    http::Caller caller = world_.staff({}, {}, staff);
    caller.rights = rights(staff).rights;
    caller.rights_until = until;
    const std::int64_t other = person("wu");
    EXPECT_EQ(give(caller, other, {wish(view->id, {}, {})}).problem().code, "grant.outlasts_giver");
    EXPECT_EQ(give(caller, other, {wish(view->id, {}, until.plus_ms(1))}).problem().code,
              "grant.outlasts_giver");
    EXPECT_TRUE(give(caller, other, {wish(view->id, {}, until)}).ok());
    world_.clock.advance_ms(kHourMs);
    EXPECT_TRUE(codes(staff).empty());
    EXPECT_EQ(rights(staff).changes_at, http::kNever);
}

TEST_F(AuthorizationTest, a_place_may_leave_out_what_is_below_it) {
    const auto view = make_role(world_.system(), "View", {"order.view"});
    const std::int64_t staff = person("li");
    const auto at = [&](const std::string& place, const Codes& except) {
        return give(world_.system(), staff, {{view->id, {place, except, {}}, {}, {}}});
    };
    EXPECT_EQ(at("01", {"02"}).problem().fields[0].code, "grant.except_not_below");
    EXPECT_EQ(at("01", {"01"}).problem().fields[0].code, "grant.except_not_below");
    ASSERT_TRUE(at("01", {"0103", "010203"}).ok());
    const std::size_t bit = *world_.permissions_.bit("order.view");
    const http::Rights held = rights(staff).rights;
    for (const std::string inside : {"01", "0101", "0102", "010202", "0104"}) {
        EXPECT_TRUE(held.holds(bit, inside)) << inside;
    }
    for (const std::string outside : {"0103", "010301", "010203", "01020301", "02", ""}) {
        EXPECT_FALSE(held.holds(bit, outside)) << outside;
    }
}

TEST_F(AuthorizationTest, groups_are_places) {
    const auto view = make_role(world_.system(), "View", {"order.view"});
    const std::int64_t staff = person("li");
    const auto made = world_.use_case([&](Scope& scope) {
        return authorization_.create_group(scope, "Airport", {{1, "0101"}, {2, "0201"}});
    });
    ASSERT_TRUE(made.ok());
    ASSERT_TRUE(give(world_.system(), staff, {{view->id, {"", {}, made->id}, {}, {}}}).ok());
    const std::size_t bit = *world_.permissions_.bit("order.view");
    EXPECT_TRUE(rights(staff).rights.holds(bit, "0201"));
    EXPECT_FALSE(rights(staff).rights.holds(bit, "0202"));
    const auto edit_group = [&](const http::Caller& caller, const std::vector<GroupPlace>& places) {
        return world_.as(caller, [&](Scope& scope) {
            return authorization_.edit_group(scope, made->id, "Airport", places, made->version);
        });
    };
    // Who may not view there cannot let others view there.
    EXPECT_EQ(
        edit_group(world_.staff({"order.view"}, {"01"}), {{1, "0101"}, {3, "0301"}}).problem().code,
        "permission.outside_scope");
    ASSERT_TRUE(edit_group(world_.system(), {{3, "0301"}}).ok());
    EXPECT_TRUE(rights(staff).rights.holds(bit, "0301"));
    EXPECT_FALSE(rights(staff).rights.holds(bit, "0201"));
    const auto removed = world_.use_case(
        [&](Scope& scope) { return authorization_.remove_group(scope, made->id, 2); });
    EXPECT_EQ(removed.problem().code, "store_group.in_use");
}

TEST_F(AuthorizationTest, duties_stay_apart) {
    const auto view = make_role(world_.system(), "View", {"order.view"});
    const auto cancel = make_role(world_.system(), "Cancel", {"order.cancel"});
    const std::int64_t both = person("li");
    ASSERT_TRUE(grant(world_.system(), both, "01", {view->id, cancel->id}).ok());
    const auto pair = world_.use_case([&](Scope& scope) {
        return authorization_.add_duty_pair(scope, "order.view", "order.cancel");
    });
    ASSERT_TRUE(pair.ok());
    EXPECT_EQ(pair->staff_in_conflict, std::vector<std::int64_t>{both});
    const std::int64_t staff = person("wu");
    EXPECT_EQ(grant(world_.system(), staff, "01", {view->id, cancel->id}).problem().code,
              "grant.duties_conflict");
    // Not at the same place: fine.
    const GrantWish here{view->id, {"01", {}, {}}, {}, {}};
    const GrantWish there{cancel->id, {"02", {}, {}}, {}, {}};
    EXPECT_TRUE(give(world_.system(), staff, {here, there}).ok());
    EXPECT_EQ(edit(world_.system(), *cancel, std::nullopt, Codes{"order.cancel", "order.view"})
                  .problem()
                  .code,
              "role.duties_conflict");
    EXPECT_EQ(make_role(world_.system(), "Both", {"order.cancel", "order.view"}).problem().code,
              "role.duties_conflict");
    // Through the edit of one of two roles that somebody holds together.
    const auto third = make_role(world_.system(), "Third", {"role.view"});
    const std::int64_t holder = person("an");
    ASSERT_TRUE(grant(world_.system(), holder, "01", {third->id, view->id}).ok());
    EXPECT_EQ(edit(world_.system(), *third, std::nullopt, Codes{"order.cancel"}).problem().code,
              "grant.duties_conflict");
}

TEST_F(AuthorizationTest, a_role_edit_says_beforehand_what_it_does) {
    const auto view = make_role(world_.system(), "View", {"order.view"});
    const auto other = make_role(world_.system(), "Other", {"order.cancel"});
    const std::int64_t gains = person("li");
    const std::int64_t has_it = person("wu");
    ASSERT_TRUE(grant(world_.system(), gains, "01", {view->id}).ok());
    ASSERT_TRUE(grant(world_.system(), has_it, "01", {view->id, other->id}).ok());
    const auto preview = [&](const http::Caller& caller, const Codes& permissions) {
        return world_.as(caller, [&](Scope& scope) {
            return authorization_.preview_role(scope, view->id, permissions);
        });
    };
    const auto more = preview(world_.system(), {"order.view", "order.cancel"});
    ASSERT_EQ(more->size(), 1u);
    EXPECT_EQ(more->front().staff_id, gains);
    EXPECT_EQ(world_.permissions_.codes_of(more->front().gains), Codes{"order.cancel"});
    const auto less = preview(world_.system(), {});
    ASSERT_EQ(less->size(), 2u);
    EXPECT_EQ(world_.permissions_.codes_of(less->front().loses), Codes{"order.view"});
    EXPECT_EQ(codes(gains), Codes{"order.view"});  // nothing was written
    // Held, but not where the role is granted: she would raise others above herself.
    const auto elsewhere = world_.staff({"role.edit", "order.view", "order.cancel"}, {"02"}, 5);
    EXPECT_EQ(preview(elsewhere, {"order.view", "order.cancel"}).problem().code,
              "permission.outside_scope");
    EXPECT_EQ(
        edit(elsewhere, *view, std::nullopt, Codes{"order.view", "order.cancel"}).problem().code,
        "permission.outside_scope");
}

TEST_F(AuthorizationTest, why_she_can_and_why_not) {
    const auto view = make_role(world_.system(), "View", {"order.view"});
    const auto cancel = make_role(world_.system(), "Cancel", {"order.cancel"});
    const std::int64_t staff = person("li");
    const Time later = world_.clock.now().plus_ms(kHourMs);
    ASSERT_TRUE(give(world_.system(), staff,
                     {{cancel->id, {"02", {}, {}}, {}, {}},
                      {view->id, {"01", {}, {}}, later, {}},
                      {view->id, {"0101", {}, {}}, {}, {}}})
                    .ok());
    const auto verdicts = [&](const std::string& place) {
        std::vector<Verdict> found;
        const auto reasons = world_.use_case([&](Scope& scope) -> Result<std::vector<Reason>> {
            return authorization_.explain(scope, {http::ActorKind::staff, staff}, {"order.view"},
                                          place);
        });
        for (const Reason& reason : *reasons) {
            found.push_back(reason.verdict);
        }
        return found;
    };
    EXPECT_EQ(verdicts("0101"),
              (std::vector<Verdict>{Verdict::gives, Verdict::not_yet, Verdict::lacks}));
    EXPECT_EQ(verdicts("0102"),
              (std::vector<Verdict>{Verdict::not_yet, Verdict::elsewhere, Verdict::lacks}));
}

TEST_F(AuthorizationTest, a_review_keeps_or_takes_away) {
    const auto view = make_role(world_.system(), "View", {"order.view"});
    const std::int64_t staff = person("li");
    world_.clock.advance_ms(1000);
    ASSERT_TRUE(grant(world_.staff({"order.view"}, {""}, owner_), staff, "01", {view->id}).ok());
    const auto list = [&] {
        return *world_.use_case([&](Scope& scope) -> Result<std::vector<Grant>> {
            return authorization_.to_review(scope.tx(), {}, 10, [](const Grant&) { return true; });
        });
    };
    ASSERT_EQ(list().size(), 2u);
    const Grant grant = list().back();
    EXPECT_EQ(grant.actor.id, staff);
    EXPECT_EQ(grant.given_by, owner_);
    EXPECT_FALSE(grant.reviewed_by.has_value());
    world_.clock.advance_ms(1000);
    const auto kept =
        world_.use_case([&](Scope& scope) { return authorization_.keep(scope, grant.id); });
    EXPECT_EQ(kept->checked_at, world_.clock.now());
    EXPECT_EQ(kept->given_at, grant.given_at);
    const auto take = [&](const http::Caller& caller) {
        return world_.as(caller, [&](Scope& scope) {
            return authorization_.take_away(scope, grant.id, {"role.edit"});
        });
    };
    EXPECT_EQ(take(world_.staff({"order.view", "role.edit"}, {"02"})).problem().code,
              "permission.outside_scope");
    EXPECT_TRUE(take(world_.system()).ok());
    EXPECT_TRUE(codes(staff).empty());
    EXPECT_EQ(take(world_.system()).problem().code, "grant.not_found");
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
        const http::Rights held = rights(staff).rights;
        for (const std::string& path : places) {
            for (const std::string& code : all) {
                ASSERT_EQ(held.holds(*world_.permissions_.bit(code), path),
                          expected.contains(code) && path.starts_with(place))
                    << i << path;
            }
        }
    }
}

TEST(AuthorizationSchema, statements_and_columns_are_sound) {
    const std::vector<storage::Part> parts = {part()};
    EXPECT_EQ(storage::statement_faults(parts), std::vector<std::string>());
}

}  // namespace
}  // namespace hangu::authorization
