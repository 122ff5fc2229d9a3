#include "security/audit/internal/log_store.hpp"

namespace hangu::audit {

namespace {

using storage::Blob;
using storage::Statement;

constexpr Statement<CheckpointRow()> kNewestCheckpoint{
    "audit_checkpoint.newest",
    "select id, at, last_record_id, root, key_id, note from audit_checkpoint"
    " where tenant_id = ?1 order by id desc limit 1",
    {"walks the primary key from its end and stops at the first"}};

constexpr Statement<CheckpointRow(std::int64_t)> kBefore{
    "audit_checkpoint.before",
    "select id, at, last_record_id, root, key_id, note from audit_checkpoint"
    " where tenant_id = ?1 and id < ?2 order by id desc limit 1"};

constexpr Statement<void(std::int64_t)> kForget{
    "audit_checkpoint.forget", "delete from audit_checkpoint where tenant_id = ?1 and id = ?2"};

constexpr Statement<WaitingRow(RecordId, std::int64_t)> kWaiting{
    "audit_record.waiting",
    "select id, at, leaf_hash from audit_record where tenant_id = ?1 and id > ?2"
    " order by id limit ?3"};

constexpr Statement<WaitingCount(RecordId, std::int64_t)> kCountWaiting{
    "audit_record.count_waiting",
    "select count(*) as count, min(at) as oldest_at from"
    " (select at from audit_record where tenant_id = ?1 and id > ?2 limit ?3)",
    {"the scan is of the limited inner query, which walks the primary key"}};

constexpr Statement<Blob(std::int64_t)> kTile{
    "audit_tile.find", "select hashes from audit_tile where tenant_id = ?1 and id = ?2"};

constexpr Statement<void(TileRow)> kPutTile{
    "audit_tile.put",
    "insert into audit_tile (tenant_id, id, hashes) values (?1, ?2, ?3)"
    " on conflict (id) do update set hashes = excluded.hashes"};

constexpr Statement<EntriesRow(std::int64_t)> kEntries{
    "audit_entries.find",
    "select id, first_id, last_id, record_ids from audit_entries"
    " where tenant_id = ?1 and id = ?2"};

constexpr Statement<EntriesRow(RecordId)> kEntriesOf{
    "audit_entries.of_record",
    "select id, first_id, last_id, record_ids from audit_entries"
    " where tenant_id = ?1 and first_id <= ?2 order by first_id desc limit 1"};

constexpr Statement<void(EntriesRow)> kPutEntries{
    "audit_entries.put",
    "insert into audit_entries (tenant_id, id, first_id, last_id, record_ids)"
    " values (?1, ?2, ?3, ?4, ?5) on conflict (id) do update set"
    " first_id = excluded.first_id, last_id = excluded.last_id, record_ids = excluded.record_ids"};

constexpr Statement<KeyRow(std::int64_t)> kKeys{
    "audit_key.list",
    "select id, name, public_key, seed, created_at, retired_at from audit_key"
    " where tenant_id = ?1 order by id limit ?2",
    {"a tenant has a handful of signing keys"}};

constexpr Statement<void(std::int64_t, Time)> kRetire{
    "audit_key.retire",
    "update audit_key set retired_at = ?3"
    " where tenant_id = ?1 and id = ?2 and retired_at is null"};

using storage::ColumnType;
using storage::DataClass;
using storage::Level;

constexpr storage::Column kTileColumns[] = {
    {"id", ColumnType::integer, DataClass::key, Level::internal},
    {"hashes", ColumnType::blob, DataClass::audit, Level::internal},
};
constexpr storage::Column kEntriesColumns[] = {
    {"id", ColumnType::integer, DataClass::key, Level::internal},
    {"first_id", ColumnType::integer, DataClass::key, Level::internal},
    {"last_id", ColumnType::integer, DataClass::key, Level::internal},
    {"record_ids", ColumnType::blob, DataClass::key, Level::internal},
};
constexpr storage::Column kCheckpointColumns[] = {
    {"id", ColumnType::integer, DataClass::key, Level::internal},
    {"at", ColumnType::integer, DataClass::audit, Level::internal},
    {"last_record_id", ColumnType::integer, DataClass::key, Level::internal},
    {"root", ColumnType::blob, DataClass::audit, Level::internal},
    {"key_id", ColumnType::text, DataClass::audit, Level::internal},
    {"note", ColumnType::text, DataClass::audit, Level::internal},
};
constexpr storage::Column kKeyColumns[] = {
    {"id", ColumnType::integer, DataClass::key, Level::internal},
    {"name", ColumnType::text, DataClass::audit, Level::internal},
    {"public_key", ColumnType::blob, DataClass::audit, Level::internal},
    {"seed", ColumnType::sealed, DataClass::credential, Level::secret},
    {"created_at", ColumnType::integer, DataClass::technical, Level::internal},
    {"retired_at", ColumnType::integer, DataClass::technical, Level::internal, true},
};

std::int64_t key_of(TileId id) {
    return (static_cast<std::int64_t>(id.level) << 48) | id.index;
}

}  // namespace

std::optional<CheckpointRow> LogStore::newest_checkpoint() {
    return tx_.find(kNewestCheckpoint);
}

std::optional<CheckpointRow> LogStore::checkpoint_before(std::int64_t size) {
    return tx_.find(kBefore, size);
}

void LogStore::forget_checkpoint(std::int64_t size) {
    tx_.run(kForget, size);
}

std::vector<WaitingRow> LogStore::waiting(RecordId last, std::int64_t count_max) {
    return tx_.list(kWaiting, last, count_max);
}

WaitingCount LogStore::count_waiting(RecordId last) {
    return tx_.find(kCountWaiting, last, kWaitingCountMax).value_or(WaitingCount{});
}

std::string LogStore::tile(TileId id) {
    return tx_.find(kTile, key_of(id)).value_or(Blob{}).bytes;
}

void LogStore::put_tile(TileId id, std::string_view hashes) {
    tx_.run(kPutTile, TileRow{key_of(id), {std::string(hashes)}});
}

std::optional<EntriesRow> LogStore::entries(std::int64_t tile) {
    return tx_.find(kEntries, tile);
}

std::optional<EntriesRow> LogStore::entries_of(RecordId record) {
    return tx_.find(kEntriesOf, record);
}

void LogStore::put_entries(std::int64_t tile, std::string_view record_ids) {
    const std::vector<RecordId> ids = unpack_ids(record_ids);
    tx_.run(kPutEntries, EntriesRow{tile, ids.front(), ids.back(), {std::string(record_ids)}});
}

std::vector<KeyRow> LogStore::keys() {
    return tx_.list(kKeys, kKeysCountMax);
}

void LogStore::retire_key(std::int64_t id, Time at) {
    tx_.run(kRetire, id, at);
}

std::string_view StoredTiles::tile(TileId id) {
    const auto found = kept_.find(id);
    if (found != kept_.end()) {
        return found->second;
    }
    if (kept_.size() >= kKeptMax) {
        kept_.clear();
    }
    return kept_.emplace(id, store_.tile(id)).first->second;
}

std::string pack_id(RecordId id) {
    std::string bytes(8, '\0');
    auto rest = static_cast<std::uint64_t>(id.value());
    for (std::size_t i = bytes.size(); i-- > 0;) {
        bytes[i] = static_cast<char>(rest & 0xFFU);
        rest >>= 8U;
    }
    return bytes;
}

std::vector<RecordId> unpack_ids(std::string_view bytes) {
    std::vector<RecordId> ids;
    ids.reserve(bytes.size() / 8);
    for (std::size_t from = 0; from + 8 <= bytes.size(); from += 8) {
        std::uint64_t value = 0;
        for (std::size_t i = 0; i < 8; ++i) {
            value = (value << 8U) | static_cast<unsigned char>(bytes[from + i]);
        }
        ids.emplace_back(static_cast<std::int64_t>(value));
    }
    return ids;
}

std::vector<storage::Table> log_tables() {
    return {{"audit_tile", kTileColumns},
            {"audit_entries", kEntriesColumns},
            {"audit_checkpoint", kCheckpointColumns},
            {"audit_key", kKeyColumns}};
}

std::vector<storage::StatementInfo> log_statements() {
    using storage::info;
    return {storage::insert_info<CheckpointRow>(),
            storage::insert_info<KeyRow>(),
            info(kNewestCheckpoint),
            info(kBefore),
            info(kForget),
            info(kWaiting),
            info(kCountWaiting),
            info(kTile),
            info(kPutTile),
            info(kEntries),
            info(kEntriesOf),
            info(kPutEntries),
            info(kKeys),
            info(kRetire)};
}

}  // namespace hangu::audit
