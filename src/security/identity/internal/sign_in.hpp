// Signing in and out and changing a password, once everything slow has been computed: ordinary
// functions on a transaction. Types of the routes stand here too.
#pragma once

#include "base/describe.hpp"
#include "base/json.hpp"
#include "base/result.hpp"
#include "platform/http/scope.hpp"
#include "security/identity/internal/identity_state.hpp"
#include "security/identity/internal/identity_store.hpp"

#include <optional>
#include <string>
#include <vector>

namespace hangu::identity {

struct SignIn {
    Text<1, 64> tenant_code;
    Text<1, 64> login_name;
    Secret password;
};
HANGU_STRUCT(SignIn, tenant_code, login_name, password)

struct RedeemLink {
    Text<1, 128> token;
};
HANGU_STRUCT(RedeemLink, token)

struct ChangePassword {
    std::optional<Secret> current_password;
    Secret new_password;
};
HANGU_STRUCT(ChangePassword, current_password, new_password)

struct MeStaff {
    StaffId id;
    Revealed<PersonName> name;
    std::string login_name;
};
HANGU_STRUCT(MeStaff, id, name, login_name)

struct MeTenant {
    TenantId id;
    std::string code;
    std::string name;
    std::int64_t utc_offset_minutes = 0;
};
HANGU_STRUCT(MeTenant, id, code, name, utc_offset_minutes)

struct MePlace {
    std::string path_name;
};
HANGU_STRUCT(MePlace, path_name)

struct MeSession {
    Time expires_at;
};
HANGU_STRUCT(MeSession, expires_at)

struct Me {
    MeStaff staff;
    MeTenant tenant;
    std::vector<std::string> permissions;
    std::vector<MePlace> scope;
    bool password_set = false;
    MeSession session;
};
HANGU_STRUCT(Me, staff, tenant, permissions, scope, password_set, session)

// Where a request comes from.
struct Client {
    std::string route;
    std::string address;
    std::string user_agent;
    std::string trace;
    std::string cookie;  // a session the browser had before; it ends with the new one
};

struct Opened {
    Me me;
    std::string token;
};

Me me_of(Identity::State& state, storage::Tx& tx, const AccountRow& account,
         const ActorGrants& grants, Time expires_at);

// A new session with a new token; whatever token the browser brought along is not taken over.
Result<Opened> open_session(Identity::State& state, http::Scope& scope, const AccountRow& account,
                            const Client& client, bool from_link);

// After the password was found right: the account as it is now must still say the same.
struct RightPassword {
    StaffId account;
    std::string hash;    // that was compared
    std::string rehash;  // "": good as it is
};
Result<Opened> sign_in_with_password(Identity::State& state, http::Scope& scope,
                                     const RightPassword& right, const Client& client);

// Uses the link up; "session.refused" when it was used, has expired or never was.
Result<Opened> sign_in_with_link(Identity::State& state, http::Scope& scope,
                                 const std::string& hash, const Client& client);

void record_refusal(http::Scope& scope, std::optional<StaffId> account, std::string_view method);

// What a change of password needs to know before anything slow begins.
struct PasswordState {
    std::string login_name;
    std::optional<std::string> hash;
    bool fresh_link_session = false;
};
Result<PasswordState> password_state(storage::Tx& tx, const http::Caller& caller);
// Sets the hash unless the password was changed meanwhile; all other sessions end.
Result<void> change_password(Identity::State& state, http::Scope& scope,
                             const std::optional<std::string>& hash_before,
                             const std::string& hash_after);

std::string session_cookie(const std::string& token);
std::string ended_cookie();

}  // namespace hangu::identity
