// The engine's face on a shard; what is below it is in maria_test and maria_lane_test.
#include "platform/storage/engine.hpp"
#include "platform/storage/internal/maria_lane.hpp"
#include "platform/storage/shard_init.hpp"
#include "tests/support/key_store.hpp"
#include "tests/support/maria_server.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace hangu::storage::shard_test {
namespace {

struct NoteRow {
    static constexpr std::string_view kTable = "note";
    std::int64_t id = 0;
    std::string label;
};
HANGU_STRUCT(NoteRow, id, label)

constexpr Statement<NoteRow(std::int64_t)> kFind{
    "note.find", "select id, label from note where tenant_id = ?1 and id = ?2"};
constexpr Statement<std::int64_t()> kCount{
    "note.count", "select count(*) from note where tenant_id = ?1", {"a test counts all"}};
constexpr MigrationFile kFiles[] = {
    {"note", "0001_note.sql",
     "create table note (tenant_id integer not null, id integer primary key, label text not null)"},
    {"note", "0002_label.sql", "create index note_label on note (tenant_id, label)"}};
constexpr Column kColumns[] = {{"id", ColumnType::integer, DataClass::key, Level::internal},
                               {"label", ColumnType::text, DataClass::business, Level::internal}};

class ShardTest : public ::testing::Test {
 protected:
    ShardTest()
        : folder_(fmt::format("{}/hangu-engine-on-shard-{}",
                              std::filesystem::temp_directory_path().string(), ::getpid())),
          server_(HANGU_MARIADB, folder_ + "/db", {"--innodb-flush-log-at-trx-commit=2"}),
          log_({observe::Level::error, folder_ + "/log"}, clock_) {
        for (const TenantId tenant : {one_, two_}) {
            ring_.create(tenant);
        }
        HANGU_ASSERT(init_shard(shard(), shard().rw, shard().rw, "%").ok());
    }
    ~ShardTest() override {
        engine_.reset();
        server_.stop(SIGTERM);
        std::filesystem::remove_all(folder_);
    }
    ShardOptions shard() const {
        ShardOptions made;
        made.name = "one";
        made.socket = server_.socket();
        made.hosts.assign(nodes_, {server_.socket(), "", 0});
        made.database = "shard";
        made.rw.user = made.ro.user = made.migrate.user = "root";
        return made;
    }
    // Another data folder is another process.
    std::unique_ptr<Engine> open(const std::string& data, std::size_t steps = 2) {
        Engine::Options options;
        options.folder = folder_ + "/" + data;
        options.lanes = 2;
        options.shards.push_back(shard());
        options.new_tenants_on = "one";
        auto made = std::make_unique<Engine>(
            options,
            std::vector<Part>{{"note",
                               std::span(kFiles).first(steps),
                               {{"note", kColumns}},
                               {insert_info<NoteRow>(), info(kFind), info(kCount)}}},
            log_, clock_);
        started_ = made->start();
        made->set_key_ring(ring_);
        return made;
    }
    static Result<> put(Engine& engine, TenantId tenant, std::int64_t id) {
        return engine.run(tenant, Work::write, [id](Tx& tx) -> Result<> {
            tx.insert(NoteRow{id, "hello"});
            return {};
        });
    }
    static std::int64_t count(Engine& engine, TenantId tenant, Work work) {
        return engine
            .run(tenant, work,
                 [](Tx& tx) -> Result<std::int64_t> { return tx.find(kCount).value_or(-1); })
            .value();
    }

    std::string folder_;
    testing::MariaServer server_;
    ManualClock clock_{Time(1'795'305'600'000)};
    observe::Log log_;
    SeededRandomness random_{7};
    testing::MemoryKeyStore store_;
    crypto::KeyRing ring_{Secret(std::string(32, 'r')), store_, random_};
    TenantId one_{1001};
    TenantId two_{1002};
    Result<void> started_;
    std::size_t nodes_ = 0;  // more than one: the server passes for that many of a cluster
    std::unique_ptr<Engine> engine_;
};

TEST_F(ShardTest, tenants_of_a_shard_are_made_once_and_stay_apart) {
    engine_ = open("here");
    ASSERT_TRUE(started_.ok());
    EXPECT_FALSE(engine_->has_tenant(one_));
    EXPECT_TRUE(engine_->create_tenant(one_).ok());
    EXPECT_TRUE(engine_->create_tenant(two_).ok());
    EXPECT_EQ(engine_->create_tenant(one_).problem().code, "tenant.exists");
    EXPECT_TRUE(engine_->has_tenant(one_));
    EXPECT_EQ(engine_->tenants_here().size(), 2U);
    EXPECT_TRUE(put(*engine_, one_, 1).ok());
    EXPECT_TRUE(put(*engine_, two_, 1).ok());
    EXPECT_TRUE(put(*engine_, two_, 2).ok());
    for (const Work work : {Work::read, Work::report}) {
        EXPECT_EQ(count(*engine_, one_, work), 1);
        EXPECT_EQ(count(*engine_, two_, work), 2);
    }
    EXPECT_EQ(engine_->check_integrity(one_), "ok");
    EXPECT_EQ(engine_->figures().requests, 3U);
    EXPECT_THROW(put(*engine_, TenantId(1003), 1), std::exception);
}

TEST_F(ShardTest, a_second_process_sees_what_the_first_wrote_and_a_restart_keeps_it) {
    engine_ = open("here");
    EXPECT_TRUE(engine_->create_tenant(one_).ok());
    EXPECT_TRUE(put(*engine_, one_, 1).ok());
    const std::unique_ptr<Engine> there = open("there");
    ASSERT_TRUE(started_.ok());
    EXPECT_EQ(there->create_tenant(one_).problem().code, "tenant.exists");  // now it knows where
    EXPECT_EQ(count(*there, one_, Work::read), 1);
    EXPECT_TRUE(put(*there, one_, 2).ok());
    EXPECT_EQ(count(*engine_, one_, Work::read), 2);
    engine_.reset();
    engine_ = open("here");
    EXPECT_EQ(count(*engine_, one_, Work::report), 2);
}

TEST_F(ShardTest, an_older_program_does_not_serve_a_newer_shard) {
    engine_ = open("here");
    ASSERT_TRUE(started_.ok());
    const std::unique_ptr<Engine> older = open("there", 1);
    EXPECT_EQ(started_.problem().code, "migration.newer");
}

// Tenants in files do not wait for it, and with its return its schema is made.
TEST_F(ShardTest, a_server_that_is_away_at_the_start) {
    server_.stop(SIGTERM);
    engine_ = open("here");
    ASSERT_TRUE(started_.ok());
    EXPECT_TRUE(engine_->create_tenant(two_, "files").ok());
    EXPECT_TRUE(put(*engine_, two_, 1).ok());
    EXPECT_THROW(engine_->create_tenant(one_).ok(), StorageFault);
    EXPECT_THROW(put(*engine_, one_, 1), StorageFault);
    const testing::MariaServer again(HANGU_MARIADB, folder_ + "/db");
    clock_.advance_ms(ShardLane::kRestUs / 1000);
    EXPECT_THROW(put(*engine_, one_, 1), NoSuchTenant);
    EXPECT_TRUE(engine_->create_tenant(one_).ok());
    EXPECT_TRUE(put(*engine_, one_, 1).ok());
    EXPECT_EQ(count(*engine_, two_, Work::read), 1);
    engine_.reset();
}

TEST_F(ShardTest, a_server_that_is_gone_is_a_fault_and_its_return_is_enough) {
    engine_ = open("here");
    EXPECT_TRUE(engine_->create_tenant(one_).ok());
    EXPECT_TRUE(put(*engine_, one_, 1).ok());
    server_.stop(SIGKILL);
    EXPECT_THROW(put(*engine_, one_, 2), StorageFault);
    EXPECT_THROW(count(*engine_, one_, Work::read), StorageFault);
    EXPECT_FALSE(engine_->shard_states().front().reached);
    const testing::MariaServer again(HANGU_MARIADB, folder_ + "/db");
    EXPECT_THROW(put(*engine_, one_, 2), StorageFault);  // it is left alone for a moment
    clock_.advance_ms(ShardLane::kRestUs / 1000);
    EXPECT_TRUE(put(*engine_, one_, 3).ok());
    const ShardState state = engine_->shard_states().front();
    EXPECT_TRUE(state.reached) << state.detail;
    EXPECT_EQ(state.tenants, 1);
    EXPECT_EQ(count(*engine_, one_, Work::read), 2);
    engine_.reset();
}

// As a node of a cluster leaves it that was interrupted while it read a table's triggers. Half of
// one is planted in their file, and mended there when the server has read it.
TEST_F(ShardTest, triggers_that_a_server_has_half_read_are_read_anew) {
    nodes_ = 2;
    engine_ = open("here");
    ASSERT_TRUE(started_.ok());
    ASSERT_TRUE(engine_->create_tenant(one_).ok());
    const std::string rest = " for each row insert into heard values (new.id)";
    MariaConnection db(connection_of(shard(), shard().rw));
    db.execute("create table heard (id bigint)");
    db.execute("create trigger listens after insert on note" + rest);
    const std::string path = folder_ + "/db/data/shard/note.TRG";
    std::ifstream file(path);
    const std::string whole{std::istreambuf_iterator<char>(file), {}};
    std::string half = whole;
    half.replace(half.find(rest), rest.size(), " for each row insert into heard valu");
    const auto refused = [&db] {
        EXPECT_THROW(db.execute("insert into note values (1, 1, 'x')"), StorageFault);
        db.roll_back();
    };
    std::ofstream(path) << half;
    read_triggers_anew(db, "note");
    refused();
    std::ofstream(path) << whole;
    refused();
    EXPECT_TRUE(put(*engine_, one_, 7).ok());
    EXPECT_EQ(db.query_rows("select id from heard").front().at("id"), "7");
}

}  // namespace
}  // namespace hangu::storage::shard_test
