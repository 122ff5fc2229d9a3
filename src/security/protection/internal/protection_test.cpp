// Sign-ins against the habits of a person, and refusals of many requests at once, on real tables.
#include "security/protection/internal/habit_store.hpp"
#include "security/protection/internal/ledger_store.hpp"
#include "security/protection/internal/protection_state.hpp"
#include "security/protection/module.hpp"

#include "security/identity/module.hpp"
#include "security/tenant/module.hpp"

#include "tests/support/test_world.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <thread>

namespace hangu::protection {
namespace {

using hangu::testing::TestWorld;
using identity::Judgement;
using identity::SignInResult;

constexpr std::string_view kPlaces =
    "192.0.2.0/24,上海,31.23,121.47,\n"
    "198.51.100.0/24,北京,39.90,116.40,\n"
    "203.0.113.0/24,,,,hosting\n";
constexpr std::string_view kHome = "192.0.2.7";
constexpr std::string_view kAway = "198.51.100.7";
constexpr std::string_view kHosted = "203.0.113.7";

std::vector<settings::Setting> all_settings() {
    std::vector<settings::Setting> all = identity::settings();
    for (settings::Setting& one : settings()) {
        all.push_back(std::move(one));
    }
    return all;
}

class SeenAlerts final : public Alerts {
 public:
    void raise(http::Scope&, const Alert& alert) override {
        const std::lock_guard lock(mutex_);
        codes_.emplace_back(alert.code);
    }
    std::size_t count(std::string_view code) const {
        const std::lock_guard lock(mutex_);
        return static_cast<std::size_t>(std::count(codes_.begin(), codes_.end(), code));
    }

 private:
    mutable std::mutex mutex_;
    std::vector<std::string> codes_;
};

class ProtectionTest : public ::testing::Test {
 protected:
    ProtectionTest()
        : world_({tenant::part(), identity::part(), part()},
                 {{http::PermissionKind::menu, "safety", "", "安全", "Safety"}}, all_settings()),
          tenants_(*world_.engine, world_.ids, world_.clock, world_.log),
          pool_(1, 4),
          identity_(*world_.engine, tenants_, world_.world, pool_, {.password_cost = {1024, 1, 1}}),
          places_(PlaceFile::read(kPlaces).value()),
          protection_({*world_.engine, tenants_, world_.world, identity_, world_.metrics}) {
        protection_.set_places(*places_);
        protection_.set_alerts(alerts_);
        li_ = person("li");
    }

    identity::StaffId person(const std::string& login) {
        const identity::StaffId id(world_.ids.next(world_.clock.now().unix_ms()));
        EXPECT_TRUE(world_
                        .use_case([&](http::Scope& scope) {
                            return identity_.create_account(scope, id, login, PersonName(login));
                        })
                        .ok());
        return id;
    }
    identity::SignInSeen seen(std::string_view address, bool known_device) {
        identity::SignInSeen made;
        made.account = li_;
        made.method = "password";
        made.address = address;
        made.user_agent = "Firefox\n\"=x";
        made.known_device = known_device;
        return made;
    }
    // As identity does it: the judge is asked, then told how it went on.
    Judgement signs_in(const identity::SignInSeen& made) {
        Judgement judgement = Judgement::allow;
        const auto done = world_.use_case([&](http::Scope& scope) -> Result<void> {
            judgement = protection_.judge(scope.tx(), made);
            protection_.told(
                scope, made,
                judgement == Judgement::allow ? SignInResult::opened : SignInResult::refused);
            return {};
        });
        EXPECT_TRUE(done.ok());
        return judgement;
    }
    void fails(const identity::SignInSeen& made) {
        const auto done = world_.use_case([&](http::Scope& scope) -> Result<void> {
            protection_.told(scope, made, SignInResult::refused);
            return {};
        });
        EXPECT_TRUE(done.ok());
    }
    void lives_at_home() {
        for (int day = 0; day < 5; ++day) {
            EXPECT_EQ(signs_in(seen(kHome, day > 0)), Judgement::allow);
            world_.clock.advance_ms(kDayMs);
        }
    }
    SignInEntry last_entry() {
        EntryFilter filter;
        filter.id_before = std::numeric_limits<std::int64_t>::max();
        return world_
            .tx([&](storage::Tx& tx) -> Result<std::vector<SignInEntry>> {
                return sign_in_entries(tx, filter, 1);
            })
            ->at(0);
    }
    std::size_t audited(std::string_view action) {
        std::size_t count = 0;
        for (const auto& one : world_.audit.seen()) {
            count += one.action == action ? 1U : 0U;
        }
        return count;
    }
    void settle() {
        EXPECT_TRUE(world_.tx([](storage::Tx&) -> Result<void> { return {}; }).ok());
    }
    void refuse(identity::StaffId who, std::string_view code = "permission.denied",
                int status = 403, std::string_view subject = "",
                http::ActorKind kind = http::ActorKind::staff) {
        http::Caller caller = world_.staff({}, {}, who.value());
        caller.kind = kind;
        http::Answered answer;
        answer.caller = &caller;
        answer.route = "role.list";
        answer.status = status;
        answer.code = code;
        answer.subject_id = subject;
        answer.at = world_.clock.now();
        protection_.answered(answer);
    }
    identity::AccountState state_of(identity::StaffId id) {
        return world_
            .tx([&](storage::Tx& tx) -> Result<identity::AccountState> {
                HANGU_TRY(const identity::Account account, identity_.find(tx, id));
                return account.state;
            })
            .value();
    }

    TestWorld world_;
    tenant::Tenants tenants_;
    crypto::HashPool pool_;
    identity::Identity identity_;
    std::unique_ptr<PlaceFile> places_;
    SeenAlerts alerts_;
    Protection protection_;
    identity::StaffId li_;
};

TEST_F(ProtectionTest, as_always_nothing_is_asked_and_the_ledger_says_where) {
    lives_at_home();
    EXPECT_EQ(signs_in(seen(kHome, true)), Judgement::allow);
    const SignInEntry entry = last_entry();
    EXPECT_EQ(entry.account_id, li_);
    EXPECT_EQ(entry.result, EntryResult::opened);
    EXPECT_EQ(entry.reason, EntryReason::none);
    EXPECT_EQ(entry.network, "192.0.2.0/24");
    EXPECT_EQ(entry.place, "上海");
    EXPECT_EQ(entry.user_agent, "Firefox?\"=x");
    EXPECT_EQ(entry.score, 0);
    EXPECT_EQ(alerts_.count("sign_in.unusual"), 0U);
}

TEST_F(ProtectionTest, a_new_place_and_device_needs_a_second_factor) {
    lives_at_home();
    EXPECT_EQ(signs_in(seen(kAway, false)), Judgement::second_factor);
    const SignInEntry entry = last_entry();
    EXPECT_EQ(entry.result, EntryResult::refused);
    EXPECT_EQ(entry.reason, EntryReason::second_factor_missing);
    EXPECT_EQ(entry.score, 55);
    EXPECT_EQ(entry.risks, "new_place_and_device new_network");
    EXPECT_EQ(audited("sign_in.unusual"), 1U);
    EXPECT_EQ(alerts_.count("sign_in.unusual"), 1U);
    // What was refused is not learnt.
    EXPECT_EQ(signs_in(seen(kAway, false)), Judgement::second_factor);
    // At her own browser she may travel.
    EXPECT_EQ(signs_in(seen(kAway, true)), Judgement::allow);
}

TEST_F(ProtectionTest, a_computing_centre_and_too_fast_a_journey_are_refused) {
    lives_at_home();
    EXPECT_EQ(signs_in(seen(kHosted, false)), Judgement::second_factor);
    EXPECT_EQ(signs_in(seen(kHome, true)), Judgement::allow);
    world_.clock.advance_ms(10 * kMinuteMs);
    EXPECT_EQ(signs_in(seen(kAway, false)), Judgement::refuse);
    EXPECT_EQ(last_entry().reason, EntryReason::unusual);
    EXPECT_EQ(last_entry().score, 100);
}

TEST_F(ProtectionTest, a_link_opens_also_from_afar_and_is_told) {
    lives_at_home();
    identity::SignInSeen link = seen(kAway, false);
    link.method = "link";
    EXPECT_EQ(signs_in(link), Judgement::allow);
    EXPECT_EQ(audited("sign_in.unusual"), 1U);
    EXPECT_EQ(last_entry().result, EntryResult::opened);
}

TEST_F(ProtectionTest, guesses_of_strangers_do_not_count_at_ones_own_browser) {
    lives_at_home();
    identity::SignInSeen own = seen(kHome, true);
    own.failures_before = 99;
    EXPECT_EQ(signs_in(own), Judgement::allow);
    identity::SignInSeen strange = seen("10.1.1.1", false);
    strange.failures_before = 5;
    EXPECT_EQ(signs_in(strange), Judgement::second_factor);
}

TEST_F(ProtectionTest, thresholds_are_settings) {
    lives_at_home();
    world_.settings.set("protection.second_factor_score", std::int64_t{101});
    world_.settings.set("protection.refuse_score", std::int64_t{101});
    EXPECT_EQ(signs_in(seen(kAway, false)), Judgement::allow);
    EXPECT_TRUE(check_settings(*world_.settings.snapshot()).ok());
    world_.settings.set("protection.refuse_score", std::int64_t{50});
    EXPECT_EQ(check_settings(*world_.settings.snapshot()).problem().code, "settings.invalid");
}

TEST_F(ProtectionTest, why_it_was_refused_is_said) {
    identity::SignInSeen made = seen(kHome, false);
    fails(made);
    EXPECT_EQ(last_entry().reason, EntryReason::wrong_password);
    made.method = "password+code";
    fails(made);
    EXPECT_EQ(last_entry().reason, EntryReason::wrong_code);
    made.method = "link";
    fails(made);
    EXPECT_EQ(last_entry().reason, EntryReason::wrong_link);
    made.method = "password";
    made.account.reset();
    fails(made);
    EXPECT_EQ(last_entry().reason, EntryReason::unknown_account);
}

TEST_F(ProtectionTest, networks_are_bounded_and_the_oldest_goes) {
    for (int i = 0; i < 40; ++i) {
        signs_in(seen("10.1." + std::to_string(i) + ".1", true));
        world_.clock.advance_ms(kMinuteMs);
    }
    std::size_t networks = 0;
    const auto rows = world_.tx([&](storage::Tx& tx) -> Result<std::vector<HabitRow>> {
        return HabitStore(tx).habits(li_);
    });
    for (const HabitRow& row : *rows) {
        networks += row.trait == Trait::network ? 1U : 0U;
        EXPECT_FALSE(row.value.same_as(HabitValue("10.1.0.0/24")));
    }
    EXPECT_EQ(networks, HabitStore::kPerTraitCountMax);
}

TEST_F(ProtectionTest, old_entries_are_forgotten) {
    fails(seen(kHome, false));
    world_.clock.advance_ms(181 * kDayMs);
    fails(seen(kAway, false));
    const auto gone = world_.tx(
        [&](storage::Tx& tx) -> Result<std::int64_t> { return protection_.forget_old(tx); });
    EXPECT_EQ(*gone, 1);
    EXPECT_EQ(last_entry().network, "198.51.100.0/24");
}

TEST_F(ProtectionTest, measures_are_carried_out_once_however_many_requests_run_at_once) {
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i) {
        threads.emplace_back([this] {
            for (int k = 0; k < 25; ++k) {
                refuse(li_);
            }
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    settle();
    // The jobs may find her locked already: what the lock does includes what came before.
    EXPECT_LE(audited("violations.alerted"), 1U);
    EXPECT_LE(audited("violations.sessions_ended"), 1U);
    EXPECT_EQ(audited("violations.account_locked"), 1U);
    EXPECT_EQ(alerts_.count("account.stopped"), 1U);
    EXPECT_EQ(state_of(li_), identity::AccountState::suspended);
}

TEST_F(ProtectionTest, a_locked_account_is_listed_and_unlocked) {
    for (int i = 0; i < 50; ++i) {
        refuse(li_);
    }
    settle();
    const auto listed = world_.tx([&](storage::Tx& tx) -> Result<std::vector<LockOut>> {
        return lock_outs(protection_, tx);
    });
    ASSERT_EQ(listed->size(), 1U);
    EXPECT_EQ(listed->at(0).kind, LockKind::account);
    EXPECT_EQ(listed->at(0).failures_count, 50);
    const auto end = [&](http::Scope& scope) {
        return unlock(protection_, scope, li_, "called back");
    };
    EXPECT_TRUE(world_.use_case(end).ok());
    EXPECT_EQ(state_of(li_), identity::AccountState::active);
    EXPECT_EQ(audited("lock_out.ended"), 1U);
    EXPECT_EQ(world_.use_case(end).problem().code, "lock_out.not_found");
    for (int i = 0; i < 9; ++i) {
        refuse(li_);
    }
    settle();
    EXPECT_EQ(audited("violations.alerted"), 1U) << "only that of before";
}

TEST_F(ProtectionTest, what_is_no_attempt_does_not_count) {
    for (int i = 0; i < 100; ++i) {
        refuse(li_, "session.step_up_required");
        refuse(li_, "tenant.frozen");
        refuse(li_, "order.not_found", 404);  // nothing that could be an id
        refuse(li_, "order.not_found", 404, "0000000000001");
        refuse(li_, "input.invalid", 422);
    }
    settle();
    EXPECT_EQ(audited("violations.alerted"), 0U);
}

TEST_F(ProtectionTest, an_application_is_only_told_of) {
    for (int i = 0; i < 200; ++i) {
        refuse(li_, "permission.denied", 403, "", http::ActorKind::application);
    }
    settle();
    EXPECT_GE(audited("violations.alerted"), 1U);
    EXPECT_EQ(audited("violations.account_locked"), 0U);
    EXPECT_EQ(state_of(li_), identity::AccountState::active);
}

TEST_F(ProtectionTest, an_attack_is_recorded_once_and_a_success_after_it_too) {
    identity::SignInSeen made = seen("203.0.113.9", false);
    made.account.reset();
    for (int i = 0; i < 40; ++i) {
        fails(made);
    }
    settle();
    EXPECT_EQ(audited("sign_in.attack_found"), 1U);
    EXPECT_EQ(alerts_.count("sign_in.attack"), 1U);
    signs_in(seen("203.0.113.9", false));
    settle();
    EXPECT_EQ(audited("sign_in.attack_found"), 2U);
    const auto attacks = world_.tx(
        [](storage::Tx& tx) -> Result<std::vector<SeenAttack>> { return seen_attacks(tx, 10); });
    ASSERT_EQ(attacks->size(), 2U);
    EXPECT_EQ(attacks->at(0).attack, Attack::success_after_attack);
    EXPECT_EQ(attacks->at(0).subject, li_.text());
    EXPECT_EQ(attacks->at(1).attack, Attack::stuffing);
    EXPECT_EQ(attacks->at(1).subject, "203.0.113.9");
}

TEST(ProtectionParts, are_sound) {
    const std::vector<storage::Part> parts = {tenant::part(), identity::part(), part()};
    EXPECT_EQ(storage::faults_of(parts), std::vector<std::string>());
    EXPECT_EQ(storage::statement_faults(parts), std::vector<std::string>());
}

}  // namespace
}  // namespace hangu::protection
