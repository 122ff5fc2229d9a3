// Records older than the online time, moved out of the searched table into sealed, compressed
// bundles of one tile (256 records) each, in the same file and in one transaction a bundle. They
// stay in the log: checks, receipts, disclosures and erasures work on them as before, and searches
// and exports reach them on request.
#pragma once

#include "security/audit/audit_log.hpp"

#include <cstdint>
#include <optional>

namespace hangu::audit {

// Moves the oldest bundle if all of it is older; in a transaction of the tenant, which records it.
// "audit.not_intact" when the records are not what was signed: what is damaged stays where it is.
struct ArchiveStep {
    std::int64_t records = 0;  // moved: 256, or none
    bool more = false;         // the next bundle may be old enough too
};
Result<ArchiveStep> archive_oldest(storage::Tx& tx, Audit& records, Time before);

struct ArchiveStatus {
    std::int64_t bundles = 0;
    std::int64_t records = 0;
    std::int64_t bytes = 0;     // of all bundles
    std::optional<Time> until;  // the newest archived record is of this time
};
HANGU_STRUCT(ArchiveStatus, bundles, records, bytes, until)
ArchiveStatus archive_status(storage::Tx& tx);

}  // namespace hangu::audit
