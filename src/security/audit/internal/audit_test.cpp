#include "security/audit/audit.hpp"
#include "security/audit/internal/audit_store.hpp"
#include "security/audit/module.hpp"

#include "tests/support/test_world.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace hangu::audit {
namespace {

using hangu::testing::TestWorld;
using storage::DataScope;
using storage::Statement;
using storage::Tx;

constexpr Statement<void(RecordId, std::string)> kForge{
    "test.forge", "update audit_record set subject_label = ?3 where tenant_id = ?1 and id = ?2"};

RecordFilter everything() {
    RecordFilter filter;
    filter.id_before = std::numeric_limits<std::int64_t>::max();
    return filter;
}

class AuditTest : public ::testing::Test {
 protected:
    AuditTest()
        : world_({part()}, permissions()),
          audit_(*world_.engine, world_.ids, world_.random, world_.clock, world_.log,
                 world_.metrics, options()) {
        world_.world.audit = &audit_;
    }

    static Audit::Options options() {
        Audit::Options options;
        options.visits_per_tenant_count_max = 10;
        options.visits_count_max = 15;
        return options;
    }

    void act(const http::Caller& caller, std::string action_label, std::string org_path) {
        const auto done = world_.as(caller, [&](http::Scope& scope) -> Result<void> {
            scope.audit({.action = "store.edited",
                         .subject_kind = "store",
                         .subject_id = "0000000000042",
                         .subject_label = action_label,
                         .fields = {{"name", "old", "new"}},
                         .org_path = org_path});
            return {};
        });
        ASSERT_TRUE(done.ok());
    }

    void visit(TenantId tenant, int status) {
        http::Caller caller = world_.staff({}, {});
        caller.tenant = tenant;
        const http::RequestFacts facts{&caller, "order.list", "192.0.2.1", "trace"};
        audit_.visit(tenant, facts, world_.clock.now(), status, "subject");
    }

    std::vector<Record> records_of(TenantId tenant) {
        return *world_.engine->run(
            tenant, storage::Work::read, [](Tx& tx) -> Result<std::vector<Record>> {
                return AuditStore(tx).newest(DataScope::whole_tenant(), everything(), 100);
            });
    }
    std::vector<Record> records() { return records_of(world_.tenant); }

    std::vector<std::string> seen_by(const http::Caller& caller) {
        std::vector<std::string> labels;
        const auto done = world_.as(caller, [&](http::Scope& scope) -> Result<void> {
            HANGU_TRY(const DataScope places, scope.within({"audit.view"}));
            RecordFilter filter = everything();
            filter.actor_kind_self = enum_text(caller.kind);
            filter.actor_id_self = caller.actor_id;
            for (const Record& record : AuditStore(scope.tx()).newest(places, filter, 100)) {
                labels.push_back(record.subject_label);
            }
            EXPECT_EQ(AuditStore(scope.tx()).count(places, filter),
                      static_cast<std::int64_t>(labels.size()));
            return {};
        });
        EXPECT_TRUE(done.ok());
        return labels;
    }

    TestWorld world_;
    Audit audit_;
};

TEST_F(AuditTest, an_act_is_recorded_with_all_that_matters) {
    act(world_.staff({"audit.view"}, {"01"}), "S01", "0101");
    const auto found = records();
    ASSERT_EQ(found.size(), 1u);
    const Record& record = found.front();
    EXPECT_EQ(record.kind, RecordKind::act);
    EXPECT_EQ(record.actor_id, 7);
    EXPECT_EQ(record.actor_name.shown().text(), "Tester");
    EXPECT_EQ(record.action, "store.edited");
    EXPECT_EQ(record.subject_label, "S01");
    EXPECT_EQ(record.org_path, "0101");
    EXPECT_EQ(record.at, world_.clock.now());
    EXPECT_TRUE(verify_record(world_.tenant, record));
}

TEST_F(AuditTest, a_refused_act_leaves_no_record) {
    const auto refused = world_.use_case([](http::Scope& scope) -> Result<void> {
        scope.audit({.action = "store.edited", .subject_kind = "store"});
        return Problem::conflict("store.stale");
    });
    EXPECT_FALSE(refused.ok());
    EXPECT_TRUE(records().empty());
}

TEST_F(AuditTest, a_forged_record_is_found) {
    act(world_.system(), "S01", "");
    act(world_.system(), "S02", "");
    const RecordId forged = records().back().id;
    ASSERT_TRUE(world_
                    .tx([&](Tx& tx) -> Result<void> {
                        tx.run(kForge, forged, "S99");
                        return {};
                    })
                    .ok());
    const auto found = records();
    ASSERT_EQ(found.size(), 2u);
    EXPECT_TRUE(verify_record(world_.tenant, found[0]));
    EXPECT_FALSE(verify_record(world_.tenant, found[1]));
}

TEST_F(AuditTest, who_sees_what_hangs_on_place_and_person) {
    const http::Caller owner = world_.staff({"audit.view"}, {""}, 1);
    const http::Caller north = world_.staff({"audit.view"}, {"01"}, 2);
    const http::Caller south = world_.staff({"audit.view"}, {"02"}, 3);
    act(north, "north", "0101");
    act(south, "south", "02");
    act(north, "role", "");
    EXPECT_EQ(seen_by(owner), (std::vector<std::string>{"role", "south", "north"}));
    EXPECT_EQ(seen_by(north), (std::vector<std::string>{"role", "north"}));
    EXPECT_EQ(seen_by(south), (std::vector<std::string>{"south"}));
}

TEST_F(AuditTest, visits_wait_and_are_written_together) {
    visit(world_.tenant, 200);
    visit(world_.tenant, 403);
    audit_.flush_visits();
    EXPECT_TRUE(records().empty());  // two only, and not old yet
    world_.clock.advance_ms(5'000);
    audit_.flush_visits();
    audit_.flush_visits_and_wait();
    const auto found = records();
    ASSERT_EQ(found.size(), 2u);
    EXPECT_EQ(found[0].kind, RecordKind::visit);
    EXPECT_EQ(found[0].status, 403);
    EXPECT_EQ(found[0].at, Time(hangu::testing::kTestStartMs));
    EXPECT_EQ(found[0].route, "order.list");
    EXPECT_EQ(found[0].subject_id, "subject");
    EXPECT_TRUE(verify_record(world_.tenant, found[0]));
}

TEST_F(AuditTest, visits_have_limits_and_tenants_never_mix) {
    const TenantId other = world_.make_tenant();
    for (int i = 0; i < 20; ++i) {
        visit(world_.tenant, 200);
        visit(other, 404);
    }
    audit_.flush_visits_and_wait();
    EXPECT_EQ(records().size() + records_of(other).size(), 15u);
    for (const Record& record : records()) {
        EXPECT_EQ(record.status, 200);
        EXPECT_TRUE(verify_record(world_.tenant, record));
        EXPECT_FALSE(verify_record(other, record));
    }
    for (const Record& record : records_of(other)) {
        EXPECT_EQ(record.status, 404);
    }
    const std::string metrics = world_.metrics.text();
    EXPECT_NE(metrics.find("audit_visits_dropped_total 25"), std::string::npos) << metrics;
}

TEST_F(AuditTest, many_visits_of_a_tenant_do_not_wait) {
    for (int i = 0; i < 25; ++i) {
        visit(world_.tenant, 200);
    }
    EXPECT_EQ(records().size(), 20U);  // two times ten, written on the lane that reads them here
}

TEST_F(AuditTest, visits_of_a_tenant_that_is_not_there_are_dropped) {
    visit(TenantId(12345), 401);
    audit_.flush_visits_and_wait();
    EXPECT_NE(world_.metrics.text().find("audit_visits_dropped_total 1"), std::string::npos);
}

TEST_F(AuditTest, the_filter_and_the_page_hold) {
    for (int i = 0; i < 5; ++i) {
        act(world_.staff({"audit.view"}, {""}, 10 + i % 2), "S0" + std::to_string(i), "");
    }
    const auto found = world_.tx([](Tx& tx) -> Result<void> {
        AuditStore store(tx);
        RecordFilter filter = everything();
        filter.actor_id = 11;
        EXPECT_EQ(store.newest(DataScope::whole_tenant(), filter, 10).size(), 2u);
        filter.text = "S03";
        EXPECT_EQ(store.newest(DataScope::whole_tenant(), filter, 10).size(), 1u);
        filter.text = "%";
        EXPECT_EQ(store.count(DataScope::whole_tenant(), filter), 0);
        filter = everything();
        filter.kind = "visit";
        EXPECT_EQ(store.count(DataScope::whole_tenant(), filter), 0);
        const auto first = store.newest(DataScope::whole_tenant(), everything(), 2);
        filter = everything();
        filter.id_before = first.back().id.value();
        const auto next = store.newest(DataScope::whole_tenant(), filter, 10);
        EXPECT_EQ(next.size(), 3u);
        EXPECT_EQ(next.front().subject_label, "S02");
        return {};
    });
    ASSERT_TRUE(found.ok());
}

TEST(AuditSchema, statements_and_columns_are_sound) {
    const std::vector<storage::Part> parts = {part()};
    EXPECT_EQ(storage::statement_faults(parts), std::vector<std::string>());
}

}  // namespace
}  // namespace hangu::audit
