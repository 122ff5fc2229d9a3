#include "security/approval/approval.hpp"

#include "security/approval/events.hpp"
#include "security/approval/internal/approval_rules.hpp"
#include "security/approval/internal/approval_store.hpp"
#include "security/approval/module.hpp"

#include <algorithm>

namespace hangu::approval {

namespace {

constexpr std::int64_t kExpiredPerTurn = 100;
constexpr std::int64_t kHourMs = 3'600'000;

http::AuditFact fact_of(std::string_view action, const Request& request) {
    http::AuditFact fact;
    fact.action = action;
    fact.subject_kind = "approval";
    fact.subject_id = request.id.text();
    fact.subject_label = request.subject_label;
    fact.org_path = request.org_path;
    return fact;
}

template <class Event>
void tell(http::Scope& scope, const Request& request) {
    scope.publish(Event{request.id, request.kind, request.state}, request.org_path);
}

// Only people decide; the system and applications have asked_by 0.
std::int64_t person(const http::Scope& scope) {
    const http::Caller& caller = scope.caller();
    return caller.kind == http::ActorKind::staff ? caller.actor_id : 0;
}

ListFilter filter_for(const http::Scope& scope, const RequestFilter& filter) {
    // -1: the system's own are nobody's own.
    const std::int64_t self = person(scope) == 0 ? -1 : person(scope);
    return {self, filter.only_own, filter.state ? std::string(enum_text(*filter.state)) : "",
            filter.before};
}

}  // namespace

void Approvals::define(Definition definition) {
    HANGU_ASSERT(is_sound(definition.steps));
    for (const Step& step : definition.steps) {
        HANGU_ASSERT(catalogue_.bit(step.permission).has_value());
    }
    const std::string_view kind = definition.kind;
    const bool is_new = definitions_.emplace(kind, std::move(definition)).second;
    HANGU_ASSERT(is_new);
}

Result<Request> Approvals::open(http::Scope& scope, Wish wish) {
    const auto found = definitions_.find(wish.kind);
    HANGU_ASSERT(found != definitions_.end());
    HANGU_ASSERT(wish.facts.size() <= kFactsCountMax);
    ApprovalStore store(scope.tx());
    if (store.count_open() >= scope.settings().get(kOpenCountMax)) {
        return Problem::conflict("approval.too_many");
    }
    const std::int64_t hours =
        scope.settings().get(settings::Key<std::int64_t>{found->second.hours});
    Request request;
    request.id = scope.new_id<RequestId>();
    request.kind = wish.kind;
    request.subject_kind = wish.subject_kind;
    request.subject_id = std::move(wish.subject_id);
    request.subject_label = std::move(wish.subject_label);
    request.org_path = std::move(wish.org_path);
    request.facts = std::move(wish.facts);
    request.reason = std::move(wish.reason);
    request.steps = found->second.steps;
    request.asked_by = person(scope);
    request.asked_at = scope.now();
    request.expires_at = scope.now().plus_ms(hours * kHourMs);
    store.add(request);
    http::AuditFact fact = fact_of("approval.opened", request);
    fact.fields = {{"kind", "", request.kind},
                   {"subject_id", "", request.subject_id},
                   {"reason", "", request.reason}};
    scope.audit(std::move(fact));
    tell<ApprovalOpened>(scope, request);
    return request;
}

Result<Request> Approvals::find(storage::Tx& tx, RequestId id) {
    std::optional<Request> request = ApprovalStore(tx).find(id);
    if (!request) {
        return Problem::not_found("approval.not_found");
    }
    return *std::move(request);
}

std::vector<Vote> Approvals::votes(storage::Tx& tx, const Request& request) {
    HANGU_ASSERT(people_ != nullptr);
    std::vector<Vote> votes;
    for (VoteRow& row : ApprovalStore(tx).votes(request.id)) {
        const Step& step = request.steps.at(static_cast<std::size_t>(row.step));
        // Of a closed request it stays as it was then.
        const bool stands =
            !row.lapsed_at && (request.state != State::open ||
                               people_->may(tx, row.voter, step.permission, request.org_path));
        votes.push_back(
            {row.id, row.step, row.voter, row.verdict, std::move(row.reason), row.at, stands});
    }
    return votes;
}

Result<void> Approvals::may_decide(http::Scope& scope, const Request& request) {
    const std::int64_t voter = person(scope);
    if (voter == 0) {
        return Problem::forbidden("permission.denied");
    }
    const std::vector<Vote> given = votes(scope.tx(), request);
    HANGU_CHECK(may_vote(request, given, voter, scope.now()));
    const std::size_t due = std::min(step_due(request.steps, given), request.steps.size() - 1);
    const http::Permission needed{request.steps[due].permission};
    if (!scope.holds(needed)) {
        return Problem::forbidden("permission.denied");
    }
    if (!scope.holds(needed, request.org_path)) {
        return Problem::forbidden("permission.outside_scope");
    }
    return {};
}

Result<Request> Approvals::decide(http::Scope& scope, RequestId id, Verdict verdict,
                                  const std::string& reason, std::int64_t version) {
    HANGU_TRY(Request request, find(scope.tx(), id));
    HANGU_CHECK(may_decide(scope, request));
    if (request.version != version) {
        return Problem::conflict("approval.stale");
    }
    ApprovalStore store(scope.tx());
    std::vector<Vote> given = votes(scope.tx(), request);
    for (const VoteRow& row : store.votes(id)) {
        const auto vote = std::find_if(given.begin(), given.end(),
                                       [&](const Vote& one) { return one.id == row.id; });
        if (!row.lapsed_at && !vote->stands) {
            store.lapse(row.id, scope.now());
            http::AuditFact fact = fact_of("approval.vote_lapsed", request);
            fact.fields = {{"voter", id_text(row.voter), ""}};
            scope.audit(std::move(fact));
        }
    }
    const std::size_t due = std::min(step_due(request.steps, given), request.steps.size() - 1);
    VoteRow mine{scope.new_id<VoteId>(),
                 id,
                 static_cast<std::int64_t>(due),
                 person(scope),
                 verdict,
                 reason,
                 scope.now(),
                 {}};
    if (!store.add(mine)) {
        return Problem::conflict("approval.voted_already");
    }
    given.push_back({mine.id, mine.step, mine.voter, verdict, reason, mine.at, true});
    http::AuditFact fact = fact_of("approval.voted", request);
    fact.fields = {{"step", "", request.steps[due].name},
                   {"verdict", "", std::string(enum_text(verdict))},
                   {"reason", "", reason}};
    scope.audit(std::move(fact));
    if (verdict == Verdict::refuse) {
        return close(scope, std::move(request), State::refused);
    }
    if (step_due(request.steps, given) == request.steps.size()) {
        return close(scope, std::move(request), State::approved);
    }
    if (!store.save(request)) {
        return Problem::conflict("approval.stale");
    }
    ++request.version;
    tell<ApprovalVoted>(scope, request);
    return request;
}

Result<Request> Approvals::withdraw(http::Scope& scope, RequestId id, const std::string& reason,
                                    std::int64_t version) {
    HANGU_TRY(Request request, find(scope.tx(), id));
    if (person(scope) == 0 || request.asked_by != person(scope)) {
        return Problem::forbidden("approval.not_asker");
    }
    if (state_at(request, scope.now()) != State::open) {
        return Problem::conflict(request.state == State::open ? "approval.expired"
                                                              : "approval.closed");
    }
    if (request.version != version) {
        return Problem::conflict("approval.stale");
    }
    http::AuditFact fact = fact_of("approval.withdrawn", request);
    fact.fields = {{"reason", "", reason}};
    scope.audit(std::move(fact));
    return close(scope, std::move(request), State::withdrawn);
}

Result<std::int64_t> Approvals::expire_due(http::Scope& scope) {
    std::vector<Request> due = ApprovalStore(scope.tx()).due(scope.now(), kExpiredPerTurn);
    for (Request& request : due) {
        HANGU_CHECK(close(scope, std::move(request), State::expired));
    }
    return static_cast<std::int64_t>(due.size());
}

Result<Request> Approvals::close(http::Scope& scope, Request request, State state) {
    request.state = state;
    request.closed_at = scope.now();
    if (!ApprovalStore(scope.tx()).save(request)) {
        return Problem::conflict("approval.stale");
    }
    ++request.version;
    http::AuditFact fact = fact_of("approval.closed", request);
    fact.fields = {{"state", "open", std::string(enum_text(state))},
                   {"kind", request.kind, request.kind}};
    scope.audit(std::move(fact));
    tell<ApprovalClosed>(scope, request);
    const auto found = definitions_.find(request.kind);
    if (found != definitions_.end() && found->second.told != nullptr) {
        HANGU_CHECK(found->second.told->closed(scope, request));
    }
    return request;
}

std::vector<Request> Approvals::list(http::Scope& scope, const storage::DataScope& places,
                                     const RequestFilter& filter, std::int64_t count_max) {
    return ApprovalStore(scope.tx()).newest(places, filter_for(scope, filter), count_max);
}

std::int64_t Approvals::count(http::Scope& scope, const storage::DataScope& places,
                              const RequestFilter& filter) {
    return ApprovalStore(scope.tx()).count(places, filter_for(scope, filter));
}

std::vector<Request> Approvals::to_decide(http::Scope& scope) {
    std::vector<Request> mine;
    for (Request& request : ApprovalStore(scope.tx()).open()) {
        if (may_decide(scope, request).ok()) {
            mine.push_back(std::move(request));
        }
    }
    return mine;
}

}  // namespace hangu::approval
