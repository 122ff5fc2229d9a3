#include "security/identity/internal/identity_test_house.hpp"
#include "security/identity/internal/sign_in.hpp"
#include "security/identity/internal/token.hpp"

#include <algorithm>

namespace hangu::identity {
namespace {

class IdentityTest : public ::testing::Test {
 protected:
    IdentityTest() { staff_ = house_.staff(house_.tea, "lihua"); }

    std::string open(StaffId staff) {
        return house_
            .in(house_.tea,
                [&](http::Scope& scope) {
                    const auto account = IdentityStore(scope.tx()).find(staff);
                    return open_session(house_.identity->state(), scope, *account, Client{},
                                        {"password", false, true});
                })
            ->token;
    }
    Time last_seen(const std::string& token) {
        return house_
            .read(house_.tea,
                  [&](storage::Tx& tx) {
                      return IdentityStore(tx).find_session_of_token(token_hash(token));
                  })
            ->last_seen_at;
    }
    Result<Account> set_state(AccountState state) {
        return house_.in(house_.tea, [&](http::Scope& scope) {
            return house_.identity->set_state(scope, staff_, state);
        });
    }

    IdentityHouse house_;
    StaffId staff_;
};

TEST_F(IdentityTest, tokens_have_one_form) {
    const std::string token = make_token(house_.tea, house_.world.random);
    EXPECT_EQ(tenant_of_token(token), house_.tea);
    EXPECT_NE(make_token(house_.tea, house_.world.random), token);
    for (const std::string& bad :
         {std::string(), token + "A", token.substr(1), std::string(57, 'a'),
          token.substr(0, 13) + ":" + token.substr(14), token.substr(0, 56) + "=",
          "I" + token.substr(1)}) {
        EXPECT_FALSE(tenant_of_token(bad).has_value()) << bad;
    }
}

TEST_F(IdentityTest, a_login_name_is_given_once_per_tenant) {
    const auto again = house_.in(house_.tea, [&](http::Scope& scope) {
        return house_.identity->create_account(scope, StaffId(99), "lihua", PersonName("Other"));
    });
    EXPECT_EQ(again.problem().code, "staff.login_name_taken");
    const auto bad = house_.in(house_.tea, [&](http::Scope& scope) {
        return house_.identity->create_account(scope, StaffId(98), "Li Hua", PersonName("Other"));
    });
    EXPECT_EQ(bad.problem().fields.front().field, "login_name");
    house_.staff(house_.cake, "lihua");
}

TEST_F(IdentityTest, a_remembered_caller_needs_no_database) {
    const std::string token = open(staff_);
    ASSERT_TRUE(house_.caller_of(token).ok());
    const int asked = house_.grants.asked;
    ASSERT_TRUE(house_.caller_of(token).ok());
    EXPECT_EQ(house_.grants.asked, asked);
    house_.world.clock.advance_ms(kCallerFreshMs);
    ASSERT_TRUE(house_.caller_of(token).ok());
    EXPECT_EQ(house_.grants.asked, asked + 1);
}

TEST_F(IdentityTest, another_tenants_token_opens_nothing) {
    const std::string token = open(staff_);
    const std::string foreign = house_.cake.text() + token.substr(13);
    EXPECT_EQ(house_.caller_of(foreign).problem().code, "session.required");
    EXPECT_TRUE(house_.caller_of(token).ok());
    // A credential of one tenant on another's transaction.
    const auto credential = house_.identity->credential(IdentityHouse::with_cookie(token));
    const auto crossed = house_.world.engine->run(
        house_.cake, storage::Work::read,
        [&](storage::Tx& tx) { return house_.identity->recognise(tx, *credential); });
    EXPECT_EQ(crossed.problem().code, "session.required");
    const std::string nowhere = TenantId(77).text() + token.substr(13);
    EXPECT_EQ(
        house_.identity->known(*house_.identity->credential(IdentityHouse::with_cookie(nowhere)),
                               house_.world.clock.now()),
        nullptr);
}

TEST_F(IdentityTest, suspending_ends_every_session_and_link_at_once) {
    const std::string one = open(staff_);
    const std::string two = open(staff_);
    ASSERT_TRUE(house_.caller_of(one).ok());
    ASSERT_TRUE(house_.caller_of(two).ok());
    ASSERT_TRUE(set_state(AccountState::suspended).ok());
    EXPECT_FALSE(house_.is_remembered(one));
    EXPECT_EQ(house_.caller_of(one).problem().code, "session.required");
    EXPECT_EQ(house_.caller_of(two).problem().code, "session.required");
    const auto link = house_.in(house_.tea, [&](http::Scope& scope) {
        return house_.identity->make_sign_in_link(scope, staff_);
    });
    EXPECT_EQ(link.problem().code, "staff.not_active");
    ASSERT_TRUE(set_state(AccountState::active).ok());
    EXPECT_EQ(house_.caller_of(one).problem().code, "session.required");
}

TEST_F(IdentityTest, a_refused_suspension_changes_nothing) {
    const std::string token = open(staff_);
    ASSERT_TRUE(house_.caller_of(token).ok());
    const auto refused = house_.in(house_.tea, [&](http::Scope& scope) -> Result<void> {
        HANGU_CHECK(house_.identity->set_state(scope, staff_, AccountState::suspended));
        return Problem::conflict("staff.stale");
    });
    EXPECT_FALSE(refused.ok());
    EXPECT_TRUE(house_.is_remembered(token));
    house_.world.clock.advance_ms(kCallerFreshMs);
    EXPECT_TRUE(house_.caller_of(token).ok());
}

TEST_F(IdentityTest, sessions_end_by_idleness_and_by_age) {
    const std::string token = open(staff_);
    house_.world.clock.advance_ms(30 * kMinuteMs);
    EXPECT_TRUE(house_.caller_of(token).ok());
    house_.world.clock.advance_ms(30 * kMinuteMs + 1);
    EXPECT_EQ(house_.caller_of(token).problem().code, "session.required");

    const std::string busy = open(staff_);
    for (int i = 0; i < 24 * 3 - 1; ++i) {
        house_.world.clock.advance_ms(10 * kMinuteMs);
        ASSERT_TRUE(house_.caller_of(busy).ok()) << i;
    }
    house_.world.clock.advance_ms(10 * kMinuteMs);
    EXPECT_EQ(house_.caller_of(busy).problem().code, "session.required");
}

TEST_F(IdentityTest, last_seen_is_written_seldom) {
    const std::string token = open(staff_);
    const Time opened = house_.world.clock.now();
    ASSERT_TRUE(house_.caller_of(token).ok());
    house_.world.clock.advance_ms(4 * kMinuteMs);
    ASSERT_TRUE(house_.caller_of(token).ok());
    house_.identity->flush_last_seen();
    EXPECT_EQ(last_seen(token), opened);
    house_.world.clock.advance_ms(2 * kMinuteMs);
    ASSERT_TRUE(house_.caller_of(token).ok());
    house_.identity->flush_last_seen();
    EXPECT_EQ(last_seen(token), opened.plus_ms(6 * kMinuteMs));
}

TEST_F(IdentityTest, an_account_has_ten_sessions_at_most) {
    std::vector<std::string> tokens;
    for (int i = 0; i < 12; ++i) {
        tokens.push_back(open(staff_));
    }
    const auto good = std::count_if(tokens.begin(), tokens.end(), [this](const auto& token) {
        return house_.caller_of(token).ok();
    });
    EXPECT_EQ(good, 10);
    EXPECT_FALSE(house_.caller_of(tokens[0]).ok());
    EXPECT_TRUE(house_.caller_of(tokens[11]).ok());
}

TEST_F(IdentityTest, a_new_name_is_known_with_the_next_request) {
    const std::string token = open(staff_);
    ASSERT_TRUE(house_.caller_of(token).ok());
    const auto renamed = house_.in(house_.tea, [&](http::Scope& scope) {
        return house_.identity->rename(scope, staff_, PersonName("Li Mei"));
    });
    EXPECT_EQ(renamed->version, 2);
    EXPECT_EQ((*house_.caller_of(token))->actor_name, "Li Mei");
}

TEST_F(IdentityTest, signing_out_ends_this_session_only) {
    const std::string one = open(staff_);
    const std::string two = open(staff_);
    const auto caller = house_.caller_of(one);
    ASSERT_TRUE(caller.ok());
    ASSERT_TRUE(house_.caller_of(two).ok());
    http::Routes routes;
    add_routes(routes, *house_.identity);
    const auto closed =
        http::run_use_case(*house_.world.engine, house_.world.world, **caller, storage::Work::write,
                           [&](http::Scope& scope) {
                               for (const http::RouteEntry& entry : routes.entries()) {
                                   if (entry.route.name == "session.close") {
                                       return entry.handle(scope, http::Request(), {});
                                   }
                               }
                               return Result<http::Response>(Problem::not_found("route.not_found"));
                           });
    ASSERT_TRUE(closed.ok());
    EXPECT_EQ(closed->status, 204);
    EXPECT_NE(closed->headers.front().value.find("Max-Age=0"), std::string::npos);
    EXPECT_EQ(house_.caller_of(one).problem().code, "session.required");
    EXPECT_TRUE(house_.caller_of(two).ok());
}

TEST(IdentitySchema, statements_and_columns_are_sound) {
    const std::vector<storage::Part> parts = {part()};
    EXPECT_EQ(storage::statement_faults(parts), std::vector<std::string>());
}

}  // namespace
}  // namespace hangu::identity
