#include "platform/storage/engine.hpp"

#include "platform/storage/internal/sqlite.hpp"
#include "platform/storage/internal/tenant_lane.hpp"
#include "tests/support/key_store.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <latch>
#include <set>
#include <thread>

namespace hangu::storage {
namespace {

struct NoteTag;
struct NoteRow {
    static constexpr std::string_view kTable = "note";
    Id<NoteTag> id;
    Sealed<Phone> phone;
    Blind<Phone> phone_blind;
    std::int64_t amount = 0;
    std::string label;
};
HANGU_STRUCT(NoteRow, id, phone, phone_blind, amount, label)

constexpr Statement<NoteRow(Id<NoteTag>)> kFind{
    "note.find",
    "select id, phone, phone_blind, amount, label from note where tenant_id = ?1 and id = ?2"};
constexpr Statement<NoteRow(BlindProbe)> kByPhone{
    "note.by_phone",
    "select id, phone, phone_blind, amount, label from note"
    " where tenant_id = ?1 and phone_blind = ?2"};
constexpr Statement<void(std::int64_t, Id<NoteTag>)> kTake{
    "note.take",
    "update note set amount = amount - ?2 where tenant_id = ?1 and id = ?3 and amount >= ?2"};
constexpr Statement<std::int64_t()> kCount{
    "note.count", "select count(*) from note where tenant_id = ?1", {"a test counts all"}};
constexpr Statement<void(Blob, Id<NoteTag>)> kForge{
    "note.forge", "update note set phone = ?2 where tenant_id = ?1 and id = ?3"};
constexpr Statement<Blob(Id<NoteTag>)> kRaw{
    "note.raw", "select phone from note where tenant_id = ?1 and id = ?2"};

constexpr MigrationFile kNoteSteps[] = {
    {"note", "0001_note.sql",
     "create table note (tenant_id integer not null, id integer primary key, phone blob,"
     " phone_blind blob, amount integer not null, label text not null);"
     "create unique index note_phone on note (tenant_id, phone_blind)"},
    {"note", "0002_label.sql", "create index note_label on note (tenant_id, label)"},
};
constexpr Column kColumns[] = {
    {"id", ColumnType::integer, DataClass::key, Level::internal},
    {"phone", ColumnType::sealed, DataClass::contact, Level::sensitive, true},
    {"phone_blind", ColumnType::blind, DataClass::contact, Level::sensitive, true},
    {"amount", ColumnType::integer, DataClass::business, Level::internal},
    {"label", ColumnType::text, DataClass::business, Level::internal},
};

std::vector<Part> parts(std::size_t steps = 2) {
    return {{"note",
             std::span(kNoteSteps).first(steps),
             {{"note", kColumns}},
             {insert_info<NoteRow>(), info(kFind), info(kByPhone), info(kTake), info(kCount),
              info(kForge), info(kRaw)}}};
}

class EngineTest : public ::testing::Test {
 protected:
    EngineTest() : folder_(make_folder()), log_({observe::Level::error, folder_ + ".log"}, clock_) {
        EXPECT_TRUE(open().ok());
        tenant_ = TenantId(ids_.next(clock_.now().unix_ms()));
        ring_->create(tenant_);
        EXPECT_TRUE(engine_->create_tenant(tenant_).ok());
    }
    ~EngineTest() override {
        engine_.reset();
        std::filesystem::remove_all(folder_);
        std::filesystem::remove(folder_ + ".log");
    }
    static std::string make_folder() {
        static int count = 0;
        return fmt::format("{}/hangu-engine-{}-{}", std::filesystem::temp_directory_path().string(),
                           ::getpid(), count++);
    }
    Result<void> open(std::size_t steps = 2, std::size_t open_max = 100) {
        engine_.reset();
        Engine::Options options;
        options.folder = folder_;
        options.lanes = 2;
        options.redo_segment_bytes = std::size_t{64} << 10U;
        options.open_tenants_max = open_max;
        engine_ = std::make_unique<Engine>(options, parts(steps), log_, clock_);
        Result<void> started = engine_->start();
        if (!ring_) {
            ring_ =
                std::make_unique<crypto::KeyRing>(Secret(std::string(32, 'r')), store_, random_);
        }
        engine_->set_key_ring(*ring_);
        return started;
    }
    NoteRow note(std::string_view phone, std::int64_t amount = 10) {
        NoteRow row;
        row.id = Id<NoteTag>(ids_.next(clock_.now().unix_ms()));
        row.phone = Sealed<Phone>(*Phone::parse(phone));
        row.phone_blind = Blind<Phone>(*Phone::parse(phone));
        row.amount = amount;
        row.label = "hello";
        return row;
    }
    Result<> put(const NoteRow& row) {
        return engine_->run(tenant_, Work::write, [&](Tx& tx) -> Result<> {
            tx.insert(row);
            return {};
        });
    }
    Result<std::int64_t> count() {
        return engine_->run(tenant_, Work::read, [](Tx& tx) -> Result<std::int64_t> {
            return tx.find(kCount).value_or(-1);
        });
    }

    std::string folder_;
    ManualClock clock_{Time(1'795'305'600'000)};
    observe::Log log_;
    SeededRandomness random_{7};
    IdSource ids_{1};
    testing::MemoryKeyStore store_;
    std::unique_ptr<crypto::KeyRing> ring_;
    std::unique_ptr<Engine> engine_;
    TenantId tenant_;
};

TEST_F(EngineTest, statements_and_declaration_are_sound) {
    EXPECT_EQ(statement_faults(parts()), std::vector<std::string>());
}

TEST(Declaration, refuses_clear_text_of_a_sensitive_class) {
    static constexpr Column kBad[] = {
        {"id", ColumnType::integer, DataClass::key, Level::internal},
        {"phone", ColumnType::text, DataClass::contact, Level::sensitive},
    };
    const std::vector<Part> bad{{"bad", {}, {{"bad", kBad}}, {}}};
    ASSERT_EQ(faults_of(bad).size(), 1U);
    EXPECT_EQ(faults_of(bad)[0], "bad.phone is sensitive and not sealed");
}

TEST(Statements, a_scan_and_a_wrong_column_are_faults) {
    static constexpr Statement<NoteRow(std::int64_t)> kScan{
        "note.scan",
        "select id, phone, phone_blind, label, amount from note"
        " where tenant_id = ?1 and amount = ?2"};
    std::vector<Part> bad = parts();
    bad[0].statements = {info(kScan)};
    const std::vector<std::string> faults = statement_faults(bad);
    ASSERT_EQ(faults.size(), 2U);
    EXPECT_TRUE(
        faults[0].starts_with("note.scan: selects (id, phone, phone_blind, label, amount)"));
    EXPECT_TRUE(faults[1].starts_with("note.scan: SEARCH note USING INDEX note_"));
    EXPECT_TRUE(faults[1].ends_with("(tenant_id=?) (give a Scan reason or an index)"));
}

TEST_F(EngineTest, sealed_values_come_back_and_lie_encrypted) {
    const NoteRow row = note("13812345678");
    ASSERT_TRUE(put(row).ok());
    const auto answer =
        engine_->run(tenant_, Work::read, [&](Tx& tx) -> Result<std::pair<NoteRow, Blob>> {
            const auto found =
                tx.find(kByPhone, probe("note.phone_blind", *Phone::parse("13812345678")));
            HANGU_ASSERT(found.has_value());
            return std::pair(*found, *tx.find(kRaw, row.id));
        });
    EXPECT_TRUE(answer->first.phone.same_as(*Phone::parse("13812345678")));
    EXPECT_EQ(answer->second.bytes.size(), 34U + 14U);
    EXPECT_EQ(answer->second.bytes.find("138"), std::string::npos);
}

TEST_F(EngineTest, a_ciphertext_moved_to_another_row_does_not_open) {
    const NoteRow first = note("13812345678");
    const NoteRow second = note("13912345678");
    ASSERT_TRUE(put(first).ok());
    ASSERT_TRUE(put(second).ok());
    const auto forge = [&](Tx& tx) -> Result<> {
        tx.run(kForge, *tx.find(kRaw, first.id), second.id);
        static_cast<void>(tx.find(kFind, second.id));
        return {};
    };
    EXPECT_THROW(static_cast<void>(engine_->run(tenant_, Work::write, forge)), crypto::SealBroken);
}

TEST_F(EngineTest, a_tenant_file_under_another_tenants_name_does_not_open) {
    const NoteRow row = note("13812345678");
    ASSERT_TRUE(put(row).ok());
    const TenantId other(ids_.next(clock_.now().unix_ms()));
    ring_->create(other);
    engine_->stop();
    const std::string from = tenant_path(folder_ + "/tenants", tenant_);
    const std::string to = tenant_path(folder_ + "/tenants", other);
    std::filesystem::create_directories(std::filesystem::path(to).parent_path());
    std::filesystem::copy_file(from, to);
    ASSERT_TRUE(open().ok());
    static constexpr Statement<NoteRow()> kAny{
        "note.any", "select id, phone, phone_blind, amount, label from note where ?1 > 0"};
    const auto read = [](Tx& tx) -> Result<> {
        static_cast<void>(tx.find(kAny));
        return {};
    };
    EXPECT_THROW(static_cast<void>(engine_->run(other, Work::read, read)), crypto::SealBroken);
}

TEST_F(EngineTest, a_problem_and_a_fault_leave_nothing_behind) {
    const auto refuse = [&](Tx& tx) -> Result<> {
        tx.insert(note("13812345678"));
        return Problem::conflict("note.refused");
    };
    EXPECT_EQ(engine_->run(tenant_, Work::write, refuse).problem().code, "note.refused");
    const auto fail = [&](Tx& tx) -> Result<> {
        tx.insert(note("13812345678"));
        throw std::runtime_error("bug");
    };
    EXPECT_THROW(static_cast<void>(engine_->run(tenant_, Work::write, fail)), std::runtime_error);
    EXPECT_EQ(*count(), 0);
}

TEST_F(EngineTest, a_read_that_writes_is_rolled_back) {
    EXPECT_TRUE(engine_
                    ->run(tenant_, Work::read,
                          [&](Tx& tx) -> Result<> {
                              tx.insert(note("13812345678"));
                              return {};
                          })
                    .ok());
    EXPECT_EQ(*count(), 0);
}

TEST_F(EngineTest, a_unique_key_refuses_softly) {
    ASSERT_TRUE(put(note("13812345678")).ok());
    const auto answer = engine_->run(tenant_, Work::write, [&](Tx& tx) -> Result<bool> {
        const bool first = tx.try_insert(note("13812345678"));
        tx.insert(note("13700000000"));
        return first;
    });
    EXPECT_FALSE(*answer);
    EXPECT_EQ(*count(), 2);
}

TEST_F(EngineTest, sixty_four_takers_get_exactly_what_is_there) {
    const NoteRow row = note("13812345678", 10);
    ASSERT_TRUE(put(row).ok());
    std::atomic<int> taken{0};
    std::vector<std::thread> takers;
    for (int i = 0; i < 64; ++i) {
        takers.emplace_back([&] {
            const auto got =
                engine_->run(tenant_, Work::write, [&](Tx& tx) -> Result<std::int64_t> {
                    return tx.run(kTake, std::int64_t{1}, row.id);
                });
            taken += static_cast<int>(*got);
        });
    }
    for (std::thread& taker : takers) {
        taker.join();
    }
    EXPECT_EQ(taken.load(), 10);
}

// Jobs that wait for each other in one batch share a commit; a fault in one leaves the others
// alone.
TEST_F(EngineTest, a_group_commits_once_and_a_fault_in_it_stays_alone) {
    class Blocking final : public Job {
     public:
        Blocking(std::latch& started, std::latch& go) : started_(started), go_(go) {}
        Decision body(Tx&) override {
            started_.count_down();
            go_.wait();
            return Decision::roll_back;
        }
        void done(const Outcome&) override {}

     private:
        std::latch& started_;
        std::latch& go_;
    };
    class Putting final : public Job {
     public:
        Putting(NoteRow row, bool fails, std::latch& ready, std::vector<Outcome>& outcomes)
            : row_(std::move(row)), fails_(fails), ready_(ready), outcomes_(outcomes) {}
        Decision body(Tx& tx) override {
            tx.insert(row_);
            if (fails_) {
                throw std::runtime_error("one of the group");
            }
            return Decision::commit;
        }
        void done(const Outcome& outcome) override {
            outcomes_.push_back(outcome);
            ready_.count_down();
        }

     private:
        NoteRow row_;
        bool fails_;
        std::latch& ready_;
        std::vector<Outcome>& outcomes_;
    };
    std::latch started(1);
    std::latch go(1);
    std::latch ready(5);
    std::vector<Outcome> outcomes;
    const std::uint64_t before = engine_->figures().commits;
    ASSERT_TRUE(engine_->submit(tenant_, Work::write, std::make_unique<Blocking>(started, go)));
    started.wait();
    for (int i = 0; i < 5; ++i) {
        const NoteRow row = note(fmt::format("1381234567{}", i));
        ASSERT_TRUE(engine_->submit(tenant_, Work::write,
                                    std::make_unique<Putting>(row, i == 2, ready, outcomes)));
    }
    go.count_down();
    ready.wait();
    EXPECT_EQ(*count(), 4);
    EXPECT_EQ(engine_->figures().commits - before, 1U);
    ASSERT_EQ(outcomes.size(), 5U);
    EXPECT_TRUE(outcomes[2].fault != nullptr);
    EXPECT_FALSE(outcomes[2].committed);
    EXPECT_EQ(outcomes[0].commit_number, outcomes[4].commit_number);
}

TEST_F(EngineTest, reports_see_the_last_commit_and_cannot_write) {
    ASSERT_TRUE(put(note("13812345678")).ok());
    const auto seen = engine_->run(tenant_, Work::report, [](Tx& tx) -> Result<std::int64_t> {
        return tx.find(kCount).value_or(-1);
    });
    EXPECT_EQ(*seen, 1);
    const auto write = [&](Tx& tx) -> Result<> {
        tx.insert(note("13912345678"));
        return {};
    };
    EXPECT_THROW(static_cast<void>(engine_->run(tenant_, Work::report, write)), StorageFault);
}

TEST_F(EngineTest, commits_survive_reopening_and_numbers_go_on) {
    ASSERT_TRUE(put(note("13812345678")).ok());
    ASSERT_TRUE(open().ok());
    EXPECT_EQ(*count(), 1);
    EXPECT_EQ(engine_->check_integrity(tenant_), "ok");
}

// Keeps what the engine says of a read.
class LookJob final : public Job {
 public:
    LookJob(Outcome& outcome, std::latch& ready) : outcome_(outcome), ready_(ready) {}
    Decision body(Tx& tx) override {
        tx.find(kCount);
        return Decision::roll_back;
    }
    void done(const Outcome& outcome) override {
        outcome_ = outcome;
        ready_.count_down();
    }

 private:
    Outcome& outcome_;
    std::latch& ready_;
};

TEST_F(EngineTest, a_read_is_known_to_be_right_until_its_table_is_written) {
    const auto look = [this] {
        Outcome outcome;
        std::latch ready(1);
        engine_->submit(tenant_, Work::read, std::make_unique<LookJob>(outcome, ready));
        ready.wait();
        return outcome.seen;
    };
    const Seen before = look();
    EXPECT_TRUE(before.still_right());
    const auto refused = engine_->run(tenant_, Work::write, [this](Tx& tx) -> Result<> {
        tx.insert(note("13712345678"));
        return Problem::conflict("test.refused");
    });
    EXPECT_FALSE(refused.ok());
    EXPECT_TRUE(before.still_right());
    ASSERT_TRUE(put(note("13812345678")).ok());
    EXPECT_FALSE(before.still_right());
    EXPECT_TRUE(look().still_right());
    const Seen last = look();
    ASSERT_TRUE(open().ok());  // closed and opened again
    EXPECT_FALSE(last.still_right());
}

TEST_F(EngineTest, a_second_process_is_refused) {
    Engine::Options options;
    options.folder = folder_;
    Engine second(options, parts(), log_, clock_);
    const Result<void> started = second.start();
    ASSERT_FALSE(started.ok());
    EXPECT_EQ(started.problem().code, "data.locked");
}

TEST_F(EngineTest, an_older_file_is_migrated_when_opened_and_a_newer_one_refused) {
    ASSERT_TRUE(put(note("13812345678")).ok());
    engine_.reset();
    std::filesystem::remove_all(folder_);
    ASSERT_TRUE(open(1).ok());
    ASSERT_TRUE(engine_->create_tenant(tenant_).ok());
    ASSERT_TRUE(put(note("13812345678")).ok());
    ASSERT_TRUE(open(2).ok());
    EXPECT_EQ(*count(), 1);
    const Result<void> older = open(1);  // the tenant is ahead of this program
    EXPECT_TRUE(older.ok());
    EXPECT_THROW(static_cast<void>(count()), StorageFault);
}

TEST_F(EngineTest, the_sweep_migrates_all_and_lru_keeps_few_open) {
    std::vector<TenantId> tenants{tenant_};
    for (int i = 0; i < 20; ++i) {
        tenants.emplace_back(ids_.next(clock_.now().unix_ms()));
        ring_->create(tenants.back());
        ASSERT_TRUE(engine_->create_tenant(tenants.back()).ok());
    }
    ASSERT_TRUE(open(2, 4).ok());
    std::size_t last = 0;
    const auto swept =
        engine_->migrate_all([&last](std::size_t done, std::size_t) { last = done; });
    EXPECT_EQ(*swept, 21U);
    EXPECT_EQ(last, 21U);
    EXPECT_LE(engine_->figures().open_tenants, 6U);
    EXPECT_EQ(engine_->tenants_here().size(), 21U);
}

TEST_F(EngineTest, tenants_made_one_after_the_other_spread_over_the_lanes) {
    std::set<std::thread::id> lanes;
    for (int i = 0; i < 32; ++i) {
        const TenantId tenant(ids_.next(clock_.now().unix_ms() + i));
        ring_->create(tenant);
        ASSERT_TRUE(engine_->create_tenant(tenant).ok());
        const auto note_thread = [&lanes](Tx&) -> Result<> {
            lanes.insert(std::this_thread::get_id());
            return {};
        };
        ASSERT_TRUE(engine_->run(tenant, Work::read, note_thread).ok());
    }
    EXPECT_EQ(lanes.size(), 2U);
}

TEST_F(EngineTest, an_unknown_tenant_is_no_tenant) {
    const auto nothing = [](Tx&) -> Result<> { return {}; };
    EXPECT_THROW(static_cast<void>(engine_->run(TenantId(99), Work::read, nothing)), NoSuchTenant);
}

}  // namespace
}  // namespace hangu::storage
