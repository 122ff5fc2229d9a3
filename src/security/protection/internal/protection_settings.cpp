#include "security/protection/internal/protection_settings.hpp"

namespace hangu::protection {

std::vector<settings::Setting> settings() {
    return {
        {kSecondFactorScore.key, std::int64_t{40}, 10, 101, "",
         "A sign-in as unusual as this (0 to 100) needs a second factor; 101: never."},
        {kRefuseScore.key, std::int64_t{70}, 10, 101, "",
         "A sign-in as unusual as this is refused; 101: never."},
        {kAlertCount.key, std::int64_t{10}, 3, 1000, "",
         "Refused requests of one person within the window after which people are told."},
        {kEndSessionsCount.key, std::int64_t{20}, 3, 1000, "",
         "Refused requests of one person after which her sessions end."},
        {kLockCount.key, std::int64_t{50}, 3, 1000, "",
         "Refused requests of one person after which her account is locked."},
        {kWindowMinutes.key, std::int64_t{5}, 1, 60, "minutes",
         "The window in which refused requests are counted."},
        {kLedgerDays.key, std::int64_t{180}, 30, 1095, "days",
         "How long attempts to sign in and attacks are kept."},
        {kPlacesFile.key, std::string(), 0, 4096, "",
         "File of networks and their places (docs/operations/places-file.md); empty: places stay "
         "unknown. Read at start."},
    };
}

Result<void> check_settings(const settings::Snapshot& settings) {
    Problem problem = Problem::invalid("settings.invalid");
    const auto check = [&](settings::Key<std::int64_t> low, settings::Key<std::int64_t> high) {
        if (settings.get(low) > settings.get(high)) {
            problem.fields.push_back({std::string(high.key), "field.out_of_range",
                                      "must not be below " + std::string(low.key)});
        }
    };
    check(kSecondFactorScore, kRefuseScore);
    check(kAlertCount, kEndSessionsCount);
    check(kEndSessionsCount, kLockCount);
    return problem.fields.empty() ? Result<void>() : Result<void>(std::move(problem));
}

Thresholds thresholds_of(const settings::Snapshot& settings) {
    return {static_cast<int>(settings.get(kSecondFactorScore)),
            static_cast<int>(settings.get(kRefuseScore))};
}

ViolationLimits violation_limits_of(const settings::Snapshot& settings) {
    ViolationLimits limits;
    limits.window_ms = settings.get(kWindowMinutes) * kMinuteMs;
    limits.alert_count = settings.get(kAlertCount);
    limits.end_sessions_count = settings.get(kEndSessionsCount);
    limits.lock_count = settings.get(kLockCount);
    return limits;
}

}  // namespace hangu::protection
