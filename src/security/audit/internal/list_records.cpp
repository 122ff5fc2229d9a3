// GET /api/v1/audit-records
#include "security/audit/internal/archive_search.hpp"
#include "security/audit/internal/log_routes.hpp"
#include "security/audit/internal/record_query.hpp"
#include "security/audit/internal/record_rules.hpp"
#include "security/audit/module.hpp"

#include "base/text.hpp"

namespace hangu::audit {

namespace {

constexpr std::int64_t kLimitDefault = 20;
constexpr std::int64_t kBundlesPerPage = 100;

struct AuditActorView {
    http::ActorKind kind = http::ActorKind::nobody;
    std::optional<std::string> id;
    Revealed<PersonName> name;
};
HANGU_STRUCT(AuditActorView, kind, id, name)

struct AuditSubjectView {
    std::string kind;
    std::string id;
    std::string label;
};
HANGU_STRUCT(AuditSubjectView, kind, id, label)

struct AuditFieldView {
    std::string name;
    std::string before;
    std::string after;
};
HANGU_STRUCT(AuditFieldView, name, before, after)

struct AuditRecordView {
    RecordId id;
    Time at;
    RecordKind kind = RecordKind::act;
    AuditActorView actor;
    std::string action;
    AuditSubjectView subject;
    std::string result;
    std::string address;
    std::string route;
    std::vector<AuditFieldView> fields;
    std::string leaf_hash;
    std::string trace_id;
};
HANGU_STRUCT(AuditRecordView, id, at, kind, actor, action, subject, result, address, route, fields,
             leaf_hash, trace_id)

struct AuditRecordPage {
    std::vector<AuditRecordView> items;
    std::optional<std::string> next_cursor;
    std::int64_t total = 0;
    std::optional<AuditArchiveView> archive;  // older records are archived
};
HANGU_STRUCT(AuditRecordPage, items, next_cursor, total, archive)

AuditRecordView view_of(const Record& record) {
    AuditRecordView view;
    view.id = record.id;
    view.at = record.at;
    view.kind = record.kind;
    view.actor.kind = record.actor_kind;
    if (record.actor_id != 0) {
        view.actor.id = id_text(record.actor_id);
    }
    view.actor.name = record.actor_name.shown();
    view.action = record.action;
    view.subject = {record.subject_kind, record.subject_id, record.subject_label};
    view.result = result_of(record.kind, record.action, record.status);
    view.address = record.address;
    view.route = record.route;
    if (auto changes = decode_changes(record.fields.bytes)) {
        for (http::AuditField& field : changes->fields) {
            view.fields.push_back(
                {std::move(field.name), std::move(field.before), std::move(field.after)});
        }
    }
    view.leaf_hash = to_hex(record.leaf_hash.bytes);
    view.trace_id = record.trace;
    return view;
}

Result<AuditRecordPage> list_records(http::Scope& scope, const AuditRecordQuery& query) {
    HANGU_TRY(const storage::DataScope places, scope.within(kMayView));
    HANGU_TRY(RecordFilter filter, filter_of(scope.caller(), query));
    const std::int64_t limit = query.limit ? std::int64_t{*query.limit} : kLimitDefault;
    const bool archived = query.archived.value_or(false);
    AuditRecordPage page;
    page.total = AuditStore(scope.tx()).count(places, filter);
    if (archived) {
        page.total += count_archived(scope.tx(), places, filter, kBundlesPerPage);
    }
    HANGU_CHECK(go_behind(filter, query.cursor));
    FoundRecords found =
        search_records(scope.tx(), places, filter, archived, {limit, kBundlesPerPage});
    page.next_cursor = std::move(found.next_cursor);
    page.archive = found.archive;
    for (const Record& record : found.records) {
        page.items.push_back(view_of(record));
    }
    return page;
}

}  // namespace

std::vector<http::PermissionNode> permissions() {
    using http::PermissionKind;
    return {{PermissionKind::menu, "safety", "", "安全", "Safety"},
            {PermissionKind::page, "audit.view", "safety", "操作记录", "Audit records"},
            {PermissionKind::button, "audit.verify", "audit.view", "验证操作记录",
             "Verify audit records"},
            {PermissionKind::button, "audit.export", "audit.view", "导出操作记录",
             "Export audit records"}};
}

void add_routes(http::Routes& routes) {
    routes.add(
        {.name = "audit.list",
         .method = "GET",
         .path = "/api/v1/audit-records",
         .permission = kMayView,
         .guard = http::Guard::organisation,
         .work = http::Work::report,
         .summary = "Acts and visits, newest first; with archived, also those of the archive",
         .tag = "audit"},
        list_records);
    add_log_routes(routes);
    add_export_routes(routes);
}

}  // namespace hangu::audit
