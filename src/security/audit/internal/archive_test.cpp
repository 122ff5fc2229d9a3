// Old records in bundles: nothing is lost or doubled, and everything stays provable.
#include "security/audit/archive.hpp"
#include "security/audit/disclosure.hpp"
#include "security/audit/internal/archive_rules.hpp"
#include "security/audit/internal/archive_search.hpp"
#include "security/audit/internal/archive_store.hpp"
#include "security/audit/internal/audit_store.hpp"
#include "security/audit/module.hpp"
#include "security/audit/receipt.hpp"

#include "tests/support/test_world.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <stdexcept>

namespace hangu::audit {
namespace {

using hangu::testing::TestWorld;
using storage::Blob;
using storage::Statement;
using storage::Tx;

constexpr Statement<void(RecordId, std::string)> kForgeArchivedLabel{
    "test.forge_label",
    "update audit_record set subject_label = ?3 where tenant_id = ?1 and id = ?2"};
constexpr Statement<Blob(std::int64_t)> kContent{
    "test.content", "select content from audit_archive where tenant_id = ?1 and id = ?2"};
constexpr Statement<void(std::int64_t, Blob)> kSetContent{
    "test.set_content", "update audit_archive set content = ?3 where tenant_id = ?1 and id = ?2"};
constexpr Statement<void(std::int64_t)> kDropBundle{
    "test.drop_bundle", "delete from audit_archive where tenant_id = ?1 and id = ?2"};

constexpr Statement<void(std::int64_t)> kShiftRange{
    "test.shift_range",
    "update audit_archive set first_id = first_id - 1 where tenant_id = ?1 and id = ?2"};

class ArchiveTest : public ::testing::Test {
 protected:
    ArchiveTest()
        : world_({part()}, permissions()),
          audit_(*world_.engine, world_.ids, world_.random, world_.clock, world_.log,
                 world_.metrics, Audit::Options{}),
          log_(*world_.engine, audit_, world_.random, world_.clock, world_.log, world_.metrics,
               AuditLog::Options{}) {
        world_.world.audit = &audit_;
        for (int i = 0; i < 6; ++i) {
            act(100);
        }
        log_.sequence_and_wait();
        ids_ = ids();
        later_ = world_.clock.now().plus_ms(1000);
    }

    void act(int count) {
        const auto done = world_.use_case([&](http::Scope& scope) -> Result<void> {
            for (int i = 0; i < count; ++i) {
                scope.audit({.action = i % 50 == 0 ? "store.closed" : "store.edited",
                             .subject_kind = "store",
                             .subject_id = "0000000000042",
                             .subject_label = "茶 " + std::to_string(i),
                             .fields = {{"name", "old", "new"}}});
            }
            return {};
        });
        ASSERT_TRUE(done.ok());
        world_.clock.advance_ms(1000);
    }
    std::vector<RecordId> ids() {
        return *world_.tx([](Tx& tx) -> Result<std::vector<RecordId>> {
            std::vector<RecordId> all;
            for (const StoredRecord& one : AuditStore(tx).after(RecordId(), 10'000)) {
                all.push_back(one.id);
            }
            return all;
        });
    }
    Result<ArchiveStep> archive() {
        return world_.tx([&](Tx& tx) { return archive_oldest(tx, audit_, later_); });
    }
    std::int64_t archive_all() {
        std::int64_t moved = 0;
        for (ArchiveStep step = *archive(); step.records > 0; step = *archive()) {
            moved += step.records;
        }
        return moved;
    }
    LogCheck check() {
        return *world_.tx([](Tx& tx) -> Result<LogCheck> { return check_log(tx, 0, 1'000'000); });
    }
    // As the list asks, with the system's view of the whole tenant.
    FoundRecords search(RecordFilter filter, bool archived = true,
                        SearchLimits limits = {1000, 9}) {
        filter.id_before = filter.id_before == 0 ? INT64_MAX : filter.id_before;
        return *world_.tx([&](Tx& tx) -> Result<FoundRecords> {
            return search_records(tx, storage::DataScope::whole_tenant(), filter, archived, limits);
        });
    }
    std::int64_t found(RecordFilter filter) {
        return static_cast<std::int64_t>(search(std::move(filter)).records.size());
    }
    void count(std::int64_t tile, std::int64_t faults, LogFaultKind kind, std::int64_t sequence) {
        const LogCheck all = check();
        EXPECT_EQ(all.faults_count, faults);
        ASSERT_FALSE(all.faults.empty());
        EXPECT_EQ(all.faults[0].kind, kind);
        EXPECT_EQ(all.faults[0].sequence, sequence);
        const Bundle damaged =
            *world_.tx([&](Tx& tx) -> Result<Bundle> { return ArchiveStore(tx).bundle(tile); });
        EXPECT_FALSE(damaged.readable);
    }
    template <class F>
    void tamper(F&& body) {
        const auto done = world_.tx([&](Tx& tx) -> Result<void> {
            body(tx);
            return {};
        });
        ASSERT_TRUE(done.ok());
    }

    TestWorld world_;
    Audit audit_;
    AuditLog log_;
    std::vector<RecordId> ids_;
    Time later_;
};

TEST_F(ArchiveTest, whole_old_tiles_move_and_nothing_is_lost_or_doubled) {
    EXPECT_EQ(archive_all(), 512);
    std::vector<RecordId> left = ids();
    ASSERT_EQ(left.size(), 90u);  // two are the records of the moves
    left.resize(88);
    EXPECT_EQ(left, std::vector<RecordId>(ids_.begin() + 512, ids_.end()));
    RecordFilter moves;
    moves.action = "audit.archived";
    EXPECT_EQ(found(moves), 2);
    const LogCheck all = check();
    EXPECT_EQ(all.faults_count, 0);
    EXPECT_EQ(all.records, 600);
    EXPECT_EQ(archive_all(), 0);
    act(1);
    log_.sequence_and_wait();
    EXPECT_EQ(check().records, 603);
    EXPECT_EQ(check().faults_count, 0);
    const VerifyCounts counts = verify_all(*world_.engine, world_.tenant);
    EXPECT_EQ(counts.records, 603);
    EXPECT_EQ(counts.broken, 0);
}

TEST_F(ArchiveTest, what_is_younger_stays) {
    const auto young = world_.tx(
        [&](Tx& tx) { return archive_oldest(tx, audit_, Time(hangu::testing::kTestStartMs)); });
    EXPECT_EQ(young->records, 0);
}

TEST_F(ArchiveTest, a_step_that_does_not_commit_leaves_everything_as_it_was) {
    const auto half = [&](Tx& tx) -> Result<void> {
        const Result<ArchiveStep> step = archive_oldest(tx, audit_, later_);
        EXPECT_EQ(step->records, 256);
        throw std::runtime_error("the power fails");
    };
    EXPECT_THROW(static_cast<void>(world_.tx(half)), std::runtime_error);
    EXPECT_EQ(ids(), ids_);
    EXPECT_EQ(check().records, 600);
    EXPECT_EQ(archive_all(), 512);
}

TEST_F(ArchiveTest, a_search_says_that_it_ends_at_the_archive_and_goes_on_when_asked) {
    EXPECT_FALSE(search({}).archive);
    RecordFilter closed;
    closed.action = "store.closed";
    const auto before = search(closed).records;
    ASSERT_EQ(before.size(), 12u);
    archive_all();
    const FoundRecords online = search(closed, false);
    EXPECT_EQ(online.records.size(), 1u);
    ASSERT_TRUE(online.archive);
    EXPECT_FALSE(online.archive->searched);
    EXPECT_FALSE(online.next_cursor);
    const auto after = search(closed).records;
    ASSERT_EQ(after.size(), 12u);
    for (std::size_t at = 0; at < 12; ++at) {
        EXPECT_EQ(after[at].id, before[at].id);
        EXPECT_EQ(after[at].leaf_hash.bytes, before[at].leaf_hash.bytes);
    }
    RecordFilter young;
    young.id_from = ids_[512].value();
    EXPECT_FALSE(search(young).archive);
}

TEST_F(ArchiveTest, pages_of_an_archive_follow_each_other_without_gap_or_repeat) {
    archive_all();
    for (const SearchLimits limits : {SearchLimits{7, 9}, SearchLimits{100, 1}}) {
        RecordFilter filter;
        filter.subject_kind = "store";
        std::vector<RecordId> seen;
        bool more = true;
        while (more) {
            const FoundRecords page = search(filter, true, limits);
            ASSERT_LE(page.records.size(), 100u);
            for (const Record& record : page.records) {
                seen.push_back(record.id);
            }
            more = page.next_cursor.has_value();
            filter.id_before = more ? *parse_id(*page.next_cursor) : 0;
        }
        std::reverse(seen.begin(), seen.end());
        EXPECT_EQ(seen, ids_);
    }
}

TEST_F(ArchiveTest, archived_records_are_filtered_as_the_others_are) {
    const auto some = [](std::function<void(RecordFilter&)> set) {
        RecordFilter filter;
        set(filter);
        return filter;
    };
    const std::vector<RecordFilter> filters{
        some([](RecordFilter& one) { one.text = "茶 49"; }),
        some([](RecordFilter& one) { one.subject_id = "0000000000042"; }),
        some([](RecordFilter& one) { one.actor_id = 5; }),
        some([](RecordFilter& one) { one.kind = "visit"; }),
        some([](RecordFilter& one) {
            one.result = "ok";
            one.kind = "act";
        }),
        some([](RecordFilter& one) { one.address = "9.9.9.9"; }),
        some([](RecordFilter& one) {
            one.about = "0000000000042";
            one.about_id = 2;
        }),
        some([&](RecordFilter& one) {
            one.id_from = ids_[250].value();
            one.id_before = ids_[530].value();
        })};
    std::vector<std::int64_t> before;
    for (const RecordFilter& filter : filters) {
        before.push_back(found(filter));
    }
    EXPECT_EQ(before, (std::vector<std::int64_t>{6, 600, 0, 0, 600, 0, 600, 280}));
    archive_all();
    for (std::size_t at = 0; at < filters.size(); ++at) {
        RecordFilter filter = filters[at];
        filter.subject_kind = "store";  // the moves are records, too
        EXPECT_EQ(found(filter), before[at]) << at;
    }
}

TEST_F(ArchiveTest, archived_records_are_seen_by_those_who_saw_them_before) {
    const auto acted = world_.as(world_.staff({"audit.view"}, {"0101"}, 8), [](http::Scope& scope) {
        for (int i = 0; i < 60; ++i) {
            scope.audit({.action = "order.placed",
                         .subject_kind = "order",
                         .org_path = i % 3 == 0 ? "0101" : (i % 3 == 1 ? "0202" : "")});
        }
        return Result<void>();
    });
    ASSERT_TRUE(acted.ok());
    act(600);  // so that those before them fill a bundle
    log_.sequence_and_wait();
    later_ = world_.clock.now().plus_ms(1000);
    const auto seen = [&](std::int64_t who, const std::string& path) {
        const auto asked = [&](http::Scope& scope) -> Result<std::int64_t> {
            HANGU_TRY(const storage::DataScope places, scope.within({"audit.view"}));
            RecordFilter filter;
            filter.action = "order.placed";
            filter.actor_kind_self = "staff";
            filter.actor_id_self = who;
            filter.id_before = INT64_MAX;
            const FoundRecords page = search_records(scope.tx(), places, filter, true, {100, 100});
            EXPECT_EQ(static_cast<std::int64_t>(page.records.size()),
                      AuditStore(scope.tx()).count(places, filter) +
                          count_archived(scope.tx(), places, filter, 100));
            return static_cast<std::int64_t>(page.records.size());
        };
        return *world_.as(world_.staff({"audit.view"}, {path}, who), asked);
    };
    const auto all = [&] {
        return std::vector<std::int64_t>{seen(7, "0101"), seen(8, "0101"), seen(7, "0303"),
                                         seen(8, "0303"), seen(7, "")};
    };
    EXPECT_EQ(all(), (std::vector<std::int64_t>{20, 40, 0, 20, 60}));
    EXPECT_EQ(archive_all(), 1024);
    EXPECT_EQ(all(), (std::vector<std::int64_t>{20, 40, 0, 20, 60}));
}

TEST_F(ArchiveTest, an_archived_refusal_is_found_as_one) {
    archive_all();
    const storage::DataScope whole = storage::DataScope::whole_tenant();
    StoredRecord record =
        *world_.tx([&](Tx& tx) -> Result<StoredRecord> { return *ArchiveStore(tx).find(ids_[5]); });
    RecordFilter filter;
    filter.id_before = INT64_MAX;
    EXPECT_TRUE(matches(whole, filter, record));
    filter.result = "refused";
    EXPECT_FALSE(matches(whole, filter, record));
    record.action = "session.refused";
    EXPECT_TRUE(matches(whole, filter, record));
}

TEST_F(ArchiveTest, archived_records_are_proved_and_disclosed) {
    archive_all();
    const auto receipt = world_.tx([&](Tx& tx) { return receipt_of(tx, ids_[7]); });
    EXPECT_TRUE(receipt.ok());
    RecordSelection selection;
    selection.from = Time(hangu::testing::kTestStartMs);
    selection.to = later_;
    selection.action = "store.closed";
    const auto selected = world_.tx([&](Tx& tx) { return select_acts(tx, selection, 100); });
    ASSERT_EQ(selected->size(), 12u);  // one of them is still online
    EXPECT_TRUE(std::is_sorted(selected->begin(), selected->end()));
    EXPECT_TRUE(world_.tx([&](Tx& tx) { return disclose(tx, *selected, {"action"}); }).ok());
}

TEST_F(ArchiveTest, erasing_in_an_archive_keeps_the_proof) {
    archive_all();
    const auto erased = world_.use_case([&](http::Scope& scope) {
        return erase_values(scope, ids_[300], {"subject_label", "~name"}, "asked for");
    });
    ASSERT_TRUE(erased.ok());
    const LogCheck all = check();
    EXPECT_EQ(all.faults_count, 0);
    EXPECT_EQ(all.erased_count, 1);
    tamper([&](Tx& tx) {
        const auto record = ArchiveStore(tx).find(ids_[300]);
        EXPECT_EQ(record->subject_label, "");
        EXPECT_EQ(ArchiveStore(tx).find(ids_[301])->subject_label, "茶 1");
    });
    EXPECT_TRUE(world_.tx([&](Tx& tx) { return receipt_of(tx, ids_[300]); }).ok());
}

TEST_F(ArchiveTest, a_changed_bundle_is_found) {
    archive_all();
    tamper([](Tx& tx) {
        Blob content = *tx.find(kContent, std::int64_t{1});
        content.bytes[content.bytes.size() / 2] ^= 1;
        tx.run(kSetContent, std::int64_t{1}, content);
    });
    count(1, 1, LogFaultKind::bundle_damaged, 256);
    EXPECT_EQ(search({}).archive->unreadable_count, 1);
}

TEST_F(ArchiveTest, a_removed_bundle_is_found_and_none_is_added_over_it) {
    archive_all();
    tamper([](Tx& tx) { tx.run(kDropBundle, std::int64_t{1}); });
    count(1, 256, LogFaultKind::record_missing, 256);  // the newest: nothing says it was one
    EXPECT_EQ(archive().problem().code, "audit.not_intact");
    tamper([](Tx& tx) { tx.run(kDropBundle, std::int64_t{0}); });
    count(0, 512, LogFaultKind::record_missing, 0);
}

TEST_F(ArchiveTest, a_bundle_removed_from_among_others_is_found) {
    archive_all();
    tamper([](Tx& tx) { tx.run(kDropBundle, std::int64_t{0}); });
    count(0, 1, LogFaultKind::bundle_damaged, 0);
}

TEST_F(ArchiveTest, exchanged_bundles_are_found) {
    archive_all();
    tamper([](Tx& tx) {
        const Blob first = *tx.find(kContent, std::int64_t{0});
        const Blob second = *tx.find(kContent, std::int64_t{1});
        tx.run(kSetContent, std::int64_t{1}, first);
        tx.run(kSetContent, std::int64_t{0}, second);
    });
    count(0, 2, LogFaultKind::bundle_damaged, 0);
    EXPECT_EQ(search({}).archive->unreadable_count, 2);
}

TEST_F(ArchiveTest, a_bundle_that_says_another_range_is_found) {
    archive_all();
    tamper([](Tx& tx) { tx.run(kShiftRange, std::int64_t{1}); });
    count(1, 1, LogFaultKind::bundle_damaged, 256);
}

// What the law made go comes back with an older bundle: its values are true, the act is as well.
TEST_F(ArchiveTest, an_older_bundle_from_before_an_erasure_is_found) {
    archive_all();
    Blob older;
    tamper([&](Tx& tx) { older = *tx.find(kContent, std::int64_t{1}); });
    const auto erased = world_.use_case([&](http::Scope& scope) {
        return erase_values(scope, ids_[300], {"subject_label"}, "asked for");
    });
    ASSERT_TRUE(erased.ok());
    log_.sequence_and_wait();
    EXPECT_EQ(check().faults_count, 0);
    tamper([&](Tx& tx) { tx.run(kSetContent, std::int64_t{1}, older); });
    const LogCheck all = check();
    EXPECT_EQ(all.erased_count, 0);
    EXPECT_EQ(all.faults_count, 1);
    EXPECT_EQ(all.faults[0].kind, LogFaultKind::erasure_undone);
    EXPECT_EQ(all.faults[0].record_id, ids_[300].text());
}

// Whoever has the keys writes a bundle that opens: its leaves are not those of the log.
TEST_F(ArchiveTest, a_bundle_made_anew_is_found) {
    archive_all();
    tamper([&](Tx& tx) {
        StoredRecord record = *ArchiveStore(tx).find(ids_[5]);
        record.subject_label = "another";
        EXPECT_TRUE(ArchiveStore(tx).replace(record));
    });
    const LogCheck all = check();
    EXPECT_EQ(all.faults_count, 1);
    EXPECT_EQ(all.faults[0].kind, LogFaultKind::record_changed);
    EXPECT_EQ(all.faults[0].sequence, 5);
}

TEST_F(ArchiveTest, what_is_damaged_is_not_archived) {
    tamper([&](Tx& tx) { tx.run(kForgeArchivedLabel, ids_[3], std::string("forged")); });
    EXPECT_EQ(archive().problem().code, "audit.not_intact");
    EXPECT_EQ(ids(), ids_);
}

TEST(ArchiveRules, a_bundle_comes_back_as_it_went) {
    std::vector<StoredRecord> records(3);
    records[0].id = RecordId(1);
    records[1].id = RecordId(2);
    records[1].actor_name.bytes = std::string("\0\1", 2);
    records[1].subject_label = "茶";
    records[2].id = RecordId(INT64_MAX);
    records[2].status = -1;
    const std::string leaves(96, 'l');
    const std::string packed = pack_bundle(records);
    const auto back = unpack_bundle(packed, leaves);
    ASSERT_TRUE(back);
    ASSERT_EQ(back->size(), 3u);
    EXPECT_EQ((*back)[1].actor_name.bytes, records[1].actor_name.bytes);
    EXPECT_EQ((*back)[1].subject_label, "茶");
    EXPECT_EQ((*back)[2].id, records[2].id);
    EXPECT_EQ((*back)[2].status, -1);
    EXPECT_EQ((*back)[2].leaf_hash.bytes, std::string(32, 'l'));
    EXPECT_FALSE(unpack_bundle(packed, std::string(64, 'l')));
    EXPECT_FALSE(unpack_bundle("", leaves));
    EXPECT_FALSE(unpack_bundle("not compressed", leaves));
    for (std::size_t at = 0; at < packed.size(); ++at) {
        EXPECT_FALSE(unpack_bundle(packed.substr(0, at), leaves)) << at;
    }
}

}  // namespace
}  // namespace hangu::audit
