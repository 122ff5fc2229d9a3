#include "platform/storage/internal/maria.hpp"

#include "platform/storage/internal/maria_migration.hpp"
#include "platform/storage/shard_check.hpp"
#include "tests/support/key_store.hpp"
#include "tests/support/maria_server.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <future>

namespace hangu::storage::maria_test {
namespace {

struct NoteTag;
struct NoteRow {
    static constexpr std::string_view kTable = "note";
    Id<NoteTag> id;
    Sealed<Phone> phone;
    Blind<Phone> phone_blind;
    std::int64_t amount = 0;
    std::string label;
    std::optional<std::string> remark;
};
HANGU_STRUCT(NoteRow, id, phone, phone_blind, amount, label, remark)

constexpr Statement<NoteRow(Id<NoteTag>)> kFind{
    "note.find",
    "select id, phone, phone_blind, amount, label, remark from note"
    " where tenant_id = ?1 and id = ?2"};
constexpr Statement<NoteRow(BlindProbe)> kByPhone{
    "note.by_phone",
    "select id, phone, phone_blind, amount, label, remark from note"
    " where tenant_id = ?1 and phone_blind = ?2"};
constexpr Statement<void(std::int64_t, Id<NoteTag>)> kTake{
    "note.take",
    "update note set amount = amount - ?2 where tenant_id = ?1 and id = ?3 and amount >= ?2"};
constexpr Statement<std::int64_t()> kSum{
    "note.sum", "select sum(amount) from note where tenant_id = ?1", {"a test sums all"}};
constexpr Statement<Id<NoteTag>(std::string_view)> kSearch{
    "note.search", "select id from note where tenant_id = ?1 and label like ?2 order by id"};
constexpr Statement<Id<NoteTag>(std::string_view)> kLabelled{
    "note.labelled", "select id from note where tenant_id = ?1 and label = ?2 order by id"};
constexpr Statement<void(NoteRow)> kPut{
    "note.put",
    "insert into note (tenant_id, id, phone, phone_blind, amount, label, remark)"
    " values (?1, ?2, ?3, ?4, ?5, ?6, ?7) on conflict (id) do update set amount = excluded.amount"};
constexpr Statement<Blob(Id<NoteTag>)> kRaw{
    "note.raw", "select phone from note where tenant_id = ?1 and id = ?2"};
constexpr Statement<std::int64_t(std::int64_t)> kScan{
    "note.scan", "select count(*) from note where amount = ?2 and ?1 > 0"};

constexpr MigrationFile kFiles[] = {
    {"note", "0001_note.sql",
     "create table note (tenant_id integer not null, id integer primary key, phone blob,"
     " phone_blind blob, amount integer not null, label text not null, remark text);"
     "create unique index note_phone on note (tenant_id, phone_blind)"
     " where phone_blind is not null"},
    {"note", "0002_label.sql", "create index note_label on note (tenant_id, label)"},
};
constexpr MigrationFile kChanged[] = {
    {"note", "0001_note.sql",
     "create table note (tenant_id integer not null, id integer primary key)"}};
constexpr Column kColumns[] = {
    {"id", ColumnType::integer, DataClass::key, Level::internal},
    {"phone", ColumnType::sealed, DataClass::contact, Level::sensitive, true},
    {"phone_blind", ColumnType::blind, DataClass::contact, Level::sensitive, true},
    {"amount", ColumnType::integer, DataClass::business, Level::internal},
    {"label", ColumnType::text, DataClass::business, Level::internal},
    {"remark", ColumnType::text, DataClass::business, Level::internal, true},
};

std::vector<Part> parts(std::span<const MigrationFile> files = kFiles) {
    return {{"note",
             files,
             {{"note", kColumns}},
             {insert_info<NoteRow>(), info(kFind), info(kByPhone), info(kTake), info(kSum),
              info(kSearch), info(kLabelled), info(kPut), info(kRaw)}}};
}

// One server for the program; a database of its own for every case.
class MariaTest : public ::testing::Test {
 protected:
    static void SetUpTestSuite() {
        folder_ = fmt::format("{}/hangu-maria-{}", std::filesystem::temp_directory_path().string(),
                              ::getpid());
        server_ = std::make_unique<testing::MariaServer>(
            HANGU_MARIADB, folder_, std::vector<std::string>{"--innodb-flush-log-at-trx-commit=0"});
    }
    static void TearDownTestSuite() {
        server_.reset();
        std::filesystem::remove_all(folder_);
    }

    MariaTest() {
        static int count = 0;
        database_ = fmt::format("case_{}", count++);
        MariaConnection::Options options = root();
        options.database = "";
        MariaConnection(options).execute("create database " + database_);
        MariaConnection migrating(root());
        EXPECT_TRUE(migrate_shard(migrating, steps_of(parts(), false), false, Time(0)).ok());
        ring_ = std::make_unique<crypto::KeyRing>(Secret(std::string(32, 'r')), store_, random_);
        ring_->create(tenant_);
        ring_->create(other_);
        keys_ = ring_->open(tenant_);
        other_keys_ = ring_->open(other_);
        db_ = std::make_unique<MariaConnection>(root());
    }
    MariaConnection::Options root() const {
        MariaConnection::Options options;
        options.socket = server_->socket();
        options.user = "root";
        options.database = database_;
        options.lock_seconds_max = 1;
        return options;
    }
    Tx tx(MariaConnection& on) { return Tx(on, {tenant_, keys_.get()}, Time(0)); }
    NoteRow note(std::string_view phone, std::string label = "hello") {
        NoteRow row;
        row.id = Id<NoteTag>(ids_.next(1'795'305'600'000));
        if (!phone.empty()) {
            row.phone = Sealed<Phone>(*Phone::parse(phone));
            row.phone_blind = Blind<Phone>(*Phone::parse(phone));
        }
        row.amount = 10;
        row.label = std::move(label);
        return row;
    }

    static inline std::string folder_;
    static inline std::unique_ptr<testing::MariaServer> server_;
    std::string database_;
    SeededRandomness random_{7};
    IdSource ids_{1};
    testing::MemoryKeyStore store_;
    TenantId tenant_{1001};
    TenantId other_{1002};
    std::unique_ptr<crypto::KeyRing> ring_;
    std::shared_ptr<crypto::TenantKeys> keys_;
    std::shared_ptr<crypto::TenantKeys> other_keys_;
    std::unique_ptr<MariaConnection> db_;
};

TEST_F(MariaTest, statements_and_declaration_are_sound) {
    EXPECT_EQ(shard_statement_faults(parts(), server_->socket()), std::vector<std::string>());
}

TEST_F(MariaTest, a_statement_that_reads_every_tenant_is_a_fault) {
    std::vector<Part> bad = parts();
    bad[0].statements = {info(kScan)};
    const std::vector<std::string> faults = shard_statement_faults(bad, server_->socket());
    ASSERT_EQ(faults.size(), 1U);
    EXPECT_EQ(faults[0], "note.scan: note is read by ALL  and not by the tenant");
}

TEST_F(MariaTest, rows_come_back_and_sealed_values_lie_encrypted) {
    NoteRow row = note("13812345678", "拿铁 🍎");
    row.remark = std::string(5000, 'x') + "'\\\n";
    tx(*db_).insert(row);
    db_->commit();
    const NoteRow found = tx(*db_).find(kFind, row.id).value();
    EXPECT_EQ(found.label, row.label);
    EXPECT_EQ(found.remark, row.remark);
    EXPECT_EQ(SealAccess::value(found.phone).plain(), "+8613812345678");
    EXPECT_EQ(tx(*db_).find(kRaw, row.id)->bytes.find("13812345678"), std::string::npos);
    EXPECT_EQ(tx(*db_).find(kByPhone, probe("note.phone_blind", *Phone::parse("13812345678")))->id,
              row.id);
    NoteRow plain = note("");
    tx(*db_).insert(plain);
    tx(*db_).insert(note(""));  // without a phone they do not collide
    EXPECT_EQ(tx(*db_).find(kFind, plain.id)->remark, std::nullopt);
    EXPECT_EQ(tx(*db_).find(kSum), 30);
}

TEST_F(MariaTest, a_tenant_sees_its_own_rows_alone) {
    const NoteRow row = note("13812345678");
    tx(*db_).insert(row);
    Tx others(*db_, {other_, other_keys_.get()}, Time(0));
    EXPECT_FALSE(others.find(kFind, row.id));
    EXPECT_EQ(others.run(kTake, 1, row.id), 0);
    others.insert(row);  // its own row of the same id
    EXPECT_EQ(others.run(kTake, 1, row.id), 1);
    EXPECT_EQ(tx(*db_).find(kFind, row.id)->amount, 10);
}

TEST_F(MariaTest, texts_are_compared_as_bytes_and_searched_without_case) {
    const NoteRow apple = note("", "🍎");
    const NoteRow pear = note("", "🍐");
    const NoteRow small = note("", "cafe");
    const NoteRow large = note("", "CAFE");
    const NoteRow blank = note("", "cafe ");
    const NoteRow accent = note("", "café");
    for (const NoteRow& row : {apple, pear, small, large, blank, accent}) {
        tx(*db_).insert(row);
    }
    EXPECT_EQ(tx(*db_).list(kLabelled, "🍎"), (std::vector{apple.id}));
    EXPECT_EQ(tx(*db_).list(kLabelled, "cafe"), (std::vector{small.id}));
    EXPECT_EQ(tx(*db_).list(kSearch, "cafe"), (std::vector{small.id, large.id}));
    EXPECT_EQ(tx(*db_).list(kSearch, "%🍐%"), (std::vector{pear.id}));
}

TEST_F(MariaTest, a_unique_key_refuses_and_the_transaction_goes_on) {
    const NoteRow first = note("13812345678");
    const NoteRow same = note("13812345678");
    EXPECT_TRUE(tx(*db_).try_insert(first));
    EXPECT_FALSE(tx(*db_).try_insert(same));
    db_->commit();
    EXPECT_TRUE(tx(*db_).find(kFind, first.id));
    EXPECT_FALSE(tx(*db_).find(kFind, same.id));
}

TEST_F(MariaTest, what_was_found_counts_as_changed) {
    NoteRow row = note("");
    tx(*db_).run(kPut, row);
    EXPECT_EQ(tx(*db_).run(kTake, 0, row.id), 1);
    EXPECT_EQ(tx(*db_).run(kTake, 11, row.id), 0);
    row.amount = 3;
    tx(*db_).run(kPut, row);
    EXPECT_EQ(tx(*db_).find(kFind, row.id)->amount, 3);
}

TEST_F(MariaTest, a_value_that_does_not_fit_is_refused_and_not_cut) {
    EXPECT_THROW(tx(*db_).insert(note("", std::string(256, 'a'))), StorageFault);
    EXPECT_NO_THROW(tx(*db_).insert(note("", std::string(255, 'a'))));
}

TEST_F(MariaTest, savepoints_undo_one_request_of_several) {
    const NoteRow kept = note("");
    const NoteRow undone = note("");
    db_->savepoint();
    tx(*db_).insert(kept);
    db_->release();
    db_->savepoint();
    tx(*db_).insert(undone);
    db_->roll_back_to_savepoint();
    db_->commit();
    EXPECT_TRUE(tx(*db_).find(kFind, kept.id));
    EXPECT_FALSE(tx(*db_).find(kFind, undone.id));
}

TEST_F(MariaTest, one_of_two_in_a_deadlock_is_given_up_and_may_run_again) {
    const NoteRow one = note("");
    const NoteRow two = note("");
    tx(*db_).insert(one);
    tx(*db_).insert(two);
    db_->commit();
    MariaConnection second(root());
    tx(*db_).run(kTake, 1, one.id);
    tx(second).run(kTake, 1, two.id);
    auto crossing = std::async(std::launch::async, [&] {
        try {
            tx(second).run(kTake, 1, one.id);
            second.commit();
            return 0;
        } catch (const TransactionLost&) {
            second.roll_back();
            return 1;
        }
    });
    int lost = 0;
    try {
        tx(*db_).run(kTake, 1, two.id);
        db_->commit();
    } catch (const TransactionLost&) {
        db_->roll_back();
        lost = 1;
    }
    EXPECT_EQ(lost + crossing.get(), 1);
    EXPECT_EQ(tx(*db_).find(kSum), 18);
}

TEST_F(MariaTest, whoever_waits_too_long_for_a_row_is_told) {
    const NoteRow row = note("");
    tx(*db_).insert(row);
    db_->commit();
    tx(*db_).run(kTake, 1, row.id);
    MariaConnection second(root());
    EXPECT_THROW(tx(second).run(kTake, 1, row.id), TransactionLost);
    second.roll_back();
    EXPECT_FALSE(second.broken());
}

TEST_F(MariaTest, a_broken_connection_before_the_commit_and_at_it) {
    const NoteRow row = note("");
    MariaConnection second(root());
    tx(second).insert(row);
    db_->execute(fmt::format("kill {}", second.id()));
    EXPECT_THROW(tx(second).find(kSum), ConnectionLost);
    EXPECT_TRUE(second.broken());
    MariaConnection third(root());
    tx(third).insert(row);
    db_->execute(fmt::format("kill {}", third.id()));
    EXPECT_THROW(third.commit(), CommitUnknown);
    EXPECT_TRUE(third.broken());
    EXPECT_FALSE(tx(*db_).find(kFind, row.id));
}

TEST_F(MariaTest, a_snapshot_sees_one_moment_and_a_reader_cannot_write) {
    const NoteRow row = note("");
    MariaConnection::Options options = root();
    options.snapshot = true;
    options.read_only = true;
    MariaConnection reader(options);
    EXPECT_EQ(tx(reader).find(kSum), 0);
    tx(*db_).insert(row);
    db_->commit();
    EXPECT_EQ(tx(reader).find(kSum), 0);
    EXPECT_THROW(tx(reader).insert(note("")), StorageFault);
    reader.roll_back();
    EXPECT_EQ(tx(reader).find(kSum), 10);
}

TEST_F(MariaTest, prepared_statements_have_a_budget) {
    MariaConnection::Options options = root();
    options.statements_count_max = 2;
    MariaConnection small(options);
    for (int i = 0; i < 3; ++i) {
        tx(small).find(kSum);
        tx(small).list(kSearch, "x");
        tx(small).list(kLabelled, "x");
        EXPECT_LE(small.statements_count(), 2U);
    }
}

TEST_F(MariaTest, migrations_go_on_where_they_broke_off_and_refuse_what_is_foreign) {
    const Steps steps = steps_of(parts(), false);
    EXPECT_EQ(migrate_shard(*db_, steps, false, Time(0)).value(), false);
    EXPECT_EQ(shard_differences(*db_, parts(), false), std::vector<std::string>());
    // As after a crash between making the last index and writing down that it was made.
    db_->execute("update schema_step set statements_done = statements_done - 1");
    db_->commit();
    EXPECT_EQ(migrate_shard(*db_, steps, false, Time(0)).value(), true);
    EXPECT_EQ(migrate_shard(*db_, steps, false, Time(0)).value(), false);
    const auto code = [&](std::span<const MigrationFile> files) {
        return migrate_shard(*db_, steps_of(parts(files), false), false, Time(0)).problem().code;
    };
    EXPECT_EQ(code(std::span(kFiles).first(1)), "migration.newer");
    EXPECT_EQ(code(kChanged), "migration.changed");
    db_->execute("alter table note add column more bigint");
    EXPECT_EQ(shard_differences(*db_, parts(), false).size(), 1U);
}

}  // namespace
}  // namespace hangu::storage::maria_test
