#include "security/audit/receipt.hpp"

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

}  // namespace

Result<Receipt> receipt_of(storage::Tx& tx, RecordId id,
                           const std::optional<std::set<std::string>>& disclosed) {
    AuditStore records(tx);
    LogStore store(tx);
    std::optional<StoredRecord> stored = records.find(id);
    if (!stored) {
        return Problem::not_found("audit_record.not_found");
    }
    const std::optional<Record> record = records.opened(std::move(*stored));
    const auto changes = record ? decode_changes(record->fields.bytes) : std::nullopt;
    if (!changes) {
        return not_intact();
    }
    const std::vector<Opening> openings =
        openings_of(*record, record->actor_name.shown().text(), *changes);
    const Digest leaf = leaf_of_openings(tx.tenant(), openings);
    const std::optional<CheckpointRow> head = store.newest_checkpoint();
    const std::optional<std::int64_t> sequence = sequence_of(store, id);
    if (!head || id > head->last_record_id) {
        return Problem::conflict("audit_record.not_sequenced");
    }
    const std::optional<Note> note = parse_note(head->note);
    const auto checkpoint = note ? parse_checkpoint(note->text) : std::nullopt;
    if (!checkpoint || !sequence || *sequence >= checkpoint->size) {
        return not_intact();
    }
    StoredTiles tiles(store);
    const auto proof = inclusion_proof(tiles, *sequence, checkpoint->size);
    if (!verify_inclusion(*sequence, checkpoint->size, leaf, proof, checkpoint->root)) {
        return not_intact();
    }
    Receipt receipt;
    receipt.tenant_id = tx.tenant().text();
    receipt.record_id = id.text();
    for (const Opening& opening : openings) {
        receipt.fields.push_back(shown(opening, !disclosed || disclosed->contains(opening.name)));
    }
    receipt.proof = proof_text(*sequence, proof, head->note);
    for (const KeyRow& key : store.keys()) {
        receipt.verifiers.push_back(key.note_key().verifier());
    }
    return receipt;
}

}  // namespace hangu::audit
