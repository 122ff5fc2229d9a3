// All SQL of the archived records.
#pragma once

#include "platform/storage/tx.hpp"
#include "security/audit/archive.hpp"
#include "security/audit/internal/audit_store.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace hangu::audit {

struct ArchiveRow {
    static constexpr std::string_view kTable = "audit_archive";
    std::int64_t id = 0;  // index of the tile of leaves
    RecordId first_id;
    RecordId last_id;
    Time last_at;
    std::int64_t records_count = 0;
    storage::Blob content;
};
HANGU_STRUCT(ArchiveRow, id, first_id, last_id, last_at, records_count, content)

// What is known of a bundle without opening it.
struct ArchiveMark {
    RecordId last_id;
    Time last_at;
};
HANGU_STRUCT(ArchiveMark, last_id, last_at)

// A bundle whose content is not what was put there has no records.
struct Bundle {
    RecordId first_id;
    RecordId last_id;
    bool readable = false;
    std::vector<StoredRecord> records;
};

class ArchiveStore {
 public:
    explicit ArchiveStore(storage::Tx& tx) : tx_(tx) {}

    // Tiles are archived in their order: the next one's index.
    std::int64_t next_tile();
    void add(std::int64_t tile, const std::vector<StoredRecord>& records);
    std::int64_t forget_online(RecordId after, RecordId last);  // how many
    ArchiveStatus status();

    Bundle bundle(std::int64_t tile);
    // The newest that begins with or before this record.
    std::optional<Bundle> newest(RecordId last);
    std::optional<ArchiveMark> newest_mark(RecordId last);
    // Those that hold records behind `after`, up to and with `last`; newest first.
    std::vector<Bundle> between(RecordId after, RecordId last, std::int64_t count_max);
    std::optional<StoredRecord> find(RecordId id);
    // False: it is not here.
    bool replace(const StoredRecord& record);

 private:
    std::optional<ArchiveRow> row_of(RecordId id);
    Bundle open(const ArchiveRow& row);
    storage::Blob seal(std::int64_t tile, const std::vector<StoredRecord>& records);

    storage::Tx& tx_;
};

// For part() of the module.
std::vector<storage::Table> archive_tables();
std::vector<storage::StatementInfo> archive_statements();

}  // namespace hangu::audit
