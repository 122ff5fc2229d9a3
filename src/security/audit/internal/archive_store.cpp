#include "security/audit/internal/archive_store.hpp"

#include "security/audit/internal/archive_rules.hpp"
#include "security/audit/internal/log_store.hpp"

#include <algorithm>

namespace hangu::audit {

namespace {

using storage::Blob;
using storage::Statement;

#define HANGU_ARCHIVE_COLUMNS                                                          \
    "select id, first_id, last_id, last_at, records_count, content from audit_archive" \
    " where tenant_id = ?1"

constexpr Statement<std::int64_t()> kLastTile{
    "audit_archive.last_tile",
    "select id from audit_archive where tenant_id = ?1 order by id desc limit 1",
    {"walks the primary key from its end and stops at the first"}};

constexpr Statement<ArchiveRow(std::int64_t)> kOfTile{"audit_archive.of_tile",
                                                      HANGU_ARCHIVE_COLUMNS " and id = ?2"};

constexpr Statement<ArchiveMark(RecordId)> kMark{
    "audit_archive.mark",
    "select last_id, last_at from audit_archive where tenant_id = ?1 and first_id <= ?2"
    " order by first_id desc limit 1"};

constexpr Statement<ArchiveRow(RecordId)> kOfRecord{
    "audit_archive.of_record",
    HANGU_ARCHIVE_COLUMNS " and first_id <= ?2 order by first_id desc limit 1"};

constexpr Statement<void(std::int64_t, Blob)> kReplace{
    "audit_archive.replace",
    "update audit_archive set content = ?3 where tenant_id = ?1 and id = ?2"};

constexpr Statement<void(RecordId, RecordId)> kForgetOnline{
    "audit_record.forget_archived",
    "delete from audit_record where tenant_id = ?1 and id > ?2 and id <= ?3"};

constexpr Statement<ArchiveStatus()> kStatus{
    "audit_archive.status",
    "select count(*) as bundles, coalesce(sum(records_count), 0) as records,"
    " coalesce(sum(length(content)), 0) as bytes, max(last_at) as until from audit_archive"
    " where tenant_id = ?1",
    {"one row for each 256 records; asked by hand"}};

using storage::ColumnType;
using storage::DataClass;
using storage::Level;

constexpr storage::Column kBundleColumns[] = {
    {"id", ColumnType::integer, DataClass::key, Level::internal},
    {"first_id", ColumnType::integer, DataClass::key, Level::internal},
    {"last_id", ColumnType::integer, DataClass::key, Level::internal},
    {"last_at", ColumnType::integer, DataClass::audit, Level::internal},
    {"records_count", ColumnType::integer, DataClass::audit, Level::internal},
    {"content", ColumnType::blob, DataClass::audit, Level::internal},
};

crypto::Place place_of(storage::Tx& tx, std::int64_t tile) {
    static const std::uint64_t field = crypto::field_id("audit_archive.content");
    return {tx.tenant(), field, tile};
}

}  // namespace

std::int64_t ArchiveStore::next_tile() {
    const std::optional<std::int64_t> last = tx_.find(kLastTile);
    return last ? *last + 1 : 0;
}

Blob ArchiveStore::seal(std::int64_t tile, const std::vector<StoredRecord>& records) {
    return {tx_.keys().seal(KeyClass::log, place_of(tx_, tile), pack_bundle(records))};
}

void ArchiveStore::add(std::int64_t tile, const std::vector<StoredRecord>& records) {
    tx_.insert(ArchiveRow{tile, records.front().id, records.back().id, records.back().at,
                          static_cast<std::int64_t>(records.size()), seal(tile, records)});
}

std::int64_t ArchiveStore::forget_online(RecordId after, RecordId last) {
    return tx_.run(kForgetOnline, after, last);
}

ArchiveStatus ArchiveStore::status() {
    return tx_.find(kStatus).value_or(ArchiveStatus{});
}

// Nothing of the row is believed: its range must be that of what was sealed.
Bundle ArchiveStore::open(const ArchiveRow& row) {
    Bundle bundle{row.first_id, row.last_id, false, {}};
    try {
        const std::string packed = tx_.keys().open(place_of(tx_, row.id), row.content.bytes);
        auto records = unpack_bundle(packed, LogStore(tx_).tile({0, row.id}));
        bundle.readable = records && !records->empty() && records->front().id == row.first_id &&
                          records->back().id == row.last_id;
        if (bundle.readable) {
            bundle.records = *std::move(records);
        }
    } catch (const crypto::SealBroken&) {
        bundle.readable = false;
    }
    return bundle;
}

Bundle ArchiveStore::bundle(std::int64_t tile) {
    const std::optional<ArchiveRow> row = tx_.find(kOfTile, tile);
    return row ? open(*row) : Bundle{};
}

std::optional<Bundle> ArchiveStore::newest(RecordId last) {
    const std::optional<ArchiveRow> row = tx_.find(kOfRecord, last);
    return row ? std::optional(open(*row)) : std::nullopt;
}

std::optional<ArchiveMark> ArchiveStore::newest_mark(RecordId last) {
    return tx_.find(kMark, last);
}

std::vector<Bundle> ArchiveStore::between(RecordId after, RecordId last, std::int64_t count_max) {
    std::vector<Bundle> bundles;
    const std::optional<ArchiveMark> mark = newest_mark(last);
    bool more = mark && mark->last_id > after;
    while (more && static_cast<std::int64_t>(bundles.size()) < count_max) {
        std::optional<Bundle> bundle = newest(last);
        more = bundle && bundle->last_id > after;
        if (more) {
            last = RecordId(bundle->first_id.value() - 1);
            bundles.push_back(*std::move(bundle));
        }
    }
    return bundles;
}

std::optional<ArchiveRow> ArchiveStore::row_of(RecordId id) {
    std::optional<ArchiveRow> row = tx_.find(kOfRecord, id);
    return row && row->last_id >= id ? std::move(row) : std::nullopt;
}

std::optional<StoredRecord> ArchiveStore::find(RecordId id) {
    std::optional<ArchiveRow> row = row_of(id);
    if (!row) {
        return std::nullopt;
    }
    Bundle bundle = open(*row);
    for (StoredRecord& record : bundle.records) {
        if (record.id == id) {
            return std::move(record);
        }
    }
    return std::nullopt;
}

bool ArchiveStore::replace(const StoredRecord& record) {
    std::optional<ArchiveRow> row = row_of(record.id);
    if (!row) {
        return false;
    }
    const std::int64_t tile = row->id;
    Bundle bundle = open(*row);
    const auto found = std::find_if(bundle.records.begin(), bundle.records.end(),
                                    [&](const StoredRecord& one) { return one.id == record.id; });
    if (found == bundle.records.end()) {
        return false;
    }
    *found = record;
    return tx_.run(kReplace, tile, seal(tile, bundle.records)) == 1;
}

std::vector<storage::Table> archive_tables() {
    return {{"audit_archive", kBundleColumns}};
}

std::vector<storage::StatementInfo> archive_statements() {
    using storage::info;
    return {storage::insert_info<ArchiveRow>(),
            info(kLastTile),
            info(kOfTile),
            info(kMark),
            info(kOfRecord),
            info(kReplace),
            info(kForgetOnline),
            info(kStatus)};
}

}  // namespace hangu::audit
