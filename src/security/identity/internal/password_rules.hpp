// What a login name and a password may be, and how long it lasts. Pure. Two profiles: "mlps3"
// (GB/T 22239 level 3 wants complexity and periodic change) and "modern" (NIST SP 800-63B-4 forbids
// both and wants length).
#pragma once

#include "base/describe.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"
#include "platform/crypto/crypto.hpp"
#include "platform/http/caller.hpp"
#include "platform/settings/settings.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hangu::identity {

enum class PasswordProfile { mlps3, modern };
HANGU_ENUM(PasswordProfile, mlps3, modern)

struct PasswordPolicy {
    PasswordProfile profile = PasswordProfile::mlps3;
    std::size_t characters_min = 10;
    std::size_t characters_max = 128;
    int classes_min = 3;
    std::size_t history_count = 5;  // with the present one
    std::int64_t age_ms_max = 0;    // 0: no end
    std::int64_t warn_ms = 0;       // before the end
    std::int64_t age_ms_min = 0;    // before the next change
};

// `second_factor`: the password is not the only thing asked for.
PasswordPolicy password_policy(const settings::Snapshot& settings, bool second_factor);

// What a hash costs in each realm (OWASP's floor for merchants, three times the work and memory for
// those who may do everything).
crypto::PasswordCost password_cost(http::Realm realm);

// Lower case [a-z0-9][a-z0-9._@-]{1,63}.
bool is_login_name(std::string_view text);

// What may not be part of the password, because others know it.
struct PasswordContext {
    std::string login_name;
    std::string tenant_code;
    std::string tenant_name;
    std::string phone;  // national form; its last four digits count
};

// All faults at once, as problems of the field new_password.
Result<void> check_new_password(const Secret& password, const PasswordPolicy& policy,
                                const PasswordContext& context);

enum class PasswordState { none, good, expiring, expired };
HANGU_ENUM(PasswordState, none, good, expiring, expired)
PasswordState password_state(const PasswordPolicy& policy, std::optional<Time> set_at, Time now);
// When the password must be changed; none: never.
std::optional<Time> password_ends_at(const PasswordPolicy& policy, std::optional<Time> set_at);

}  // namespace hangu::identity
