// A disclosure shows the chosen fields of the chosen records and proves all of it.
#include "security/audit/disclosure.hpp"
#include "security/audit/internal/audit_store.hpp"
#include "security/audit/internal/record_rules.hpp"
#include "security/audit/module.hpp"
#include "security/audit/note_rules.hpp"

#include "tests/support/test_world.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace hangu::audit {
namespace {

using hangu::testing::TestWorld;
using storage::Statement;
using storage::Tx;

constexpr Statement<void(RecordId)> kForgeAction{
    "test.forge_action",
    "update audit_record set action = 'order.paid' where tenant_id = ?1 and id = ?2"};

class DisclosureTest : public ::testing::Test {
 protected:
    DisclosureTest()
        : world_({part()}, permissions()),
          audit_(*world_.engine, world_.ids, world_.random, world_.clock, world_.log,
                 world_.metrics, Audit::Options{}),
          log_(*world_.engine, audit_, world_.random, world_.clock, world_.log, world_.metrics,
               AuditLog::Options{}) {
        world_.world.audit = &audit_;
    }

    void act(const std::string& subject) {
        world_.clock.advance_ms(1000);
        const auto done = world_.use_case([&](http::Scope& scope) -> Result<void> {
            scope.audit({.action = "store.edited",
                         .subject_kind = "store",
                         .subject_id = subject,
                         .subject_label = "secret label",
                         .fields = {{"name", "old name", "new name"}, {"city", "a", "b"}}});
            return {};
        });
        ASSERT_TRUE(done.ok());
    }
    Result<std::vector<RecordId>> selected(RecordSelection selection) {
        selection.from = Time(hangu::testing::kTestStartMs);
        selection.to = world_.clock.now().plus_ms(1);
        return world_.tx([&](Tx& tx) { return select_acts(tx, selection, 100); });
    }
    Result<Disclosure> disclosed(const std::vector<RecordId>& ids,
                                 const std::set<std::string>& fields) {
        return world_.tx([&](Tx& tx) { return disclose(tx, ids, fields); });
    }
    static std::string value_of(const DisclosedRecord& record, std::string_view name) {
        for (const ReceiptField& field : record.fields) {
            if (field.name == name) {
                return field.value ? from_base64(*field.value).value_or("?") : "closed";
            }
        }
        return "none";
    }
    // What somebody outside would do: fields, leaf, place, signed root.
    void expect_proved(const Disclosure& disclosure) {
        const auto note = parse_note(disclosure.checkpoint);
        const auto head = parse_checkpoint(note->text);
        for (const DisclosedRecord& record : disclosure.records) {
            std::vector<Opening> openings;
            for (const ReceiptField& field : record.fields) {
                Opening opening;
                opening.name = field.name;
                EXPECT_NE(field.commitment.has_value(), field.salt.has_value());
                const std::string bytes =
                    field.commitment
                        ? *from_base64(*field.commitment)
                        : std::string(
                              crypto::sha256({std::string_view("\x10\0\1", 3),
                                              std::string(1, static_cast<char>(field.name.size())),
                                              field.name, *from_base64(*field.salt),
                                              *from_base64(*field.value)})
                                  .view());
                std::copy(bytes.begin(), bytes.end(), opening.commitment.bytes.begin());
                openings.push_back(std::move(opening));
            }
            std::vector<Digest> proof;
            for (const std::string& hash : record.hashes) {
                proof.emplace_back();
                const std::string bytes = *from_base64(hash);
                std::copy(bytes.begin(), bytes.end(), proof.back().bytes.begin());
            }
            EXPECT_TRUE(verify_inclusion(record.index, head->size,
                                         leaf_of_openings(world_.tenant, openings), proof,
                                         head->root));
        }
    }

    TestWorld world_;
    Audit audit_;
    AuditLog log_;
};

TEST_F(DisclosureTest, only_what_was_chosen_is_open_and_everything_is_proved) {
    for (int i = 0; i < 300; ++i) {
        act(i % 100 == 7 ? "0000000000042" : "0000000000043");
    }
    log_.sequence_and_wait();
    const auto ids = selected({{}, {}, "store.edited", "store", "0000000000042", 0});
    ASSERT_EQ(ids->size(), 3u);
    const auto disclosure = disclosed(*ids, {"action", "~name"});
    ASSERT_TRUE(disclosure.ok());
    ASSERT_EQ(disclosure->records.size(), 3u);
    EXPECT_EQ(disclosure->records[1].index, 107);
    EXPECT_EQ(value_of(disclosure->records[0], "action"), "store.edited");
    EXPECT_EQ(value_of(disclosure->records[0], "subject_label"), "closed");
    EXPECT_EQ(value_of(disclosure->records[0], "~city"), "closed");
    EXPECT_NE(value_of(disclosure->records[0], "~name").find("new name"), std::string::npos);
    EXPECT_NE(value_of(disclosure->records[0], "id"), "closed");
    expect_proved(*disclosure);
    const auto changes = disclosed(*ids, {"~*"});
    EXPECT_NE(value_of(changes->records[0], "~city"), "closed");
    EXPECT_EQ(value_of(changes->records[0], "action"), "closed");
    expect_proved(*changes);
}

TEST_F(DisclosureTest, what_was_erased_stays_closed_and_provable) {
    act("0000000000042");
    log_.sequence_and_wait();
    const auto ids = selected({});
    ASSERT_TRUE(world_
                    .use_case([&](http::Scope& scope) {
                        return erase_values(scope, ids->front(), {"~name"}, "asked for");
                    })
                    .ok());
    const auto disclosure = disclosed({ids->front()}, {"action", "~*"});
    ASSERT_TRUE(disclosure.ok());
    EXPECT_EQ(value_of(disclosure->records[0], "~name"), "closed");
    EXPECT_NE(value_of(disclosure->records[0], "~city"), "closed");
    expect_proved(*disclosure);
}

TEST_F(DisclosureTest, nothing_leaves_that_is_not_proved) {
    act("0000000000042");
    const auto ids = selected({});
    EXPECT_EQ(disclosed(*ids, {"action"}).problem().code, "audit_record.not_sequenced");
    log_.sequence_and_wait();
    ASSERT_TRUE(world_
                    .tx([&](Tx& tx) -> Result<void> {
                        tx.run(kForgeAction, ids->front());
                        return {};
                    })
                    .ok());
    EXPECT_EQ(disclosed(*ids, {"action"}).problem().code, "audit.not_intact");
    EXPECT_EQ(disclosed({RecordId(5)}, {"action"}).problem().code, "audit_record.not_found");
}

TEST_F(DisclosureTest, fields_have_known_names) {
    EXPECT_TRUE(is_record_field("action"));
    EXPECT_TRUE(is_record_field("~*"));
    EXPECT_TRUE(is_record_field("~anything"));
    EXPECT_FALSE(is_record_field("~"));
    EXPECT_FALSE(is_record_field("~two words"));
    EXPECT_FALSE(is_record_field("leaf_hash"));
    EXPECT_FALSE(is_record_field(""));
}

}  // namespace
}  // namespace hangu::audit
