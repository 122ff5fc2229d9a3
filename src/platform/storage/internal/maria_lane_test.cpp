#include "platform/storage/internal/maria_lane.hpp"

#include "platform/storage/internal/again.hpp"
#include "platform/storage/internal/maria_accounts.hpp"
#include "platform/storage/internal/maria_migration.hpp"
#include "tests/support/key_store.hpp"
#include "tests/support/maria_server.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <future>

namespace hangu::storage::lane_test {
namespace {

struct CountRow {
    static constexpr std::string_view kTable = "counter";
    std::int64_t id = 0;
    std::int64_t value = 0;
};
HANGU_STRUCT(CountRow, id, value)

constexpr Statement<std::int64_t(std::int64_t)> kGet{
    "counter.get", "select value from counter where tenant_id = ?1 and id = ?2"};
constexpr Statement<void(std::int64_t, std::int64_t)> kSet{
    "counter.set", "update counter set value = ?3 where tenant_id = ?1 and id = ?2"};
constexpr MigrationFile kFiles[] = {
    {"counter", "0001_counter.sql",
     "create table counter (tenant_id integer not null, id integer primary key,"
     " value integer not null)"}};
constexpr hangu::storage::Column kColumns[] = {
    {"id", ColumnType::integer, DataClass::key, Level::internal},
    {"value", ColumnType::integer, DataClass::business, Level::internal}};

std::vector<Part> parts() {
    return {{"counter", kFiles, {{"counter", kColumns}}, {info(kGet), info(kSet)}}};
}

using Body = std::function<Decision(Tx&)>;

class TestJob final : public Job {
 public:
    TestJob(Body body, Outcome& outcome) : body_(std::move(body)), outcome_(outcome) {}
    Decision body(Tx& tx) override { return body_(tx); }
    void done(const Outcome& outcome) override { outcome_ = outcome; }

 private:
    Body body_;
    Outcome& outcome_;
};

struct Asked {
    Work work = Work::write;
    Body body;
};

// One server for the program; a database of its own for every case. Two worlds are two processes.
class ShardLaneTest : public ::testing::Test {
 protected:
    static void SetUpTestSuite() {
        folder_ = fmt::format("{}/hangu-shard-{}", std::filesystem::temp_directory_path().string(),
                              ::getpid());
        server_ = std::make_unique<testing::MariaServer>(
            HANGU_MARIADB, folder_, std::vector<std::string>{"--innodb-flush-log-at-trx-commit=0"});
    }
    static void TearDownTestSuite() {
        server_.reset();
        std::filesystem::remove_all(folder_);
    }

    ShardLaneTest() {
        static int count = 0;
        database_ = fmt::format("shard_{}", count++);
        MariaConnection::Options options = root();
        options.database = "";
        MariaConnection(options).execute("create database " + database_);
        db_ = std::make_unique<MariaConnection>(root());
        EXPECT_TRUE(migrate_shard(*db_, steps_of(parts(), false), false, Time(0)).ok());
        EXPECT_TRUE(register_tenant(*db_, tenant_, {0, 1}));
        EXPECT_FALSE(register_tenant(*db_, tenant_, {0, 1}));
        ring_.create(tenant_);
        for (ShardWorld* world : {&here_, &there_}) {
            world->writes = world->reports = root();
            world->reports.read_only = true;
            world->writes.tables = &tables_;
            world->clock = &clock_;
            world->keys = &ring_;
        }
        EXPECT_TRUE(run(lane_, Work::write, [](Tx& tx) {
                        tx.insert(CountRow{1, 0});
                        return Decision::commit;
                    }).committed);
    }
    MariaConnection::Options root() const {
        MariaConnection::Options options;
        options.socket = server_->socket();
        options.user = "root";
        options.database = database_;
        options.lock_seconds_max = 1;
        return options;
    }
    std::vector<Outcome> drain(ShardLane& lane, std::vector<Asked> asked) {
        std::vector<Outcome> outcomes(asked.size());
        std::vector<Pending> batch;
        for (std::size_t i = 0; i < asked.size(); ++i) {
            batch.push_back({tenant_, asked[i].work,
                             std::make_unique<TestJob>(std::move(asked[i].body), outcomes[i])});
            batch.back().versions = versions_;
        }
        lane.drain(batch);
        return outcomes;
    }
    Outcome run(ShardLane& lane, Work work, Body body) {
        return drain(lane, {{work, std::move(body)}})[0];
    }
    // Read, then write what follows from it: right only if nobody comes between.
    static Decision add_one(Tx& tx) {
        tx.run(kSet, 1, tx.find(kGet, 1).value() + 1);
        return Decision::commit;
    }
    std::int64_t value() {
        std::int64_t answer = -1;
        run(lane_, Work::read, [&answer](Tx& tx) {
            answer = tx.find(kGet, 1).value();
            return Decision::roll_back;
        });
        return answer;
    }
    Seen seen() {
        return run(lane_, Work::read,
                   [](Tx& tx) {
                       tx.find(kGet, 1);
                       return Decision::roll_back;
                   })
            .seen;
    }
    // Ends every other connection of the case's database.
    void end_connections() {
        for (const auto& row :
             db_->query_rows("select id from information_schema.processlist where db = database()"
                             " and id <> connection_id()")) {
            db_->execute("kill " + row.at("id"));
        }
    }
    template <class Fault>
    static bool is(const Outcome& outcome) {
        try {
            if (outcome.fault) {
                std::rethrow_exception(outcome.fault);
            }
        } catch (const Fault&) {
            return !outcome.committed;
        } catch (...) {
            return false;
        }
        return false;
    }

    static inline std::string folder_;
    static inline std::unique_ptr<testing::MariaServer> server_;
    std::string database_;
    ManualClock clock_{Time(1'795'305'600'000)};
    SeededRandomness random_{7};
    testing::MemoryKeyStore store_;
    crypto::KeyRing ring_{Secret(std::string(32, 'r')), store_, random_};
    TenantId tenant_{1001};
    const TableNumbers tables_{{"counter", 0}};
    std::shared_ptr<TableVersions> versions_ = std::make_shared<TableVersions>();
    std::unique_ptr<MariaConnection> db_;
    ShardWorld here_;
    ShardWorld there_;
    ShardLane lane_{here_};
    ShardLane other_{there_};
};

TEST_F(ShardLaneTest, writers_of_a_tenant_come_one_after_another_in_two_processes) {
    const auto work = [this](ShardLane& lane) {
        for (int i = 0; i < 100; ++i) {
            EXPECT_TRUE(run(lane, Work::write, add_one).committed);
        }
    };
    auto elsewhere = std::async(std::launch::async, [&] { work(other_); });
    work(lane_);
    elsewhere.get();
    EXPECT_EQ(value(), 200);
}

TEST_F(ShardLaneTest, what_waits_shares_a_commit_and_one_fault_harms_nobody_else) {
    const std::uint64_t before = here_.commits;
    const auto outcomes = drain(lane_, {{Work::write, add_one},
                                        {Work::write,
                                         [](Tx& tx) -> Decision {
                                             tx.run(kSet, 1, 1000);
                                             throw std::runtime_error("broken");
                                         }},
                                        {Work::write,
                                         [](Tx& tx) {
                                             tx.run(kSet, 1, 2000);
                                             return Decision::roll_back;
                                         }},
                                        {Work::write, add_one}});
    EXPECT_TRUE(outcomes[0].committed);
    EXPECT_TRUE(is<std::runtime_error>(outcomes[1]));
    EXPECT_FALSE(outcomes[2].committed);
    EXPECT_FALSE(outcomes[2].fault);
    EXPECT_TRUE(outcomes[3].committed);
    EXPECT_EQ(outcomes[0].commit_number, 2);
    EXPECT_EQ(outcomes[3].commit_number, 2);
    EXPECT_EQ(outcomes[1].commit_number, 0);
    EXPECT_EQ(here_.commits - before, 1U);
    EXPECT_EQ(value(), 2);
}

TEST_F(ShardLaneTest, a_read_writes_nothing_and_a_report_may_not_try) {
    const auto write = [](Tx& tx) {
        tx.run(kSet, 1, 5);
        return Decision::commit;
    };
    const Outcome read = run(lane_, Work::read, write);
    EXPECT_TRUE(read.committed);
    EXPECT_EQ(read.commit_number, 0);
    EXPECT_TRUE(is<StorageFault>(run(lane_, Work::report, write)));
    EXPECT_EQ(value(), 0);
}

TEST_F(ShardLaneTest, a_connection_lost_before_the_commit_runs_the_unit_again) {
    int runs = 0;
    const Outcome outcome = run(lane_, Work::write, [&](Tx& tx) {
        const std::int64_t now = tx.find(kGet, 1).value();
        if (++runs == 1) {
            end_connections();
        }
        tx.run(kSet, 1, now + 1);
        return Decision::commit;
    });
    EXPECT_TRUE(outcome.committed);
    EXPECT_EQ(runs, 2);
    EXPECT_EQ(value(), 1);
}

TEST_F(ShardLaneTest, work_that_takes_a_loss_for_an_answer_is_run_again) {
    int runs = 0;
    const Outcome outcome = run(lane_, Work::write, [&](Tx& tx) {
        if (++runs == 1) {
            end_connections();
        }
        try {
            return add_one(tx);
        } catch (const StorageFault&) {
            return Decision::roll_back;
        }
    });
    EXPECT_TRUE(outcome.committed);
    EXPECT_EQ(runs, 2);
}

TEST_F(ShardLaneTest, an_unknown_commit_is_said_and_not_done_again) {
    int runs = 0;
    const Outcome outcome = run(lane_, Work::write, [&](Tx& tx) {
        ++runs;
        add_one(tx);
        end_connections();
        return Decision::commit;
    });
    EXPECT_TRUE(is<CommitUnknown>(outcome));
    EXPECT_EQ(runs, 1);
    EXPECT_EQ(value(), 0);
    EXPECT_TRUE(run(lane_, Work::write, add_one).committed);
}

TEST_F(ShardLaneTest, what_was_read_stands_until_it_is_written) {
    const Seen before = seen();
    EXPECT_TRUE(before.still_right());
    run(lane_, Work::write, [](Tx& tx) {
        tx.run(kSet, 1, 7);
        return Decision::roll_back;
    });
    run(lane_, Work::read, add_one);  // writes nothing
    EXPECT_TRUE(before.still_right());
    EXPECT_TRUE(run(lane_, Work::write, add_one).committed);
    EXPECT_FALSE(before.still_right());
    const Seen after = seen();
    EXPECT_TRUE(after.still_right());
    EXPECT_TRUE(run(lane_, Work::write, [](Tx&) { return Decision::commit; }).committed);
    EXPECT_TRUE(after.still_right());
    versions_->close();
    EXPECT_FALSE(after.still_right());
    EXPECT_FALSE(seen().still_right());  // also what was on its way
}

TEST_F(ShardLaneTest, nothing_read_is_kept_while_a_commit_may_still_come) {
    const Seen before = seen();
    EXPECT_TRUE(is<CommitUnknown>(run(lane_, Work::write, [&](Tx& tx) {
        add_one(tx);
        end_connections();
        return Decision::commit;
    })));
    EXPECT_FALSE(before.still_right());
    EXPECT_FALSE(seen().still_right());
    EXPECT_TRUE(run(lane_, Work::write, add_one).committed);  // it has waited for that commit
    EXPECT_TRUE(seen().still_right());
}

TEST_F(ShardLaneTest, nothing_read_is_kept_behind_the_end_of_a_lease) {
    const auto tenure = std::make_shared<Tenure>(clock_);
    versions_ = std::make_shared<TableVersions>(tenure);
    EXPECT_FALSE(seen().still_right());
    tenure->extend(clock_.monotonic_us() + 5'000);
    const Seen kept = seen();
    EXPECT_TRUE(kept.still_right());
    clock_.advance_ms(5);
    EXPECT_FALSE(kept.still_right());
}

TEST_F(ShardLaneTest, many_rows_are_inserted_with_few_statements) {
    std::vector<CountRow> rows;
    for (std::int64_t id = 2; id <= 12; ++id) {
        rows.push_back({id, id * 10});
    }
    EXPECT_TRUE(run(lane_, Work::write, [&](Tx& tx) {
                    tx.insert_all(std::span<const CountRow>(rows));
                    return Decision::commit;
                }).committed);
    const auto sums = db_->query_rows("select count(*) as n, sum(value) as sum from counter");
    EXPECT_EQ(sums.front().at("n"), "12");
    EXPECT_EQ(sums.front().at("sum"), "770");
    EXPECT_TRUE(is<UniqueViolation>(run(lane_, Work::write, [&](Tx& tx) {
        tx.insert_all(std::span<const CountRow>(rows).last(2));
        return Decision::commit;
    })));
}

TEST_F(ShardLaneTest, a_tenant_held_too_long_is_given_up_after_a_few_attempts) {
    db_->execute("update storage_tenant set commit_number = commit_number where tenant_id = 1001");
    int runs = 0;
    const Outcome outcome = run(lane_, Work::write, [&runs](Tx& tx) {
        ++runs;
        return add_one(tx);
    });
    EXPECT_TRUE(is<TransactionLost>(outcome));
    EXPECT_EQ(runs, 0);
    EXPECT_EQ(here_.repeats, static_cast<std::uint64_t>(kUnitAttemptsMax));
    db_->roll_back();
    EXPECT_TRUE(run(lane_, Work::write, add_one).committed);
}

TEST_F(ShardLaneTest, a_tenant_of_another_shard_is_not_served) {
    tenant_ = TenantId(1002);
    ring_.create(tenant_);
    for (const Work work : {Work::write, Work::read, Work::report}) {
        EXPECT_TRUE(is<NoSuchTenant>(run(lane_, work, add_one)));
    }
}

TEST_F(ShardLaneTest, each_role_has_the_rights_of_its_work) {
    db_->execute("create user app@localhost identified by 'p'");
    const auto as = [this](ShardRole role) {
        for (const std::string& sql : grants_of(role, database_, "'app'@'localhost'")) {
            db_->execute(sql);
        }
        MariaConnection::Options options = root();
        options.user = "app";
        options.password = Secret("p");
        return std::make_unique<MariaConnection>(options);
    };
    const auto may = [](MariaConnection& connection, const std::string& sql) {
        try {
            connection.execute(sql);
            return true;
        } catch (const StorageFault&) {
            return false;
        }
    };
    const std::string change = "update counter set value = 1 where tenant_id = 1001";
    const std::string shape = "alter table counter add column extra bigint";
    EXPECT_TRUE(may(*as(ShardRole::rw), change));
    EXPECT_FALSE(may(*as(ShardRole::rw), shape));
    EXPECT_FALSE(may(*as(ShardRole::rw), "drop table counter"));
    EXPECT_FALSE(may(*as(ShardRole::rw), "create table mine (id bigint)"));
    EXPECT_FALSE(may(*as(ShardRole::rw), "select * from mysql.global_priv"));
    EXPECT_FALSE(may(*as(ShardRole::ro), change));
    EXPECT_TRUE(may(*as(ShardRole::ro), "select count(*) from counter where tenant_id = 1001"));
    EXPECT_FALSE(may(*as(ShardRole::backup), change));
    EXPECT_TRUE(may(*as(ShardRole::migrate), shape));
    EXPECT_TRUE(may(*as(ShardRole::migrate), "alter table counter enable keys"));
    db_->execute("drop user app@localhost");
}

}  // namespace
}  // namespace hangu::storage::lane_test
