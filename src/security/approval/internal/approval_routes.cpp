// GET  /api/v1/approvals                            to decide, asked by the caller, or all in sight
// GET  /api/v1/approvals/{approval_id}
// POST /api/v1/approvals/{approval_id}/decide
// POST /api/v1/approvals/{approval_id}/withdraw
#include "base/text.hpp"
#include "security/approval/internal/approval_rules.hpp"
#include "security/approval/module.hpp"

#include <algorithm>

namespace hangu::approval {

namespace api {

enum class Which { to_decide, asked, all };
HANGU_ENUM(Which, to_decide, asked, all)

struct ApprovalQuery {
    std::optional<Which> which;
    std::optional<State> state;
    std::optional<Number<1, 100>> limit;
    std::optional<RequestId> cursor;
};
HANGU_STRUCT(ApprovalQuery, which, state, limit, cursor)

struct ApprovalWanted {
    RequestId approval_id;
};
HANGU_STRUCT(ApprovalWanted, approval_id)

struct ApprovalDecision {
    RequestId approval_id;
    Verdict verdict = Verdict::approve;
    Text<1, 300> reason;
    Number<1, INT64_MAX> version;
};
HANGU_STRUCT(ApprovalDecision, approval_id, verdict, reason, version)

struct ApprovalWithdrawal {
    RequestId approval_id;
    Text<1, 300> reason;
    Number<1, INT64_MAX> version;
};
HANGU_STRUCT(ApprovalWithdrawal, approval_id, reason, version)

struct ApprovalPerson {
    std::string id;
    std::string name;
};
HANGU_STRUCT(ApprovalPerson, id, name)

struct ApprovalStepView {
    std::string name;
    std::string permission;
    std::int64_t needed = 1;
    std::int64_t given = 0;
};
HANGU_STRUCT(ApprovalStepView, name, permission, needed, given)

struct ApprovalVoteView {
    ApprovalPerson by;
    std::string step;
    Verdict verdict = Verdict::approve;
    std::string reason;
    Time at;
    bool stands = true;
};
HANGU_STRUCT(ApprovalVoteView, by, step, verdict, reason, at, stands)

struct ApprovalFactView {
    std::string name;
    std::string value;
};
HANGU_STRUCT(ApprovalFactView, name, value)

struct ApprovalSubjectView {
    std::string kind;
    std::string id;
    std::string label;
};
HANGU_STRUCT(ApprovalSubjectView, kind, id, label)

struct ApprovalView {
    RequestId id;
    std::string kind;
    ApprovalSubjectView subject;
    std::vector<ApprovalFactView> facts;
    std::string reason;
    State state = State::open;
    std::optional<ApprovalPerson> asked_by;
    Time asked_at;
    Time expires_at;
    std::optional<Time> closed_at;
    std::vector<ApprovalStepView> steps;
    std::optional<std::string> step_due;
    std::vector<ApprovalVoteView> votes;
    std::vector<std::string> may;  // "decide", "withdraw"
    std::int64_t version = 1;
};
HANGU_STRUCT(ApprovalView, id, kind, subject, facts, reason, state, asked_by, asked_at, expires_at,
             closed_at, steps, step_due, votes, may, version)

struct ApprovalPage {
    std::vector<ApprovalView> items;
    std::optional<std::string> next_cursor;
    std::int64_t total = 0;
};
HANGU_STRUCT(ApprovalPage, items, next_cursor, total)

}  // namespace api

namespace {

using http::Scope;

constexpr std::int64_t kLimitDefault = 20;

class Viewer {
 public:
    Viewer(Approvals& approvals, Scope& scope) : approvals_(approvals), scope_(scope) {}

    api::ApprovalView view_of(const Request& request) {
        api::ApprovalView view;
        view.id = request.id;
        view.kind = request.kind;
        view.subject = {request.subject_kind, request.subject_id, request.subject_label};
        for (const Fact& fact : request.facts) {
            view.facts.push_back({fact.name, fact.value});
        }
        view.reason = request.reason;
        view.state = state_at(request, scope_.now());
        if (request.asked_by != 0) {
            view.asked_by = named(request.asked_by);
        }
        view.asked_at = request.asked_at;
        view.expires_at = request.expires_at;
        view.closed_at = request.closed_at;
        view.version = request.version;
        add_votes(view, request);
        if (view.state == State::open) {
            add_rights(view, request);
        }
        return view;
    }

 private:
    api::ApprovalPerson named(std::int64_t staff) {
        return {id_text(staff), approvals_.people().name_of(scope_.tx(), staff)};
    }

    void add_votes(api::ApprovalView& view, const Request& request) {
        const std::vector<Vote> votes = approvals_.votes(scope_.tx(), request);
        for (const Step& step : request.steps) {
            view.steps.push_back({step.name, step.permission, step.needed, 0});
        }
        for (const Vote& vote : votes) {
            const auto at = static_cast<std::size_t>(vote.step);
            const bool counts = vote.stands && vote.verdict == Verdict::approve;
            view.steps[at].given += counts ? 1 : 0;
            view.votes.push_back({named(vote.voter), request.steps[at].name, vote.verdict,
                                  vote.reason, vote.at, vote.stands});
        }
        const std::size_t due = step_due(request.steps, votes);
        if (view.state == State::open && due < request.steps.size()) {
            view.step_due = request.steps[due].name;
        }
    }

    void add_rights(api::ApprovalView& view, const Request& request) {
        if (scope_.holds(kMayDecide) && approvals_.may_decide(scope_, request).ok()) {
            view.may.emplace_back("decide");
        }
        if (scope_.caller().kind == http::ActorKind::staff &&
            request.asked_by == scope_.caller().actor_id) {
            view.may.emplace_back("withdraw");
        }
    }

    Approvals& approvals_;
    Scope& scope_;
};

// Of her places, or asked by herself.
Result<Request> in_sight(Approvals& approvals, Scope& scope, RequestId id,
                         http::Permission permission) {
    HANGU_CHECK(scope.authorize(permission));
    HANGU_TRY(Request request, approvals.find(scope.tx(), id));
    const http::Caller& caller = scope.caller();
    const bool own = caller.kind == http::ActorKind::staff && request.asked_by == caller.actor_id;
    if (!own) {
        HANGU_CHECK(scope.authorize(permission, request.org_path));
    }
    return request;
}

Result<api::ApprovalPage> list_requests(Approvals& approvals, Scope& scope,
                                        const api::ApprovalQuery& query) {
    HANGU_TRY(const storage::DataScope places, scope.within(kMayView));
    Viewer viewer(approvals, scope);
    api::ApprovalPage page;
    const api::Which which = query.which.value_or(api::Which::all);
    if (which == api::Which::to_decide) {
        for (const Request& request : approvals.to_decide(scope)) {
            page.items.push_back(viewer.view_of(request));
        }
        page.total = static_cast<std::int64_t>(page.items.size());
        return page;
    }
    RequestFilter filter{which == api::Which::asked, query.state, RequestId()};
    page.total = approvals.count(scope, places, filter);
    filter.before = query.cursor.value_or(RequestId());
    const std::int64_t limit = query.limit ? std::int64_t{*query.limit} : kLimitDefault;
    std::vector<Request> found = approvals.list(scope, places, filter, limit + 1);
    if (static_cast<std::int64_t>(found.size()) > limit) {
        found.pop_back();
        page.next_cursor = found.back().id.text();
    }
    for (const Request& request : found) {
        page.items.push_back(viewer.view_of(request));
    }
    return page;
}

Result<api::ApprovalView> view_request(Approvals& approvals, Scope& scope,
                                       const api::ApprovalWanted& wanted) {
    HANGU_TRY(const Request request, in_sight(approvals, scope, wanted.approval_id, kMayView));
    return Viewer(approvals, scope).view_of(request);
}

Result<api::ApprovalView> decide(Approvals& approvals, Scope& scope,
                                 const api::ApprovalDecision& input) {
    HANGU_CHECK(in_sight(approvals, scope, input.approval_id, kMayDecide));
    HANGU_TRY(const Request request,
              approvals.decide(scope, input.approval_id, input.verdict, input.reason.str(),
                               std::int64_t{input.version}));
    return Viewer(approvals, scope).view_of(request);
}

Result<api::ApprovalView> withdraw(Approvals& approvals, Scope& scope,
                                   const api::ApprovalWithdrawal& input) {
    HANGU_CHECK(in_sight(approvals, scope, input.approval_id, kMayView));
    HANGU_TRY(const Request request,
              approvals.withdraw(scope, input.approval_id, input.reason.str(),
                                 std::int64_t{input.version}));
    return Viewer(approvals, scope).view_of(request);
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
    made.summary = summary;
    made.tag = "approvals";
    return made;
}

}  // namespace

std::vector<settings::Setting> settings() {
    return {{kOpenCountMax.key, std::int64_t{1'000}, 10, 10'000, "",
             "Requests for approval of a tenant that may be open at a time."}};
}

std::vector<http::PermissionNode> permissions() {
    using http::PermissionKind;
    return {{PermissionKind::page, "approval.view", "safety", "审批", "Approvals"},
            {PermissionKind::button, "approval.decide", "approval.view", "处理审批",
             "Decide on approvals"}};
}

void add_routes(http::Routes& routes, Approvals& approvals) {
    Approvals* self = &approvals;
    routes.add_with<api::ApprovalPage, api::ApprovalQuery>(
        route("approval.list", "GET", "/api/v1/approvals", kMayView,
              "Requests to decide on, asked by oneself, or all in sight"),
        [self](Scope& scope, const api::ApprovalQuery& query) {
            return list_requests(*self, scope, query);
        });
    routes.add_with<api::ApprovalView, api::ApprovalWanted>(
        route("approval.view", "GET", "/api/v1/approvals/{approval_id}", kMayView,
              "A request, its steps and the votes"),
        [self](Scope& scope, const api::ApprovalWanted& wanted) {
            return view_request(*self, scope, wanted);
        });
    routes.add_with<api::ApprovalView, api::ApprovalDecision>(
        route("approval.decide", "POST", "/api/v1/approvals/{approval_id}/decide", kMayDecide,
              "Agree or refuse, with a reason; one's own request never"),
        [self](Scope& scope, const api::ApprovalDecision& input) {
            return decide(*self, scope, input);
        });
    routes.add_with<api::ApprovalView, api::ApprovalWithdrawal>(
        route("approval.withdraw", "POST", "/api/v1/approvals/{approval_id}/withdraw", kMayView,
              "Take one's own request back"),
        [self](Scope& scope, const api::ApprovalWithdrawal& input) {
            return withdraw(*self, scope, input);
        });
}

}  // namespace hangu::approval
