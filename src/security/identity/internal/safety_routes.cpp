// One's own safety: sessions, known browsers, recent sign-ins, the authenticator app.
#include "security/identity/internal/safety_routes.hpp"

#include "security/identity/internal/protection_store.hpp"
#include "security/identity/internal/sign_in.hpp"

#include <algorithm>

namespace hangu::identity {

namespace {

using http::Guard;
using http::NoContent;
using http::Scope;
using http::Work;

constexpr std::int64_t kRecentCountMax = 50;

struct OwnSession {
    SessionId id;
    bool current = false;
    std::string method;
    std::string address;
    std::string user_agent;
    Time created_at;
    Time last_seen_at;
    Time expires_at;
};
HANGU_STRUCT(OwnSession, id, current, method, address, user_agent, created_at, last_seen_at,
             expires_at)

struct OwnDevice {
    KnownDeviceId id;
    bool current = false;
    std::string address;
    std::string user_agent;
    Time created_at;
    Time last_used_at;
};
HANGU_STRUCT(OwnDevice, id, current, address, user_agent, created_at, last_used_at)

struct OwnSignIn {
    SignInRecordId id;
    Time at;
    AttemptResult result = AttemptResult::refused;
    std::string method;
    std::string address;
    std::string user_agent;
    bool known_device = false;
};
HANGU_STRUCT(OwnSignIn, id, at, result, method, address, user_agent, known_device)

struct OwnTotp {
    Time confirmed_at;
};
HANGU_STRUCT(OwnTotp, confirmed_at)

struct OwnPasskey {
    PasskeyId id;
    std::string name;
    bool backed_up = false;
    bool doubted = false;  // opens nothing any more
    Time created_at;
    std::optional<Time> last_used_at;
};
HANGU_STRUCT(OwnPasskey, id, name, backed_up, doubted, created_at, last_used_at)

struct OwnSafety {
    MePassword password;
    std::optional<Time> password_set_at;
    PasswordProfile password_profile = PasswordProfile::mlps3;
    std::optional<OwnTotp> totp;
    std::vector<OwnPasskey> passkeys;
    std::int64_t recovery_codes_left = 0;
    Time fresh_until;  // sensitive acts need no password until then
    std::vector<OwnSession> sessions;
    std::vector<OwnDevice> devices;
    std::vector<OwnSignIn> sign_ins;
};
HANGU_STRUCT(OwnSafety, password, password_set_at, password_profile, totp, passkeys,
             recovery_codes_left, fresh_until, sessions, devices, sign_ins)

struct SessionInput {
    SessionId session_id;
};
HANGU_STRUCT(SessionInput, session_id)

struct DeviceInput {
    KnownDeviceId device_id;
};
HANGU_STRUCT(DeviceInput, device_id)

struct TotpBegun {
    std::string secret;  // for typing
    std::string uri;     // for the QR code
};
HANGU_STRUCT(TotpBegun, secret, uri)

struct ConfirmTotp {
    Text<6, 6> code;
};
HANGU_STRUCT(ConfirmTotp, code)

struct RecoveryCodes {
    std::vector<std::string> codes;
};
HANGU_STRUCT(RecoveryCodes, codes)

StaffId own(Scope& scope) {
    return StaffId(scope.caller().actor_id);
}

void record(Scope& scope, std::string_view action, std::string_view kind, std::string id) {
    http::AuditFact fact;
    fact.action = action;
    fact.subject_kind = kind;
    fact.subject_id = std::move(id);
    scope.audit(std::move(fact));
}

std::vector<OwnSession> own_sessions(Identity::State& state, Scope& scope) {
    std::vector<OwnSession> list;
    const std::int64_t idle_ms = scope.settings().get(kIdleMinutes) * kMinuteMs;
    for (SessionRow& row : IdentityStore(scope.tx()).sessions(own(scope))) {
        const Time seen = std::max(row.last_seen_at,
                                   state.callers.seen_at(row.token_hash.bytes).value_or(Time()));
        if (scope.now() <= seen.plus_ms(idle_ms)) {
            list.push_back({row.id, row.id.value() == scope.caller().session_id, row.method,
                            row.address, row.user_agent, row.created_at, seen, row.expires_at});
        }
    }
    return list;
}

Result<OwnSafety> view_safety(Identity::State& state, Scope& scope) {
    const StaffId id = own(scope);
    const auto account = IdentityStore(scope.tx()).find(id);
    const auto session =
        IdentityStore(scope.tx()).find_session(SessionId(scope.caller().session_id));
    if (!account || !session) {
        return Problem::unauthenticated("session.required");
    }
    FactorStore factors(scope.tx());
    const std::optional<TotpRow> totp = factors.totp(id);
    const bool has_totp = totp && totp->confirmed_at;
    const PasswordPolicy policy =
        password_policy(scope.settings(), has_second_factor(scope.tx(), id));
    OwnSafety safety;
    safety.password = {password_state(policy, account->password_set_at, scope.now()),
                       password_ends_at(policy, account->password_set_at),
                       static_cast<std::int64_t>(policy.characters_min)};
    safety.password_set_at = account->password_set_at;
    safety.password_profile = policy.profile;
    if (has_totp) {
        safety.totp = OwnTotp{*totp->confirmed_at};
    }
    for (PasskeyRow& row : PasskeyStore(scope.tx()).list(id)) {
        safety.passkeys.push_back({row.id, row.name, row.backed_up, row.doubted_at.has_value(),
                                   row.created_at, row.last_used_at});
    }
    safety.recovery_codes_left = factors.recovery_codes_left(id);
    safety.fresh_until = fresh_until(scope, *session);
    safety.sessions = own_sessions(state, scope);
    for (KnownDeviceRow& row : ProtectionStore(scope.tx()).devices(id)) {
        safety.devices.push_back({row.id, row.device_id == session->device_id, row.address,
                                  row.user_agent, row.created_at, row.last_used_at});
    }
    for (SignInRecordRow& row : factors.records(id, kRecentCountMax)) {
        safety.sign_ins.push_back({row.id, row.at, row.result, row.method, row.address,
                                   row.user_agent, row.known_device});
    }
    return safety;
}

Result<NoContent> end_session(Identity::State& state, Scope& scope, const SessionInput& input) {
    HANGU_CHECK(require_fresh(scope));
    if (!IdentityStore(scope.tx()).end_own_session(own(scope), input.session_id)) {
        return Problem::not_found("session.not_found");
    }
    record(scope, "session.ended", "session", input.session_id.text());
    scope.after_commit([&state, tenant = scope.tenant(), id = input.session_id] {
        state.callers.forget_record(tenant, id.value());
    });
    return NoContent();
}

Result<NoContent> end_other_sessions(Identity::State& state, Scope& scope) {
    HANGU_CHECK(require_fresh(scope));
    IdentityStore(scope.tx()).end_sessions(own(scope), SessionId(scope.caller().session_id));
    record(scope, "session.others_ended", "staff", own(scope).text());
    scope.after_commit([&state, tenant = scope.tenant(), id = own(scope)] {
        state.callers.forget(tenant, http::ActorKind::staff, {id.value()});
    });
    return NoContent();
}

Result<NoContent> forget_device(Scope& scope, const DeviceInput& input) {
    if (!ProtectionStore(scope.tx()).revoke_device(own(scope), input.device_id)) {
        return Problem::not_found("device.not_found");
    }
    record(scope, "device.forgotten", "device", input.device_id.text());
    return NoContent();
}

Result<TotpBegun> begin_totp(Identity::State& state, Scope& scope) {
    HANGU_CHECK(require_fresh(scope));
    FactorStore store(scope.tx());
    if (store.has_totp(own(scope))) {
        return Problem::conflict("second_factor.exists");
    }
    const auto account = IdentityStore(scope.tx()).find(own(scope));
    const auto tenant = state.tenants.find(scope.tenant());
    HANGU_ASSERT(account && tenant);
    const TotpSecret secret(scope.randomness().bytes(kTotpSecretBytes));
    store.begin_totp({own(scope), Sealed<TotpSecret>(secret), scope.now(), std::nullopt, 0});
    record(scope, "second_factor.begun", "staff", own(scope).text());
    return TotpBegun{base32(secret.plain()),
                     totp_uri(secret, "Hangu " + tenant->name, account->login_name)};
}

// Guessing here gains nothing: whoever is signed in and fresh has just been shown the secret.
Result<RecoveryCodes> confirm_totp(Identity::State& state, Scope& scope, const ConfirmTotp& input) {
    FactorStore store(scope.tx());
    const std::optional<TotpRow> totp = store.totp(own(scope));
    if (!totp || totp->confirmed_at) {
        return Problem::conflict("second_factor.not_begun");
    }
    const TotpSecret secret(totp->secret.shown().text());
    const auto step = totp_step_of(secret, input.code, scope.now(), 0);
    if (!step || !store.confirm_totp(own(scope), *step)) {
        return Problem::invalid_field("code", "second_factor.wrong");
    }
    record(scope, "second_factor.added", "staff", own(scope).text());
    read_callers_again(state, scope, own(scope));
    return RecoveryCodes{make_recovery_codes(scope, own(scope))};
}

Result<NoContent> remove_totp(Identity::State& state, Scope& scope) {
    HANGU_CHECK(require_fresh(scope));
    FactorStore store(scope.tx());
    if (!store.has_totp(own(scope))) {
        return Problem::not_found("second_factor.not_found");
    }
    store.remove_totp(own(scope));
    if (!has_second_factor(scope.tx(), own(scope))) {
        store.set_recovery_codes(own(scope), {});
    }
    record(scope, "second_factor.removed", "staff", own(scope).text());
    read_callers_again(state, scope, own(scope));
    return NoContent();
}

Result<RecoveryCodes> renew_recovery_codes(Scope& scope) {
    HANGU_CHECK(require_fresh(scope));
    if (!has_second_factor(scope.tx(), own(scope))) {
        return Problem::not_found("second_factor.not_found");
    }
    record(scope, "recovery_codes.renewed", "staff", own(scope).text());
    return RecoveryCodes{make_recovery_codes(scope, own(scope))};
}

// A route without input whose handler needs the module's state.
template <class Output>
void add_plain(http::Routes& routes, const http::Route& route,
               std::function<Result<Output>(Scope&)> handler) {
    http::RouteEntry entry;
    entry.route = route;
    entry.success_status = http::detail::Answer<Output>::kStatus;
    entry.output_schema = [](json::Schemas& schemas) {
        return http::detail::Answer<Output>::schema(schemas);
    };
    entry.handle = [handler = std::move(handler)](
                       Scope& scope, const http::Request&,
                       const http::PathParameters&) -> Result<http::Response> {
        HANGU_TRY(Output output, handler(scope));
        return http::detail::Answer<Output>::make(std::move(output));
    };
    routes.add_entry(std::move(entry));
}

}  // namespace

http::Route own_route(std::string_view name, std::string_view method, std::string_view path,
                      std::string_view summary) {
    http::Route route;
    route.name = name;
    route.method = method;
    route.path = path;
    route.guard = Guard::signed_in;
    route.per_minute_max = 60;
    route.body_bytes_max = 4096;
    route.summary = summary;
    route.tag = "safety";
    return route;
}

void add_safety_routes(http::Routes& routes, Identity& identity) {
    Identity::State& state = identity.state();
    http::Route view = own_route("session.safety", "GET", "/api/v1/session/safety",
                                 "One's own sessions, browsers, sign-ins and second factors");
    view.work = Work::read;
    view.per_minute_max = 300;
    add_plain<OwnSafety>(routes, view,
                         [&state](Scope& scope) { return view_safety(state, scope); });
    routes.add_with<NoContent, SessionInput>(
        own_route("session.end", "DELETE", "/api/v1/sessions/{session_id}",
                  "End one of one's own sessions"),
        [&state](Scope& scope, const SessionInput& input) {
            return end_session(state, scope, input);
        });
    add_plain<NoContent>(routes,
                         own_route("session.end_others", "DELETE", "/api/v1/sessions",
                                   "End all of one's own sessions but this one"),
                         [&state](Scope& scope) { return end_other_sessions(state, scope); });
    routes.add(own_route("session.forget_device", "DELETE", "/api/v1/session/devices/{device_id}",
                         "A browser is no longer known"),
               forget_device);
    add_plain<TotpBegun>(routes,
                         own_route("session.begin_totp", "POST", "/api/v1/session/totp",
                                   "Set up an authenticator app; it must be confirmed"),
                         [&state](Scope& scope) { return begin_totp(state, scope); });
    routes.add_with<RecoveryCodes, ConfirmTotp>(
        own_route("session.confirm_totp", "POST", "/api/v1/session/totp/confirm",
                  "Switch the authenticator app on with a code of it"),
        [&state](Scope& scope, const ConfirmTotp& input) {
            return confirm_totp(state, scope, input);
        });
    add_plain<NoContent>(routes,
                         own_route("session.remove_totp", "DELETE", "/api/v1/session/totp",
                                   "Switch the authenticator app off"),
                         [&state](Scope& scope) { return remove_totp(state, scope); });
    routes.add(own_route("session.renew_recovery_codes", "POST", "/api/v1/session/recovery-codes",
                         "New recovery codes; the old ones end"),
               renew_recovery_codes);
}

}  // namespace hangu::identity
