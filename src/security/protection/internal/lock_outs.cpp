// GET  /api/v1/lock-outs                     who is locked, for whom, until when, why
// POST /api/v1/lock-outs/{staff_id}/unlock   ends it, with a reason
// GET  /api/v1/sign-in-attacks               attacks that were seen, the latest first
#include "security/identity/lock_outs.hpp"

#include "security/protection/internal/ledger_routes.hpp"
#include "security/protection/internal/ledger_store.hpp"
#include "security/protection/internal/protection_state.hpp"

namespace hangu::protection {

namespace {

constexpr std::int64_t kCodesLookedBackMs = 25 * kHourMs;  // longer than the longest lock
constexpr std::int64_t kAttacksShownMax = 100;

struct LockOutView {
    LedgerPerson staff;
    LockKind kind = LockKind::strangers;
    std::optional<Time> since;
    std::optional<Time> until;
    std::int64_t failures_count = 0;
    std::string last_route;
    std::string last_address;
};
HANGU_STRUCT(LockOutView, staff, kind, since, until, failures_count, last_route, last_address)

struct LockOutList {
    std::vector<LockOutView> items;
};
HANGU_STRUCT(LockOutList, items)

struct UnlockRequest {
    identity::StaffId staff_id;
    Text<2, 200> reason;
};
HANGU_STRUCT(UnlockRequest, staff_id, reason)

struct SignInAttackView {
    AttackId id;
    Time at;
    Attack attack = Attack::stuffing;
    bool in_progress = false;
    std::string address;                // of an attack from one source
    std::optional<LedgerPerson> staff;  // of an attack on one account
    std::int64_t attempts_count = 0;
    std::int64_t accounts_count = 0;
    std::int64_t sources_count = 0;
};
HANGU_STRUCT(SignInAttackView, id, at, attack, in_progress, address, staff, attempts_count,
             accounts_count, sources_count)

struct SignInAttackList {
    std::vector<SignInAttackView> items;
};
HANGU_STRUCT(SignInAttackList, items)

Result<LockOutList> list_lock_outs(Protection& protection, http::Scope& scope) {
    HANGU_CHECK(scope.authorize(kMayViewLocks, ""));
    LockOutList list;
    PeopleOfLedger people(protection.state().identity, scope.tx());
    for (LockOut& lock : lock_outs(protection, scope.tx())) {
        list.items.push_back({people.person(lock.account_id), lock.kind, lock.since, lock.until,
                              lock.failures_count, std::move(lock.route), std::move(lock.address)});
    }
    return list;
}

Result<http::NoContent> unlock_route(Protection& protection, http::Scope& scope,
                                     const UnlockRequest& request) {
    HANGU_CHECK(scope.authorize(kMayUnlock, ""));
    HANGU_CHECK(protection.state().identity.require_fresh(scope));
    HANGU_CHECK(unlock(protection, scope, request.staff_id, request.reason));
    return http::NoContent();
}

Result<SignInAttackList> list_attacks(Protection& protection, http::Scope& scope) {
    HANGU_CHECK(scope.authorize(kMayViewLocks, ""));
    SignInAttackList list;
    PeopleOfLedger people(protection.state().identity, scope.tx());
    for (const SeenAttack& seen : seen_attacks(scope.tx(), kAttacksShownMax)) {
        const auto account = identity::StaffId::parse(seen.subject);
        SignInAttackView view{seen.id,
                              seen.at,
                              seen.attack,
                              scope.now() < seen.at.plus_ms(kInProgressMs),
                              account ? "" : seen.subject,
                              std::nullopt,
                              seen.attempts_count,
                              seen.accounts_count,
                              seen.sources_count};
        if (account) {
            view.staff = people.person(*account);
        }
        list.items.push_back(std::move(view));
    }
    return list;
}

}  // namespace

std::vector<LockOut> lock_outs(Protection& protection, storage::Tx& tx) {
    identity::Identity& identity = protection.state().identity;
    LedgerStore store(tx);
    std::vector<LockOut> all;
    for (AccountLockRow& row : store.locks()) {
        // Somebody may have let her work again, or let her go, on the staff page.
        const Result<identity::Account> account = identity.find(tx, row.id);
        if (account.ok() && account->state == identity::AccountState::suspended) {
            all.push_back({row.id, LockKind::account, row.locked_at, std::nullopt,
                           row.refusals_count, std::move(row.route), std::move(row.address)});
        }
    }
    for (const identity::LockedLane& lane : identity::locked_for_strangers(identity, tx)) {
        all.push_back({lane.account, LockKind::strangers, std::nullopt, lane.until,
                       lane.failures_count, "", ""});
    }
    for (const identity::StaffId account :
         store.failed_codes_since(tx.now().plus_ms(-kCodesLookedBackMs))) {
        if (const auto until = identity::second_step_locked_until(identity, tx, account)) {
            all.push_back({account, LockKind::second_step, std::nullopt, until, 0, "", ""});
        }
    }
    return all;
}

Result<void> unlock(Protection& protection, http::Scope& scope, identity::StaffId account,
                    std::string_view reason) {
    Protection::State& state = protection.state();
    std::string ended;
    for (const LockOut& lock : lock_outs(protection, scope.tx())) {
        if (lock.account_id == account) {
            ended += (ended.empty() ? "" : " ") + std::string(enum_text(lock.kind));
        }
    }
    if (ended.empty()) {
        return Problem::not_found("lock_out.not_found");
    }
    HANGU_TRY(const identity::Account before, state.identity.find(scope.tx(), account));
    if (LedgerStore(scope.tx()).forget_lock(account) &&
        before.state == identity::AccountState::suspended) {
        HANGU_CHECK(state.identity.set_state(scope, account, identity::AccountState::active));
    }
    HANGU_CHECK(state.identity.unlock(scope, account));
    identity::unlock_second_step(state.identity, scope, account);
    scope.audit({.action = "lock_out.ended",
                 .subject_kind = "staff",
                 .subject_id = account.text(),
                 .subject_label = before.login_name,
                 .fields = {{"locks", ended, ""}, {"reason", "", std::string(reason)}}});
    scope.after_commit([&state, tenant = scope.tenant(), account] {
        state.violations.forget(tenant, account.value());
    });
    return {};
}

void add_lock_out_routes(http::Routes& routes, Protection& protection) {
    add_plain<LockOutList>(
        routes,
        {.name = "lock_out.list",
         .method = "GET",
         .path = "/api/v1/lock-outs",
         .permission = kMayViewLocks,
         .work = http::Work::report,  // locks end by themselves: nothing to be given again
         .summary = "Accounts that are locked: for whom, until when, why",
         .tag = "safety"},
        [&protection](http::Scope& scope) { return list_lock_outs(protection, scope); });
    routes.add_with<http::NoContent, UnlockRequest>(
        {.name = "lock_out.unlock",
         .method = "POST",
         .path = "/api/v1/lock-outs/{staff_id}/unlock",
         .permission = kMayUnlock,
         .per_minute_max = 60,
         .body_bytes_max = 4096,
         .summary = "End every lock of an account; the reason is recorded",
         .tag = "safety"},
        [&protection](http::Scope& scope, const UnlockRequest& request) {
            return unlock_route(protection, scope, request);
        });
    add_plain<SignInAttackList>(
        routes,
        {.name = "sign_in_attack.list",
         .method = "GET",
         .path = "/api/v1/sign-in-attacks",
         .permission = kMayViewLocks,
         .work = http::Work::read,
         .summary = "Attacks on sign-in that were seen, the latest first",
         .tag = "safety"},
        [&protection](http::Scope& scope) { return list_attacks(protection, scope); });
}

}  // namespace hangu::protection
