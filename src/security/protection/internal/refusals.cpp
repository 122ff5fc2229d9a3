// Refused requests: counted per actor, and what follows from too many of them.
#include "security/protection/internal/ledger_store.hpp"
#include "security/protection/internal/protection_state.hpp"

#include <functional>

namespace hangu::protection {

namespace {

// Refusals that say "this is not yours". Being asked to prove who one is, or coming from another
// site's page, is no attempt of the person.
bool is_violation(std::string_view code) {
    return code.starts_with("permission.") || code == "role.ceiling" ||
           code == "grant.outlasts_giver" || code == "realm.wrong";
}

http::AuditFact fact_of(const Due& due, std::string_view action, std::string label) {
    http::AuditFact fact;
    fact.action = action;
    fact.subject_kind = due.actor_kind == http::ActorKind::staff ? "staff" : "app_key";
    fact.subject_id = id_text(due.actor_id);
    fact.subject_label = std::move(label);
    fact.fields = {{"refusals", "", std::to_string(due.noted.refusals_count)},
                   {"last_route", "", due.route},
                   {"last_address", "", due.address}};
    return fact;
}

Alert alert_of(const Due& due, std::string_view code, const std::string& name) {
    Alert alert;
    alert.code = code;
    alert.account = due.actor_kind == http::ActorKind::staff ? due.actor_id : 0;
    alert.permission = kMayViewLocks.code;
    alert.platform = true;
    alert.parameters = {{"name", name}, {"count", std::to_string(due.noted.refusals_count)}};
    alert.key = id_text(due.actor_id) + " " + std::string(enum_text(due.noted.measure));
    return alert;
}

// On the lane of the tenant, in a transaction of its own.
void act(Protection::State& state, http::Scope& scope, const Due& due) {
    if (due.actor_kind != http::ActorKind::staff) {
        // An integration that was set up wrongly must not go dark by itself: people decide.
        scope.audit(fact_of(due, "violations.alerted", ""));
        state.raise(scope, alert_of(due, kViolations, id_text(due.actor_id)));
        return;
    }
    const identity::StaffId id(due.actor_id);
    const Result<identity::Account> account = state.identity.find(scope.tx(), id);
    if (!account.ok() || account->state != identity::AccountState::active) {
        return;
    }
    switch (due.noted.measure) {
        case Measure::none:
            return;
        case Measure::alert:
            scope.audit(fact_of(due, "violations.alerted", account->login_name));
            state.raise(scope, alert_of(due, kViolations, account->login_name));
            return;
        case Measure::end_sessions:
            state.identity.end_sessions(scope, id);
            scope.audit(fact_of(due, "violations.sessions_ended", account->login_name));
            state.raise(scope, alert_of(due, kViolations, account->login_name));
            return;
        case Measure::lock:
            HANGU_ASSERT(
                state.identity.set_state(scope, id, identity::AccountState::suspended).ok());
            LedgerStore(scope.tx())
                .lock({id, scope.now(), due.noted.refusals_count, due.route, due.address});
            scope.audit(fact_of(due, "violations.account_locked", account->login_name));
            state.raise(scope, alert_of(due, kAccountStopped, account->login_name));
            return;
    }
}

}  // namespace

void Protection::State::carry_out(Due due) {
    metrics
        .counter("protection_measures_total", "What followed from too many refused requests.",
                 {{"measure", std::string(enum_text(due.noted.measure))}})
        .add();
    world.log->warning("permission.violations", {{"tenant", due.tenant},
                                                 {"measure", enum_text(due.noted.measure)},
                                                 {"refusals", due.noted.refusals_count},
                                                 {"route", due.route}});
    std::function<bool()> work = [this, due = std::move(due)] {
        return submit(due.tenant, [this, due](http::Scope& scope) { act(*this, scope, due); });
    };
    if (!work()) {
        const std::lock_guard lock(mutex);
        if (later.size() < kDueCountMax) {
            later.push_back(std::move(work));
        }
    }
}

void Protection::answered(const http::Answered& answer) {
    std::uint64_t thing = 0;
    if (answer.status == 404 && !answer.subject_id.empty()) {
        thing = std::hash<std::string_view>()(answer.subject_id) | 1U;
    } else if (answer.status != 403 || !is_violation(answer.code)) {
        return;
    }
    const http::Caller& caller = *answer.caller;
    const bool has_account =
        caller.kind == http::ActorKind::staff || caller.kind == http::ActorKind::application;
    if (!has_account) {
        return;
    }
    const ViolationLimits limits = violation_limits_of(*state_->world.settings->snapshot());
    const Noted noted =
        state_->violations.note(limits, caller.tenant, caller.actor_id, answer.at, thing);
    if (noted.measure != Measure::none) {
        state_->carry_out({caller.tenant, caller.kind, caller.actor_id, noted,
                           std::string(answer.route), std::string(answer.address)});
    }
}

}  // namespace hangu::protection
