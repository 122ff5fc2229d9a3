// What the routes of this module take and answer.
#pragma once

#include "base/describe.hpp"
#include "base/json.hpp"
#include "security/identity/identity.hpp"
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

// A code of the authenticator app, or a recovery code.
struct SecondStep {
    Text<6, 20> code;
};
HANGU_STRUCT(SecondStep, code)

// One of the two.
struct StepUp {
    std::optional<Secret> password;
    std::optional<Text<6, 20>> code;
};
HANGU_STRUCT(StepUp, password, code)

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
    SessionMe session;
};
HANGU_STRUCT(Me, staff, tenant, permissions, scope, password_set, password, second_factor, session)

}  // namespace hangu::identity
