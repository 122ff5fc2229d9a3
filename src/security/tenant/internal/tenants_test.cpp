#include "security/tenant/internal/tenant_store.hpp"
#include "security/tenant/module.hpp"
#include "security/tenant/tenant.hpp"

#include "tests/support/test_world.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace hangu::tenant {
namespace {

using hangu::testing::TestWorld;

class TenantsTest : public ::testing::Test {
 protected:
    TenantsTest() : world_({part()}) { start(); }

    // As after a restart: nothing is in memory.
    void start() {
        tenants_ = std::make_unique<Tenants>(*world_.engine, world_.ids, world_.clock, world_.log);
        ring_ = std::make_unique<crypto::KeyRing>(Secret(std::string(32, 'r')), *tenants_,
                                                  world_.random);
        world_.engine->set_key_ring(*ring_);
        tenants_->set_key_ring(*ring_);
        tenants_->set_seed([this](storage::Tx& tx, const Tenant&) -> Result<void> {
            seeded_.push_back(tx.tenant());
            if (seed_fails_) {
                return Problem::unavailable("seed.failed");
            }
            return {};
        });
    }

    Tenant half_made(const std::string& code) {
        const Tenant tenant{TenantId(world_.ids.next(world_.clock.now().unix_ms())),
                            code,
                            "Half",
                            State::creating,
                            "",
                            480,
                            world_.clock.now(),
                            1};
        world_.engine->control([&](storage::ControlTx& tx) { return TenantStore(tx).add(tenant); });
        return tenant;
    }

    TestWorld world_;
    std::unique_ptr<Tenants> tenants_;
    std::unique_ptr<crypto::KeyRing> ring_;
    std::vector<TenantId> seeded_;
    bool seed_fails_ = false;
};

TEST_F(TenantsTest, a_new_tenant_is_complete) {
    const auto made = tenants_->create("tea-house", " 茶馆 ", 480);
    ASSERT_TRUE(made.ok());
    EXPECT_EQ(made->name, "茶馆");
    EXPECT_EQ(made->state, State::active);
    EXPECT_TRUE(world_.engine->has_tenant(made->id));
    EXPECT_EQ(seeded_, std::vector<TenantId>{made->id});
    EXPECT_FALSE(tenants_->load(made->id).empty());
    ASSERT_NE(tenants_->find_by_code("tea-house"), nullptr);
    EXPECT_EQ(tenants_->find_by_code("tea-house")->id, made->id);
    EXPECT_TRUE(tenants_->is_active(made->id));

    start();
    EXPECT_EQ(tenants_->count(), 0u);
    ASSERT_TRUE(tenants_->load().ok());
    ASSERT_NE(tenants_->find(made->id), nullptr);
    EXPECT_EQ(tenants_->find(made->id)->code, "tea-house");
    EXPECT_EQ(tenants_->find(made->id)->version, 2);
    EXPECT_EQ(seeded_.size(), 1u);
}

TEST_F(TenantsTest, a_code_is_given_once) {
    ASSERT_TRUE(tenants_->create("tea", "One", 480).ok());
    const auto again = tenants_->create("tea", "Two", 480);
    ASSERT_FALSE(again.ok());
    EXPECT_EQ(again.problem().code, "tenant.code_taken");
    EXPECT_EQ(tenants_->count(), 1u);
    EXPECT_EQ(tenants_->create("TEA", "Three", 480).problem().code, "input.invalid");
}

TEST_F(TenantsTest, a_restart_finishes_what_a_crash_left) {
    const Tenant only_row = half_made("only-row");
    const Tenant with_keys = half_made("with-keys");
    ring_->create(with_keys.id);
    const Tenant with_file = half_made("with-file");
    ring_->create(with_file.id);
    ASSERT_TRUE(world_.engine->create_tenant(with_file.id).ok());
    EXPECT_EQ(tenants_->find_by_code("only-row"), nullptr);

    start();
    ASSERT_TRUE(tenants_->load().ok());
    for (const Tenant& tenant : {only_row, with_keys, with_file}) {
        ASSERT_NE(tenants_->find(tenant.id), nullptr) << tenant.code;
        EXPECT_TRUE(tenants_->is_active(tenant.id));
        EXPECT_TRUE(world_.engine->has_tenant(tenant.id));
        const auto opened =
            world_.engine->run(tenant.id, storage::Work::read,
                               [](storage::Tx& tx) -> Result<TenantId> { return tx.tenant(); });
        EXPECT_EQ(*opened, tenant.id);
    }
    EXPECT_EQ(seeded_.size(), 3u);

    start();
    ASSERT_TRUE(tenants_->load().ok());
    EXPECT_EQ(seeded_.size(), 3u);
    EXPECT_EQ(tenants_->count(), 3u);
}

TEST_F(TenantsTest, a_tenant_whose_seed_fails_is_not_there_until_it_succeeds) {
    seed_fails_ = true;
    EXPECT_EQ(tenants_->create("tea", "Tea", 480).problem().code, "seed.failed");
    EXPECT_EQ(tenants_->find_by_code("tea"), nullptr);
    seed_fails_ = false;
    start();
    ASSERT_TRUE(tenants_->load().ok());
    ASSERT_NE(tenants_->find_by_code("tea"), nullptr);
}

TEST_F(TenantsTest, without_a_file_a_failed_creation_leaves_nothing) {
    if (!world_.engine->shard_names().empty()) {
        GTEST_SKIP() << "tenants of this world are not in files";
    }
    const std::string folder = world_.folder.path() + "/data/tenants";
    std::filesystem::remove_all(folder);
    std::ofstream(folder) << "in the way";
    EXPECT_ANY_THROW({
        const auto made = tenants_->create("tea", "Tea", 480);
        if (!made.ok()) {
            throw std::runtime_error(made.problem().code);
        }
    });
    const auto rows =
        world_.engine->control([](storage::ControlTx& tx) { return TenantStore(tx).all(); });
    EXPECT_TRUE(rows.empty());
}

TEST_F(TenantsTest, freezing_takes_a_reason_and_is_remembered) {
    const TenantId id = tenants_->create("tea", "Tea", 480)->id;
    EXPECT_EQ(tenants_->freeze(id, "").problem().code, "input.invalid");
    EXPECT_EQ(tenants_->thaw(id, "paid again").problem().code, "tenant.not_frozen");
    ASSERT_TRUE(tenants_->freeze(id, "unpaid").ok());
    EXPECT_FALSE(tenants_->is_active(id));
    EXPECT_EQ(tenants_->freeze(id, "unpaid").problem().code, "tenant.already_frozen");
    EXPECT_EQ(tenants_->freeze(TenantId(5), "unpaid").problem().code, "tenant.not_found");

    start();
    ASSERT_TRUE(tenants_->load().ok());
    EXPECT_EQ(tenants_->find(id)->state, State::frozen);
    EXPECT_EQ(tenants_->find(id)->state_reason, "unpaid");
    ASSERT_TRUE(tenants_->thaw(id, "paid").ok());
    EXPECT_TRUE(tenants_->is_active(id));
}

TEST(TenantsSchema, statements_and_columns_are_sound) {
    const std::vector<storage::Part> parts = {part()};
    EXPECT_EQ(storage::statement_faults(parts), std::vector<std::string>());
}

}  // namespace
}  // namespace hangu::tenant
