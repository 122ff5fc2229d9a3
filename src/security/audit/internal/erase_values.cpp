// The lawful erasure of values of one record. What was done, when and by which account stays, and
// everything stays provable; the erasure is itself an act.
#include "security/audit/audit_log.hpp"

#include "security/audit/internal/audit_store.hpp"
#include "security/audit/internal/record_rules.hpp"

#include <algorithm>

namespace hangu::audit {

Result<void> erase_values(http::Scope& scope, RecordId id, const std::vector<std::string>& fields,
                          const std::string& reason) {
    for (const std::string& field : fields) {
        if (!is_erasable(field)) {
            return Problem::invalid("audit.not_erasable", field);
        }
    }
    AuditStore store(scope.tx());
    std::optional<StoredRecord> stored = store.find(id);
    if (!stored) {
        return Problem::not_found("audit_record.not_found");
    }
    std::optional<Record> record = store.opened(std::move(*stored));
    std::optional<Changes> changes = record ? decode_changes(record->fields.bytes) : std::nullopt;
    if (!changes || !verify_record(scope.tenant(), *record)) {
        return Problem::conflict("audit.not_intact", "what was changed cannot be erased any more");
    }
    erase_fields(*record, *changes, fields);
    HANGU_ASSERT(verify_record(scope.tenant(), *record));
    store.replace_erased(*record);
    std::string names;
    for (const std::string& field : fields) {
        names += (names.empty() ? "" : ", ") + field;
    }
    scope.audit({.action = "audit.erased",
                 .subject_kind = "audit_record",
                 .subject_id = id.text(),
                 .subject_label = record->action,
                 .fields = {{"fields", "", names}, {"reason", "", reason}},
                 .org_path = record->org_path});
    return {};
}

}  // namespace hangu::audit
