// The settings of this module by name.
#pragma once

#include "platform/settings/settings.hpp"

#include <cstdint>
#include <string>

namespace hangu::identity {

constexpr settings::Key<std::int64_t> kIdleMinutes{"identity.session_idle_minutes"};
constexpr settings::Key<std::int64_t> kSessionHours{"identity.session_hours"};
constexpr settings::Key<std::int64_t> kLinkHours{"identity.link_hours"};
constexpr settings::Key<std::int64_t> kAccountAttemptsMax{"identity.account_attempts_max"};
constexpr settings::Key<std::int64_t> kAddressAttemptsMax{"identity.address_attempts_max"};
constexpr settings::Key<std::int64_t> kLockMinutes{"identity.lock_minutes"};
constexpr settings::Key<std::int64_t> kLockHoursMax{"identity.lock_hours_max"};
constexpr settings::Key<std::int64_t> kConsecutiveMax{"identity.consecutive_failures_max"};
constexpr settings::Key<std::int64_t> kFreshMinutes{"identity.fresh_minutes"};
constexpr settings::Key<std::int64_t> kDeviceDays{"identity.device_days"};
constexpr settings::Key<std::string> kPasswordProfile{"identity.password_profile"};
constexpr settings::Key<std::int64_t> kPasswordDays{"identity.password_days"};
constexpr settings::Key<std::int64_t> kPasswordWarnDays{"identity.password_warn_days"};
constexpr settings::Key<std::int64_t> kPasswordHoursMin{"identity.password_hours_min"};
constexpr settings::Key<std::int64_t> kTextMinutes{"identity.text_code_minutes"};
constexpr settings::Key<std::int64_t> kTextHourMax{"identity.text_codes_per_hour_max"};
constexpr settings::Key<std::int64_t> kTextDayMax{"identity.text_codes_per_day_max"};
constexpr settings::Key<std::int64_t> kTextTenantDayMax{"identity.text_codes_of_merchant_max"};
constexpr settings::Key<bool> kSecondFactorRequired{"identity.second_factor_required"};
constexpr settings::Key<bool> kSessionKeepsBrowser{"identity.session_keeps_browser"};
constexpr settings::Key<bool> kProofKeepsNetwork{"identity.proof_keeps_network"};
constexpr settings::Key<std::string> kPasskeySite{"identity.passkey_site"};

}  // namespace hangu::identity
