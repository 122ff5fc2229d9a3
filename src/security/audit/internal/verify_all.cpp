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
            const std::vector<Record> records = AuditStore(tx).after(last, kRecordsPerRead);
            for (const Record& record : records) {
                ++counts.records;
                counts.broken += verify_record(tenant, record) ? 0 : 1;
                last = record.id;
            }
            more = static_cast<std::int64_t>(records.size()) == kRecordsPerRead;
            return {};
        };
        static_cast<void>(engine.run(tenant, storage::Work::report, read));
    }
    return counts;
}

}  // namespace hangu::audit
