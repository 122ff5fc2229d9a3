#include "security/audit/audit.hpp"
#include "security/audit/internal/archive_store.hpp"
#include "security/audit/internal/audit_store.hpp"
#include "security/audit/merkle_log.hpp"

namespace hangu::audit {

namespace {

constexpr std::int64_t kRecordsPerRead = 1000;

void count_archived(storage::Tx& tx, VerifyCounts& counts) {
    AuditStore store(tx);
    ArchiveStore archive(tx);
    const std::int64_t end = archive.next_tile();
    for (std::int64_t tile = 0; tile < end; ++tile) {
        Bundle bundle = archive.bundle(tile);
        if (!bundle.readable) {
            counts.records += kTileWidth;
            counts.broken += kTileWidth;
        }
        for (StoredRecord& one : bundle.records) {
            ++counts.records;
            const std::optional<Record> record = store.opened(std::move(one));
            counts.broken += record && verify_record(tx.tenant(), *record) ? 0 : 1;
        }
    }
}

}  // namespace

VerifyCounts verify_all(storage::Engine& engine, TenantId tenant) {
    VerifyCounts counts;
    RecordId last;
    bool more = true;
    while (more) {
        const auto read = [&](storage::Tx& tx) -> Result<> {
            AuditStore store(tx);
            std::vector<StoredRecord> stored = store.after(last, kRecordsPerRead);
            more = static_cast<std::int64_t>(stored.size()) == kRecordsPerRead;
            for (StoredRecord& one : stored) {
                ++counts.records;
                last = one.id;
                const std::optional<Record> record = store.opened(std::move(one));
                counts.broken += record && verify_record(tenant, *record) ? 0 : 1;
            }
            return {};
        };
        static_cast<void>(engine.run(tenant, storage::Work::report, read));
    }
    const auto read_archive = [&](storage::Tx& tx) -> Result<> {
        count_archived(tx, counts);
        return {};
    };
    static_cast<void>(engine.run(tenant, storage::Work::report, read_archive));
    return counts;
}

}  // namespace hangu::audit
