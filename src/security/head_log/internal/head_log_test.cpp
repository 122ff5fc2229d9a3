#include "security/audit/module.hpp"
#include "security/head_log/internal/head_rules.hpp"
#include "security/head_log/internal/head_store.hpp"
#include "security/head_log/module.hpp"

#include "tests/support/test_world.hpp"

#include <gtest/gtest.h>

namespace hangu::head_log {
namespace {

using audit::CheckpointVerdict;
using audit::Digest;
using hangu::testing::TestWorld;
using storage::ControlStatement;
using storage::ControlTx;

constexpr ControlStatement<void(std::int64_t, std::int64_t)> kForgeSize{
    "test.forge_size", "update head_entry set size = ?2 where id = ?1"};
constexpr ControlStatement<void(std::int64_t, storage::Blob)> kForgeRoot{
    "test.forge_root", "update head_entry set root = ?2 where id = ?1"};
constexpr ControlStatement<void(std::int64_t)> kDelete{"test.delete_entry",
                                                       "delete from head_entry where id = ?1"};

class HeadLogTest : public ::testing::Test {
 protected:
    HeadLogTest()
        : world_({audit::part(), part()}, audit::permissions()),
          audit_(*world_.engine, world_.ids, world_.random, world_.clock, world_.log,
                 world_.metrics, audit::Audit::Options{}),
          logs_(*world_.engine, audit_, world_.random, world_.clock, world_.log, world_.metrics,
                audit::AuditLog::Options{}),
          heads_(*world_.engine, *world_.keys, world_.key_store, logs_, world_.clock, world_.log,
                 world_.metrics, HeadLog::Options{}) {
        world_.world.audit = &audit_;
    }

    void act(TenantId tenant) {
        const auto done =
            http::run_use_case(*world_.engine, world_.world, world_.system_of(tenant),
                               storage::Work::write, [](http::Scope& scope) -> Result<void> {
                                   scope.audit({.action = "store.edited", .subject_kind = "store"});
                                   return {};
                               });
        ASSERT_TRUE(done.ok());
        logs_.sequence_and_wait();
    }
    void enter(TenantId tenant) {
        act(tenant);
        heads_.enter_and_wait();
    }
    template <class... Given>
    void forge(const ControlStatement<void(Given...)>& statement, const Given&... given) {
        world_.engine->control([&](ControlTx& tx) { return tx.run(statement, given...); });
    }

    TestWorld world_;
    audit::Audit audit_;
    audit::AuditLog logs_;
    HeadLog heads_;
};

TEST_F(HeadLogTest, heads_of_all_tenants_stand_in_one_signed_log) {
    const TenantId other = world_.make_tenant();
    EXPECT_EQ(heads_.standing(world_.tenant), Standing::none);
    EXPECT_TRUE(heads_.check(std::nullopt).good());
    enter(world_.tenant);
    enter(other);
    enter(world_.tenant);
    heads_.enter_and_wait();  // nothing has grown
    const Checked checked = heads_.check(std::nullopt);
    EXPECT_TRUE(checked.good());
    EXPECT_EQ(checked.size, 3);
    EXPECT_EQ(heads_.tenants().size(), 2u);
    EXPECT_EQ(heads_.standing(world_.tenant), Standing::good);
    EXPECT_EQ(heads_.standing(other), Standing::good);
    EXPECT_EQ(heads_.standing(TenantId(77)), Standing::missing);
}

TEST_F(HeadLogTest, a_tenant_enters_once_per_interval) {
    enter(world_.tenant);
    EXPECT_EQ(heads_.check(std::nullopt).size, 1);
    act(world_.tenant);
    heads_.enter();  // not due
    EXPECT_EQ(heads_.check(std::nullopt).size, 1);
    heads_.enter_and_wait();  // at the end it is not asked whether it is due
    EXPECT_EQ(heads_.check(std::nullopt).size, 2);
}

TEST_F(HeadLogTest, a_log_that_is_not_what_was_entered_is_found_and_not_entered_again) {
    enter(world_.tenant);
    const Digest before = crypto::sha256("another history");
    forge(kForgeRoot, std::int64_t{0}, storage::Blob{std::string(before.view())});
    EXPECT_EQ(heads_.standing(world_.tenant), Standing::history_changed);
    forge(kForgeSize, std::int64_t{0}, std::int64_t{5});
    EXPECT_EQ(heads_.standing(world_.tenant), Standing::log_shorter);
    enter(world_.tenant);
    EXPECT_EQ(heads_.check(std::nullopt).size, 1);
    EXPECT_NE(world_.metrics.text().find("audit_heads_faults_total 1"), std::string::npos);
}

TEST_F(HeadLogTest, changed_and_removed_entries_are_found) {
    for (int i = 0; i < 4; ++i) {
        enter(world_.tenant);
    }
    forge(kForgeSize, std::int64_t{1}, std::int64_t{9});
    EXPECT_EQ(heads_.check(std::nullopt).changed, std::vector<std::int64_t>{1});
    forge(kForgeSize, std::int64_t{1}, std::int64_t{2});
    EXPECT_TRUE(heads_.check(std::nullopt).good());
    forge(kDelete, std::int64_t{3});
    EXPECT_FALSE(heads_.check(std::nullopt).good());
}

TEST_F(HeadLogTest, a_kept_checkpoint_shows_growth_and_an_older_copy) {
    enter(world_.tenant);
    const std::string early = heads_.check(std::nullopt).checkpoint;
    EXPECT_EQ(heads_.check(early).since, CheckpointVerdict::same);
    enter(world_.tenant);
    EXPECT_EQ(heads_.check(early).since, CheckpointVerdict::extended);
    EXPECT_TRUE(heads_.check(early).good());
    EXPECT_EQ(heads_.check("nothing").since, CheckpointVerdict::not_a_note);
    std::string forged = early;
    forged.replace(forged.find("time 2"), 6, "time 3");
    EXPECT_EQ(heads_.check(forged).since, CheckpointVerdict::not_signed);
    EXPECT_FALSE(heads_.check(forged).good());
}

TEST(HeadRules, every_part_of_an_entry_is_in_its_leaf) {
    const Entry entry{0, TenantId(7), 12, std::string(32, 'r'), Time(1000)};
    const Digest leaf = leaf_of(entry);
    Entry other = entry;
    other.tenant = TenantId(8);
    EXPECT_NE(leaf_of(other), leaf);
    other = entry;
    other.size = 13;
    EXPECT_NE(leaf_of(other), leaf);
    other = entry;
    other.root[31] = 's';
    EXPECT_NE(leaf_of(other), leaf);
    other = entry;
    other.at = Time(1001);
    EXPECT_NE(leaf_of(other), leaf);
}

}  // namespace
}  // namespace hangu::head_log
