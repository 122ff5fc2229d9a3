// Signing in and changing a password, once everything slow has been computed: ordinary functions on
// a transaction.
#pragma once

#include "base/result.hpp"
#include "platform/http/scope.hpp"
#include "security/identity/internal/factor_store.hpp"
#include "security/identity/internal/identity_state.hpp"
#include "security/identity/internal/identity_store.hpp"
#include "security/identity/internal/lockouts.hpp"
#include "security/identity/internal/password_rules.hpp"
#include "security/identity/internal/session_types.hpp"

#include <optional>
#include <string>
#include <vector>

namespace hangu::identity {

constexpr std::int64_t kFlowMs = 5 * kMinuteMs;  // a sign-in waits that long for its next step

// Where a request comes from.
struct Client {
    std::string route;
    std::string address;
    std::string user_agent;
    std::string trace;
    std::string cookie;          // a session the browser had before; it ends with the new one
    std::string device_cookie;   // says that the browser was here before
    std::string step_cookie;     // a sign-in that waits for its second step
    std::string text_cookie;     // a code by text message that was asked for
    std::string passkey_cookie;  // who was asked for a passkey
    std::string host;
};

struct Opened {
    Me me;
    std::string token;
    std::string device_cookie;
};

// The first step was right, and a second is asked for.
struct Challenge {
    std::string token;
    std::vector<std::string> factors;  // "passkey", "totp", "recovery"
};

// How a sign-in went on. Exactly one is set; a refusal is committed with its record.
struct Entered {
    std::optional<Opened> opened;
    std::optional<Challenge> challenge;
    std::optional<Problem> refused;
};

Me me_of(Identity::State& state, storage::Tx& tx, const AccountRow& account,
         const ActorGrants& grants, const SessionMe& session);

// "password" and such; with "+totp" after a second step.
struct SignInMethod {
    std::string name;
    bool from_link = false;
    bool second_step_done = false;
};

inline constexpr std::string_view kLinkMethod = "link";
inline constexpr std::string_view kTextMethod = "text";
inline constexpr std::string_view kRecoveryMethod = "recovery";

// The session stands on a password that is too old: it is good for changing it and nothing else.
bool must_change_password(const Identity::State& state, std::string_view method,
                          std::optional<Time> password_set_at, Time now);

// A second factor is demanded of everybody and she has none: the session is good for setting one
// up.
// The platform's own people always do.
bool needs_second_factor(const Identity::State& state);
bool must_add_factor(const Identity::State& state, storage::Tx& tx, StaffId account);

// What the account's sessions may do has changed; from the commit on they are looked up again.
void read_callers_again(Identity::State& state, http::Scope& scope, StaffId account);

// Until when the session's last proof of who it is counts here; the past, if the network is
// another.
Time fresh_until(http::Scope& scope, const SessionRow& session);

// What comes after a right first step: the judge is asked, a second step is demanded or a session
// opens.
Result<Entered> enter(Identity::State& state, http::Scope& scope, const AccountRow& account,
                      const Client& client, const SignInMethod& method);

// A new session with a new token; whatever token the browser brought along is not taken over. The
// browser is known to the account from now on.
Result<Opened> open_session(Identity::State& state, http::Scope& scope, const AccountRow& account,
                            const Client& client, const SignInMethod& method);

// After the password was found right: the account as it is now must still say the same.
struct RightPassword {
    StaffId account;
    std::string hash;    // that was compared
    std::string rehash;  // "": good as it is
    LaneState lane;      // of strangers, as it is after this success
};
Result<Entered> sign_in_with_password(Identity::State& state, http::Scope& scope,
                                      const RightPassword& right, const Client& client);

// What a spent, expired or unknown one-time link answers.
inline constexpr std::string_view kLinkRefused = "session.link_refused";

// Uses the link up; "session.link_refused" when it was used, has expired or never was.
Result<Entered> sign_in_with_link(Identity::State& state, http::Scope& scope,
                                  const std::string& hash, const Client& client);

// A code or passkey of the second step for the flow of the step cookie. Every try counts.
Result<Entered> sign_in_with_second_step(Identity::State& state, http::Scope& scope,
                                         const SecondStep& given, const Client& client);
// The purposes of questions to passkeys: nobody else's answer fits.
std::string sign_in_purpose(std::string_view passkey_cookie);
std::string second_step_purpose(std::string_view step_cookie);

// The browser, if the account knows it.
std::optional<DeviceId> known_device(storage::Tx& tx, const settings::Snapshot& settings,
                                     StaffId account, const std::string& cookie);

// What the judge sees of this attempt.
SignInSeen seen_of(http::Scope& scope, StaffId account, const Client& client,
                   const SignInMethod& method);
// It points into the method.
SignInSeen seen_of(http::Scope& scope, StaffId account, const Client& client,
                   SignInMethod&& method) = delete;
// A refusal that is committed with its record.
Result<Entered> refuse_entry(Identity::State& state, http::Scope& scope, const SignInSeen& seen,
                             Problem problem);

// What a sign-in by password needs to know before anything slow begins.
struct LookedUp {
    std::optional<AccountRow> account;
    LaneState strangers;             // as stored
    std::optional<DeviceId> device;  // the browser is known to the account
    Secret pepper;
};
Result<LookedUp> look_up(storage::Tx& tx, const settings::Snapshot& settings,
                         const std::string& login_name, const std::string& device_cookie);

// What was wrong, and what follows from it for the account.
struct Failure {
    std::optional<StaffId> account;
    std::string method;
    AttemptResult result = AttemptResult::refused;
    std::optional<LaneState> strangers;  // to be kept
    std::optional<DeviceId> device;      // that was used
    bool forget_device = false;          // it failed too often
};
void record_failure(Identity::State& state, http::Scope& scope, const Failure& failure,
                    const Client& client);

// What a change of password needs to know before anything slow begins.
struct PasswordFacts {
    std::optional<std::string> hash;
    std::optional<Time> set_at;
    std::vector<std::string> earlier;
    Secret pepper;
    PasswordPolicy policy;
    PasswordContext context;
    bool fresh_link_session = false;
};
Result<PasswordFacts> password_facts(Identity::State& state, storage::Tx& tx,
                                     const http::Caller& caller);
// Sets the hash unless the password was changed meanwhile; all other sessions end.
Result<void> change_password(Identity::State& state, http::Scope& scope,
                             const std::optional<std::string>& hash_before,
                             const std::string& hash_after);

// What an account may give in the second step.
std::vector<std::string> factors_of(storage::Tx& tx, StaffId account);
bool has_second_factor(storage::Tx& tx, StaffId account);
// New recovery codes in place of the old ones.
std::vector<std::string> make_recovery_codes(http::Scope& scope, StaffId account);
// Is this the account's own code, of the app or for recovery? Uses it up. "" or what it was.
std::string take_second_factor(http::Scope& scope, StaffId account, const std::string& code);
std::string recovery_mark(crypto::TenantKeys& keys, const std::string& code);

// The owner proved again who she is: fresh for some minutes, under a new token.
Result<std::string> refresh_session(Identity::State& state, http::Scope& scope,
                                    std::string_view method);
// "session.step_up_required" unless she did so lately.
Result<void> require_fresh(http::Scope& scope);

}  // namespace hangu::identity
