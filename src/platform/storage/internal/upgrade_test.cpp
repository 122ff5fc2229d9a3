// Programs of two versions side by side while the schema grows, is filled and shrinks; killed in
// the middle of each. Every program is a process of its own.
#include "platform/storage/internal/maria.hpp"
#include "platform/storage/internal/step_text.hpp"
#include "platform/storage/internal/upgrade_nodes_test.hpp"
#include "platform/storage/shard_check.hpp"
#include "platform/storage/shard_init.hpp"
#include "tests/support/maria_server.hpp"

#include <gtest/gtest.h>

namespace hangu::storage {
namespace {

using versions::Node;

class UpgradeTest : public ::testing::Test {
 protected:
    UpgradeTest()
        : folder_(fmt::format("{}/hangu-upgrade-{}",
                              std::filesystem::temp_directory_path().string(), ::getpid())) {
        std::filesystem::create_directories(folder_);
    }
    ~UpgradeTest() override {
        shut_.reset();
        if (server_) {
            server_->stop(SIGTERM);
        }
        std::filesystem::remove_all(folder_);
    }
    std::vector<ShardOptions> shards() {
        ShardOptions made;
        if (!server_) {
            server_ = std::make_unique<testing::MariaServer>(
                HANGU_MARIADB, folder_ + "/db",
                std::vector<std::string>{"--innodb-flush-log-at-trx-commit=2"});
        }
        made.name = "one";
        made.socket = server_->socket();
        made.database = "shard";
        made.lanes = 2;
        made.rw.user = made.ro.user = made.migrate.user = "root";
        HANGU_ASSERT(init_shard(made, made.rw, made.rw, "%").ok());
        return {made};
    }
    std::string data(const std::string& name) const { return folder_ + "/" + name; }

    // Somebody reads the table in a transaction, so a change of it has to wait; true when it does.
    void hold_table() {
        shut_ = std::make_unique<MariaConnection>(as_root_options());
        shut_->query_rows("select count(*) as n from goods");
    }
    bool somebody_waits_for_table() {
        MariaConnection watching(as_root_options());
        for (int i = 0; i < 200'000; ++i) {
            if (!watching
                     .query_rows("select id from information_schema.processlist where state like"
                                 " '%metadata lock%'")
                     .empty()) {
                return true;
            }
        }
        return false;
    }
    MariaConnection::Options as_root_options() const {
        MariaConnection::Options options;
        options.socket = server_->socket();
        options.user = "root";
        options.database = "shard";
        return options;
    }

    std::string folder_;
    std::unique_ptr<testing::MariaServer> server_;
    std::unique_ptr<MariaConnection> shut_;
};

TEST(StepText, an_expand_step_only_adds) {
    const auto fault = [](std::string_view sql) {
        return phase_fault(Phase::expand, sql, false, false);
    };
    EXPECT_EQ(
        fault("create table t (tenant_id integer not null, id integer primary key);"
              "create unique index t_id on t (tenant_id, id);"
              "alter table old add column a text; create unique index o on old (tenant_id, a);"
              "alter table old add column b integer not null default 0"),
        "");
    for (const std::string_view sql :
         {"drop table t", "drop index i", "alter table t drop column c",
          "alter table t rename to u", "alter table t rename column a to b",
          "alter table t add column a integer not null", "update t set a = 1",
          "alter table t add column a text unique", "delete from t",
          "create unique index i on t (tenant_id, a)"}) {
        EXPECT_NE(fault(sql), "") << sql;
    }
}

TEST(StepText, a_base_step_may_fill_what_it_adds) {
    const auto fault = [](std::string_view sql) {
        return phase_fault(Phase::base, sql, false, false);
    };
    EXPECT_EQ(fault("alter table t add column a integer not null default 0; update t set a = b"),
              "");
    EXPECT_NE(fault("alter table t add column a integer; update t set a = b, c = 1"), "");
    EXPECT_NE(fault("alter table t drop column a"), "");
}

TEST(StepText, a_migrate_step_is_bounded_and_counts_and_a_contract_step_only_removes) {
    const std::string_view batch =
        "update t set a = 1 where tenant_id = ?1 and id in (select id from"
        " t where tenant_id = ?1 and a is null limit ?2);";
    const std::string_view count = "select count(*) from t where tenant_id = ?1 and a is null";
    const auto migrate = [](const std::string& sql, bool filled = false) {
        return phase_fault(Phase::migrate, sql, false, filled);
    };
    EXPECT_EQ(migrate(std::string(batch) + std::string(count)), "");
    EXPECT_EQ(migrate(std::string(count), true), "");
    EXPECT_NE(migrate(std::string(count)), "");
    EXPECT_NE(migrate(std::string(batch)), "");
    EXPECT_NE(migrate("update t set a = 1 where tenant_id = ?1;" + std::string(count)), "");
    EXPECT_EQ(phase_fault(Phase::contract,
                          "drop index i; drop table t; alter table u drop column a", false, false),
              "");
    EXPECT_NE(phase_fault(Phase::contract, "delete from t", false, false), "");
    EXPECT_EQ(head_of("-- phase: expand\ncreate table t").fault.empty(), false);
    EXPECT_EQ(head_of("-- phase: contract\n-- release: 0.3\n").understood_since, (Release{0, 3}));
    EXPECT_EQ(head_of("-- what it is for: goods\ncreate table t").phase, Phase::base);
    EXPECT_EQ(faults_of(versions::parts_of(3)), std::vector<std::string>());
}

// A column that has to be given cannot go while programs of two versions work.
TEST(StepText, a_contract_of_what_must_be_given_is_refused) {
    static constexpr MigrationFile kBad[] = {
        {"goods", "0001_goods.sql",
         "create table goods (tenant_id integer not null, id integer primary key, label text not"
         " null)"},
        {"goods", "0002_gone.sql",
         "-- phase: contract\n-- release: 0.2\nalter table goods drop column label"}};
    const std::vector<Part> parts{{"goods", kBad, {}, {}}};
    const std::vector<std::string> faults = faults_of(parts);
    ASSERT_EQ(faults.size(), 1U);
    EXPECT_TRUE(faults[0].starts_with("step goods/0002_gone.sql: goods.label must be given"));
}

// One folder, one process at a time: the older program opens what the newer one has left.
TEST_F(UpgradeTest, files_are_served_by_both_versions_until_the_contract) {
    {
        Node first(1, data("files"), {});
        ASSERT_EQ(first.ask("started"), "ok");
        ASSERT_EQ(first.ask("make 1001 files"), "ok");
        ASSERT_EQ(first.ask("add 1001 1 Tea"), "ok");
        first.end();
    }
    {
        Node second(2, data("files"), {});
        ASSERT_EQ(second.ask("started"), "ok");
        EXPECT_EQ(second.ask("goods 1001"), "1=tea");
        EXPECT_EQ(second.ask("report 1001"), "1=tea");
        EXPECT_EQ(second.ask("add 1001 2 Milk"), "ok");
        second.kill();
    }
    {
        Node first(1, data("files"), {});
        ASSERT_EQ(first.ask("started"), "ok");
        EXPECT_EQ(first.ask("report 1001"), "1=tea 2=milk");
        EXPECT_EQ(first.ask("add 1001 3 Bun"), "ok");
        EXPECT_EQ(first.ask("goods 1001"), "1=tea 2=milk 3=bun");
        first.end();
    }
    {
        Node second(2, data("files"), {});
        EXPECT_EQ(second.ask("empty 1001"), "2");
        EXPECT_EQ(second.ask("begin"), "ok");
        EXPECT_EQ(second.ask("sweep"), "done");
        EXPECT_EQ(second.ask("empty 1001"), "0");
        EXPECT_EQ(second.ask("contract 0"), "contract.nothing: this program has no contract steps");
        second.end();
    }
    {
        Node first(1, data("files"), {});
        EXPECT_EQ(first.ask("goods 1001"), "1=tea 2=milk 3=bun");
        EXPECT_EQ(first.ask("add 1001 4 Jam"), "ok");
        first.end();
    }
    {
        Node third(3, data("files"), {});
        EXPECT_TRUE(third.ask("contract 0 0.3").starts_with("contract.too_early: "));
        EXPECT_EQ(third.ask("add 1001 5 Egg"), "ok");
        third.end();
    }
    {
        Node second(2, data("files"), {});
        EXPECT_EQ(second.ask("goods 1001"), "1=tea 2=milk 3=bun 4=jam 5=egg");
        second.end();
    }
}

TEST_F(UpgradeTest, a_file_behind_the_contract_is_refused_by_what_is_too_old) {
    {
        Node second(2, data("files"), {});
        ASSERT_EQ(second.ask("make 1001 files"), "ok");
        ASSERT_EQ(second.ask("add 1001 1 Tea"), "ok");
        ASSERT_EQ(second.ask("begin"), "ok");
        ASSERT_EQ(second.ask("sweep"), "done");
        second.end();
    }
    Node fourth(4, data("files"), {});
    EXPECT_EQ(fourth.ask("contract 0 0.4"), "from 1 places");
    EXPECT_EQ(fourth.ask("contract 0 0.4"), "from 0 places");
    EXPECT_EQ(fourth.ask("goods 1001"), "1=tea");
    EXPECT_EQ(fourth.ask("report 1001"), "1=tea");
    EXPECT_EQ(fourth.ask("make 1002 files"), "ok");
    fourth.end();
    Node third(3, data("files"), {});
    EXPECT_EQ(third.ask("add 1001 6 Oil"), "ok");
    EXPECT_EQ(third.ask("make 1003 files"), "ok");  // begins without what was removed
    third.end();
    {
        Node later(4, data("files"), {});
        EXPECT_EQ(later.ask("contract 0"), "from 1 places") << "1002 was made of the old template";
        later.end();
    }
    Node second(2, data("files"), {});
    EXPECT_EQ(second.ask("goods 1001")
                  .find("migration.contracted: version 0.3 has removed what this"
                        " program (0.2) needs"),
              std::string("fault: ").size());
}

// Two processes on one shard, taking turns.
TEST_F(UpgradeTest, a_shard_is_served_by_both_versions_until_the_contract) {
    const std::vector<ShardOptions> all = shards();
    Node first(1, data("a"), all);
    ASSERT_EQ(first.ask("started"), "ok");
    ASSERT_EQ(first.ask("make 1001 one"), "ok");
    ASSERT_EQ(first.ask("add 1001 1 Tea"), "ok");
    Node second(2, data("b"), all);
    ASSERT_EQ(second.ask("started"), "ok");
    ASSERT_TRUE(second.ask("make 1001 one").starts_with("tenant.exists"));  // now it knows where
    std::string goods = "1=tea";
    const auto alternate = [&goods](Node& one, Node& other, int from) {
        for (int id = from; id < from + 6; ++id) {
            Node& writer = id % 2 == 0 ? one : other;
            ASSERT_EQ(writer.ask(fmt::format("add 1001 {} Good-{}", id, id)), "ok");
            goods += fmt::format(" {}=good-{}", id, id);
            for (Node* reader : {&one, &other}) {
                ASSERT_EQ(reader->ask("goods 1001"), goods);
                ASSERT_EQ(reader->ask("report 1001"), goods);
            }
        }
    };
    alternate(first, second, 10);
    Node again(1, data("c"), all);  // an older one that starts on the newer schema
    ASSERT_EQ(again.ask("started"), "ok");
    again.ask("make 1001 one");
    alternate(again, second, 20);
    ASSERT_EQ(again.ask("make 1002 one"), "ok");
    EXPECT_TRUE(again.ask("move 1002 files").starts_with("move.newer_schema: "))
        << "loses a column";
    ASSERT_EQ(second.ask("begin"), "ok");
    ASSERT_EQ(second.ask("sweep"), "done");
    alternate(first, second, 30);
    first.kill();
    again.kill();
    Node third(3, data("d"), all);
    ASSERT_EQ(third.ask("started"), "ok");
    third.ask("make 1001 one");
    ASSERT_EQ(third.ask("begin"), "ok");
    ASSERT_EQ(third.ask("sweep"), "done");
    ASSERT_EQ(third.ask("add 1001 40 Egg"), "ok");
    ASSERT_EQ(second.ask("goods 1001"), goods + " 40=egg");
    EXPECT_TRUE(third.ask("contract 0 0.2 0.3").starts_with("contract.too_early: "));
    second.kill();
    Node fourth(4, data("d4"), all);
    fourth.ask("make 1001 one");
    ASSERT_EQ(fourth.ask("begin"), "ok");
    ASSERT_EQ(fourth.ask("sweep"), "done");
    EXPECT_EQ(fourth.ask("contract 0 0.4"), "from 1 places");
    EXPECT_EQ(fourth.ask("goods 1001"), goods + " 40=egg");
    EXPECT_EQ(third.ask("add 1001 41 Oil"), "ok");
    EXPECT_EQ(fourth.ask("goods 1001"), goods + " 40=egg 41=oil");
    Node late(2, data("b"), all);
    EXPECT_EQ(late.ask("started").find("migration.contracted: version 0.3 has removed what this "
                                       "program (0.2) needs"),
              0U);
}

TEST_F(UpgradeTest, another_hand_is_noticed_behind_a_newer_version) {
    const std::vector<ShardOptions> all = shards();
    Node(2, data("a"), all).ask("started");
    EXPECT_EQ(Node(1, data("b"), all).ask("started"), "ok");
    {
        MariaConnection root(as_root_options());
        root.execute("alter table goods add column more bigint");
    }
    const std::string refused = Node(1, data("b"), all).ask("started");
    EXPECT_TRUE(refused.starts_with("schema.differs: ")) << refused;
    EXPECT_TRUE(Node(2, data("a"), all).ask("started").starts_with("schema.differs: "));
}

TEST_F(UpgradeTest, what_would_keep_writers_waiting_is_refused_unless_it_may) {
    const std::vector<ShardOptions> all = shards();
    EXPECT_EQ(Node(1, data("a"), all).ask("started"), "ok");
    const std::string refused = Node(versions::kWouldBlock, data("b"), all).ask("started");
    EXPECT_TRUE(refused.starts_with("migration.blocks: ")) << refused;
    EXPECT_EQ(Node(1, data("a"), all).ask("started"), "ok");
    EXPECT_EQ(Node(versions::kMayBlock, data("b"), all).ask("started"), "ok");
    EXPECT_EQ(Node(versions::kWouldBlock, data("b"), all).ask("started"), "ok");
    EXPECT_EQ(Node(1, data("a"), all).ask("started"), "ok");
}

TEST_F(UpgradeTest, its_own_statements_are_sound_on_both_engines) {
    EXPECT_EQ(statement_faults(upgrade_parts()), std::vector<std::string>());
    EXPECT_EQ(shard_statement_faults(upgrade_parts(), shards().front().socket),
              std::vector<std::string>());
}

// The server holds the change of the table back; the program that asked for it is killed.
TEST_F(UpgradeTest, a_kill_while_a_shard_grows_or_shrinks) {
    const std::vector<ShardOptions> all = shards();
    Node first(1, data("a"), all);
    ASSERT_EQ(first.ask("make 1001 one"), "ok");
    ASSERT_EQ(first.ask("add 1001 1 Tea"), "ok");
    hold_table();
    {
        Node second(2, data("b"), all);
        ASSERT_TRUE(somebody_waits_for_table());
        second.kill();
    }
    shut_.reset();
    ASSERT_EQ(first.ask("add 1001 2 Milk"), "ok");
    {
        Node other(1, data("c"), all);
        EXPECT_EQ(other.ask("started"), "ok") << "while nobody goes on with it";
    }
    Node fourth(4, data("b"), all);
    ASSERT_EQ(fourth.ask("started"), "ok");
    fourth.ask("make 1001 one");
    EXPECT_EQ(fourth.ask("goods 1001"), "1= 2=");  // not filled yet
    EXPECT_EQ(first.ask("goods 1001"), "1=tea 2=milk");
    ASSERT_EQ(fourth.ask("begin"), "ok");
    ASSERT_EQ(fourth.ask("sweep"), "done");
    first.kill();
    hold_table();
    fourth.tell("contract 0 0.4");
    ASSERT_TRUE(somebody_waits_for_table());
    fourth.kill();
    shut_.reset();
    Node again(4, data("b"), all);
    EXPECT_EQ(again.ask("goods 1001"), "1=tea 2=milk");
    EXPECT_EQ(again.ask("contract 0 0.4"), "from 1 places");
    EXPECT_EQ(again.ask("goods 1001"), "1=tea 2=milk");
}

// Killed at the n-th thing that it tells, for every n: afterwards it goes on, and what was done
// once is not done again.
TEST_F(UpgradeTest, a_kill_anywhere_in_a_sweep_or_a_contract_and_another_program_goes_on) {
    {
        Node first(1, data("files"), {});
        for (int tenant = 1001; tenant <= 1004; ++tenant) {
            ASSERT_EQ(first.ask(fmt::format("make {} files", tenant)), "ok");
            ASSERT_EQ(first.ask(fmt::format("add {} 1 Tea", tenant)), "ok");
        }
        first.end();
    }
    const auto until_done = [this](int version, const std::string& words, const std::string& done) {
        int killed = 0;
        for (int step = 1;; ++step) {
            Node node(version, data("files"), {});
            node.ask("later");
            const std::string answer = node.ask(fmt::format("{} {}", words, step));
            if (!answer.empty() && answer.starts_with(done)) {
                return killed;
            }
            EXPECT_EQ(answer, "") << words;
            ++killed;
            node.kill();
            Node older(version == 2 ? 1 : 3, data("files"), {});
            for (int tenant = 1001; tenant <= 1004; ++tenant) {
                EXPECT_EQ(older.ask(fmt::format("goods {}", tenant)), "1=tea");
            }
            older.end();
            if (killed > 30) {
                return killed;
            }
        }
    };
    {
        Node second(2, data("files"), {});
        ASSERT_EQ(second.ask("begin 1003"), "ok");
        second.end();
    }
    EXPECT_GE(until_done(2, "sweep", "done"), 2);
    {
        Node second(2, data("files"), {});
        EXPECT_EQ(second.ask("swept"),
                  "1003:canary:done 1001:one:done 1002:ten:done 1004:ten:done");
        second.end();
    }
    EXPECT_GE(until_done(4, "contract", "from "), 4);
    Node fourth(4, data("files"), {});
    EXPECT_EQ(fourth.ask("goods 1004"), "1=tea");
}

TEST_F(UpgradeTest, a_canary_that_fails_stops_the_sweep_and_nothing_else_is_touched) {
    {
        Node first(1, data("files"), {});
        for (const int tenant : {1001, 1002, 1003}) {
            ASSERT_EQ(first.ask(fmt::format("make {} files", tenant)), "ok");
            ASSERT_EQ(first.ask(fmt::format("add {} 1 {}", tenant, tenant == 1002 ? "bad" : "Tea")),
                      "ok");
        }
        first.end();
    }
    Node second(2, data("files"), {});
    ASSERT_EQ(second.ask("begin 1002"), "ok");
    EXPECT_EQ(second.ask("begin 1002"), "upgrade.running: an upgrade runs already");
    EXPECT_EQ(second.ask("sweep"), "stopped");
    EXPECT_EQ(
        second.ask("run"),
        fmt::format("tenant {}: migration.unfinished: step goods/0003_fold.sql: nothing more is"
                    " filled, and 1 rows are left",
                    TenantId(1002).text()));
    EXPECT_EQ(second.ask("swept"), "1002:canary:failed 1001:one:waiting 1003:ten:waiting");
    for (const int tenant : {1001, 1002, 1003}) {
        EXPECT_EQ(second.ask(fmt::format("empty {}", tenant)), "1");
    }
    EXPECT_EQ(second.ask("resume"), "ok");
    EXPECT_EQ(second.ask("sweep"), "stopped");  // it is as bad as it was
    EXPECT_EQ(second.ask("quarantine 1002"), "ok");
    EXPECT_EQ(second.ask("resume"), "ok");
    EXPECT_EQ(second.ask("sweep"), "done");
    EXPECT_EQ(second.ask("swept"), "1002:canary:quarantined 1001:one:done 1003:ten:done");
    EXPECT_EQ(second.ask("goods 1002"), "1=bad");
    EXPECT_EQ(second.ask("empty 1002"), "1");
    second.end();
    Node fourth(4, data("files"), {});
    EXPECT_EQ(fourth.ask("contract 0 0.4"), "from 2 places");
    fourth.end();
    Node back(2, data("files"), {});
    EXPECT_EQ(back.ask("goods 1002"), "1=bad") << "nothing was removed from it";
}

TEST_F(UpgradeTest, the_program_fills_what_a_statement_cannot) {
    {
        Node first(1, data("files"), {});
        ASSERT_EQ(first.ask("make 1001 files"), "ok");
        ASSERT_EQ(first.ask("add 1001 1 Tea"), "ok");
        ASSERT_EQ(first.ask("add 1001 2 Milk"), "ok");
        first.end();
    }
    Node computing(versions::kComputing, data("files"), {});
    ASSERT_EQ(computing.ask("started"), "ok");
    ASSERT_EQ(computing.ask("begin"), "ok");
    EXPECT_EQ(computing.ask("sweep"), "done");
    EXPECT_EQ(computing.ask("empty 1001"), "0");
    EXPECT_EQ(computing.ask("goods 1001"), "1=tea 2=milk");
}

TEST_F(UpgradeTest, a_rehearsal_tells_what_would_be_and_leaves_everything_as_it_is) {
    {
        Node first(1, data("files"), {});
        ASSERT_EQ(first.ask("make 1001 files"), "ok");
        ASSERT_EQ(first.ask("add 1001 1 Tea"), "ok");
        first.end();
    }
    {
        versions::Program fourth(4, data("files"), {});
        const Result<Rehearsal> told = fourth.upgrade->rehearse(TenantId(1001));
        ASSERT_TRUE(told.ok());
        EXPECT_EQ(told->fault, "");
        ASSERT_EQ(told->steps.size(), 3U);
        EXPECT_EQ(told->steps[1].rows, 1);
        ASSERT_EQ(told->changes.size(), 3U);
        EXPECT_EQ(told->changes[0].columns, "+folded -label");
        EXPECT_EQ(told->changes[0].rows_after, 1);
        EXPECT_FALSE(fourth.upgrade->rehearse(TenantId(1009)).ok());
        EXPECT_EQ(fourth.upgrade->schema_version().substr(0, 4), "0.4 ");
    }
    EXPECT_TRUE(std::filesystem::is_empty(data("files") + "/rehearsal"));
    Node first(1, data("files"), {});
    EXPECT_EQ(first.ask("goods 1001"), "1=tea");
}

}  // namespace
}  // namespace hangu::storage
