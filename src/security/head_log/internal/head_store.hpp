// All SQL of the log of heads, on the control database.
#pragma once

#include "platform/storage/tx.hpp"
#include "security/audit/merkle_log.hpp"
#include "security/head_log/head_log.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace hangu::head_log {

struct HeadEntryRow {
    static constexpr std::string_view kTable = "head_entry";
    std::int64_t id = 0;
    TenantId tenant_id;
    std::int64_t size = 0;
    storage::Blob root;
    Time at;
};
HANGU_STRUCT(HeadEntryRow, id, tenant_id, size, root, at)

struct HeadTileRow {
    static constexpr std::string_view kTable = "head_tile";
    std::int64_t id = 0;
    storage::Blob hashes;
};
HANGU_STRUCT(HeadTileRow, id, hashes)

struct HeadCheckpointRow {
    static constexpr std::string_view kTable = "head_checkpoint";
    std::int64_t id = 0;  // size
    Time at;
    storage::Blob root;
    std::string note;
};
HANGU_STRUCT(HeadCheckpointRow, id, at, root, note)

class HeadStore {
 public:
    explicit HeadStore(storage::ControlTx& tx) : tx_(tx) {}

    std::optional<Entry> newest_of(TenantId tenant);
    std::vector<Entry> from(std::int64_t number, std::int64_t count_max);
    void add(const Entry& entry);
    std::vector<TenantId> tenants();

    std::string tile(audit::TileId id);  // "" if there is none
    void put_tile(audit::TileId id, std::string_view hashes);

    std::optional<HeadCheckpointRow> newest_checkpoint();
    void add(const HeadCheckpointRow& row) { tx_.insert(row); }
    void forget_checkpoint(std::int64_t size);

 private:
    storage::ControlTx& tx_;
};

class HeadTiles final : public audit::TileSource {
 public:
    static constexpr std::size_t kKeptMax = 64;

    explicit HeadTiles(HeadStore& store) : store_(store) {}
    std::string_view tile(audit::TileId id) override;

 private:
    HeadStore& store_;
    std::map<audit::TileId, std::string> kept_;
};

}  // namespace hangu::head_log
