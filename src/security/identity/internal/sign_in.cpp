#include "security/identity/internal/sign_in.hpp"

#include "base/text.hpp"
#include "platform/http/browser.hpp"
#include "security/identity/internal/known_device.hpp"
#include "security/identity/internal/password_hash.hpp"
#include "security/identity/internal/protection_store.hpp"
#include "security/identity/internal/token.hpp"

namespace hangu::identity {

namespace {

const Problem& refused() {
    static const Problem problem = Problem::unauthenticated("session.refused");
    return problem;
}

const Problem& link_refused() {
    static const Problem problem = Problem::unauthenticated(kLinkRefused);
    return problem;
}

std::string place_name(Identity::State& state, storage::Tx& tx, const std::string& path,
                       const tenant::Tenant& tenant) {
    if (state.places != nullptr) {
        return state.places->place_name(tx, path);
    }
    return path.empty() ? tenant.name : path;
}

Time known_since(const settings::Snapshot& settings, Time now) {
    return now.plus_ms(-settings.get(kDeviceDays) * kDayMs);
}

// Tells the owner's list, and the judge, what was tried.
void note_attempt(Identity::State& state, http::Scope& scope, const SignInSeen& seen,
                  AttemptResult result) {
    if (seen.account) {
        FactorStore(scope.tx())
            .record({scope.new_id<SignInRecordId>(), *seen.account, scope.now(), result,
                     std::string(seen.method), std::string(seen.address),
                     http::browser_of(seen.user_agent), seen.known_device});
    }
    if (state.judge != nullptr) {
        constexpr SignInResult kResults[] = {SignInResult::opened, SignInResult::challenged,
                                             SignInResult::refused, SignInResult::locked};
        state.judge->told(scope, seen, kResults[static_cast<std::size_t>(result)]);
    }
}

Entered challenge(Identity::State& state, http::Scope& scope, const SignInSeen& seen,
                  std::vector<std::string> factors) {
    Challenge made{make_token(scope.tenant(), scope.randomness()), std::move(factors)};
    FactorStore store(scope.tx());
    store.add(FlowRow{scope.new_id<FlowId>(),
                      {token_hash(made.token)},
                      *seen.account,
                      std::string(seen.method),
                      scope.now(),
                      scope.now().plus_ms(kFlowMs),
                      0,
                      std::nullopt});
    note_attempt(state, scope, seen, AttemptResult::challenged);
    Entered entered;
    entered.challenge = std::move(made);
    return entered;
}

// The session that the browser had before ends: no cookie becomes more than it was.
void end_brought_session(Identity::State& state, http::Scope& scope, const Client& client) {
    if (tenant_of_token(client.cookie) != scope.tenant()) {
        return;
    }
    IdentityStore store(scope.tx());
    const std::string old_hash = token_hash(client.cookie);
    if (const auto old = store.find_session_of_token(old_hash)) {
        store.end_session(old->session_id);
        scope.after_commit([&state, old_hash] { state.callers.forget_key(old_hash); });
    }
}

DeviceId note_device(http::Scope& scope, StaffId account, const Client& client) {
    const auto brought = device_of_cookie(scope.tx().keys(), scope.tenant(), client.device_cookie);
    KnownDeviceRow row;
    row.id = scope.new_id<KnownDeviceId>();
    row.account_id = account;
    row.device_id = brought ? *brought : scope.new_id<DeviceId>();
    row.created_at = scope.now();
    row.last_used_at = scope.now();
    row.address = client.address;
    row.user_agent = http::browser_of(client.user_agent);
    ProtectionStore(scope.tx()).note_device(row);
    return row.device_id;
}

}  // namespace

std::optional<DeviceId> known_device(storage::Tx& tx, const settings::Snapshot& settings,
                                     StaffId account, const std::string& cookie) {
    const auto device = device_of_cookie(tx.keys(), tx.tenant(), cookie);
    const bool known = device && ProtectionStore(tx).find_device(account, *device,
                                                                 known_since(settings, tx.now()));
    return known ? device : std::nullopt;
}

SignInSeen seen_of(http::Scope& scope, StaffId account, const Client& client,
                   const SignInMethod& method) {
    SignInSeen seen;
    seen.account = account;
    seen.method = method.name;
    seen.address = client.address;
    seen.user_agent = client.user_agent;
    seen.known_device =
        known_device(scope.tx(), scope.settings(), account, client.device_cookie).has_value();
    seen.failures_before = ProtectionStore(scope.tx()).lane_of(account).consecutive;
    return seen;
}

Result<Entered> refuse_entry(Identity::State& state, http::Scope& scope, const SignInSeen& seen,
                             Problem problem) {
    note_attempt(state, scope, seen, AttemptResult::refused);
    http::AuditFact fact;
    fact.action = "session.refused";
    fact.subject_kind = "staff";
    fact.subject_id = seen.account->text();
    fact.fields.push_back({"method", "", std::string(seen.method)});
    fact.fields.push_back({"reason", "", problem.code});
    scope.audit(std::move(fact));
    Entered entered;
    entered.refused = std::move(problem);
    return entered;
}

Me me_of(Identity::State& state, storage::Tx& tx, const AccountRow& account,
         const ActorGrants& grants, const SessionMe& session) {
    const auto tenant = state.tenants.find(tx.tenant());
    HANGU_ASSERT(tenant != nullptr);
    Me me;
    me.staff = {account.id, account.name.shown(), account.login_name};
    me.tenant = {tenant->id, tenant->code, tenant->name, tenant->utc_offset_minutes};
    me.permissions = state.world.permissions->codes_of(grants.rights.anywhere());
    for (const std::string& place : grants.places) {
        me.scope.push_back({place_name(state, tx, place, *tenant)});
    }
    me.password_set = account.password_hash.has_value();
    me.second_factor = has_second_factor(tx, account.id);
    me.second_factor_required = needs_second_factor(state);
    me.passkey = PasskeyStore(tx).has(account.id);
    const PasswordPolicy policy =
        password_policy(*state.world.settings->snapshot(), me.second_factor);
    me.password = {password_state(policy, account.password_set_at, tx.now()),
                   password_ends_at(policy, account.password_set_at),
                   static_cast<std::int64_t>(policy.characters_min)};
    me.session = session;
    return me;
}

bool must_change_password(const Identity::State& state, std::string_view method,
                          std::optional<Time> password_set_at, Time now) {
    if (!method.starts_with("password")) {
        return false;
    }
    const PasswordPolicy policy =
        password_policy(*state.world.settings->snapshot(), method != "password");
    return password_state(policy, password_set_at, now) == PasswordState::expired;
}

bool needs_second_factor(const Identity::State& state) {
    return state.options.realm == http::Realm::platform ||
           state.world.settings->snapshot()->get(kSecondFactorRequired);
}

bool must_add_factor(const Identity::State& state, storage::Tx& tx, StaffId account) {
    return needs_second_factor(state) && !has_second_factor(tx, account);
}

void read_callers_again(Identity::State& state, http::Scope& scope, StaffId account) {
    scope.after_commit([&state, tenant = scope.tenant(), account] {
        state.callers.forget(tenant, http::ActorKind::staff, {account.value()});
    });
}

Result<Entered> enter(Identity::State& state, http::Scope& scope, const AccountRow& account,
                      const Client& client, const SignInMethod& method) {
    const SignInSeen seen = seen_of(scope, account.id, client, method);
    std::vector<std::string> factors = factors_of(scope.tx(), account.id);
    const Judgement judgement =
        state.judge == nullptr ? Judgement::allow : state.judge->judge(scope.tx(), seen);
    if (judgement == Judgement::refuse) {
        return refuse_entry(state, scope, seen, Problem::forbidden("session.unusual"));
    }
    const bool has_factor = has_second_factor(scope.tx(), account.id);
    const bool asked_for = has_factor || judgement == Judgement::second_factor;
    if (!method.second_step_done && asked_for && factors.empty()) {
        return refuse_entry(state, scope, seen, Problem::forbidden("second_factor.missing"));
    }
    if (!method.second_step_done && !factors.empty()) {
        return challenge(state, scope, seen, std::move(factors));
    }
    HANGU_TRY(Opened opened, open_session(state, scope, account, client, method));
    note_attempt(state, scope, seen, AttemptResult::opened);
    Entered entered;
    entered.opened = std::move(opened);
    return entered;
}

Result<Opened> open_session(Identity::State& state, http::Scope& scope, const AccountRow& account,
                            const Client& client, const SignInMethod& method) {
    IdentityStore store(scope.tx());
    end_brought_session(state, scope, client);
    store.forget_dead_sessions(account.id);

    const DeviceId device = note_device(scope, account.id, client);
    Opened opened;
    opened.token = make_token(scope.tenant(), scope.randomness());
    opened.device_cookie = make_device_cookie(scope.tx().keys(), scope.tenant(), device);
    SessionRow session;
    session.id = scope.new_id<SessionId>();
    session.token_hash.bytes = token_hash(opened.token);
    session.account_id = account.id;
    session.created_at = scope.now();
    session.last_seen_at = scope.now();
    session.expires_at = scope.now().plus_ms(scope.settings().get(kSessionHours) * kHourMs);
    session.address = client.address;
    session.user_agent = http::browser_of(client.user_agent);
    session.from_link = method.from_link;
    session.method = method.name;
    session.verified_at = scope.now();
    session.device_id = device;
    store.add(session);
    store.end_oldest_sessions(account.id);
    store.note_sign_in(account.id);

    http::AuditFact fact;
    fact.action = "session.opened";
    fact.subject_kind = "session";
    fact.subject_id = session.id.text();
    fact.subject_label = account.login_name;
    fact.fields.push_back({"method", "", method.name});
    scope.audit(std::move(fact));

    HANGU_ASSERT(state.grants != nullptr);
    const bool only_own =
        must_change_password(state, method.name, account.password_set_at, scope.now()) ||
        must_add_factor(state, scope.tx(), account.id);
    const ActorGrants grants =
        only_own ? ActorGrants()
                 : state.grants->grants_of(scope.tx(), http::ActorKind::staff, account.id.value());
    opened.me = me_of(state, scope.tx(), account, grants, {session.expires_at});
    return opened;
}

Result<LookedUp> look_up(storage::Tx& tx, const settings::Snapshot& settings,
                         const std::string& login_name, const std::string& device_cookie) {
    LookedUp found;
    found.pepper = pepper_of(tx.keys());
    found.account = IdentityStore(tx).find_by_login(login_name);
    // Unknown names take the same way: the same statements are run for an id that nobody has.
    const StaffId id = found.account ? found.account->id : StaffId();
    found.strangers = ProtectionStore(tx).lane_of(id);
    found.device = known_device(tx, settings, id, device_cookie);
    return found;
}

Result<Entered> sign_in_with_password(Identity::State& state, http::Scope& scope,
                                      const RightPassword& right, const Client& client) {
    IdentityStore store(scope.tx());
    std::optional<AccountRow> account = store.find(right.account);
    if (!account || account->state != AccountState::active ||
        account->password_hash != right.hash) {
        return refused();
    }
    if (!right.rehash.empty()) {
        store.rehash(right.account, right.hash, right.rehash);
    }
    Result<Entered> entered = enter(state, scope, *account, client, {"password", false, false});
    if (entered.ok()) {
        ProtectionStore(scope.tx()).keep_lane(right.account, right.lane);
    }
    return entered;
}

Result<Entered> sign_in_with_link(Identity::State& state, http::Scope& scope,
                                  const std::string& hash, const Client& client) {
    IdentityStore store(scope.tx());
    if (!store.use_link(hash)) {
        return link_refused();
    }
    const std::optional<LinkRow> link = store.find_link(hash);
    HANGU_ASSERT(link.has_value());
    const std::optional<AccountRow> account = store.find(link->account_id);
    if (!account || account->state != AccountState::active) {
        return link_refused();
    }
    return enter(state, scope, *account, client, {std::string(kLinkMethod), true, false});
}

void record_failure(Identity::State& state, http::Scope& scope, const Failure& failure,
                    const Client& client) {
    http::AuditFact fact;
    fact.action = "session.refused";
    fact.subject_kind = "staff";
    // What was typed is not recorded: people type passwords into the wrong field.
    fact.subject_id = failure.account ? failure.account->text() : "";
    fact.fields.push_back({"method", "", failure.method});
    scope.audit(fact);
    if (failure.account && failure.result == AttemptResult::locked) {
        fact.action = "session.locked";
        scope.audit(std::move(fact));
    }

    SignInSeen seen;
    seen.account = failure.account;
    seen.method = failure.method;
    seen.address = client.address;
    seen.user_agent = client.user_agent;
    seen.known_device = failure.device.has_value();
    seen.failures_before = failure.strangers ? failure.strangers->consecutive : 0;
    if (failure.account && failure.strangers) {
        ProtectionStore(scope.tx()).keep_lane(*failure.account, *failure.strangers);
    }
    if (failure.account && failure.device && failure.forget_device) {
        ProtectionStore(scope.tx()).revoke_device(*failure.account, *failure.device);
    }
    note_attempt(state, scope, seen, failure.result);
}

}  // namespace hangu::identity
