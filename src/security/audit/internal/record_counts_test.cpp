// A record that was never written is noticed, and what was recorded is not.
#include "security/audit/record_counts.hpp"
#include "security/audit/module.hpp"

#include "security/audit/internal/audit_store.hpp"

#include "tests/support/test_world.hpp"

#include <gtest/gtest.h>

namespace hangu::audit {
namespace {

using hangu::testing::TestWorld;

class RecordCountsTest : public ::testing::Test {
 protected:
    RecordCountsTest()
        : world_({part()}),
          audit_(*world_.engine, world_.ids, world_.random, world_.clock, world_.log,
                 world_.metrics, Audit::Options{}),
          counts_(*world_.engine, audit_, world_.clock, world_.log, world_.metrics, options()),
          caller_(world_.staff({}, {})) {
        world_.world.audit = &audit_;
    }
    static RecordCounts::Options options() {
        RecordCounts::Options options;
        options.records_per_part = 3;  // so that several parts are read
        return options;
    }

    void serve(std::string_view route) {
        http::Answered answer;
        answer.caller = &caller_;
        answer.route = route;
        answer.status = 200;
        answer.at = world_.clock.now();
        counts_.answered(answer);
    }
    void visit(std::string_view route) {
        const http::RequestFacts facts{&caller_, route, "192.0.2.1", "trace"};
        audit_.visit(world_.tenant, facts, world_.clock.now(), 200, "");
    }
    // A minute passes: what waits is written, then counts are compared.
    void round() {
        world_.clock.advance_ms(kMinuteMs);
        audit_.flush_visits_and_wait();
        counts_.compare_and_wait();
    }
    // The routes of which the tenant's own log tells that they differ.
    std::vector<std::string> told() {
        std::vector<std::string> routes;
        const auto read = [&](storage::Tx& tx) -> Result<void> {
            for (const StoredRecord& record : AuditStore(tx).after(RecordId(), 1000)) {
                if (record.action == "audit.counts_differ") {
                    routes.push_back(record.subject_label);
                }
            }
            return {};
        };
        EXPECT_TRUE(world_.engine->run(world_.tenant, storage::Work::write, read).ok());
        return routes;
    }

    TestWorld world_;
    Audit audit_;
    RecordCounts counts_;
    http::Caller caller_;
};

TEST_F(RecordCountsTest, agree_while_everything_is_recorded) {
    for (int i = 0; i < 10; ++i) {
        serve("order.list");
        visit("order.list");
        round();
    }
    round();
    EXPECT_TRUE(told().empty());
}

TEST_F(RecordCountsTest, a_dropped_record_is_noticed_within_two_rounds) {
    for (int i = 0; i < 5; ++i) {
        serve("order.list");
        serve("order.view");
        visit("order.list");
        if (i != 3) {
            visit("order.view");  // one of them is lost
        }
    }
    round();
    EXPECT_TRUE(told().empty());
    round();
    EXPECT_EQ(told(), std::vector<std::string>{"order.view"});
    round();
    round();
    EXPECT_EQ(told(), std::vector<std::string>{"order.view"}) << "told once";
}

TEST_F(RecordCountsTest, a_record_removed_from_the_file_at_once_is_noticed) {
    serve("order.list");
    visit("order.list");
    audit_.flush_visits_and_wait();
    class Remove final : public storage::Job {
     public:
        storage::Decision body(storage::Tx& tx) override {
            static constexpr storage::Statement<void()> kRemove{
                "audit_record.test_remove", "delete from audit_record where tenant_id = ?1"};
            tx.run(kRemove);
            return storage::Decision::commit;
        }
        void done(const storage::Outcome&) override {}
    };
    world_.engine->submit(world_.tenant, storage::Work::write, std::make_unique<Remove>());
    EXPECT_TRUE(told().empty());
    round();
    round();
    EXPECT_EQ(told(), std::vector<std::string>{"order.list"});
}

TEST_F(RecordCountsTest, an_act_is_a_record_of_its_request) {
    http::RequestFacts facts{&caller_, "order.place", "192.0.2.1", "trace-1"};
    serve("order.place");
    const auto act = [&](storage::Tx& tx) -> Result<void> {
        http::AuditFact one;
        one.action = "order.placed";
        audit_.record(tx, facts, {one, one});
        return {};
    };
    ASSERT_TRUE(world_.engine->run(world_.tenant, storage::Work::write, act).ok());
    round();
    round();
    EXPECT_TRUE(told().empty());
}

}  // namespace
}  // namespace hangu::audit
