#include "security/audit/audit.hpp"
#include "security/audit/internal/audit_store.hpp"

namespace hangu::audit {

namespace {

constexpr std::int64_t kRecordsPerRead = 1000;

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
    return counts;
}

}  // namespace hangu::audit
