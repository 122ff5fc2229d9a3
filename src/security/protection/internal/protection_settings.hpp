// The settings of this module by name.
#pragma once

#include "security/protection/module.hpp"

#include <cstdint>

namespace hangu::protection {

constexpr settings::Key<std::int64_t> kSecondFactorScore{"protection.second_factor_score"};
constexpr settings::Key<std::int64_t> kRefuseScore{"protection.refuse_score"};
constexpr settings::Key<std::int64_t> kAlertCount{"protection.refusals_alert"};
constexpr settings::Key<std::int64_t> kEndSessionsCount{"protection.refusals_end_sessions"};
constexpr settings::Key<std::int64_t> kLockCount{"protection.refusals_lock"};
constexpr settings::Key<std::int64_t> kWindowMinutes{"protection.refusals_minutes"};
constexpr settings::Key<std::int64_t> kLedgerDays{"protection.ledger_days"};

Thresholds thresholds_of(const settings::Snapshot& settings);
ViolationLimits violation_limits_of(const settings::Snapshot& settings);

}  // namespace hangu::protection
