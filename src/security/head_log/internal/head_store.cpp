#include "security/head_log/internal/head_store.hpp"

#include "security/head_log/module.hpp"

namespace hangu::head_log {

std::span<const MigrationFile> sql_files();

namespace {

using storage::Blob;
using storage::ControlStatement;

constexpr ControlStatement<HeadEntryRow(TenantId)> kNewestOf{
    "head_entry.newest_of",
    "select id, tenant_id, size, root, at from head_entry where tenant_id = ?1"
    " order by id desc limit 1"};

constexpr ControlStatement<HeadEntryRow(std::int64_t, std::int64_t)> kFrom{
    "head_entry.from",
    "select id, tenant_id, size, root, at from head_entry where id >= ?1 order by id limit ?2"};

constexpr ControlStatement<TenantId(TenantId)> kNextTenant{
    "head_entry.next_tenant",
    "select tenant_id from head_entry where tenant_id > ?1 order by tenant_id limit 1"};

constexpr ControlStatement<Blob(std::int64_t)> kTile{"head_tile.find",
                                                     "select hashes from head_tile where id = ?1"};

constexpr ControlStatement<void(HeadTileRow)> kPutTile{
    "head_tile.put",
    "insert into head_tile (id, hashes) values (?1, ?2)"
    " on conflict (id) do update set hashes = excluded.hashes"};

constexpr ControlStatement<HeadCheckpointRow()> kNewest{
    "head_checkpoint.newest",
    "select id, at, root, note from head_checkpoint order by id desc limit 1",
    {"walks the primary key from its end and stops at the first"}};

constexpr ControlStatement<void(std::int64_t)> kForget{"head_checkpoint.forget",
                                                       "delete from head_checkpoint where id = ?1"};

using storage::ColumnType;
using storage::DataClass;
using storage::Level;

constexpr storage::Column kEntryColumns[] = {
    {"id", ColumnType::integer, DataClass::key, Level::internal},
    {"tenant_id", ColumnType::integer, DataClass::key, Level::internal},
    {"size", ColumnType::integer, DataClass::audit, Level::internal},
    {"root", ColumnType::blob, DataClass::audit, Level::internal},
    {"at", ColumnType::integer, DataClass::audit, Level::internal},
};
constexpr storage::Column kTileColumns[] = {
    {"id", ColumnType::integer, DataClass::key, Level::internal},
    {"hashes", ColumnType::blob, DataClass::audit, Level::internal},
};
constexpr storage::Column kCheckpointColumns[] = {
    {"id", ColumnType::integer, DataClass::key, Level::internal},
    {"at", ColumnType::integer, DataClass::audit, Level::internal},
    {"root", ColumnType::blob, DataClass::audit, Level::internal},
    {"note", ColumnType::text, DataClass::audit, Level::internal},
};

std::int64_t key_of(audit::TileId id) {
    return (static_cast<std::int64_t>(id.level) << 48) | id.index;
}

Entry entry_of(HeadEntryRow row) {
    return {row.id, row.tenant_id, row.size, std::move(row.root.bytes), row.at};
}

}  // namespace

std::optional<Entry> HeadStore::newest_of(TenantId tenant) {
    std::optional<HeadEntryRow> row = tx_.find(kNewestOf, tenant);
    return row ? std::optional(entry_of(std::move(*row))) : std::nullopt;
}

std::vector<Entry> HeadStore::from(std::int64_t number, std::int64_t count_max) {
    std::vector<Entry> entries;
    for (HeadEntryRow& row : tx_.list(kFrom, number, count_max)) {
        entries.push_back(entry_of(std::move(row)));
    }
    return entries;
}

void HeadStore::add(const Entry& entry) {
    tx_.insert(HeadEntryRow{entry.number, entry.tenant, entry.size, {entry.root}, entry.at});
}

// From one to the next along the index: as many steps as there are tenants.
std::vector<TenantId> HeadStore::tenants() {
    std::vector<TenantId> all;
    std::optional<TenantId> next = tx_.find(kNextTenant, TenantId());
    while (next) {
        all.push_back(*next);
        next = tx_.find(kNextTenant, *next);
    }
    return all;
}

std::string HeadStore::tile(audit::TileId id) {
    return tx_.find(kTile, key_of(id)).value_or(Blob{}).bytes;
}

void HeadStore::put_tile(audit::TileId id, std::string_view hashes) {
    tx_.run(kPutTile, HeadTileRow{key_of(id), {std::string(hashes)}});
}

std::optional<HeadCheckpointRow> HeadStore::newest_checkpoint() {
    return tx_.find(kNewest);
}

void HeadStore::forget_checkpoint(std::int64_t size) {
    tx_.run(kForget, size);
}

std::string_view HeadTiles::tile(audit::TileId id) {
    const auto found = kept_.find(id);
    if (found != kept_.end()) {
        return found->second;
    }
    if (kept_.size() >= kKeptMax) {
        kept_.clear();
    }
    return kept_.emplace(id, store_.tile(id)).first->second;
}

storage::Part part() {
    return {"head_log",
            sql_files(),
            {{"head_entry", kEntryColumns, true},
             {"head_tile", kTileColumns, true},
             {"head_checkpoint", kCheckpointColumns, true}},
            {storage::insert_info<HeadEntryRow>(true),
             storage::insert_info<HeadCheckpointRow>(true), storage::info(kNewestOf),
             storage::info(kFrom), storage::info(kNextTenant), storage::info(kTile),
             storage::info(kPutTile), storage::info(kNewest), storage::info(kForget)}};
}

}  // namespace hangu::head_log
