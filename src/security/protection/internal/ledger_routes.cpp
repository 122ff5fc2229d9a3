// GET  /api/v1/sign-ins          every attempt to sign in, the newest first
// POST /api/v1/sign-in-exports   a part of an export; what leaves is recorded
#include "security/protection/internal/ledger_routes.hpp"

#include "security/protection/internal/export_text.hpp"
#include "security/protection/internal/ledger_store.hpp"
#include "security/protection/internal/protection_state.hpp"
#include "security/protection/module.hpp"

#include <algorithm>
#include <limits>

namespace hangu::protection {

namespace {

constexpr std::int64_t kLimitDefault = 20;
constexpr std::int64_t kEntriesPerPart = 2'000;

struct SignInQuery {
    std::optional<Text<1, 64>> q;
    std::optional<identity::StaffId> staff_id;
    std::optional<EntryResult> result;
    std::optional<Text<1, 32>> method;
    std::optional<Text<1, 64>> address;
    std::optional<bool> unusual;
    std::optional<Time> from;
    std::optional<Time> to;
    std::optional<Number<1, 100>> limit;
    std::optional<Text<1, 32>> cursor;
};
HANGU_STRUCT(SignInQuery, q, staff_id, result, method, address, unusual, from, to, limit, cursor)

struct SignInExportRequest {
    std::optional<Text<1, 64>> q;
    std::optional<identity::StaffId> staff_id;
    std::optional<EntryResult> result;
    std::optional<Text<1, 32>> method;
    std::optional<Text<1, 64>> address;
    std::optional<bool> unusual;
    std::optional<Time> from;
    std::optional<Time> to;
    std::optional<Text<1, 32>> cursor;
};
HANGU_STRUCT(SignInExportRequest, q, staff_id, result, method, address, unusual, from, to, cursor)

struct SignInExportPart {
    std::string content;
    std::int64_t count = 0;
    std::optional<std::string> next_cursor;
};
HANGU_STRUCT(SignInExportPart, content, count, next_cursor)

struct SignInEntryView {
    EntryId id;
    Time at;
    LedgerPerson staff;
    EntryResult result = EntryResult::refused;
    EntryReason reason = EntryReason::none;
    std::string method;
    std::string address;
    std::string network;
    std::string place;
    std::string user_agent;
    bool known_device = false;
    std::int64_t score = 0;
    std::vector<std::string> risks;
};
HANGU_STRUCT(SignInEntryView, id, at, staff, result, reason, method, address, network, place,
             user_agent, known_device, score, risks)

struct SignInEntryPage {
    std::vector<SignInEntryView> items;
    std::optional<std::string> next_cursor;
    std::int64_t total = 0;
};
HANGU_STRUCT(SignInEntryPage, items, next_cursor, total)

template <class Query>
Result<EntryFilter> filter_of(Protection& protection, http::Scope& scope, const Query& query) {
    EntryFilter filter;
    filter.account = query.staff_id.value_or(identity::StaffId());
    filter.result = query.result ? enum_text(*query.result) : "";
    filter.method = query.method.value_or(Text<1, 32>()).str();
    filter.address = query.address.value_or(Text<1, 64>()).str();
    filter.score_min = query.unusual.value_or(false) ? scope.settings().get(kSecondFactorScore) : 0;
    filter.text = query.q.value_or(Text<1, 64>()).str();
    if (!filter.text.empty()) {
        const auto account =
            protection.state().identity.find_by_login(scope.tx(), lower_ascii(filter.text));
        filter.text_account = account ? account->id : identity::StaffId();
    }
    filter.id_from = query.from ? IdSource::floor_at(query.from->unix_ms()) : 0;
    filter.id_before = query.to ? IdSource::floor_at(query.to->unix_ms())
                                : std::numeric_limits<std::int64_t>::max();
    return filter;
}

Result<void> go_behind(EntryFilter& filter, const std::optional<Text<1, 32>>& cursor) {
    if (cursor) {
        const std::optional<std::int64_t> before = parse_id(cursor->str());
        if (!before) {
            return Problem::invalid_field("cursor", "field.wrong_form");
        }
        filter.id_before = std::min(filter.id_before, *before);
    }
    return {};
}

SignInEntryView view_of(PeopleOfLedger& people, SignInEntry entry) {
    SignInEntryView view{entry.id,
                         entry.at,
                         people.person(entry.account_id),
                         entry.result,
                         entry.reason,
                         std::move(entry.method),
                         std::move(entry.address),
                         std::move(entry.network),
                         std::move(entry.place),
                         std::move(entry.user_agent),
                         entry.known_device,
                         entry.score,
                         {}};
    for (const std::string_view risk : split(entry.risks, ' ')) {
        if (!risk.empty()) {
            view.risks.emplace_back(risk);
        }
    }
    return view;
}

Result<SignInEntryPage> list_entries(Protection& protection, http::Scope& scope,
                                     const SignInQuery& query) {
    HANGU_CHECK(scope.authorize(kMayViewLedger, ""));
    HANGU_TRY(EntryFilter filter, filter_of(protection, scope, query));
    const std::int64_t limit = query.limit ? std::int64_t{*query.limit} : kLimitDefault;
    LedgerStore store(scope.tx());
    SignInEntryPage page;
    page.total = store.count(filter);
    HANGU_CHECK(go_behind(filter, query.cursor));
    std::vector<SignInEntry> entries = store.newest(filter, limit + 1);
    if (static_cast<std::int64_t>(entries.size()) > limit) {
        entries.pop_back();
        page.next_cursor = entries.back().id.text();
    }
    PeopleOfLedger people(protection.state().identity, scope.tx());
    for (SignInEntry& entry : entries) {
        page.items.push_back(view_of(people, std::move(entry)));
    }
    return page;
}

std::vector<http::AuditField> recorded(const SignInExportRequest& request) {
    std::vector<http::AuditField> fields;
    const auto note = [&fields](std::string_view name, std::string value) {
        if (!value.empty()) {
            fields.push_back({std::string(name), "", std::move(value)});
        }
    };
    note("q", request.q.value_or(Text<1, 64>()).str());
    note("staff_id", request.staff_id ? request.staff_id->text() : "");
    note("result", request.result ? std::string(enum_text(*request.result)) : "");
    note("method", request.method.value_or(Text<1, 32>()).str());
    note("address", request.address.value_or(Text<1, 64>()).str());
    note("unusual", request.unusual.value_or(false) ? "true" : "");
    note("from", request.from ? time_text(*request.from) : "");
    note("to", request.to ? time_text(*request.to) : "");
    note("cursor", request.cursor.value_or(Text<1, 32>()).str());
    return fields;
}

Result<SignInExportPart> export_part(Protection& protection, http::Scope& scope,
                                     const SignInExportRequest& request) {
    HANGU_CHECK(scope.authorize(kMayExport, ""));
    if (request.staff_id && !protection.state().identity.find(scope.tx(), *request.staff_id).ok()) {
        return Problem::invalid_field("staff_id", "field.unknown");
    }
    HANGU_TRY(EntryFilter filter, filter_of(protection, scope, request));
    HANGU_CHECK(go_behind(filter, request.cursor));
    std::vector<SignInEntry> entries = LedgerStore(scope.tx()).newest(filter, kEntriesPerPart + 1);
    SignInExportPart part;
    if (static_cast<std::int64_t>(entries.size()) > kEntriesPerPart) {
        entries.pop_back();
        part.next_cursor = entries.back().id.text();
    }
    part.count = static_cast<std::int64_t>(entries.size());
    part.content = request.cursor ? "" : export_head();
    PeopleOfLedger people(protection.state().identity, scope.tx());
    for (const SignInEntry& entry : entries) {
        const LedgerPerson& person = people.person(entry.account_id);
        export_line(part.content, entry, person.login_name, person.name.text());
    }
    scope.audit({.action = "sign_in.exported",
                 .subject_kind = "sign_in_export",
                 .subject_label = std::to_string(part.count),
                 .fields = recorded(request)});
    return part;
}

}  // namespace

std::vector<http::PermissionNode> permissions() {
    using http::PermissionKind;
    return {{PermissionKind::page, "safety.ledger", "safety", "登录台账", "Sign-in ledger"},
            {PermissionKind::button, "safety.export", "safety.ledger", "导出登录台账",
             "Export the sign-in ledger"},
            {PermissionKind::page, "safety.locks", "safety", "锁定与攻击", "Lock-outs and attacks"},
            {PermissionKind::button, "safety.unlock", "safety.locks", "解除锁定", "Unlock"}};
}

void add_routes(http::Routes& routes, Protection& protection) {
    routes.add_with<SignInEntryPage, SignInQuery>(
        {.name = "sign_in.list",
         .method = "GET",
         .path = "/api/v1/sign-ins",
         .permission = kMayViewLedger,
         .work = http::Work::report,
         .summary = "Every attempt to sign in, the newest first",
         .tag = "safety"},
        [&protection](http::Scope& scope, const SignInQuery& query) {
            return list_entries(protection, scope, query);
        });
    routes.add_with<SignInExportPart, SignInExportRequest>(
        {.name = "sign_in.export",
         .method = "POST",
         .path = "/api/v1/sign-in-exports",
         .permission = kMayExport,
         .per_minute_max = 120,
         .summary = "A part of an export of attempts to sign in, as CSV; each part is recorded",
         .tag = "safety"},
        [&protection](http::Scope& scope, const SignInExportRequest& request) {
            return export_part(protection, scope, request);
        });
    add_lock_out_routes(routes, protection);
    add_habit_routes(routes, protection);
}

}  // namespace hangu::protection
