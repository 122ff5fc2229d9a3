// Reads records and log against each other. Every part of the check stands on its own: a tile of
// leaves against its records, each full tile against its hash one level up, and at the end the root
// of all against the signed head. So the work can be cut anywhere and repeated in samples.
#include "security/audit/audit_log.hpp"

#include "base/text.hpp"
#include "security/audit/internal/append_batch.hpp"
#include "security/audit/internal/archive_store.hpp"
#include "security/audit/internal/audit_store.hpp"
#include "security/audit/internal/erasures.hpp"
#include "security/audit/internal/log_store.hpp"
#include "security/audit/internal/record_rules.hpp"

#include <algorithm>

namespace hangu::audit {

namespace {

// Records read per tile: a tile's own, and the first of those that do not belong.
constexpr std::int64_t kRowsPerTileMax = 2 * kTileWidth;

LogHead view_of(const CheckpointRow& row) {
    return {row.id, to_hex(row.root.bytes), row.key_id, row.at, row.note};
}

class Check {
 public:
    Check(storage::Tx& tx, LogCheck& report)
        : tx_(tx),
          store_(tx),
          records_(tx),
          tiles_(store_),
          archived_tiles_(ArchiveStore(tx).next_tile()),
          report_(report) {}

    void tile(std::int64_t index, std::int64_t size);
    void upper_tiles(std::int64_t index, std::int64_t size);
    void end(const CheckpointRow& head);
    void without_head();

 private:
    void fault(LogFaultKind kind, std::optional<std::int64_t> sequence = std::nullopt,
               RecordId record = {}, std::optional<Time> near_at = std::nullopt);
    void record(StoredRecord stored, std::int64_t sequence, std::string_view leaf);
    std::optional<RecordId> last_before(std::int64_t index);

    storage::Tx& tx_;
    LogStore store_;
    AuditStore records_;
    StoredTiles tiles_;
    const std::int64_t archived_tiles_;  // from the first on
    LogCheck& report_;
};

void Check::fault(LogFaultKind kind, std::optional<std::int64_t> sequence, RecordId record,
                  std::optional<Time> near_at) {
    ++report_.faults_count;
    if (static_cast<std::int64_t>(report_.faults.size()) < kFaultsShownMax) {
        report_.faults.push_back(
            {kind, sequence,
             record.is_set() ? std::optional<std::string>(record.text()) : std::nullopt, near_at});
    }
}

void Check::record(StoredRecord stored, std::int64_t sequence, std::string_view leaf) {
    ++report_.records;
    const RecordId id = stored.id;
    const Time at = stored.at;
    const std::string kept_leaf = stored.leaf_hash.bytes;
    report_.erased_count += has_erased_fields(stored.fields.bytes) ? 1 : 0;
    const std::optional<Record> opened = records_.opened(std::move(stored));
    const std::optional<crypto::Digest> made =
        opened ? leaf_of(tx_.tenant(), *opened) : std::nullopt;
    if (!made || made->view() != kept_leaf) {
        fault(LogFaultKind::record_changed, sequence, id, at);
    } else if (kept_leaf != leaf) {
        fault(LogFaultKind::leaf_replaced, sequence, id, at);
    } else if (opened->action == kErased) {
        if (const std::optional<StoredRecord> back = come_back(records_, *opened)) {
            fault(LogFaultKind::erasure_undone, std::nullopt, back->id, back->at);
        }
    }
}

std::optional<RecordId> Check::last_before(std::int64_t index) {
    if (index == 0) {
        return RecordId();
    }
    const std::optional<EntriesRow> before = store_.entries(index - 1);
    return before ? std::optional<RecordId>(before->last_id) : std::nullopt;
}

// The records of one tile of leaves: each is there, none is too many, all are what they were.
void Check::tile(std::int64_t index, std::int64_t size) {
    const std::int64_t width = tile_width({0, index}, size);
    const std::int64_t first = index * kTileWidth;
    const std::string leaves(tiles_.tile({0, index}));
    const std::optional<EntriesRow> entries = store_.entries(index);
    std::vector<RecordId> ids = unpack_ids(entries ? entries->record_ids.bytes : "");
    const auto wanted = static_cast<std::size_t>(width);
    if (leaves.size() != wanted * kHashBytes || ids.size() != wanted ||
        entries->first_id != ids.front() || entries->last_id != ids.back()) {
        fault(LogFaultKind::tile_damaged, first);
        return;
    }
    const RecordId behind = last_before(index).value_or(RecordId(ids.front().value() - 1));
    if (!std::is_sorted(ids.begin(), ids.end()) || behind >= ids.front()) {
        fault(LogFaultKind::order_changed, first);
        std::sort(ids.begin(), ids.end());
    }
    std::vector<StoredRecord> found = records_.between(behind, ids.back(), kRowsPerTileMax);
    if (found.empty() && index < archived_tiles_) {
        fault(LogFaultKind::bundle_damaged, first, ids.front());
        upper_tiles(index, size);
        return;
    }
    std::size_t at = 0;
    for (StoredRecord& stored : found) {
        while (at < ids.size() && ids[at] < stored.id) {
            fault(LogFaultKind::record_missing, first + static_cast<std::int64_t>(at), ids[at],
                  stored.at);
            ++at;
        }
        if (at == ids.size() || ids[at] != stored.id) {
            fault(LogFaultKind::record_added, std::nullopt, stored.id, stored.at);
            continue;
        }
        record(std::move(stored), first + static_cast<std::int64_t>(at),
               std::string_view(leaves).substr(at * kHashBytes, kHashBytes));
        ++at;
    }
    for (; at < ids.size(); ++at) {
        fault(LogFaultKind::record_missing, first + static_cast<std::int64_t>(at), ids[at]);
    }
    upper_tiles(index, size);
}

// A full tile is one hash of the tile above; where it is the last of that tile, so is that one.
void Check::upper_tiles(std::int64_t index, std::int64_t size) {
    for (int level = 0; tile_width({level, index}, size) == kTileWidth; ++level) {
        const std::string tile(tiles_.tile({level, index}));
        const std::string above(tiles_.tile({level + 1, index / kTileWidth}));
        const std::size_t from = static_cast<std::size_t>(index % kTileWidth) * kHashBytes;
        const bool whole = tile.size() == static_cast<std::size_t>(kTileWidth) * kHashBytes;
        if (!whole || above.size() < from + kHashBytes ||
            perfect_root(tile).view() != std::string_view(above).substr(from, kHashBytes)) {
            fault(LogFaultKind::tile_damaged, (index * kTileWidth)
                                                  << (static_cast<unsigned>(level * kTileHeight)));
        }
        if (index % kTileWidth != kTileWidth - 1) {
            break;
        }
        index /= kTileWidth;
    }
}

void Check::end(const CheckpointRow& head) {
    const Digest root = tree_root(tiles_, head.id);
    if (root.view() != head.root.bytes) {
        fault(LogFaultKind::root_differs, head.id);
    }
    const std::optional<Note> note = parse_note(head.note);
    const auto signed_head = note ? parse_checkpoint(note->text) : std::nullopt;
    bool is_signed = false;
    for (const KeyRow& key : store_.keys()) {
        if (!seed_of(tx_, key)) {
            fault(LogFaultKind::key_damaged);
            continue;
        }
        is_signed = is_signed || (note && is_signed_by(*note, key.note_key()));
    }
    if (!is_signed) {
        fault(LogFaultKind::checkpoint_unsigned, head.id);
    } else if (!signed_head || signed_head->size != head.id || signed_head->root != root ||
               signed_head->origin != origin_of(tx_.tenant())) {
        fault(LogFaultKind::root_differs, head.id);
    }
    const std::optional<EntriesRow> last =
        head.id == 0 ? std::nullopt : store_.entries((head.id - 1) / kTileWidth);
    if (!last || last->last_id != head.last_record_id) {
        fault(LogFaultKind::order_changed, head.id - 1);
    }
}

void Check::without_head() {
    if (store_.entries(0) || !tiles_.tile({0, 0}).empty()) {
        fault(LogFaultKind::checkpoint_missing, 0);
    }
}

}  // namespace

LogStatus log_status(storage::Tx& tx) {
    LogStore store(tx);
    LogStatus status;
    status.origin = origin_of(tx.tenant());
    const std::optional<CheckpointRow> head = store.newest_checkpoint();
    if (head) {
        status.head = view_of(*head);
    }
    const WaitingCount waiting = store.count_waiting(head ? head->last_record_id : RecordId());
    status.waiting_count = waiting.count;
    status.waiting_since = waiting.oldest_at;
    for (const KeyRow& key : store.keys()) {
        status.keys.push_back(
            {key.note_key().id(), key.note_key().verifier(), key.created_at, key.retired_at});
    }
    return status;
}

LogCheck check_log(storage::Tx& tx, std::int64_t from, std::int64_t records_max) {
    LogCheck report;
    Check check(tx, report);
    const std::optional<CheckpointRow> head = LogStore(tx).newest_checkpoint();
    if (!head) {
        check.without_head();
        return report;
    }
    report.head = view_of(*head);
    const std::int64_t tile_end = (head->id + kTileWidth - 1) / kTileWidth;
    const std::int64_t tile_from = std::clamp<std::int64_t>(from / kTileWidth, 0, tile_end);
    const std::int64_t tile_to =
        std::min(tile_end, tile_from + std::max<std::int64_t>(1, records_max / kTileWidth));
    for (std::int64_t index = tile_from; index < tile_to; ++index) {
        check.tile(index, head->id);
    }
    report.from = tile_from * kTileWidth;
    report.to = std::min(head->id, tile_to * kTileWidth);
    if (tile_to < tile_end) {
        report.next = tile_to * kTileWidth;
    } else {
        check.end(*head);
    }
    return report;
}

std::optional<LogHead> log_head(storage::Tx& tx) {
    const std::optional<CheckpointRow> head = LogStore(tx).newest_checkpoint();
    return head ? std::optional(view_of(*head)) : std::nullopt;
}

CheckpointVerdict compare_head(storage::Tx& tx, std::int64_t size, std::string_view root) {
    LogStore store(tx);
    const std::optional<CheckpointRow> head = store.newest_checkpoint();
    if (!head || head->id < size) {
        return CheckpointVerdict::log_shorter;
    }
    StoredTiles tiles(store);
    if (tree_root(tiles, size).view() != root) {
        return CheckpointVerdict::history_changed;
    }
    return head->id == size ? CheckpointVerdict::same : CheckpointVerdict::extended;
}

CheckpointComparison compare_checkpoint(storage::Tx& tx, std::string_view kept) {
    LogStore store(tx);
    CheckpointComparison answer;
    const std::optional<Note> note = parse_note(as_written(kept));
    const auto checkpoint = note ? parse_checkpoint(note->text) : std::nullopt;
    if (!checkpoint) {
        return answer;
    }
    const std::optional<CheckpointRow> head = store.newest_checkpoint();
    answer.size = checkpoint->size;
    answer.at = checkpoint->at;
    answer.size_now = head ? head->id : 0;
    if (checkpoint->origin != origin_of(tx.tenant())) {
        answer.verdict = CheckpointVerdict::other_log;
        return answer;
    }
    const std::vector<KeyRow> keys = store.keys();
    const bool is_signed = std::any_of(keys.begin(), keys.end(), [&](const KeyRow& key) {
        return seed_of(tx, key) && is_signed_by(*note, key.note_key());
    });
    if (!is_signed) {
        answer.verdict = CheckpointVerdict::not_signed;
        return answer;
    }
    if (checkpoint->size > answer.size_now) {
        answer.verdict = CheckpointVerdict::log_shorter;
        return answer;
    }
    StoredTiles tiles(store);
    const Digest root = tree_root(tiles, answer.size_now);
    const auto proof = consistency_proof(tiles, checkpoint->size, answer.size_now);
    const bool grown =
        (!head || head->root.bytes == root.view()) &&
        verify_consistency(checkpoint->size, checkpoint->root, answer.size_now, root, proof);
    for (const Digest& hash : proof) {
        answer.proof.push_back(to_base64(hash.view()));
    }
    answer.verdict = !grown                                ? CheckpointVerdict::history_changed
                     : checkpoint->size == answer.size_now ? CheckpointVerdict::same
                                                           : CheckpointVerdict::extended;
    answer.good = grown;
    return answer;
}

}  // namespace hangu::audit
