// What a search of the audit records is asked by: query members, and the filter they make.
#pragma once

#include "base/text.hpp"
#include "platform/http/route.hpp"
#include "security/audit/internal/audit_store.hpp"

#include <optional>
#include <string>

namespace hangu::audit {

inline constexpr http::Permission kMayView{"audit.view"};

enum class RecordResult { ok, refused, failed };
HANGU_ENUM(RecordResult, ok, refused, failed)

struct AuditRecordQuery {
    std::optional<Text<1, 64>> q;
    std::optional<RecordKind> kind;
    std::optional<Text<13, 13>> actor_id;
    std::optional<Text<1, 64>> action;
    std::optional<Text<1, 64>> subject_id;
    std::optional<Text<1, 32>> subject_kind;
    std::optional<Text<13, 13>> about;
    std::optional<Text<1, 64>> address;
    std::optional<RecordResult> result;
    std::optional<Time> from;
    std::optional<Time> to;
    std::optional<Number<1, 100>> limit;
    std::optional<Text<1, 32>> cursor;
    std::optional<bool> archived;  // also what is archived
};
HANGU_STRUCT(AuditRecordQuery, q, kind, actor_id, action, subject_id, subject_kind, about, address,
             result, from, to, limit, cursor, archived)

// "input.invalid" when an id is none. The caller sees her own acts on the whole tenant, too.
Result<RecordFilter> filter_of(const http::Caller& caller, const AuditRecordQuery& query);

// Narrows the filter to what comes behind the cursor.
Result<void> go_behind(RecordFilter& filter, const std::optional<Text<1, 32>>& cursor);

}  // namespace hangu::audit
