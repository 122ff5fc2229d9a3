// GET  /api/v1/disclosures                        newest first
// GET  /api/v1/disclosures/{disclosure_id}
// POST /api/v1/disclosures                        ask; opens an approval
// POST /api/v1/disclosures/{disclosure_id}/take   the export, once
//
// The audit log is the whole tenant's: every permission here is asked for at its top.
#include "base/text.hpp"
#include "security/disclosure/module.hpp"

namespace hangu::disclosure {

namespace api {

struct DisclosureQuery {
    std::optional<Number<1, 100>> limit;
    std::optional<DisclosureId> cursor;
};
HANGU_STRUCT(DisclosureQuery, limit, cursor)

struct DisclosureWanted {
    DisclosureId disclosure_id;
};
HANGU_STRUCT(DisclosureWanted, disclosure_id)

struct DisclosureAsked {
    Text<1, 120> requester;
    Text<1, 300> legal_ground;
    Text<1, 300> reason;
    Time from;
    Time to;
    std::optional<Text<1, 64>> action;
    std::optional<Text<1, 32>> subject_kind;
    std::optional<Text<1, 64>> subject_id;
    std::optional<Text<13, 13>> actor_id;
    List<Text<1, 65>, 1, 40> fields;
};
HANGU_STRUCT(DisclosureAsked, requester, legal_ground, reason, from, to, action, subject_kind,
             subject_id, actor_id, fields)

struct DisclosureView {
    DisclosureId id;
    std::string requester;
    std::string legal_ground;
    Time from;
    Time to;
    std::string action;
    std::string subject_kind;
    std::string subject_id;
    std::optional<std::string> actor_id;
    std::vector<std::string> fields;
    std::int64_t records_count = 0;
    approval::RequestId approval_id;
    State state = State::asked;
    Time asked_at;
    std::optional<Time> available_until;
    std::optional<Time> taken_at;
    std::optional<std::string> sha256;  // of what was taken
    std::vector<std::string> may;       // "take"
};
HANGU_STRUCT(DisclosureView, id, requester, legal_ground, from, to, action, subject_kind,
             subject_id, actor_id, fields, records_count, approval_id, state, asked_at,
             available_until, taken_at, sha256, may)

struct DisclosurePage {
    std::vector<DisclosureView> items;
    std::optional<std::string> next_cursor;
    std::int64_t total = 0;
};
HANGU_STRUCT(DisclosurePage, items, next_cursor, total)

struct DisclosureContent {
    std::string content;
    std::string sha256;
};
HANGU_STRUCT(DisclosureContent, content, sha256)

}  // namespace api

namespace {

using http::Scope;

constexpr std::int64_t kLimitDefault = 20;

api::DisclosureView view_of(Scope& scope, const Disclosure& one) {
    api::DisclosureView view;
    view.id = one.id;
    view.requester = one.requester;
    view.legal_ground = one.legal_ground;
    view.from = one.selection.from;
    view.to = one.selection.to;
    view.action = one.selection.action;
    view.subject_kind = one.selection.subject_kind;
    view.subject_id = one.selection.subject_id;
    if (one.selection.actor_id != 0) {
        view.actor_id = id_text(one.selection.actor_id);
    }
    view.fields = one.fields;
    view.records_count = one.records_count;
    view.approval_id = one.approval_id;
    view.state = state_at(one, scope.now());
    view.asked_at = one.asked_at;
    view.available_until = one.available_until;
    view.taken_at = one.taken_at;
    if (!one.content_digest.empty()) {
        view.sha256 = to_hex(one.content_digest);
    }
    if (view.state == State::approved && scope.holds(kMayTake, "")) {
        view.may.emplace_back("take");
    }
    return view;
}

Result<api::DisclosurePage> list(Disclosures& disclosures, Scope& scope,
                                 const api::DisclosureQuery& query) {
    HANGU_CHECK(scope.authorize(kMayView, ""));
    const std::int64_t limit = query.limit ? std::int64_t{*query.limit} : kLimitDefault;
    std::vector<Disclosure> found =
        disclosures.list(scope.tx(), query.cursor.value_or(DisclosureId()), limit + 1);
    api::DisclosurePage page;
    page.total = disclosures.count(scope.tx());
    if (static_cast<std::int64_t>(found.size()) > limit) {
        found.pop_back();
        page.next_cursor = found.back().id.text();
    }
    for (const Disclosure& one : found) {
        page.items.push_back(view_of(scope, one));
    }
    return page;
}

Result<api::DisclosureView> view(Disclosures& disclosures, Scope& scope,
                                 const api::DisclosureWanted& wanted) {
    HANGU_CHECK(scope.authorize(kMayView, ""));
    HANGU_TRY(const Disclosure one, disclosures.find(scope.tx(), wanted.disclosure_id));
    return view_of(scope, one);
}

Result<http::Created<api::DisclosureView>> ask(Disclosures& disclosures, Scope& scope,
                                               const api::DisclosureAsked& input) {
    HANGU_CHECK(scope.authorize(kMayAsk, ""));
    Wish wish;
    wish.requester = input.requester.str();
    wish.legal_ground = input.legal_ground.str();
    wish.reason = input.reason.str();
    wish.selection.from = input.from;
    wish.selection.to = input.to;
    wish.selection.action = input.action.value_or(Text<1, 64>()).str();
    wish.selection.subject_kind = input.subject_kind.value_or(Text<1, 32>()).str();
    wish.selection.subject_id = input.subject_id.value_or(Text<1, 64>()).str();
    if (input.actor_id) {
        const std::optional<std::int64_t> actor = parse_id(input.actor_id->str());
        if (!actor) {
            return Problem::invalid_field("actor_id", "field.not_an_id");
        }
        wish.selection.actor_id = *actor;
    }
    for (const Text<1, 65>& field : input.fields) {
        wish.fields.push_back(field.str());
    }
    HANGU_TRY(const Disclosure made, disclosures.ask(scope, std::move(wish)));
    return http::Created<api::DisclosureView>{view_of(scope, made)};
}

Result<api::DisclosureContent> take(Disclosures& disclosures, Scope& scope,
                                    const api::DisclosureWanted& wanted) {
    HANGU_CHECK(scope.authorize(kMayTake, ""));
    HANGU_TRY(Taken taken, disclosures.take(scope, wanted.disclosure_id));
    return api::DisclosureContent{std::move(taken.content), std::move(taken.sha256)};
}

http::Route route(std::string_view name, std::string_view method, std::string_view path,
                  http::Permission permission, std::string_view summary) {
    http::Route made;
    made.name = name;
    made.method = method;
    made.path = path;
    made.permission = permission;
    made.guard = http::Guard::organisation;
    made.work = method == "GET" ? http::Work::read : http::Work::write;
    made.per_minute_max = method == "GET" ? 600 : 120;
    made.summary = summary;
    made.tag = "audit";
    return made;
}

}  // namespace

std::vector<settings::Setting> settings() {
    return {{kOpenHours.key, std::int64_t{72}, 1, 720, "hours",
             "A disclosure that nobody decided on for this long is expired."},
            {kTakeHours.key, std::int64_t{48}, 1, 168, "hours",
             "An approved disclosure may be taken for this long, once."},
            {kRecordsCountMax.key, std::int64_t{500}, 1, 2'000, "",
             "Records of one disclosure of the audit log."}};
}

std::vector<http::PermissionNode> permissions() {
    using http::PermissionKind;
    return {{PermissionKind::page, "disclosure.view", "safety", "记录披露", "Disclosures"},
            {PermissionKind::button, "disclosure.ask", "disclosure.view", "申请披露",
             "Ask for a disclosure"},
            {PermissionKind::button, "disclosure.authorise", "disclosure.view", "商家授权披露",
             "Authorise a disclosure"},
            {PermissionKind::button, "disclosure.approve", "disclosure.view", "批准披露",
             "Approve a disclosure"},
            {PermissionKind::button, "disclosure.take", "disclosure.view", "下载披露内容",
             "Take a disclosure"}};
}

void add_routes(http::Routes& routes, Disclosures& disclosures) {
    Disclosures* self = &disclosures;
    routes.add_with<api::DisclosurePage, api::DisclosureQuery>(
        route("disclosure.list", "GET", "/api/v1/disclosures", kMayView,
              "Disclosures of the audit log, newest first"),
        [self](Scope& scope, const api::DisclosureQuery& query) {
            return list(*self, scope, query);
        });
    routes.add_with<api::DisclosureView, api::DisclosureWanted>(
        route("disclosure.view", "GET", "/api/v1/disclosures/{disclosure_id}", kMayView,
              "A disclosure: who asked, on which ground, for what"),
        [self](Scope& scope, const api::DisclosureWanted& wanted) {
            return view(*self, scope, wanted);
        });
    routes.add_with<http::Created<api::DisclosureView>, api::DisclosureAsked>(
        route("disclosure.ask", "POST", "/api/v1/disclosures", kMayAsk,
              "Ask for a disclosure; somebody authorises it, somebody else approves it"),
        [self](Scope& scope, const api::DisclosureAsked& input) {
            return ask(*self, scope, input);
        });
    routes.add_with<api::DisclosureContent, api::DisclosureWanted>(
        route("disclosure.take", "POST", "/api/v1/disclosures/{disclosure_id}/take", kMayTake,
              "The approved export with its proofs: once, and for a limited time"),
        [self](Scope& scope, const api::DisclosureWanted& wanted) {
            return take(*self, scope, wanted);
        });
}

}  // namespace hangu::disclosure
