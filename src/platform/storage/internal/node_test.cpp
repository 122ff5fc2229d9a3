// Several processes over one control database and one shard: who works for a tenant, who takes it
// over, and that whoever was before is refused by the database.
#include "platform/runtime/runtime.hpp"
#include "platform/storage/engine.hpp"
#include "platform/storage/shard_init.hpp"
#include "tests/support/key_store.hpp"
#include "tests/support/maria_server.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <poll.h>

#include <atomic>
#include <filesystem>
#include <latch>
#include <mutex>
#include <set>
#include <thread>

namespace hangu::storage::node_test {
namespace {

struct CountRow {
    static constexpr std::string_view kTable = "count_of";
    std::int64_t id = 0;
    std::int64_t number = 0;
};
HANGU_STRUCT(CountRow, id, number)

constexpr Statement<void(std::int64_t)> kAdd{
    "count_of.add", "update count_of set number = number + 1 where tenant_id = ?1 and id = ?2"};
constexpr Statement<std::int64_t(std::int64_t)> kGet{
    "count_of.get", "select number from count_of where tenant_id = ?1 and id = ?2"};
constexpr MigrationFile kSteps[] = {
    {"count", "0001_count.sql",
     "create table count_of (tenant_id integer not null, id integer primary key,"
     " number integer not null)"}};
constexpr Column kColumns[] = {
    {"id", ColumnType::integer, DataClass::key, Level::internal},
    {"number", ColumnType::integer, DataClass::business, Level::internal}};

std::vector<Part> parts() {
    return {{"count",
             kSteps,
             {{"count_of", kColumns}},
             {insert_info<CountRow>(), info(kAdd), info(kGet)}}};
}

constexpr std::int64_t kLong = 60'000;  // waits that end long before, unless something is broken

// The keys of all tenants, as every node reads them from the control database.
struct Keys {
    SeededRandomness random{7};
    testing::MemoryKeyStore store;
    crypto::KeyRing ring{Secret(std::string(32, 'r')), store, random};
};

// A process, or as much of one as it takes.
struct Process {
    Process(Keys& keys, const std::string& folder, Engine::Options options)
        : log({observe::Level::error, folder + "/log"}, clock) {
        engine = std::make_unique<Engine>(std::move(options), parts(), log, clock);
        started = engine->start();
        if (started.ok()) {
            engine->set_key_ring(keys.ring);
            engine->watch_ownership(
                [this](TenantId tenant, Ownership what) {
                    const std::lock_guard lock(mutex);
                    told.emplace_back(tenant, what);
                },
                [this] { ++tenants_changed; });
        }
    }
    std::vector<Ownership> told_of(TenantId tenant) {
        const std::lock_guard lock(mutex);
        std::vector<Ownership> all;
        for (const auto& [about, what] : told) {
            if (about == tenant) {
                all.push_back(what);
            }
        }
        return all;
    }

    runtime::SystemClock clock;
    observe::Log log;
    std::mutex mutex;
    std::vector<std::pair<TenantId, Ownership>> told;
    std::atomic<int> tenants_changed{0};
    std::unique_ptr<Engine> engine;
    Result<void> started;
};

class NodeTest : public ::testing::Test {
 protected:
    NodeTest()
        : folder_(fmt::format("{}/hangu-node-{}", std::filesystem::temp_directory_path().string(),
                              ::getpid())),
          server_(HANGU_MARIADB, folder_ + "/db", {"--innodb-flush-log-at-trx-commit=2"}) {
        for (const std::string name : {"control", "one", "two"}) {
            const ShardOptions shard = shard_of(name);
            HANGU_ASSERT(init_shard(shard, shard.rw, shard.rw, "%").ok());
        }
        for (std::int64_t id = 1001; id <= 1008; ++id) {
            keys_.ring.create(TenantId(id));
        }
    }
    ~NodeTest() override {
        a_.reset();
        b_.reset();
        server_.stop(SIGTERM);
        std::filesystem::remove_all(folder_);
    }

    ShardOptions shard_of(const std::string& name) const {
        ShardOptions shard;
        shard.name = name;
        shard.socket = server_.socket();
        shard.database = "node_" + name;
        shard.lanes = 2;
        shard.rw.user = shard.ro.user = shard.migrate.user = "root";
        return shard;
    }
    Engine::Options options(const std::string& name, const std::string& folder) const {
        Engine::Options made;
        made.folder = folder_ + "/" + folder;
        made.lanes = 1;
        made.report_readers = 1;
        made.redo_segment_bytes = std::size_t{1} << 20U;
        made.shards = {shard_of("one"), shard_of("two")};
        made.new_tenants_on = "one";
        made.control = shard_of("control");
        made.node.name = name;
        made.node.address = "127.0.0.1";
        made.node.version = "1";
        made.node.lease_ms = kLong;
        made.node.beat_ms = 50;
        return made;
    }
    std::unique_ptr<Process> process(const Engine::Options& options) {
        std::filesystem::create_directories(options.folder);
        return std::make_unique<Process>(keys_, options.folder, options);
    }
    std::unique_ptr<Process> node(const std::string& name) {
        auto made = process(options(name, name));
        EXPECT_TRUE(made->started.ok())
            << (made->started.ok() ? "" : made->started.problem().detail);
        return made;
    }

    static void make(Engine& engine, TenantId tenant) {
        ASSERT_TRUE(engine.create_tenant(tenant).ok());
        ASSERT_TRUE(engine
                        .run(tenant, Work::write,
                             [](Tx& tx) -> Result<void> {
                                 tx.insert(CountRow{1, 0});
                                 return {};
                             })
                        .ok());
    }
    // The node that works for it, "" when it was done here.
    static std::string add(Engine& engine, TenantId tenant) {
        try {
            EXPECT_TRUE(engine
                            .run(tenant, Work::write,
                                 [](Tx& tx) -> Result<void> {
                                     tx.run(kAdd, 1);
                                     return {};
                                 })
                            .ok());
            return "";
        } catch (const OwnedElsewhere& elsewhere) {
            return elsewhere.node();
        }
    }
    // What a strong read says of the tables that it read.
    static Seen seen(Engine& engine, TenantId tenant) {
        class Look final : public Job {
         public:
            Look(Seen& seen, std::latch& ready) : seen_(seen), ready_(ready) {}
            Decision body(Tx& tx) override {
                tx.find(kGet, 1);
                return Decision::roll_back;
            }
            void done(const Outcome& outcome) override {
                seen_ = outcome.seen;
                ready_.count_down();
            }

         private:
            Seen& seen_;
            std::latch& ready_;
        };
        Seen answer;
        std::latch ready(1);
        EXPECT_TRUE(engine.submit(tenant, Work::read, std::make_unique<Look>(answer, ready)));
        ready.wait();
        return answer;
    }
    static std::int64_t number(Engine& engine, TenantId tenant) {
        return *engine.run(tenant, Work::read, [](Tx& tx) -> Result<std::int64_t> {
            return tx.find(kGet, 1).value_or(-1);
        });
    }

    std::string folder_;
    testing::MariaServer server_;
    Keys keys_;
    std::unique_ptr<Process> a_;
    std::unique_ptr<Process> b_;
    const TenantId tea_{1001};
};

TEST_F(NodeTest, one_node_works_for_a_tenant_and_hands_it_over_when_asked) {
    a_ = node("a");
    make(*a_->engine, tea_);
    b_ = node("b");
    EXPECT_EQ(a_->engine->node_number(), 1);
    EXPECT_EQ(b_->engine->node_number(), 2);
    EXPECT_EQ(b_->engine->elsewhere(tea_), "a");
    EXPECT_EQ(a_->engine->elsewhere(tea_), std::nullopt);
    EXPECT_EQ(add(*a_->engine, tea_), "");
    EXPECT_EQ(add(*b_->engine, tea_), "a");

    ASSERT_TRUE(b_->engine->bring(tea_, kLong));
    EXPECT_EQ(add(*b_->engine, tea_), "");
    EXPECT_EQ(number(*b_->engine, tea_), 2);
    EXPECT_EQ(add(*a_->engine, tea_), "b");
    EXPECT_EQ(a_->told_of(tea_), (std::vector{Ownership::leaving, Ownership::lost}));
    EXPECT_EQ(b_->told_of(tea_), (std::vector{Ownership::gained}));

    ASSERT_TRUE(a_->engine->bring(tea_, kLong));
    EXPECT_EQ(number(*a_->engine, tea_), 2);
    const ClusterState state = a_->engine->cluster_state();
    ASSERT_EQ(state.nodes.size(), 2U);
    EXPECT_TRUE(state.clustered && state.control_reached);
    EXPECT_TRUE(state.nodes[0].here && state.nodes[0].alive && state.nodes[1].alive);
    EXPECT_EQ(b_->engine->forget_node("a").problem().code, "node.alive");
    EXPECT_EQ(b_->engine->forget_node("c").problem().code, "node.unknown");
}

TEST_F(NodeTest, whoever_lost_its_lease_is_refused_by_the_database) {
    Engine::Options slow = options("a", "a");
    slow.node.lease_ms = 1;  // over before anybody looks; and it does not look itself
    slow.node.beat_ms = kLong;
    a_ = process(slow);
    make(*a_->engine, tea_);
    EXPECT_EQ(add(*a_->engine, tea_), "");  // nobody has taken it yet
    b_ = node("b");
    EXPECT_EQ(add(*b_->engine, tea_), "");
    // Here the directory is as it was read; the shard knows better.
    EXPECT_EQ(add(*a_->engine, tea_), "b");
    EXPECT_EQ(number(*b_->engine, tea_), 2);
    EXPECT_EQ(a_->told_of(tea_).back(), Ownership::lost);
}

TEST_F(NodeTest, what_a_node_has_read_stands_while_the_tenant_is_surely_its_own) {
    a_ = node("a");
    make(*a_->engine, tea_);
    b_ = node("b");
    const Seen first = seen(*a_->engine, tea_);
    EXPECT_TRUE(first.still_right());
    EXPECT_EQ(add(*a_->engine, tea_), "");
    EXPECT_FALSE(first.still_right());
    const Seen second = seen(*a_->engine, tea_);
    EXPECT_TRUE(second.still_right());
    ASSERT_TRUE(a_->engine->move_tenant(tea_, "two", {}).ok());
    EXPECT_FALSE(second.still_right());
    const Seen third = seen(*a_->engine, tea_);
    EXPECT_TRUE(third.still_right());
    ASSERT_TRUE(b_->engine->bring(tea_, kLong));
    EXPECT_FALSE(third.still_right());

    Engine::Options brief = options("c", "c");
    brief.node.lease_ms = 1;
    brief.node.beat_ms = kLong;
    const auto c = process(brief);
    make(*c->engine, TenantId(1002));
    EXPECT_FALSE(seen(*c->engine, TenantId(1002)).still_right());  // anybody may have taken it
}

TEST_F(NodeTest, a_tenant_that_is_asked_for_and_waited_for_is_taken_once) {
    a_ = node("a");
    make(*a_->engine, tea_);
    b_ = node("b");
    constexpr int kTimes = 12;
    for (int i = 0; i < kTimes; ++i) {
        Process& to = i % 2 == 0 ? *b_ : *a_;
        to.engine->doubt(tea_);
        std::thread waiting([&to, this] { add(*to.engine, tea_); });  // done, or told to go there
        EXPECT_TRUE(to.engine->bring(tea_, kLong));
        waiting.join();
        EXPECT_EQ(add(*to.engine, tea_), "");
    }
    for (Process* process : {a_.get(), b_.get()}) {
        const std::vector<Ownership> told = process->told_of(tea_);
        EXPECT_EQ(std::count(told.begin(), told.end(), Ownership::gained), kTimes / 2);
    }
}

TEST_F(NodeTest, a_node_that_leaves_gives_its_tenants_away) {
    a_ = node("a");
    for (std::int64_t id = 1001; id <= 1008; ++id) {
        make(*a_->engine, TenantId(id));
    }
    b_ = node("b");
    a_->engine->leave();
    for (std::int64_t id = 1001; id <= 1008; ++id) {
        b_->engine->doubt(TenantId(id));  // a gateway came from there
        EXPECT_EQ(add(*b_->engine, TenantId(id)), "");
        EXPECT_EQ(add(*a_->engine, TenantId(id)), "b");
    }
    a_.reset();
    EXPECT_TRUE(b_->engine->forget_node("a").ok());
    EXPECT_EQ(b_->engine->cluster_state().clustered, true);
}

// The lanes are still there for what is done last, however soon the process ends.
TEST_F(NodeTest, a_node_that_stops_ends_a_hand_over_first) {
    a_ = node("a");
    make(*a_->engine, tea_);
    b_ = node("b");
    std::latch leaving(1);
    std::latch stopping(1);
    std::string elsewhere = "not done";
    a_->engine->watch_ownership(
        [&](TenantId tenant, Ownership what) {
            if (what == Ownership::leaving) {
                leaving.count_down();
                stopping.wait();
                ::poll(nullptr, 0, 100);  // for a stop that would not wait
                elsewhere = add(*a_->engine, tenant);
            }
        },
        nullptr);
    std::thread other([&] { EXPECT_TRUE(b_->engine->bring(tea_, kLong)); });
    leaving.wait();
    stopping.count_down();
    a_->engine->stop();
    other.join();
    EXPECT_EQ(elsewhere, "");
    EXPECT_EQ(number(*b_->engine, tea_), 1);
}

TEST_F(NodeTest, a_folder_goes_on_as_its_node_and_another_one_may_not) {
    a_ = node("a");
    make(*a_->engine, tea_);
    Engine::Options same_name = options("a", "other");
    same_name.node.lease_ms = 1;
    same_name.node.beat_ms = 1;
    const auto second = process(same_name);
    ASSERT_FALSE(second->started.ok());
    EXPECT_EQ(second->started.problem().code, "cluster.node_taken");

    a_.reset();
    a_ = node("a");
    EXPECT_EQ(a_->engine->node_number(), 1);
    EXPECT_EQ(add(*a_->engine, tea_), "");
}

TEST_F(NodeTest, without_the_control_database_what_is_here_goes_on) {
    a_ = node("a");
    make(*a_->engine, tea_);
    testing::MariaServer apart(HANGU_MARIADB, folder_ + "/apart");
    ShardOptions control = shard_of("control");
    control.socket = apart.socket();
    ASSERT_TRUE(init_shard(control, control.rw, control.rw, "%").ok());
    a_.reset();

    Engine::Options with = options("a", "c");
    with.control = control;
    a_ = process(with);
    ASSERT_TRUE(a_->started.ok());
    const TenantId other(1002);
    make(*a_->engine, other);
    apart.stop(SIGKILL);
    a_->engine->look_soon();
    EXPECT_EQ(add(*a_->engine, other), "");
    EXPECT_EQ(add(*a_->engine, other), "");
    EXPECT_EQ(number(*a_->engine, other), 2);
    // Nobody knows whose it is, and it is said at once.
    EXPECT_THROW(add(*a_->engine, TenantId(1003)), NoSuchTenant);
}

TEST_F(NodeTest, tenants_go_back_and_forth_under_load_and_nothing_is_lost) {
    a_ = node("a");
    make(*a_->engine, tea_);
    b_ = node("b");
    std::atomic<bool> ended{false};
    std::atomic<std::int64_t> added{0};
    std::vector<std::thread> writers;
    for (int i = 0; i < 4; ++i) {
        writers.emplace_back([&, i] {
            Engine* engine = i % 2 == 0 ? a_->engine.get() : b_->engine.get();
            while (!ended) {
                // As a gateway does it: to the node that it was told of.
                const std::string elsewhere = add(*engine, tea_);
                added += elsewhere.empty() ? 1 : 0;
                engine = elsewhere == "a"   ? a_->engine.get()
                         : elsewhere == "b" ? b_->engine.get()
                                            : engine;
            }
        });
    }
    for (int round = 0; round < 10; ++round) {
        ASSERT_TRUE((round % 2 == 0 ? b_ : a_)->engine->bring(tea_, kLong));
    }
    ended = true;
    for (std::thread& writer : writers) {
        writer.join();
    }
    EXPECT_EQ(number(*a_->engine, tea_), added.load());
    EXPECT_GT(added.load(), 0);
}

TEST_F(NodeTest, a_tenant_moves_between_shards_while_others_look) {
    a_ = node("a");
    make(*a_->engine, tea_);
    b_ = node("b");
    ASSERT_TRUE(b_->engine->move_tenant(tea_, "two", {}).ok());
    EXPECT_EQ(add(*b_->engine, tea_), "");
    EXPECT_EQ(add(*a_->engine, tea_), "b");
    EXPECT_EQ(b_->engine->place_of(tea_), "two");
    ASSERT_TRUE(a_->engine->bring(tea_, kLong));
    EXPECT_EQ(a_->engine->place_of(tea_), "two");
    EXPECT_EQ(number(*a_->engine, tea_), 1);
    EXPECT_EQ(a_->engine->move_tenant(tea_, "files", {}).problem().code, "cluster.no_files");
}

TEST_F(NodeTest, where_requests_come_there_the_tenant_goes) {
    a_ = node("a");
    make(*a_->engine, tea_);
    b_ = node("b");
    // It has been at its place for a while, as the directory says.
    a_->engine->control([&](ControlTx& tx) {
        static constexpr ControlStatement<void(TenantId)> kLongAgo{
            "test.long_ago",
            "update tenant_place set changed_at = 1, change_number = 1000000"
            " where id = ?1"};
        static constexpr ControlStatement<void()> kCount{
            "test.count", "update control_change set number = 1000000 where id = 2"};
        tx.run(kLongAgo, tea_);
        tx.run(kCount);
        return true;
    });
    for (int i = 0; i < 1000 && !b_->engine->works_for(tea_); ++i) {
        b_->engine->elsewhere(tea_);
        b_->engine->look_soon();
        EXPECT_FALSE(b_->engine->forget_node("nobody").ok());  // a round trip
    }
    EXPECT_TRUE(b_->engine->bring(tea_, kLong));
}

TEST_F(NodeTest, the_control_database_goes_to_the_server_and_back) {
    Engine::Options alone = options("a", "alone");
    alone.control.reset();
    a_ = process(alone);
    ASSERT_TRUE(a_->started.ok());
    make(*a_->engine, tea_);
    const TenantId in_file(1002);
    ASSERT_TRUE(a_->engine->create_tenant(in_file, kFiles).ok());
    a_.reset();

    runtime::SystemClock clock;
    observe::Log log({observe::Level::error, folder_ + "/log"}, clock);
    const Engine::Options options_of_all = options("a", "alone");
    EXPECT_EQ(Engine::move_control(options_of_all, parts(), true, log, clock).problem().code,
              "cluster.tenants_in_files");
    a_ = process(alone);
    ASSERT_TRUE(a_->engine->run(in_file, Work::write, [](Tx&) { return Result<void>(); }).ok());
    ASSERT_TRUE(a_->engine->move_tenant(in_file, "two", {}).ok());
    a_.reset();
    const auto moved = Engine::move_control(options_of_all, parts(), true, log, clock);
    ASSERT_TRUE(moved.ok()) << moved.problem().detail;
    EXPECT_EQ(*moved, 2);  // two places
    EXPECT_EQ(Engine::move_control(options_of_all, parts(), true, log, clock).problem().code,
              "control.not_empty");

    a_ = process(options_of_all);
    ASSERT_TRUE(a_->started.ok()) << a_->started.problem().detail;
    EXPECT_EQ(add(*a_->engine, tea_), "");
    EXPECT_EQ(number(*a_->engine, tea_), 1);
    EXPECT_EQ(Engine::move_control(options("a", "away"), parts(), false, log, clock).problem().code,
              "cluster.nodes_alive");
    a_.reset();
    const auto back = Engine::move_control(options("a", "away"), parts(), false, log, clock);
    ASSERT_TRUE(back.ok()) << back.problem().detail;
    Engine::Options alone_again = options("a", "away");
    alone_again.control.reset();
    a_ = process(alone_again);
    ASSERT_TRUE(a_->started.ok()) << a_->started.problem().detail;
    EXPECT_EQ(add(*a_->engine, tea_), "");
}

}  // namespace
}  // namespace hangu::storage::node_test
