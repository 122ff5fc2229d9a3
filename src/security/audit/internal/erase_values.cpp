// The lawful erasure of values of one record. What was done, when and by which account stays, and
// everything stays provable; the erasure is itself an act.
#include "security/audit/audit_log.hpp"

#include "security/audit/internal/erasures.hpp"
#include "security/audit/internal/record_rules.hpp"

#include <algorithm>

namespace hangu::audit {

namespace {

constexpr std::string_view kNamesField = "fields";
constexpr std::string_view kSeparator = ", ";

std::string joined(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names) {
        text += text.empty() ? "" : kSeparator;
        text += name;
    }
    return text;
}

std::vector<std::string> split(std::string_view text) {
    std::vector<std::string> names;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(kSeparator), text.size());
        names.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + kSeparator.size(), text.size()));
    }
    return names;
}

std::vector<std::string> erased_names(const Record& act) {
    const std::optional<Changes> changes = decode_changes(act.fields.bytes);
    for (const http::AuditField& field :
         changes ? changes->fields : std::vector<http::AuditField>{}) {
        if (field.name == kNamesField) {
            return split(field.after);
        }
    }
    return {};
}

bool is_closed(const std::vector<Opening>& openings, std::string_view name) {
    return std::none_of(openings.begin(), openings.end(), [&](const Opening& opening) {
        return (opening.name == name || opening.name == "*") && opening.salt;
    });
}

}  // namespace

std::optional<StoredRecord> come_back(AuditStore& store, const Record& act) {
    const std::optional<RecordId> id = RecordId::parse(act.subject_id);
    std::optional<StoredRecord> stored = id ? store.find(*id) : std::nullopt;
    const std::optional<Record> record = stored ? store.opened(*stored) : std::nullopt;
    const auto changes = record ? decode_changes(record->fields.bytes) : std::nullopt;
    if (!changes) {
        return std::nullopt;
    }
    const std::vector<Opening> openings =
        openings_of(*record, record->actor_name.shown().text(), *changes);
    const std::vector<std::string> names = erased_names(act);
    const bool gone = std::all_of(names.begin(), names.end(), [&](const std::string& name) {
        return is_closed(openings, name);
    });
    return gone ? std::nullopt : std::move(stored);
}

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
    // The log is to say for ever what was erased, and why.
    if (record->action == kErased) {
        return Problem::invalid("audit.not_erasable", std::string(kErased));
    }
    erase_fields(*record, *changes, fields);
    HANGU_ASSERT(verify_record(scope.tenant(), *record));
    store.replace_erased(*record);
    scope.audit({.action = kErased,
                 .subject_kind = "audit_record",
                 .subject_id = id.text(),
                 .subject_label = record->action,
                 .fields = {{std::string(kNamesField), "", joined(fields)}, {"reason", "", reason}},
                 .org_path = record->org_path});
    return {};
}

}  // namespace hangu::audit
