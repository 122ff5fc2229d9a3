// Tenants that move between files and shards: under load, interrupted anywhere, and back.
#include "platform/storage/engine.hpp"
#include "platform/storage/internal/file_ear.hpp"
#include "platform/storage/internal/maria_lane.hpp"
#include "platform/storage/shard_init.hpp"
#include "tests/support/key_store.hpp"
#include "tests/support/maria_server.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <latch>
#include <map>
#include <thread>

namespace hangu::storage::move_test {
namespace {

struct GoodsRow {
    static constexpr std::string_view kTable = "goods";
    std::int64_t id = 0;
    std::string code;
    std::optional<std::string> note;
    std::optional<Blob> seal;
    std::int64_t version = 1;
};
HANGU_STRUCT(GoodsRow, id, code, note, seal, version)

struct StockRow {
    static constexpr std::string_view kTable = "stock";
    std::string shop;
    std::int64_t goods_id = 0;
    std::int64_t amount = 0;
};
HANGU_STRUCT(StockRow, shop, goods_id, amount)

constexpr Statement<GoodsRow()> kAllGoods{
    "goods.all",
    "select id, code, note, seal, version from goods where tenant_id = ?1 order by id",
    {"a test reads all"}};
constexpr Statement<StockRow()> kAllStock{
    "stock.all",
    "select shop, goods_id, amount from stock where tenant_id = ?1 order by shop, goods_id",
    {"a test reads all"}};
constexpr Statement<void(std::int64_t, std::string)> kRename{
    "goods.rename",
    "update goods set code = ?3, version = version + 1 where tenant_id = ?1 and id = ?2"};
constexpr Statement<void(std::int64_t)> kDrop{"goods.drop",
                                              "delete from goods where tenant_id = ?1 and id = ?2"};
constexpr Statement<void(std::string, std::int64_t, std::int64_t)> kAdd{
    "stock.add",
    "update stock set amount = amount + ?4 where tenant_id = ?1 and shop = ?2 and goods_id = ?3"};
constexpr Statement<std::int64_t()> kSum{
    "stock.sum",
    "select coalesce(sum(amount), 0) from stock where tenant_id = ?1",
    {"a test adds all"}};

constexpr MigrationFile kFiles[] = {
    {"goods", "0001_goods.sql",
     "create table goods (tenant_id integer not null, id integer primary key, code text not null,"
     " note text, seal blob, version integer not null);"
     "create unique index goods_code on goods (tenant_id, code);"
     "create table stock (tenant_id integer not null, shop text not null, goods_id integer not"
     " null, amount integer not null, primary key (tenant_id, shop, goods_id)) without rowid"}};
constexpr Column kGoods[] = {
    {"id", ColumnType::integer, DataClass::key, Level::internal},
    {"code", ColumnType::text, DataClass::business, Level::internal},
    {"note", ColumnType::text, DataClass::business, Level::internal, true},
    {"seal", ColumnType::blob, DataClass::business, Level::internal, true},
    {"version", ColumnType::integer, DataClass::technical, Level::internal}};
constexpr Column kStock[] = {{"shop", ColumnType::text, DataClass::key, Level::internal},
                             {"goods_id", ColumnType::integer, DataClass::key, Level::internal},
                             {"amount", ColumnType::integer, DataClass::business, Level::internal}};

// Not a fixture's member: a child process has one of its own.
struct Process {
    Process(const std::string& folder, std::vector<ShardOptions> shards)
        : log({observe::Level::error, folder + "/log"}, clock) {
        ring.create(TenantId(1001));
        ring.create(TenantId(1002));
        Engine::Options options;
        options.folder = folder + "/data";
        options.lanes = 2;
        options.redo_segment_bytes = std::size_t{1} << 20U;
        options.shards = std::move(shards);
        engine = std::make_unique<Engine>(
            options,
            std::vector<Part>{{"goods",
                               kFiles,
                               {{"goods", kGoods}, {"stock", kStock}},
                               {insert_info<GoodsRow>(), insert_info<StockRow>()}}},
            log, clock);
        started = engine->start();
        engine->set_key_ring(ring);
    }

    ManualClock clock{Time(1'795'305'600'000)};
    observe::Log log;
    SeededRandomness random{7};
    testing::MemoryKeyStore store;
    crypto::KeyRing ring{Secret(std::string(32, 'r')), store, random};
    std::unique_ptr<Engine> engine;
    Result<void> started;
};

using Goods = std::vector<std::string>;

class MoveTest : public ::testing::Test {
 protected:
    MoveTest()
        : folder_(fmt::format("{}/hangu-move-{}", std::filesystem::temp_directory_path().string(),
                              ::getpid())),
          server_(HANGU_MARIADB, folder_ + "/db", {"--innodb-flush-log-at-trx-commit=2"}) {
        for (const ShardOptions& shard : shards()) {
            HANGU_ASSERT(init_shard(shard, shard.rw, shard.rw, "%").ok());
        }
    }
    ~MoveTest() override {
        process_.reset();
        server_.stop(SIGTERM);
        std::filesystem::remove_all(folder_);
    }
    std::vector<ShardOptions> shards() const {
        std::vector<ShardOptions> all(2);
        for (std::size_t i = 0; i < all.size(); ++i) {
            all[i].name = i == 0 ? "one" : "two";
            all[i].socket = server_.socket();
            all[i].database = all[i].name;
            all[i].lanes = 2;
            all[i].rw.user = all[i].ro.user = all[i].migrate.user = "root";
        }
        return all;
    }
    Engine& open() {
        process_.reset();
        process_ = std::make_unique<Process>(folder_, shards());
        EXPECT_TRUE(process_->started.ok())
            << (process_->started.ok() ? "" : process_->started.problem().detail);
        return *process_->engine;
    }
    static Result<MoveReport> move(Engine& engine, std::string_view place,
                                   const MoveWatch& watch = {}) {
        return engine.move_tenant(kTenant, place, watch);
    }
    static void fill(Engine& engine, TenantId tenant, std::int64_t count) {
        for (std::int64_t from = 0; from < count; from += 500) {
            ASSERT_TRUE(
                engine
                    .run(
                        tenant, Work::write,
                        [&](Tx& tx) -> Result<> {
                            for (std::int64_t i = from; i < std::min(from + 500, count); ++i) {
                                tx.insert(GoodsRow{
                                    i, fmt::format("code-{}", i),
                                    i % 3 == 0 ? std::optional<std::string>("茶 🍵 ") : std::nullopt,
                                    i % 2 == 0 ? std::optional<Blob>(Blob{std::string("\0\xff", 2)})
                                               : std::nullopt,
                                    1});
                                tx.insert(StockRow{fmt::format("shop {}", i % 5), i, 10});
                            }
                            return {};
                        })
                    .ok());
        }
    }
    // Everything of the tenant, as text.
    static Goods all(Engine& engine, TenantId tenant) {
        return engine
            .run(
                tenant, Work::read,
                [](Tx& tx) -> Result<Goods> {
                    Goods rows;
                    for (const GoodsRow& row : tx.list(kAllGoods)) {
                        rows.push_back(
                            fmt::format("{} {} {} {} {}", row.id, row.code, row.note.value_or("-"),
                                        row.seal ? row.seal->bytes.size() : 99, row.version));
                    }
                    for (const StockRow& row : tx.list(kAllStock)) {
                        rows.push_back(fmt::format("{} {} {}", row.shop, row.goods_id, row.amount));
                    }
                    return rows;
                })
            .value();
    }
    static std::int64_t sum(Engine& engine) {
        return engine
            .run(kTenant, Work::read,
                 [](Tx& tx) -> Result<std::int64_t> { return tx.find(kSum).value_or(-1); })
            .value();
    }
    // What the shard still has of the tenant, in any table.
    std::int64_t left_on(const std::string& shard) const {
        MariaConnection::Options options;
        options.socket = server_.socket();
        options.user = "root";
        options.database = shard;
        MariaConnection connection(options);
        std::int64_t count = 0;
        for (const char* table : {"goods", "stock", "storage_tenant", "storage_change"}) {
            count += std::stoll(
                connection
                    .query_rows(fmt::format("select count(*) as n from {} where tenant_id = {}",
                                            table, kTenant.value()))
                    .front()
                    .at("n"));
        }
        count += std::stoll(connection
                                .query_rows("select count(*) as n from information_schema.triggers"
                                            " where trigger_schema = database()")
                                .front()
                                .at("n"));
        return count;
    }
    std::size_t files_left() const {
        std::size_t count = 0;
        for (const auto& entry :
             std::filesystem::recursive_directory_iterator(folder_ + "/data/tenants")) {
            count += entry.path().filename().string().starts_with(kTenant.text()) ? 1 : 0;
        }
        return count;
    }

    static constexpr TenantId kTenant{1001};
    static constexpr TenantId kOther{1002};
    std::string folder_;
    testing::MariaServer server_;
    std::unique_ptr<Process> process_;
};

TEST_F(MoveTest, everything_goes_along_and_comes_back) {
    Engine& engine = open();
    ASSERT_TRUE(engine.create_tenant(kTenant).ok());
    ASSERT_TRUE(engine.create_tenant(kOther, "one").ok());
    fill(engine, kTenant, 2500);
    fill(engine, kOther, 10);
    const Goods before = all(engine, kTenant);
    const Goods other = all(engine, kOther);
    std::string digest;
    std::int64_t epoch = 1;
    for (const std::string_view place : {"one", "two", "files", "one", "files"}) {
        const Result<MoveReport> moved = move(engine, place);
        ASSERT_TRUE(moved.ok()) << place << " " << moved.problem().code << " "
                                << moved.problem().detail;
        EXPECT_EQ(moved->rows, 5000);
        EXPECT_EQ(moved->rows_written, 5000);
        EXPECT_EQ(moved->epoch, ++epoch);
        EXPECT_TRUE(digest.empty() || moved->digest == digest);
        digest = moved->digest;
        EXPECT_EQ(engine.place_of(kTenant), place);
        EXPECT_EQ(all(engine, kTenant), before);
        EXPECT_EQ(left_on("one") > 0, place == "one");
        EXPECT_EQ(left_on("two") > 0, place == "two");
        EXPECT_EQ(files_left() > 0, place == "files");
        EXPECT_EQ(engine.tenants_here().size(), 2U);
    }
    EXPECT_EQ(all(engine, kOther), other);
    EXPECT_TRUE(engine.unfinished_moves().empty());
    Engine& again = open();
    EXPECT_EQ(all(again, kTenant), before);
    EXPECT_EQ(again.place_of(kOther), "one");
}

TEST_F(MoveTest, what_cannot_be_is_refused) {
    Engine& engine = open();
    ASSERT_TRUE(engine.create_tenant(kTenant).ok());
    EXPECT_EQ(move(engine, "three").problem().code, "shard.unknown");
    EXPECT_EQ(move(engine, "files").problem().code, "move.there_already");
    EXPECT_EQ(engine.abandon_move(kTenant).problem().code, "move.none");
    EXPECT_EQ(engine.create_tenant(kOther, "three").problem().code, "shard.unknown");
    // Given up, then tried elsewhere: what was begun has to be ended first.
    fill(engine, kTenant, 100);
    const MoveWatch never{nullptr, [] { return true; }};
    EXPECT_EQ(move(engine, "one", never).problem().code, "move.cancelled");
    EXPECT_EQ(move(engine, "two").problem().code, "move.begun");
    ASSERT_EQ(engine.unfinished_moves().size(), 1U);
    EXPECT_TRUE(engine.abandon_move(kTenant).ok());
    EXPECT_EQ(left_on("one"), 0);
    EXPECT_TRUE(move(engine, "two").ok());
    EXPECT_EQ(all(engine, kTenant).size(), 200U);
}

// Codes wander between goods, goods come and go, and stock is added up: whatever a move reads, it
// reads in the middle of that.
TEST_F(MoveTest, nothing_is_lost_or_doubled_while_the_tenant_works) {
    Engine& engine = open();
    ASSERT_TRUE(engine.create_tenant(kTenant).ok());
    fill(engine, kTenant, 1500);
    std::atomic<bool> stop{false};
    std::atomic<std::int64_t> added{0};
    std::atomic<int> failed{0};
    std::vector<std::thread> people;
    for (int person = 0; person < 3; ++person) {
        people.emplace_back([&, person] {
            for (std::int64_t turn = 0; !stop; ++turn) {
                const std::int64_t id = (turn * 7 + person) % 1500;
                try {
                    const bool done =
                        engine
                            .run(kTenant, Work::write,
                                 [&](Tx& tx) -> Result<> {
                                     tx.run(kAdd, fmt::format("shop {}", id % 5), id, 1);
                                     const std::int64_t fresh = 10'000 + turn * 3 + person;
                                     tx.insert(GoodsRow{fresh, fmt::format("fresh-{}", fresh),
                                                        std::nullopt, std::nullopt, 1});
                                     if (turn > 5) {
                                         // Two goods change their codes: unique at every moment.
                                         const std::int64_t last = fresh - 3;
                                         tx.run(kRename, last,
                                                fmt::format("w-{}-{}", person, turn));
                                         tx.run(kRename, fresh, fmt::format("fresh-{}", last));
                                         tx.run(kDrop, fresh - 9);
                                     }
                                     return {};
                                 })
                            .ok();
                    added += done ? 1 : 0;
                    failed += done ? 0 : 1;
                } catch (const std::exception& fault) {
                    if (failed++ == 0) {
                        ADD_FAILURE() << fault.what();
                    }
                }
            }
        });
    }
    std::int64_t paused_us_max = 0;
    for (const std::string_view place : {"one", "two", "files", "one", "files", "two"}) {
        const Result<MoveReport> moved = move(engine, place);
        ASSERT_TRUE(moved.ok()) << place << " " << moved.problem().code << " "
                                << moved.problem().detail;
        paused_us_max = std::max(paused_us_max, moved->paused_us);
    }
    stop = true;
    for (std::thread& person : people) {
        person.join();
    }
    EXPECT_EQ(failed, 0);
    EXPECT_GT(added, 0);
    EXPECT_EQ(sum(engine), 1500 * 10 + added);
    RecordProperty("paused_us_max", std::to_string(paused_us_max));
    EXPECT_EQ(left_on("one"), 0);
    EXPECT_EQ(files_left(), 0U);
}

// A request has written, the move looks at what changed and carries it, then the request commits.
// Once before everything is compared, once behind that: then nobody else would notice.
TEST_F(MoveTest, what_is_written_but_not_committed_yet_is_carried_when_it_is) {
    Engine& engine = open();
    ASSERT_TRUE(engine.create_tenant(kTenant).ok());
    fill(engine, kTenant, 20);
    std::int64_t all_of_stock = 20 * 10;
    for (const MoveStage after : {MoveStage::copying, MoveStage::comparing}) {
        std::thread request;
        std::latch written(1);
        std::latch looked(1);
        bool ok = false;
        MoveWatch watch;
        watch.progress = [&](const MoveProgress& told) {
            if (told.stage == after && !request.joinable()) {
                request = std::thread([&] {
                    ok = engine
                             .run(kTenant, Work::write,
                                  [&](Tx& tx) -> Result<> {
                                      tx.run(kAdd, std::string("shop 1"), 1, 1);
                                      written.count_down();
                                      looked.wait();
                                      return {};
                                  })
                             .ok();
                });
                written.wait();
            } else if (told.stage == MoveStage::following && request.joinable()) {
                looked.count_down();
                request.join();
            }
        };
        const Result<MoveReport> moved = move(engine, "one", watch);
        ASSERT_TRUE(moved.ok()) << moved.problem().code << " " << moved.problem().detail;
        EXPECT_TRUE(ok);
        EXPECT_FALSE(request.joinable());
        EXPECT_EQ(sum(engine), ++all_of_stock);
        ASSERT_TRUE(move(engine, "files").ok());
    }
}

// Killed at the n-th thing that it tells, for every n: afterwards there is one owner with
// everything, and the same move ends.
TEST_F(MoveTest, a_kill_at_any_step_leaves_one_owner) {
    Goods before;
    {
        Engine& engine = open();
        ASSERT_TRUE(engine.create_tenant(kTenant).ok());
        fill(engine, kTenant, 50);
        before = all(engine, kTenant);
        process_.reset();
    }
    std::string here = "files";
    int killed = 0;
    for (const std::string to : {"one", "two", "files"}) {
        for (int step = 1;; ++step) {
            const pid_t child = ::fork();
            if (child == 0) {
                Process process(folder_, shards());
                int told = 0;
                const MoveWatch watch{[&](const MoveProgress&) {
                                          if (++told == step) {
                                              ::kill(::getpid(), SIGKILL);
                                          }
                                      },
                                      nullptr};
                const bool ok = process.engine->move_tenant(kTenant, to, watch).ok();
                ::_exit(ok ? 0 : 1);
            }
            int status = 0;
            ::waitpid(child, &status, 0);
            if (!WIFSIGNALED(status)) {
                ASSERT_TRUE(WIFEXITED(status));
                const bool by_kill_after_decision = WEXITSTATUS(status) == 1;
                Engine& engine = open();
                ASSERT_EQ(engine.place_of(kTenant), to) << step << by_kill_after_decision;
                ASSERT_EQ(all(engine, kTenant), before);
                process_.reset();
                break;
            }
            ++killed;
            Engine& engine = open();
            const std::string owner = engine.place_of(kTenant);
            ASSERT_TRUE(owner == here || owner == to) << owner;
            ASSERT_EQ(all(engine, kTenant), before) << "step " << step << " to " << to;
            ASSERT_TRUE(engine
                            .run(kTenant, Work::write,
                                 [](Tx& tx) -> Result<> {
                                     tx.run(kAdd, std::string("shop 1"), 1, 0);
                                     return {};
                                 })
                            .ok());
            // The other place refuses, whatever it still has.
            const std::size_t listed = engine.tenants_here().size();
            ASSERT_EQ(listed, 1U);
            process_.reset();
        }
        here = to;
    }
    EXPECT_GE(killed, 30);
    EXPECT_EQ(left_on("one"), 0);
    EXPECT_EQ(left_on("two"), 0);
}

// Away, back and killed: the redo log holds what the tenant wrote into its first file.
TEST_F(MoveTest, a_crash_after_the_way_back_puts_nothing_of_before_into_the_file) {
    const pid_t child = ::fork();
    if (child == 0) {
        Process process(folder_, shards());
        Engine& engine = *process.engine;
        const bool made = engine.create_tenant(kTenant).ok();
        fill(engine, kTenant, 600);
        const bool moved = move(engine, "one").ok() && move(engine, "files").ok();
        const bool written = engine
                                 .run(kTenant, Work::write,
                                      [](Tx& tx) -> Result<> {
                                          for (std::int64_t id = 0; id < 600; ++id) {
                                              tx.run(kRename, id, fmt::format("late-{}", id));
                                          }
                                          return {};
                                      })
                                 .ok();
        ::kill(::getpid(), made && moved && written ? SIGKILL : SIGTERM);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status));
    ASSERT_EQ(WTERMSIG(status), SIGKILL);
    Engine& engine = open();
    const Goods rows = all(engine, kTenant);
    ASSERT_EQ(rows.size(), 1200U);
    for (std::size_t id = 0; id < 600; ++id) {
        EXPECT_TRUE(rows[id].starts_with(fmt::format("{} late-{} ", id, id))) << rows[id];
    }
    EXPECT_EQ(engine.check_integrity(kTenant), "ok");
}

// Whoever takes a key before its transaction has ended is told of it again.
TEST(FileEarTest, keys_are_told_until_their_transaction_has_ended_and_not_kept_for_nobody) {
    const std::vector<TableShape> shapes{{"goods", {kGoods[0], kGoods[1]}, {0}, {}}};
    FileEar ear(shapes);
    EXPECT_EQ(*ear.key_columns("goods"), std::vector<int>{1});
    EXPECT_EQ(ear.key_columns("stock"), nullptr);
    const RawKey key{{RawValue::Kind::number, 7, ""}};
    ear.changed("goods", key);
    const ChangeLog::Changed one{{0, key}};
    EXPECT_EQ(ear.take(), one);
    EXPECT_EQ(ear.take(), one);
    ear.ended();
    EXPECT_EQ(ear.take(), one);
    EXPECT_TRUE(ear.take().empty());
    ear.changed("goods", key);
    ear.stop();
    EXPECT_TRUE(ear.take().empty());
    EXPECT_EQ(ear.key_columns("goods"), nullptr);  // the next row is not even looked at
}

TEST_F(MoveTest, a_stale_epoch_is_refused_by_the_shard) {
    Engine& engine = open();
    ASSERT_TRUE(engine.create_tenant(kTenant, "one").ok());
    fill(engine, kTenant, 5);
    MariaConnection::Options options;
    options.socket = server_.socket();
    options.user = "root";
    options.database = "one";
    MariaConnection elsewhere(options);
    ASSERT_TRUE(change_epoch(elsewhere, kTenant, 1, 2));
    const auto nothing = [](Tx&) -> Result<> { return {}; };
    EXPECT_THROW(engine.run(kTenant, Work::write, nothing), StaleEpoch);
    EXPECT_THROW(engine.run(kTenant, Work::read, nothing), StaleEpoch);
    EXPECT_THROW(engine.run(kTenant, Work::report, nothing), StaleEpoch);
    ASSERT_TRUE(change_epoch(elsewhere, kTenant, 2, 1));
    EXPECT_EQ(all(engine, kTenant).size(), 10U);
}

}  // namespace
}  // namespace hangu::storage::move_test
