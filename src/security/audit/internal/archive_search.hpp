// A search that goes on into the archive when it is asked to: bundle after bundle, newest first.
#pragma once

#include "security/audit/internal/audit_store.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hangu::audit {

// That the range of a search reaches into the archive.
struct AuditArchiveView {
    Time until;  // the newest of them is of this time
    bool searched = false;
    std::int64_t unreadable_count = 0;  // bundles that were to be searched and are damaged
};
HANGU_STRUCT(AuditArchiveView, until, searched, unreadable_count)

struct SearchLimits {
    std::int64_t records_max = 0;
    std::int64_t bundles_max = 0;  // opened for one answer
};

struct FoundRecords {
    std::vector<Record> records;             // newest first
    std::optional<std::string> next_cursor;  // also when few were found in many bundles
    std::optional<AuditArchiveView> archive;
};
FoundRecords search_records(storage::Tx& tx, const storage::DataScope& places,
                            const RecordFilter& filter, bool archived, const SearchLimits& limits);

// How many archived records match, in that many bundles at most.
std::int64_t count_archived(storage::Tx& tx, const storage::DataScope& places,
                            const RecordFilter& filter, std::int64_t bundles_max);

// As the condition of the statements for those that are not archived.
bool matches(const storage::DataScope& places, const RecordFilter& filter,
             const StoredRecord& record);

}  // namespace hangu::audit
