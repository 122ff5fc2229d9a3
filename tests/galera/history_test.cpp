// The check itself: a history that agrees, and each kind of harm that it has to find.
#include "tests/galera/history.hpp"

#include <gtest/gtest.h>

namespace hangu::galera {
namespace {

class HistoryTest : public ::testing::Test {
 protected:
    HistoryTest() {
        for (std::int64_t i = 0; i < kAccounts; ++i) {
            found_.balances[i] = kBalance;
        }
        for (std::int64_t i = 0; i < kCounters; ++i) {
            found_.counters[i] = 0;
        }
        for (std::int64_t i = 0; i < kItems; ++i) {
            found_.stock[i] = kStock;
        }
        clients_ = {{{Kind::transfer, 1, 0, 1, 30, Told::done},
                     {Kind::count, 2, 0, 0, 0, Told::done},
                     {Kind::append, 3, 2, 0, 0, Told::done},
                     {Kind::order, 4, 1, 0, 0, Told::done},
                     {Kind::append, 5, 2, 0, 0, Told::done}},
                    {{Kind::transfer, 6, 1, 2, 5000, Told::refused},
                     {Kind::count, 7, 0, 0, 0, Told::unknown},
                     {Kind::order, 8, 1, 0, 0, Told::unknown}}};
        found_.balances[0] -= 30;
        found_.balances[1] += 30;
        found_.transfers[1] = {0, 1, 30};
        found_.counters[0] = 1;
        found_.lists[2] = {3, 5};
        found_.orders[4] = 1;
        found_.stock[1] -= 1;
    }
    std::string first_fault() const {
        const std::vector<std::string> all = faults(clients_, found_);
        return all.empty() ? "" : all.front();
    }

    std::vector<History> clients_;
    Found found_;
};

TEST_F(HistoryTest, what_was_told_agrees_and_what_is_unknown_may_stand_or_not) {
    EXPECT_EQ(faults(clients_, found_), std::vector<std::string>());
    found_.counters[0] = 2;
    found_.orders[8] = 1;
    found_.stock[1] -= 1;
    EXPECT_EQ(faults(clients_, found_), std::vector<std::string>());
}

TEST_F(HistoryTest, a_lost_act_is_found) {
    Found whole = found_;
    found_.transfers.erase(1);
    found_.balances[0] += 30;
    found_.balances[1] -= 30;
    EXPECT_EQ(first_fault(), "transfer 1 was acknowledged and is lost");
    found_ = whole;
    found_.counters[0] = 0;
    EXPECT_EQ(first_fault(), "counter 0 is 0; 1 were acknowledged and 1 are unknown");
    found_ = whole;
    found_.lists[2] = {3};
    EXPECT_EQ(first_fault(), "entry 5 was acknowledged and is lost");
    found_ = whole;
    found_.orders.clear();
    found_.stock[1] += 1;
    EXPECT_EQ(first_fault(), "order 4 was acknowledged and is lost");
}

TEST_F(HistoryTest, a_doubled_act_is_found) {
    Found whole = found_;
    found_.balances[0] -= 30;
    found_.balances[1] += 30;
    EXPECT_EQ(first_fault(), "account 0 has 940, its transfers say 970");
    found_ = whole;
    found_.counters[0] = 3;
    EXPECT_EQ(first_fault(), "counter 0 is 3; 1 were acknowledged and 1 are unknown");
    found_ = whole;
    found_.lists[2] = {3, 5, 3};
    EXPECT_EQ(first_fault(), "entry 3 is there twice");
    found_ = whole;
    found_.stock[1] -= 1;
    EXPECT_EQ(first_fault(), "999998 are left of item 1, its orders say 999999");
}

TEST_F(HistoryTest, money_from_nowhere_a_refused_act_and_a_wrong_order_are_found) {
    Found whole = found_;
    found_.balances[3] = -1;
    EXPECT_EQ(first_fault(), "account 3 is below zero: -1");
    found_ = whole;
    found_.transfers[6] = {1, 2, 5000};
    EXPECT_EQ(first_fault(), "transfer 6 was refused and stands");
    found_ = whole;
    found_.transfers[99] = {1, 2, 1};
    EXPECT_EQ(first_fault(), "transfer 99 was asked for by nobody");
    found_ = whole;
    found_.lists[2] = {5, 3};
    EXPECT_EQ(first_fault(), "entry 5 stands before one that was done earlier");
    found_ = whole;
    found_.transfers[1].amount = 31;
    EXPECT_EQ(first_fault(), "transfer 1 is not what was asked for");
}

}  // namespace
}  // namespace hangu::galera
