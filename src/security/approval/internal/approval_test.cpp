#include "security/approval/approval.hpp"
#include "security/approval/internal/approval_rules.hpp"
#include "security/approval/module.hpp"

#include "tests/support/test_world.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <thread>

namespace hangu::approval {
namespace {

using hangu::testing::TestWorld;
using http::PermissionKind;
using http::Scope;

constexpr std::int64_t kAsker = 7;
constexpr std::int64_t kAuthoriser = 11;
constexpr std::int64_t kApprover = 12;

std::vector<http::PermissionNode> nodes() {
    std::vector<http::PermissionNode> all = {
        {PermissionKind::menu, "safety", "", "安全", "Safety"},
        {PermissionKind::page, "thing.authorise", "safety", "授权", "Authorise"},
        {PermissionKind::page, "thing.approve", "safety", "批准", "Approve"},
    };
    for (const http::PermissionNode& node : permissions()) {
        all.push_back(node);
    }
    return all;
}

std::vector<settings::Setting> with_hours() {
    std::vector<settings::Setting> all = settings();
    all.push_back({"thing.hours", std::int64_t{2}, 1, 100, "hours", "How long."});
    return all;
}

class Rota final : public People {
 public:
    bool may(storage::Tx&, std::int64_t staff, std::string_view, std::string_view) override {
        return !gone.contains(staff);
    }
    std::string name_of(storage::Tx&, std::int64_t staff) override { return id_text(staff); }
    std::set<std::int64_t> gone;  // their rights were taken
};

class Told final : public OnClosed {
 public:
    Result<void> closed(Scope&, const Request& request) override {
        states.push_back(request.state);
        if (refuses) {
            return Problem::conflict("thing.impossible");
        }
        return {};
    }
    std::vector<State> states;
    bool refuses = false;
};

class ApprovalTest : public ::testing::Test {
 protected:
    ApprovalTest() : world_({part()}, nodes(), with_hours()), approvals_(world_.permissions_) {
        approvals_.set_people(rota_);
        approvals_.define({"thing",
                           {{"authorise", "thing.authorise", 1}, {"approve", "thing.approve", 2}},
                           "thing.hours",
                           &told_});
    }

    http::Caller who(std::int64_t id, const std::string& path = "") {
        return world_.staff({"thing.authorise", "thing.approve", "approval.decide"}, {path}, id);
    }
    Request open(const std::string& path = "") {
        return *world_.as(who(kAsker), [&](Scope& scope) {
            return approvals_.open(
                scope, {"thing", "thing", "t1", "Thing", path, {{"amount", "12.00"}}, "why"});
        });
    }
    Result<Request> vote(const http::Caller& caller, const Request& request,
                         Verdict verdict = Verdict::approve) {
        return world_.as(caller, [&](Scope& scope) {
            return approvals_.decide(scope, request.id, verdict, "seen", request.version);
        });
    }
    Request agreed(std::int64_t voter, const Request& request) {
        const Result<Request> after = vote(who(voter), request);
        EXPECT_TRUE(after.ok()) << after.problem().code;
        return *after;
    }
    std::string refusal(std::int64_t voter, const Request& request) {
        const Result<Request> after = vote(who(voter), request);
        return after.ok() ? "" : after.problem().code;
    }
    Request read(const Request& request) {
        return *world_.use_case(
            [&](Scope& scope) { return approvals_.find(scope.tx(), request.id); });
    }
    std::size_t count_of(const std::string& action) {
        std::size_t count = 0;
        for (const auto& seen : world_.audit.seen()) {
            count += seen.action == action ? 1 : 0;
        }
        return count;
    }

    TestWorld world_;
    Rota rota_;
    Told told_;
    Approvals approvals_;
};

TEST_F(ApprovalTest, steps_follow_each_other_and_the_last_vote_closes) {
    Request request = open();
    EXPECT_EQ(request.facts, (std::vector<Fact>{{"amount", "12.00"}}));
    request = agreed(kAuthoriser, request);
    request = agreed(kApprover, request);
    EXPECT_EQ(request.state, State::open);
    EXPECT_TRUE(told_.states.empty());
    request = agreed(13, request);
    EXPECT_EQ(request.state, State::approved);
    EXPECT_EQ(told_.states, std::vector<State>{State::approved});
    EXPECT_EQ(read(request).version, 4);
    EXPECT_EQ(count_of("approval.voted"), 3u);
    EXPECT_EQ(count_of("approval.closed"), 1u);
    EXPECT_EQ(refusal(14, request), "approval.closed");
}

TEST_F(ApprovalTest, nobody_decides_on_her_own_or_twice) {
    const Request request = open();
    EXPECT_EQ(refusal(kAsker, request), "approval.own_request");
    const Request after = agreed(kAuthoriser, request);
    EXPECT_EQ(refusal(kAuthoriser, after), "approval.voted_already");
    EXPECT_EQ(refusal(kApprover, request), "approval.stale");
    EXPECT_EQ(vote(world_.system(), after).problem().code, "permission.denied");
    EXPECT_EQ(count_of("approval.voted"), 1u);
}

TEST_F(ApprovalTest, one_refusal_is_enough) {
    Request request = agreed(kAuthoriser, open());
    request = *vote(who(kApprover), request, Verdict::refuse);
    EXPECT_EQ(request.state, State::refused);
    EXPECT_EQ(told_.states, std::vector<State>{State::refused});
}

TEST_F(ApprovalTest, the_right_of_the_step_is_asked_where_the_request_belongs) {
    const Request request = open("0102");
    const auto only_approves = world_.staff({"thing.approve", "approval.decide"}, {""}, 21);
    EXPECT_EQ(vote(only_approves, request).problem().code, "permission.denied");
    EXPECT_EQ(vote(who(22, "0103"), request).problem().code, "permission.outside_scope");
    EXPECT_TRUE(vote(who(22, "0102"), request).ok());
}

TEST_F(ApprovalTest, the_vote_of_who_lost_the_right_counts_no_more) {
    Request request = agreed(kAuthoriser, open());
    rota_.gone.insert(kAuthoriser);
    request = agreed(kApprover, request);  // counts for the first step: it is due again
    request = agreed(13, request);
    EXPECT_EQ(request.state, State::open);
    EXPECT_EQ(count_of("approval.vote_lapsed"), 1u);
    rota_.gone.clear();  // what lapsed does not come back
    EXPECT_EQ(refusal(kAuthoriser, request), "approval.voted_already");
    request = agreed(14, request);
    EXPECT_EQ(request.state, State::approved);
}

TEST_F(ApprovalTest, what_ran_out_is_refused_at_once_and_closed_by_the_job) {
    const Request request = open();
    world_.clock.advance_ms(2 * 3'600'000 - 1);
    EXPECT_TRUE(vote(who(kAuthoriser), request).ok());
    world_.clock.advance_ms(1);
    EXPECT_EQ(refusal(kApprover, read(request)), "approval.expired");
    const auto expire = [this](Scope& scope) { return approvals_.expire_due(scope); };
    EXPECT_EQ(*world_.use_case(expire), 1);
    EXPECT_EQ(*world_.use_case(expire), 0);
    EXPECT_EQ(read(request).state, State::expired);
    EXPECT_EQ(told_.states, std::vector<State>{State::expired});
}

TEST_F(ApprovalTest, only_who_asked_takes_it_back) {
    const Request request = open();
    const auto back = [&](Scope& scope) {
        return approvals_.withdraw(scope, request.id, "a mistake", 1);
    };
    EXPECT_EQ(world_.as(who(kApprover), back).problem().code, "approval.not_asker");
    EXPECT_EQ(world_.as(world_.system(), back).problem().code, "approval.not_asker");
    EXPECT_TRUE(world_.as(who(kAsker), back).ok());
    EXPECT_EQ(world_.as(who(kAsker), back).problem().code, "approval.closed");
    EXPECT_EQ(told_.states, std::vector<State>{State::withdrawn});
}

TEST_F(ApprovalTest, what_is_told_may_refuse_and_nothing_is_written) {
    Request request = agreed(kAuthoriser, open());
    told_.refuses = true;
    EXPECT_EQ(vote(who(kApprover), request, Verdict::refuse).problem().code, "thing.impossible");
    EXPECT_EQ(read(request).state, State::open);
    EXPECT_EQ(read(request).version, request.version);
    EXPECT_EQ(count_of("approval.closed"), 0u);
}

TEST_F(ApprovalTest, of_parallel_decisions_exactly_one_is_taken) {
    const Request request = open();
    std::atomic<int> taken{0};
    std::vector<std::thread> threads;
    for (std::int64_t id = 100; id < 116; ++id) {
        threads.emplace_back([&, id] { taken += vote(who(id), request).ok() ? 1 : 0; });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    EXPECT_EQ(taken, 1);
    EXPECT_EQ(count_of("approval.voted"), 1u);
    EXPECT_EQ(read(request).version, 2);
}

TEST_F(ApprovalTest, no_more_are_open_than_the_setting_allows) {
    world_.settings.set("approval.open_count_max", std::int64_t{10});
    for (int i = 0; i < 10; ++i) {
        open();
    }
    const auto more = world_.as(who(kAsker), [&](Scope& scope) {
        return approvals_.open(scope, {"thing", "thing", "t1", "Thing", "", {}, "why"});
    });
    EXPECT_EQ(more.problem().code, "approval.too_many");
}

TEST_F(ApprovalTest, the_other_tenant_has_nothing_of_it) {
    const Request request = open();
    const TenantId other = world_.make_tenant();
    http::Caller caller = who(kApprover);
    caller.tenant = other;
    EXPECT_EQ(vote(caller, request).problem().code, "approval.not_found");
}

TEST(ApprovalRules, a_definition_must_be_sound) {
    EXPECT_FALSE(is_sound({}));
    EXPECT_FALSE(is_sound({{"a", "p.q", 0}}));
    EXPECT_FALSE(is_sound({{"a", "p.q", 6}}));
    EXPECT_FALSE(is_sound({{"a", "p.q", 1}, {"a", "p.r", 1}}));
    EXPECT_TRUE(is_sound({{"a", "p.q", 1}, {"b", "p.r", 2}}));
}

TEST(ApprovalRules, steps_and_facts_come_back_as_they_went) {
    const std::vector<Step> steps = {{"a", "p.q", 1}, {"b", "p.r", 5}};
    EXPECT_EQ(decode_steps(encode_steps(steps)), steps);
    const std::vector<Fact> facts = {{"k", "a \"b\" 茶"}, {"empty", ""}};
    EXPECT_EQ(decode_facts(encode_facts(facts)), facts);
    EXPECT_TRUE(decode_facts(encode_facts({})).empty());
}

}  // namespace
}  // namespace hangu::approval
