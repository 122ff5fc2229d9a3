#include "security/audit/disclosure.hpp"

#include "security/audit/internal/archive_store.hpp"
#include "security/audit/internal/audit_store.hpp"
#include "security/audit/internal/log_store.hpp"
#include "security/audit/internal/record_rules.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hangu::audit {

namespace {

Problem not_intact() {
    return Problem::conflict("audit.not_intact", "the record or the log is not what was signed");
}

ReceiptField shown(const Opening& opening, bool open) {
    ReceiptField field;
    field.name = opening.name;
    if (open && opening.salt) {
        field.salt = to_base64(*opening.salt);
        field.value = to_base64(*opening.value);
    } else {
        field.commitment = to_base64(opening.commitment.view());
    }
    return field;
}

// The record's number in the log; nullopt: it is not in it.
std::optional<std::int64_t> sequence_of(LogStore& store, RecordId id) {
    const std::optional<EntriesRow> entries = store.entries_of(id);
    const std::vector<RecordId> ids = unpack_ids(entries ? entries->record_ids.bytes : "");
    const auto found = std::lower_bound(ids.begin(), ids.end(), id);
    if (found == ids.end() || *found != id) {
        return std::nullopt;
    }
    return entries->id * kTileWidth + (found - ids.begin());
}

std::string proof_text(std::int64_t index, const std::vector<Digest>& proof,
                       const std::string& checkpoint) {
    std::string text = fmt::format("c2sp.org/tlog-proof@v1\nindex {}\n", index);
    for (const Digest& hash : proof) {
        text += to_base64(hash.view()) + "\n";
    }
    return text + "\n" + checkpoint;
}

struct Proven {
    std::vector<Opening> openings;
    std::int64_t sequence = 0;
    std::vector<Digest> proof;
};

// Proves records against the newest signed head; reads that once.
class Prover {
 public:
    explicit Prover(storage::Tx& tx) : tx_(tx), records_(tx), store_(tx), tiles_(store_) {
        head_ = store_.newest_checkpoint();
        const std::optional<Note> note = head_ ? parse_note(head_->note) : std::nullopt;
        signed_ = note ? parse_checkpoint(note->text) : std::nullopt;
    }

    Result<Proven> prove(RecordId id) {
        std::optional<StoredRecord> stored = records_.find(id);
        if (!stored) {
            return Problem::not_found("audit_record.not_found");
        }
        const std::optional<Record> record = records_.opened(std::move(*stored));
        const auto changes = record ? decode_changes(record->fields.bytes) : std::nullopt;
        if (!changes) {
            return not_intact();
        }
        if (!head_ || id > head_->last_record_id) {
            return Problem::conflict("audit_record.not_sequenced");
        }
        const std::optional<std::int64_t> sequence = sequence_of(store_, id);
        if (!signed_ || !sequence || *sequence >= signed_->size) {
            return not_intact();
        }
        Proven proven;
        proven.openings = openings_of(*record, record->actor_name.shown().text(), *changes);
        proven.sequence = *sequence;
        proven.proof = inclusion_proof(tiles_, *sequence, signed_->size);
        const Digest leaf = leaf_of_openings(tx_.tenant(), proven.openings);
        if (!verify_inclusion(*sequence, signed_->size, leaf, proven.proof, signed_->root)) {
            return not_intact();
        }
        return proven;
    }

    const std::string& checkpoint() const { return head_->note; }
    std::vector<std::string> verifiers() {
        std::vector<std::string> all;
        for (const KeyRow& key : store_.keys()) {
            all.push_back(key.note_key().verifier());
        }
        return all;
    }

 private:
    storage::Tx& tx_;
    AuditStore records_;
    LogStore store_;
    StoredTiles tiles_;
    std::optional<CheckpointRow> head_;
    std::optional<Checkpoint> signed_;
};

constexpr std::int64_t kBundlesWalkedMax = kWalkedCountMax / kTileWidth;

// As the statement for those that are not archived.
bool is_wanted(const SelectedActs& wanted, const StoredRecord& record) {
    return record.id.value() >= wanted.id_from && record.id.value() < wanted.id_before &&
           record.kind == enum_text(RecordKind::act) &&
           (wanted.action.empty() || record.action == wanted.action) &&
           (wanted.subject_kind.empty() || record.subject_kind == wanted.subject_kind) &&
           (wanted.subject_id.empty() || record.subject_id == wanted.subject_id) &&
           (wanted.actor_id == 0 || record.actor_id == wanted.actor_id);
}

bool is_open(const std::set<std::string>& fields, const std::string& name) {
    return name == "id" || fields.contains(name) ||
           (name.starts_with("~") && fields.contains("~*"));
}

}  // namespace

Result<Receipt> receipt_of(storage::Tx& tx, RecordId id,
                           const std::optional<std::set<std::string>>& disclosed) {
    Prover prover(tx);
    HANGU_TRY(const Proven proven, prover.prove(id));
    Receipt receipt;
    receipt.tenant_id = tx.tenant().text();
    receipt.record_id = id.text();
    for (const Opening& opening : proven.openings) {
        receipt.fields.push_back(shown(opening, !disclosed || disclosed->contains(opening.name)));
    }
    receipt.proof = proof_text(proven.sequence, proven.proof, prover.checkpoint());
    receipt.verifiers = prover.verifiers();
    return receipt;
}

Result<Disclosure> disclose(storage::Tx& tx, const std::vector<RecordId>& records,
                            const std::set<std::string>& fields) {
    HANGU_ASSERT(!records.empty());
    Prover prover(tx);
    Disclosure disclosure;
    disclosure.tenant_id = tx.tenant().text();
    for (const RecordId id : records) {
        HANGU_TRY(const Proven proven, prover.prove(id));
        DisclosedRecord record{id.text(), proven.sequence, {}, {}};
        for (const Digest& hash : proven.proof) {
            record.hashes.push_back(to_base64(hash.view()));
        }
        for (const Opening& opening : proven.openings) {
            record.fields.push_back(shown(opening, is_open(fields, opening.name)));
        }
        disclosure.records.push_back(std::move(record));
    }
    disclosure.checkpoint = prover.checkpoint();
    disclosure.verifiers = prover.verifiers();
    return disclosure;
}

bool is_record_field(std::string_view name) {
    const bool changed = name.size() > 1 && name.size() <= kChangedNameBytesMax + 1 &&
                         name.starts_with("~") && name.find(' ') == std::string_view::npos;
    return is_fixed_field(name) || changed;
}

Result<std::vector<RecordId>> select_acts(storage::Tx& tx, const RecordSelection& selection,
                                          std::int64_t count_max) {
    const SelectedActs wanted{IdSource::floor_at(selection.from.unix_ms()),
                              IdSource::floor_at(selection.to.unix_ms()),
                              selection.action,
                              selection.subject_kind,
                              selection.subject_id,
                              selection.actor_id};
    AuditStore store(tx);
    const std::vector<Bundle> old = ArchiveStore(tx).between(
        RecordId(wanted.id_from - 1), RecordId(wanted.id_before - 1), kBundlesWalkedMax + 1);
    const bool too_wide = static_cast<std::int64_t>(old.size()) > kBundlesWalkedMax ||
                          store.count_between(wanted.id_from, wanted.id_before,
                                              kWalkedCountMax + 1) > kWalkedCountMax;
    if (too_wide) {
        return Problem::invalid("audit.selection_too_wide");
    }
    std::vector<RecordId> ids = store.selected(wanted, count_max);
    for (const Bundle& bundle : old) {
        for (const StoredRecord& record : bundle.records) {
            if (is_wanted(wanted, record)) {
                ids.push_back(record.id);
            }
        }
    }
    std::sort(ids.begin(), ids.end());
    ids.resize(std::min(ids.size(), static_cast<std::size_t>(count_max)));
    return ids;
}

}  // namespace hangu::audit
