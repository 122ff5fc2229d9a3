// All SQL of the Merkle log over the records.
#pragma once

#include "platform/storage/tx.hpp"
#include "security/audit/audit.hpp"
#include "security/audit/note_rules.hpp"
#include "security/audit/merkle_log.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hangu::audit {

struct TileRow {
    static constexpr std::string_view kTable = "audit_tile";
    std::int64_t id = 0;  // level << 48 | index
    storage::Blob hashes;
};
HANGU_STRUCT(TileRow, id, hashes)

struct EntriesRow {
    static constexpr std::string_view kTable = "audit_entries";
    std::int64_t id = 0;  // index of the tile of leaves
    RecordId first_id;
    RecordId last_id;
    storage::Blob record_ids;
};
HANGU_STRUCT(EntriesRow, id, first_id, last_id, record_ids)

struct CheckpointRow {
    static constexpr std::string_view kTable = "audit_checkpoint";
    std::int64_t id = 0;  // size
    Time at;
    RecordId last_record_id;
    storage::Blob root;
    std::string key_id;
    std::string note;
};
HANGU_STRUCT(CheckpointRow, id, at, last_record_id, root, key_id, note)

struct KeyRow {
    static constexpr std::string_view kTable = "audit_key";
    std::int64_t id = 0;  // 1, 2, …
    std::string name;
    storage::Blob public_key;
    storage::Blob seed;
    Time created_at;
    std::optional<Time> retired_at;

    NoteKey note_key() const { return {name, public_key.bytes}; }
};
HANGU_STRUCT(KeyRow, id, name, public_key, seed, created_at, retired_at)

// A record that is not in the log yet.
struct WaitingRow {
    RecordId id;
    Time at;
    storage::Blob leaf_hash;
};
HANGU_STRUCT(WaitingRow, id, at, leaf_hash)

struct WaitingCount {
    std::int64_t count = 0;
    std::optional<Time> oldest_at;
};
HANGU_STRUCT(WaitingCount, count, oldest_at)

class LogStore {
 public:
    static constexpr std::int64_t kKeysCountMax = 1000;
    static constexpr std::int64_t kWaitingCountMax = 10'000;  // a count stops here

    explicit LogStore(storage::Tx& tx) : tx_(tx) {}

    std::optional<CheckpointRow> newest_checkpoint();
    std::optional<CheckpointRow> checkpoint_before(std::int64_t size);
    void add(const CheckpointRow& row) { tx_.insert(row); }
    void forget_checkpoint(std::int64_t size);

    std::vector<WaitingRow> waiting(RecordId last, std::int64_t count_max);
    WaitingCount count_waiting(RecordId last);

    std::string tile(TileId id);  // "" if there is none
    void put_tile(TileId id, std::string_view hashes);
    std::optional<EntriesRow> entries(std::int64_t tile);
    // The entries that a record would stand in.
    std::optional<EntriesRow> entries_of(RecordId record);
    void put_entries(std::int64_t tile, std::string_view record_ids);

    std::vector<KeyRow> keys();  // oldest first
    void add(const KeyRow& row) { tx_.insert(row); }
    void retire_key(std::int64_t id, Time at);

 private:
    storage::Tx& tx_;
};

// The tiles of a tenant; keeps what it read for the length of one piece of work.
class StoredTiles final : public TileSource {
 public:
    static constexpr std::size_t kKeptMax = 64;

    explicit StoredTiles(LogStore& store) : store_(store) {}
    std::string_view tile(TileId id) override;

 private:
    LogStore& store_;
    std::map<TileId, std::string> kept_;
};

std::string pack_id(RecordId id);
std::vector<RecordId> unpack_ids(std::string_view bytes);

// For part() of the module.
std::vector<storage::Table> log_tables();
std::vector<storage::StatementInfo> log_statements();

}  // namespace hangu::audit
