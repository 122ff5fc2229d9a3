// What the routes of this module take and answer.
#pragma once

#include "base/describe.hpp"
#include "base/json.hpp"
#include "security/identity/identity.hpp"
#include "security/identity/internal/passkey_store.hpp"
#include "security/identity/internal/password_rules.hpp"

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

// What an authenticator answers to a question. All of it base64url.
struct PasskeyProof {
    Text<1, 1400> credential;
    Text<1, 1400> client_data;
    Text<1, 2000> authenticator_data;
    Text<1, 1000> signature;
    std::optional<Text<1, 100>> user_handle;  // not said when the question named passkeys
};
HANGU_STRUCT(PasskeyProof, credential, client_data, authenticator_data, signature, user_handle)

// A question that an authenticator answers (WebAuthn 5.5). Nothing in `known`: any passkey will do.
struct PasskeyQuestion {
    std::string challenge;
    std::string site;
    std::vector<std::string> known;
};
HANGU_STRUCT(PasskeyQuestion, challenge, site, known)

// What a browser is asked to make a passkey of (WebAuthn 5.4).
struct PasskeyOffer {
    std::string challenge;
    std::string site;
    std::string user_handle;
    std::string user_name;
    std::vector<std::int64_t> algorithms;
    std::vector<std::string> known;
};
HANGU_STRUCT(PasskeyOffer, challenge, site, user_handle, user_name, algorithms, known)

struct AddPasskey {
    Text<1, 40> name;
    Text<1, 100> user_handle;
    Text<1, 1400> client_data;
    Text<1, 3000> authenticator_data;
};
HANGU_STRUCT(AddPasskey, name, user_handle, client_data, authenticator_data)

struct PasskeyAdded {
    PasskeyId id;
    std::vector<std::string> codes;  // recovery codes, with the first second factor
};
HANGU_STRUCT(PasskeyAdded, id, codes)

// A code of the authenticator app, a recovery code, or a passkey: one of them.
struct SecondStep {
    std::optional<Text<6, 20>> code;
    std::optional<PasskeyProof> passkey;
};
HANGU_STRUCT(SecondStep, code, passkey)

// One of them.
struct StepUp {
    std::optional<Secret> password;
    std::optional<Text<6, 20>> code;
    std::optional<PasskeyProof> passkey;
};
HANGU_STRUCT(StepUp, password, code, passkey)

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

struct SessionMe {
    Time expires_at;
};
HANGU_STRUCT(SessionMe, expires_at)

// An expired password leaves nothing to do but change it.
struct MePassword {
    PasswordState state = PasswordState::none;
    std::optional<Time> change_by;
    std::int64_t characters_min = 0;
};
HANGU_STRUCT(MePassword, state, change_by, characters_min)

struct Me {
    MeStaff staff;
    MeTenant tenant;
    std::vector<std::string> permissions;
    std::vector<MePlace> scope;
    bool password_set = false;
    MePassword password;
    bool second_factor = false;
    bool second_factor_required = false;  // without one, nothing but setting one up is allowed
    bool passkey = false;
    SessionMe session;
};
HANGU_STRUCT(Me, staff, tenant, permissions, scope, password_set, password, second_factor,
             second_factor_required, passkey, session)

}  // namespace hangu::identity
