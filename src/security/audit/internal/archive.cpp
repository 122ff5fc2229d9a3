// Moving old records into bundles.
#include "security/audit/archive.hpp"

#include "security/audit/internal/archive_store.hpp"
#include "security/audit/internal/log_store.hpp"

namespace hangu::audit {

namespace {

// What was written is read back and every record of it hashed anew.
bool holds_what_was_signed(storage::Tx& tx, std::int64_t tile, std::string_view leaves) {
    const Bundle bundle = ArchiveStore(tx).bundle(tile);
    if (!bundle.readable || leaves.size() != bundle.records.size() * kHashBytes) {
        return false;
    }
    AuditStore store(tx);
    for (std::size_t at = 0; at < bundle.records.size(); ++at) {
        const std::optional<Record> record = store.opened(bundle.records[at]);
        const auto leaf = record ? leaf_of(tx.tenant(), *record) : std::nullopt;
        if (!leaf || leaf->view() != leaves.substr(at * kHashBytes, kHashBytes)) {
            return false;
        }
    }
    return true;
}

void record_move(storage::Tx& tx, Audit& records, std::int64_t tile, Time until) {
    http::Caller archive;
    archive.kind = http::ActorKind::system;
    archive.tenant = tx.tenant();
    archive.actor_name = "archive";
    const std::int64_t first = tile * kTileWidth;
    const http::AuditFact fact{.action = "audit.archived",
                               .subject_kind = "audit_archive",
                               .subject_label = std::to_string(kTileWidth),
                               .fields = {{"first", "", std::to_string(first)},
                                          {"last", "", std::to_string(first + kTileWidth - 1)},
                                          {"until", "", time_text(until)}}};
    records.record(tx, {&archive, "system", "", ""}, {fact});
}

}  // namespace

Result<ArchiveStep> archive_oldest(storage::Tx& tx, Audit& records, Time before) {
    ArchiveStore archive(tx);
    LogStore log(tx);
    const std::int64_t tile = archive.next_tile();
    const std::optional<CheckpointRow> head = log.newest_checkpoint();
    const std::optional<EntriesRow> entries = log.entries(tile);
    const RecordId limit(IdSource::floor_at(before.unix_ms()));
    // Some stay: the ids of new records follow the newest one.
    if (!head || !entries || (tile + 1) * kTileWidth >= head->id || entries->last_id >= limit) {
        return ArchiveStep{};
    }
    const auto damaged = [] {
        return Problem::conflict("audit.not_intact", "run hangu audit verify");
    };
    if (check_log(tx, tile * kTileWidth, kTileWidth).faults_count > 0) {
        return damaged();
    }
    const std::optional<EntriesRow> earlier = tile == 0 ? std::nullopt : log.entries(tile - 1);
    const RecordId after = earlier ? earlier->last_id : RecordId();
    const std::vector<StoredRecord> old =
        AuditStore(tx).between(after, entries->last_id, kTileWidth + 1);
    if (static_cast<std::int64_t>(old.size()) != kTileWidth) {
        return damaged();
    }
    archive.add(tile, old);
    if (!holds_what_was_signed(tx, tile, log.tile({0, tile}))) {
        return damaged();
    }
    const std::int64_t gone = archive.forget_online(after, entries->last_id);
    HANGU_ASSERT(gone == kTileWidth);
    record_move(tx, records, tile, old.back().at);
    return ArchiveStep{kTileWidth, true};
}

ArchiveStatus archive_status(storage::Tx& tx) {
    return ArchiveStore(tx).status();
}

}  // namespace hangu::audit
