// The log as a whole: what is recorded gets into it, and whatever is done to the file afterwards is
// found, and where.
#include "security/audit/audit_log.hpp"

#include "security/audit/internal/append_batch.hpp"
#include "security/audit/internal/audit_store.hpp"
#include "security/audit/internal/log_store.hpp"
#include "security/audit/internal/record_rules.hpp"
#include "security/audit/module.hpp"
#include "security/audit/receipt.hpp"

#include "tests/support/test_world.hpp"

#include <gtest/gtest.h>

namespace hangu::audit {
namespace {

using hangu::testing::TestWorld;
using storage::Blob;
using storage::Statement;
using storage::Tx;

constexpr Statement<void(RecordId, std::string)> kForgeLabel{
    "test.forge_label",
    "update audit_record set subject_label = ?3 where tenant_id = ?1 and id = ?2"};
constexpr Statement<void(RecordId, Blob)> kForgeName{
    "test.forge_name", "update audit_record set actor_name = ?3 where tenant_id = ?1 and id = ?2"};
constexpr Statement<void(RecordId, std::string, Blob)> kForgeWithLeaf{
    "test.forge_leaf",
    "update audit_record set subject_label = ?3, leaf_hash = ?4"
    " where tenant_id = ?1 and id = ?2"};
struct OldValues {
    std::string subject_label;
    std::string address;
    Blob fields;
};
HANGU_STRUCT(OldValues, subject_label, address, fields)
constexpr Statement<void(RecordId, OldValues)> kPutBack{
    "test.put_back",
    "update audit_record set subject_label = ?3, address = ?4, fields = ?5"
    " where tenant_id = ?1 and id = ?2"};
constexpr Statement<void(RecordId)> kDelete{
    "test.delete", "delete from audit_record where tenant_id = ?1 and id = ?2"};
constexpr Statement<void(RecordId, RecordId)> kMove{
    "test.move", "update audit_record set id = ?3 where tenant_id = ?1 and id = ?2"};
constexpr Statement<void(std::int64_t)> kDropTile{
    "test.drop_tile", "delete from audit_tile where tenant_id = ?1 and id = ?2"};
constexpr Statement<void()> kDropHead{"test.drop_head",
                                      "delete from audit_checkpoint where tenant_id = ?1"};

class AuditLogTest : public ::testing::Test {
 protected:
    AuditLogTest()
        : world_({part()}, permissions()),
          audit_(*world_.engine, world_.ids, world_.random, world_.clock, world_.log,
                 world_.metrics, Audit::Options{}),
          log_(*world_.engine, audit_, world_.random, world_.clock, world_.log, world_.metrics,
               options()) {
        world_.world.audit = &audit_;
    }

    static AuditLog::Options options() {
        AuditLog::Options options;
        options.batch_count_max = 100;
        return options;
    }

    void act(int count, TenantId tenant) {
        const auto done =
            http::run_use_case(*world_.engine, world_.world, world_.system_of(tenant),
                               storage::Work::write, [&](http::Scope& scope) -> Result<void> {
                                   for (int i = 0; i < count; ++i) {
                                       scope.audit({.action = "store.edited",
                                                    .subject_kind = "store",
                                                    .subject_id = "0000000000042",
                                                    .subject_label = "S" + std::to_string(++acts_),
                                                    .fields = {{"name", "old", "new"}}});
                                   }
                                   return {};
                               });
        ASSERT_TRUE(done.ok());
    }
    void act(int count) { act(count, world_.tenant); }

    template <class F>
    void tamper(F&& body) {
        const auto done = world_.tx([&](Tx& tx) -> Result<void> {
            body(tx);
            return {};
        });
        ASSERT_TRUE(done.ok());
    }

    LogCheck check(std::int64_t records_max = 1'000'000) {
        LogCheck all;
        std::optional<std::int64_t> next = 0;
        while (next) {
            const auto part = world_.tx(
                [&](Tx& tx) -> Result<LogCheck> { return check_log(tx, *next, records_max); });
            all.records += part->records;
            all.faults_count += part->faults_count;
            all.erased_count += part->erased_count;
            all.faults.insert(all.faults.end(), part->faults.begin(), part->faults.end());
            all.head = part->head;
            next = part->next;
        }
        return all;
    }
    std::vector<RecordId> ids() {
        std::vector<RecordId> found;
        tamper([&](Tx& tx) {
            for (const StoredRecord& record : AuditStore(tx).after(RecordId(), 10'000)) {
                found.push_back(record.id);
            }
        });
        return found;
    }
    LogStatus status() {
        return *world_.tx([](Tx& tx) -> Result<LogStatus> { return log_status(tx); });
    }
    CheckpointVerdict compare(const std::string& kept) {
        return world_
            .tx([&](Tx& tx) -> Result<CheckpointComparison> {
                return compare_checkpoint(tx, kept);
            })
            ->verdict;
    }
    Result<Receipt> receipt(RecordId id) {
        return world_.tx([&](Tx& tx) { return receipt_of(tx, id); });
    }

    void expect_fault(LogFaultKind kind, std::optional<std::int64_t> sequence) {
        const LogCheck found = check();
        ASSERT_GE(found.faults_count, 1) << "nothing found";
        EXPECT_EQ(enum_text(found.faults[0].kind), enum_text(kind));
        EXPECT_EQ(found.faults[0].sequence, sequence);
    }

    TestWorld world_;
    Audit audit_;
    AuditLog log_;
    int acts_ = 0;
};

TEST_F(AuditLogTest, records_get_into_the_log_in_order_and_it_is_signed) {
    EXPECT_EQ(status().head, std::nullopt);
    act(1);
    EXPECT_EQ(status().waiting_count, 1);
    act(730);
    log_.sequence_and_wait();
    const LogStatus now = status();
    ASSERT_TRUE(now.head);
    EXPECT_EQ(now.head->size, 731);
    EXPECT_EQ(now.waiting_count, 0);
    ASSERT_EQ(now.keys.size(), 1u);
    EXPECT_EQ(now.head->key_id, now.keys[0].id);
    const LogCheck found = check();
    EXPECT_EQ(found.faults_count, 0);
    EXPECT_EQ(found.records, 731);
    EXPECT_EQ(check(256).records, 731);  // in three parts
    EXPECT_NE(world_.metrics.text().find("audit_sequenced_total 731"), std::string::npos);
}

TEST_F(AuditLogTest, visits_written_late_come_behind_what_was_recorded_meanwhile) {
    const http::Caller caller = world_.staff({}, {});
    audit_.visit(world_.tenant, {&caller, "order.list", "192.0.2.1", "t"}, world_.clock.now(), 200,
                 "");
    world_.clock.advance_ms(3'000);
    act(1);
    log_.sequence_and_wait();
    audit_.flush_visits_and_wait();
    log_.sequence_and_wait();
    EXPECT_EQ(status().head->size, 2);
    EXPECT_EQ(check().faults_count, 0);
}

// The clock of the machine was set back between two runs: the log still only grows.
TEST_F(AuditLogTest, a_clock_that_went_back_does_not_break_the_order) {
    act(2);
    log_.sequence_and_wait();
    IdSource later_run(1);
    world_.clock.set(Time(hangu::testing::kTestStartMs - kDayMs));
    Audit audit(*world_.engine, later_run, world_.random, world_.clock, world_.log, world_.metrics,
                Audit::Options{});
    world_.world.audit = &audit;
    act(2);
    log_.sequence_now(world_.tenant);
    EXPECT_EQ(status().head->size, 4);
    EXPECT_EQ(check().faults_count, 0);
}

TEST_F(AuditLogTest, tenants_have_logs_of_their_own) {
    const TenantId other = world_.make_tenant();
    act(3);
    act(5, other);
    log_.sequence_and_wait();
    EXPECT_EQ(status().head->size, 3);
    const auto theirs = *world_.engine->run(
        other, storage::Work::read, [](Tx& tx) -> Result<LogStatus> { return log_status(tx); });
    EXPECT_EQ(theirs.head->size, 5);
    EXPECT_NE(theirs.head->key_id, status().head->key_id);
    EXPECT_EQ(compare(theirs.head->checkpoint), CheckpointVerdict::other_log);
}

TEST_F(AuditLogTest, a_changed_value_is_found) {
    act(300);
    log_.sequence_and_wait();
    const RecordId victim = ids()[270];
    tamper([&](Tx& tx) { tx.run(kForgeLabel, victim, "S271x"); });
    expect_fault(LogFaultKind::record_changed, 270);
    EXPECT_EQ(check().faults[0].record_id, victim.text());
    EXPECT_EQ(receipt(victim).problem().code, "audit.not_intact");
    EXPECT_TRUE(receipt(ids()[269]).ok());
}

TEST_F(AuditLogTest, a_changed_name_is_found_and_stops_nothing) {
    act(3);
    log_.sequence_and_wait();
    const RecordId victim = ids()[1];
    tamper([&](Tx& tx) { tx.run(kForgeName, victim, Blob{std::string(40, 'x')}); });
    expect_fault(LogFaultKind::record_changed, 1);
}

TEST_F(AuditLogTest, a_changed_value_with_its_leaf_made_anew_is_found) {
    act(300);
    log_.sequence_and_wait();
    const RecordId victim = ids()[12];
    tamper([&](Tx& tx) {
        AuditStore store(tx);
        std::optional<Record> record = store.opened(*store.find(victim));
        record->subject_label = "S99";
        const auto leaf = leaf_of(tx.tenant(), *record);
        tx.run(kForgeWithLeaf, victim, "S99", Blob{std::string(leaf->view())});
    });
    expect_fault(LogFaultKind::leaf_replaced, 12);
}

TEST_F(AuditLogTest, a_removed_record_is_found) {
    act(300);
    log_.sequence_and_wait();
    const RecordId victim = ids()[100];
    tamper([&](Tx& tx) { tx.run(kDelete, victim); });
    expect_fault(LogFaultKind::record_missing, 100);
    EXPECT_EQ(check().faults_count, 1);
}

TEST_F(AuditLogTest, removed_last_records_are_found) {
    act(300);
    log_.sequence_and_wait();
    const std::vector<RecordId> all = ids();
    tamper([&](Tx& tx) {
        for (std::size_t i = 290; i < 300; ++i) {
            tx.run(kDelete, all[i]);
        }
    });
    expect_fault(LogFaultKind::record_missing, 290);
    EXPECT_EQ(check().faults_count, 10);
}

TEST_F(AuditLogTest, an_inserted_record_is_found) {
    act(2);
    world_.clock.advance_ms(1'000);
    act(1);
    log_.sequence_and_wait();
    const std::vector<RecordId> all = ids();
    const RecordId between(all[1].value() + 1);
    tamper([&](Tx& tx) {
        AuditStore store(tx);
        std::optional<Record> record = store.opened(*store.find(all[1]));
        record->id = between;
        record->leaf_hash.bytes = leaf_of(tx.tenant(), *record)->view();
        store.add(std::span(&*record, 1));
    });
    expect_fault(LogFaultKind::record_added, std::nullopt);
    EXPECT_EQ(check().faults[0].record_id, between.text());
}

TEST_F(AuditLogTest, exchanged_records_are_found) {
    act(10);
    log_.sequence_and_wait();
    const std::vector<RecordId> all = ids();
    tamper([&](Tx& tx) {
        tx.run(kMove, all[3], RecordId(1));
        tx.run(kMove, all[4], all[3]);
        tx.run(kMove, RecordId(1), all[4]);
    });
    expect_fault(LogFaultKind::record_changed, 3);
    EXPECT_EQ(check().faults_count, 2);
}

TEST_F(AuditLogTest, a_lost_tile_and_a_lost_head_are_found) {
    act(600);
    log_.sequence_and_wait();
    tamper([&](Tx& tx) { tx.run(kDropTile, std::int64_t{1}); });
    expect_fault(LogFaultKind::tile_damaged, 256);
    tamper([&](Tx& tx) { tx.run(kDropHead); });
    expect_fault(LogFaultKind::checkpoint_missing, 0);
}

// Somebody who holds the file but not the keys writes a whole other history.
TEST_F(AuditLogTest, a_tree_built_anew_is_not_signed) {
    act(10);
    log_.sequence_and_wait();
    const std::string kept = status().head->checkpoint;
    tamper([&](Tx& tx) {
        LogStore store(tx);
        StoredTiles tiles(store);
        TileAppender appender(tiles, 9);
        appender.add(crypto::sha256("another").view());
        store.put_tile({0, 0}, appender.tile({0, 0}));
        CheckpointRow head = *store.newest_checkpoint();
        store.forget_checkpoint(head.id);
        head.root.bytes = tree_root(appender, 10).view();
        store.add(head);
    });
    const LogCheck found = check();
    std::set<std::string> kinds;
    for (const LogFault& fault : found.faults) {
        kinds.insert(std::string(enum_text(fault.kind)));
    }
    EXPECT_EQ(kinds, (std::set<std::string>{"leaf_replaced", "root_differs"}));
    EXPECT_EQ(compare(kept), CheckpointVerdict::history_changed);
    // And nothing is put upon it while the tree is not the signed one.
    tamper([&](Tx& tx) {
        LogStore store(tx);
        CheckpointRow head = *store.newest_checkpoint();
        store.forget_checkpoint(head.id);
        head.root.bytes = crypto::sha256("what was signed").view();
        store.add(head);
    });
    act(1);
    log_.sequence_and_wait();
    EXPECT_EQ(status().head->size, 10);
    EXPECT_NE(world_.metrics.text().find("audit_log_damaged_total 1"), std::string::npos);
}

TEST_F(AuditLogTest, a_kept_checkpoint_shows_growth_and_an_older_file) {
    act(300);
    log_.sequence_and_wait();
    const std::string old = status().head->checkpoint;
    EXPECT_EQ(compare(old), CheckpointVerdict::same);
    act(40);
    log_.sequence_and_wait();
    EXPECT_EQ(compare(old), CheckpointVerdict::extended);
    const std::string newest = status().head->checkpoint;
    // The file of before: the newest records, tiles and heads are gone, all that is left is sound.
    const std::vector<RecordId> all = ids();
    tamper([&](Tx& tx) {
        LogStore store(tx);
        store.forget_checkpoint(340);
        for (std::size_t i = 300; i < 340; ++i) {
            tx.run(kDelete, all[i]);
        }
        const auto note = parse_note(old);
        const auto head = parse_checkpoint(note->text);
        store.add(CheckpointRow{300,
                                head->at,
                                all[299],
                                {std::string(head->root.view())},
                                note->signatures[0].key_id,
                                old});
        store.put_entries(1, store.entries(1)->record_ids.bytes.substr(0, 44 * 8));
        store.put_tile({0, 1}, store.tile({0, 1}).substr(0, 44 * kHashBytes));
    });
    EXPECT_EQ(check().faults_count, 0);  // by itself nobody can tell
    EXPECT_EQ(compare(newest), CheckpointVerdict::log_shorter);
    // It grows again, beyond what it was: that is a fork.
    act(60);
    log_.sequence_and_wait();
    EXPECT_EQ(check().faults_count, 0);
    EXPECT_EQ(compare(newest), CheckpointVerdict::history_changed);
    EXPECT_EQ(compare(old), CheckpointVerdict::extended);
}

TEST_F(AuditLogTest, what_is_no_checkpoint_of_ours_is_refused) {
    act(1);
    log_.sequence_and_wait();
    std::string note = status().head->checkpoint;
    EXPECT_EQ(compare(note.substr(0, note.size() - 1) + "\r\n"), CheckpointVerdict::same);
    EXPECT_EQ(compare(note.substr(0, note.size() - 1)), CheckpointVerdict::same);
    EXPECT_EQ(compare(""), CheckpointVerdict::not_a_note);
    EXPECT_EQ(compare("x\n\nx\n"), CheckpointVerdict::not_a_note);
    note[note.find("\n1\n") + 1] = '0';
    EXPECT_EQ(compare(note), CheckpointVerdict::not_signed);
}

TEST_F(AuditLogTest, keys_change_and_old_checkpoints_stay_good) {
    act(1);
    log_.sequence_and_wait();
    const std::string first = status().head->checkpoint;
    world_.clock.advance_ms(kDayMs);
    std::string made;
    tamper([&](Tx& tx) { made = rotate_log_key(tx, world_.random); });
    act(1);
    log_.sequence_and_wait();
    EXPECT_EQ(parse_note(status().head->checkpoint)->signatures.size(), 2u);
    world_.clock.advance_ms(kDayMs);
    act(1);
    log_.sequence_and_wait();
    const LogStatus now = status();
    EXPECT_EQ(parse_note(now.head->checkpoint)->signatures.size(), 1u);
    EXPECT_EQ(now.head->key_id, made);
    EXPECT_EQ(now.keys.size(), 2u);
    EXPECT_EQ(compare(first), CheckpointVerdict::extended);
    EXPECT_EQ(check().faults_count, 0);
}

TEST_F(AuditLogTest, a_lawful_erasure_leaves_everything_provable) {
    act(5);
    log_.sequence_and_wait();
    const std::string kept = status().head->checkpoint;
    const RecordId id = ids()[2];
    const auto erase = [&](const std::vector<std::string>& fields) {
        return world_.use_case(
            [&](http::Scope& scope) { return erase_values(scope, id, fields, "asked for"); });
    };
    EXPECT_EQ(erase({"action"}).problem().code, "audit.not_erasable");
    ASSERT_TRUE(erase({"actor_name"}).ok());
    ASSERT_TRUE(erase({"address", "subject_label", "~name"}).ok());
    EXPECT_EQ(check().faults_count, 0);
    EXPECT_EQ(compare(kept), CheckpointVerdict::same);
    EXPECT_EQ(status().waiting_count, 2);  // the erasures
    const Result<Receipt> proof = receipt(id);
    ASSERT_TRUE(proof.ok());
    for (const ReceiptField& field : proof->fields) {
        const bool erased = is_erasable(field.name);
        EXPECT_EQ(field.commitment.has_value(), erased) << field.name;
        EXPECT_EQ(field.salt.has_value(), !erased) << field.name;
    }
    EXPECT_EQ(check().erased_count, 1);
    // What the log says of the erasure stays.
    log_.sequence_and_wait();
    const RecordId act_id = ids().back();
    EXPECT_EQ(world_
                  .use_case([&](http::Scope& scope) {
                      return erase_values(scope, act_id, {"~fields"}, "to hide it");
                  })
                  .problem()
                  .code,
              "audit.not_erasable");
    // Nothing can be written where something was erased.
    tamper([&](Tx& tx) { tx.run(kForgeLabel, id, "invented"); });
    expect_fault(LogFaultKind::record_changed, 2);
}

TEST_F(AuditLogTest, a_row_from_before_its_erasure_is_found) {
    act(6);
    log_.sequence_and_wait();
    std::vector<StoredRecord> before;
    tamper([&](Tx& tx) { before = AuditStore(tx).after(RecordId(), 10'000); });
    for (const std::size_t at : {2, 5}) {
        const RecordId id = before[at].id;
        const auto done = world_.use_case([&](http::Scope& scope) {
            return erase_values(scope, id, {"address", "subject_label", "~name"}, "asked for");
        });
        ASSERT_TRUE(done.ok());
    }
    log_.sequence_and_wait();
    EXPECT_EQ(check().faults_count, 0);
    for (const std::size_t at : {2, 5}) {
        tamper([&](Tx& tx) {
            tx.run(kPutBack, before[at].id,
                   OldValues{before[at].subject_label, before[at].address, before[at].fields});
        });
    }
    const LogCheck found = check();
    ASSERT_EQ(found.faults_count, 2);
    for (const std::size_t at : {0, 1}) {
        EXPECT_EQ(enum_text(found.faults[at].kind), enum_text(LogFaultKind::erasure_undone));
        EXPECT_EQ(found.faults[at].record_id, before[at == 0 ? 2 : 5].id.text());
    }
}

TEST_F(AuditLogTest, the_monitor_finds_what_was_changed_and_says_it_once_a_round) {
    const TenantId other = world_.make_tenant();
    act(300);
    act(20, other);
    log_.sequence_and_wait();
    const RecordId victim = ids()[7];
    tamper([&](Tx& tx) { tx.run(kForgeLabel, victim, "other"); });
    const auto round = [&] {
        for (int i = 0; i < 40; ++i) {
            log_.watch({other, world_.tenant});
            // The readers and lanes are empty once a report and a write went through them.
            static_cast<void>(world_.engine->run(world_.tenant, storage::Work::report,
                                                 [](Tx&) -> Result<> { return {}; }));
            static_cast<void>(world_.engine->run(other, storage::Work::report,
                                                 [](Tx&) -> Result<> { return {}; }));
        }
        tamper([](Tx&) {});
    };
    const auto alarms = [&] {
        int count = 0;
        tamper([&](Tx& tx) {
            for (const StoredRecord& record : AuditStore(tx).after(RecordId(), 10'000)) {
                count += record.action == "audit.damage_found" ? 1 : 0;
            }
        });
        return count;
    };
    round();
    EXPECT_EQ(alarms(), 1);
    EXPECT_EQ(world_.metrics.text().find("audit_watch_faults_total 0"), std::string::npos);
    world_.clock.advance_ms(kDayMs);
    round();
    EXPECT_EQ(alarms(), 2);
}

TEST_F(AuditLogTest, a_record_that_waits_has_no_receipt_yet) {
    act(1);
    EXPECT_EQ(receipt(ids()[0]).problem().code, "audit_record.not_sequenced");
    EXPECT_EQ(receipt(RecordId(42)).problem().code, "audit_record.not_found");
    log_.sequence_and_wait();
    EXPECT_TRUE(receipt(ids()[0]).ok());
}

}  // namespace
}  // namespace hangu::audit
