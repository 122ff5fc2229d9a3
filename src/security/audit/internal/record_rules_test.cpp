#include "security/audit/internal/record_rules.hpp"

#include "base/text.hpp"

#include <gtest/gtest.h>

#include <functional>

namespace hangu::audit {
namespace {

const TenantId kTenant(77);

Changes some_changes(Form form) {
    return {form, "0123456789abcdef", {{"state", "open", "paused"}, {"name", "", "茶"}}};
}

Record some_record(Form form = Form::per_field) {
    Record record;
    record.id = RecordId(123456789);
    record.kind = form == Form::whole ? RecordKind::visit : RecordKind::act;
    record.at = Time(1'795'305'600'000);
    record.actor_kind = http::ActorKind::staff;
    record.actor_id = 42;
    record.actor_name = Sealed<PersonName>(PersonName("Li Hua"));
    record.action = "store.edited";
    record.subject_kind = "store";
    record.subject_id = "0000000000042";
    record.subject_label = "S01";
    record.org_path = "0101";
    record.route = "store.edit";
    record.address = "192.0.2.7";
    record.trace = "00112233445566778899aabbccddeeff";
    record.status = 0;
    const Changes changes = some_changes(form);
    record.fields.bytes = encode_changes(changes);
    record.leaf_hash.bytes = leaf_hash(kTenant, record, "Li Hua", changes).view();
    return record;
}

crypto::Digest recursive_root(const std::vector<crypto::Digest>& leaves) {
    if (leaves.size() == 1) {
        return leaves.front();
    }
    std::size_t split = 1;
    while (split * 2 < leaves.size()) {
        split *= 2;
    }
    const auto middle = leaves.begin() + static_cast<std::ptrdiff_t>(split);
    const crypto::Digest left = recursive_root({leaves.begin(), middle});
    const crypto::Digest right = recursive_root({middle, leaves.end()});
    return crypto::sha256({"\x01", left.view(), right.view()});
}

TEST(RecordRules, changes_survive_their_form) {
    const Changes changes = some_changes(Form::per_field);
    const auto read = decode_changes(encode_changes(changes));
    ASSERT_TRUE(read.has_value());
    EXPECT_EQ(read->form, Form::per_field);
    EXPECT_EQ(read->seed, changes.seed);
    ASSERT_EQ(read->fields.size(), 2u);
    EXPECT_EQ(read->fields[0].before, "open");
    EXPECT_EQ(read->fields[1].after, "茶");
}

TEST(RecordRules, broken_forms_are_refused) {
    const std::string good = encode_changes(some_changes(Form::per_field));
    for (std::size_t end = 0; end < good.size(); ++end) {
        const auto read = decode_changes(std::string_view(good).substr(0, end));
        EXPECT_TRUE(!read || read->fields.size() < 2) << end;
    }
    std::string other = good;
    other[0] = '\x05';
    EXPECT_FALSE(decode_changes(other).has_value());
    EXPECT_FALSE(decode_changes(good.substr(0, 17) + "\xFF\xFF\xFF\xFF\xFF").has_value());
}

TEST(RecordRules, the_tree_is_that_of_rfc_6962) {
    std::vector<crypto::Digest> leaves;
    for (int count = 1; count <= 40; ++count) {
        leaves.push_back(crypto::sha256(std::to_string(count)));
        EXPECT_EQ(merkle_root(leaves), recursive_root(leaves)) << count;
    }
}

TEST(RecordRules, the_leaf_is_what_it_always_was) {
    EXPECT_EQ(to_hex(some_record(Form::per_field).leaf_hash.bytes),
              "a6b96dd6bb1582b2ebf6acaa60a9dc3238004efe223400aff3fb4867816e686d");
    EXPECT_EQ(to_hex(some_record(Form::whole).leaf_hash.bytes),
              "5b3bf8faa3b3ad4e9037c53711209af14b1cf8c0328908b7997726039ab4947f");
}

TEST(RecordRules, every_changed_field_is_found) {
    const std::vector<std::function<void(Record&)>> tamper = {
        [](Record& r) { r.id = RecordId(1); },
        [](Record& r) { r.kind = r.kind == RecordKind::act ? RecordKind::visit : RecordKind::act; },
        [](Record& r) { r.at = r.at.plus_ms(1); },
        [](Record& r) { r.actor_kind = http::ActorKind::system; },
        [](Record& r) { r.actor_id = 43; },
        [](Record& r) { r.actor_name = Sealed<PersonName>(PersonName("Li Hu")); },
        [](Record& r) { r.action = "store.created"; },
        [](Record& r) { r.subject_kind = "staff"; },
        [](Record& r) { r.subject_id = "0000000000043"; },
        [](Record& r) { r.subject_label += " "; },
        [](Record& r) { r.org_path.clear(); },
        [](Record& r) { std::swap(r.route, r.address); },
        [](Record& r) { r.address = "192.0.2.8"; },
        [](Record& r) { r.trace[0] = 'f'; },
        [](Record& r) { r.status = 200; },
        [](Record& r) { r.fields.bytes.back() ^= 1; },
        [](Record& r) { r.fields.bytes[3] ^= 1; },
        [](Record& r) { r.fields.bytes.clear(); },
        [](Record& r) { r.leaf_hash.bytes[31] ^= 1; },
        [](Record& r) { r.leaf_hash.bytes.clear(); },
    };
    for (const Form form : {Form::per_field, Form::whole}) {
        EXPECT_TRUE(verify_record(kTenant, some_record(form)));
        EXPECT_FALSE(verify_record(TenantId(78), some_record(form)));
        for (std::size_t i = 0; i < tamper.size(); ++i) {
            Record record = some_record(form);
            tamper[i](record);
            EXPECT_FALSE(verify_record(kTenant, record)) << i;
        }
    }
}

TEST(RecordRules, texts_are_cut_between_characters) {
    EXPECT_EQ(shortened("abc", 3), "abc");
    EXPECT_EQ(shortened("abcdefg", 6), "abc…");
    EXPECT_EQ(shortened("茶茶茶", 8), "茶…");
}

TEST(RecordRules, results_read_as_an_auditor_expects) {
    EXPECT_EQ(result_of(RecordKind::act, "order.placed", 0), "ok");
    EXPECT_EQ(result_of(RecordKind::act, "session.refused", 0), "refused");
    EXPECT_EQ(result_of(RecordKind::visit, "order.list", 200), "ok");
    EXPECT_EQ(result_of(RecordKind::visit, "order.list", 403), "refused");
    EXPECT_EQ(result_of(RecordKind::visit, "order.list", 500), "failed");
}

}  // namespace
}  // namespace hangu::audit
