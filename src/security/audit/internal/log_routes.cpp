// GET  /api/v1/audit-log                            the signed head, and the keys
// GET  /api/v1/audit-log/check?from=                a part of the whole check
// POST /api/v1/audit-log/compare                    a checkpoint that somebody kept
// GET  /api/v1/audit-records/{record_id}/receipt    what proves one record offline
#include "security/audit/internal/log_routes.hpp"

#include "base/text.hpp"
#include "security/audit/audit_log.hpp"
#include "security/audit/internal/audit_store.hpp"
#include "security/audit/internal/record_query.hpp"
#include "security/audit/note_rules.hpp"
#include "security/audit/receipt.hpp"

#include <limits>

namespace hangu::audit {

namespace {

constexpr http::Permission kMayVerify{"audit.verify"};
// About 15 µs each: a part stays far below the time of a report.
constexpr std::int64_t kCheckedPerPart = 25'600;

struct AuditLogCheckQuery {
    std::optional<Number<0, std::numeric_limits<std::int64_t>::max()>> from;
};
HANGU_STRUCT(AuditLogCheckQuery, from)

struct KeptCheckpoint {
    Text<1, kNoteBytesMax> checkpoint;
};
HANGU_STRUCT(KeptCheckpoint, checkpoint)

struct WantedReceipt {
    RecordId record_id;
};
HANGU_STRUCT(WantedReceipt, record_id)

Result<LogStatus> view_log(http::Scope& scope) {
    HANGU_CHECK(scope.authorize(kMayVerify));
    return log_status(scope.tx());
}

Result<LogCheck> check_part(http::Scope& scope, const AuditLogCheckQuery& query) {
    HANGU_CHECK(scope.authorize(kMayVerify));
    return check_log(scope.tx(), query.from ? std::int64_t{*query.from} : 0, kCheckedPerPart);
}

Result<CheckpointComparison> compare(http::Scope& scope, const KeptCheckpoint& kept) {
    HANGU_CHECK(scope.authorize(kMayVerify));
    return compare_checkpoint(scope.tx(), kept.checkpoint.str());
}

Result<Receipt> view_receipt(http::Scope& scope, const WantedReceipt& wanted) {
    HANGU_CHECK(scope.within(kMayView));
    const std::optional<StoredRecord> record = AuditStore(scope.tx()).find(wanted.record_id);
    if (!record) {
        return Problem::not_found("audit_record.not_found");
    }
    const http::Caller& caller = scope.caller();
    const bool own = record->org_path.empty() && record->actor_kind == enum_text(caller.kind) &&
                     record->actor_id == caller.actor_id;
    if (!own) {
        HANGU_CHECK(scope.authorize(kMayView, record->org_path));
    }
    return receipt_of(scope.tx(), wanted.record_id);
}

}  // namespace

void add_log_routes(http::Routes& routes) {
    routes.add({.name = "audit_log.view",
                .method = "GET",
                .path = "/api/v1/audit-log",
                .permission = kMayVerify,
                .guard = http::Guard::tenant,
                .work = http::Work::report,
                .summary = "The signed head of the audit log, and the keys that sign it",
                .tag = "audit"},
               view_log);
    routes.add({.name = "audit_log.check",
                .method = "GET",
                .path = "/api/v1/audit-log/check",
                .permission = kMayVerify,
                .guard = http::Guard::tenant,
                .work = http::Work::report,
                .per_minute_max = 6000,
                .summary = "Read records against the log, a part at a time: `next` is the next",
                .tag = "audit"},
               check_part);
    routes.add({.name = "audit_log.compare",
                .method = "POST",
                .path = "/api/v1/audit-log/compare",
                .permission = kMayVerify,
                .guard = http::Guard::tenant,
                .work = http::Work::report,
                .summary = "Has the log only grown since this checkpoint?",
                .tag = "audit"},
               compare);
    routes.add({.name = "audit.receipt",
                .method = "GET",
                .path = "/api/v1/audit-records/{record_id}/receipt",
                .permission = kMayView,
                .guard = http::Guard::organisation,
                .work = http::Work::report,
                .summary = "The receipt of a record, which verifies offline",
                .tag = "audit"},
               view_receipt);
}

}  // namespace hangu::audit
