#include "security/identity/internal/identity_settings.hpp"

#include "security/identity/internal/password_rules.hpp"
#include "security/identity/module.hpp"

namespace hangu::identity {

std::vector<settings::Setting> settings() {
    return {
        {kIdleMinutes.key, std::int64_t{30}, 10, 240, "minutes",
         "A staff session ends after this time without a request."},
        {kSessionHours.key, std::int64_t{12}, 1, 24, "hours",
         "A staff session ends after this time, used or not."},
        {kLinkHours.key, std::int64_t{24}, 1, 168, "hours",
         "A single-use sign-in link is good for this time."},
        {kAccountAttemptsMax.key, std::int64_t{5}, 3, 10, "",
         "Wrong passwords of strangers, or of one known browser, per account in 15 minutes."},
        {kAddressAttemptsMax.key, std::int64_t{30}, 5, 10'000, "",
         "Wrong passwords per address in 15 minutes that are looked at."},
        {kLockMinutes.key, std::int64_t{15}, 1, 1440, "minutes",
         "How long an account rests for strangers after that; twice as long each time."},
        {kLockHoursMax.key, std::int64_t{24}, 1, 168, "hours", "The longest such rest."},
        {kConsecutiveMax.key, std::int64_t{100}, 10, 100, "",
         "Failures in a row after which strangers are locked out until somebody unlocks."},
        {kFreshMinutes.key, std::int64_t{5}, 1, 60, "minutes",
         "Sensitive acts need a password or code that was given within this time."},
        {kDeviceDays.key, std::int64_t{180}, 1, 400, "days",
         "How long a browser stays known to an account without a sign-in."},
        {kPasswordProfile.key, std::string("mlps3"), 5, 6, "",
         "Rules for passwords: mlps3 (complexity and periodic change) or modern (length)."},
        {kPasswordDays.key, std::int64_t{90}, 7, 365, "days",
         "Profile mlps3: a password must be changed after this time."},
        {kPasswordWarnDays.key, std::int64_t{14}, 0, 60, "days",
         "Profile mlps3: its owner is told this long before."},
        {kPasswordHoursMin.key, std::int64_t{24}, 0, 168, "hours",
         "Profile mlps3: a new password stays at least this long."},
        {kTextMinutes.key, std::int64_t{5}, 1, 10, "minutes",
         "A code by text message is good for this time."},
        {kTextHourMax.key, std::int64_t{5}, 1, 20, "",
         "Codes by text message to one phone within an hour."},
        {kTextDayMax.key, std::int64_t{10}, 1, 50, "",
         "Codes by text message to one phone within a day."},
        {kTextTenantDayMax.key, std::int64_t{2000}, 10, 1'000'000, "",
         "Codes by text message of a merchant within a day; then none is sent."},
        {kSecondFactorRequired.key, false, 0, 0, "",
         "Who has no second factor may only set one up."},
        {kSessionKeepsBrowser.key, true, 0, 0, "",
         "A session that turns up in another browser ends."},
        {kProofKeepsNetwork.key, true, 0, 0, "",
         "Sensitive acts ask again who it is when the network has changed since the last proof."},
        {kPasskeySite.key, std::string(), 0, 253, "",
         "The domain passkeys are made for; it or a host below it must serve the console. Empty: "
         "the host the console is called by."},
    };
}

Result<void> check_settings(const settings::Snapshot& settings) {
    if (!parse_enum<PasswordProfile>(settings.get(kPasswordProfile))) {
        Problem problem = Problem::invalid("settings.invalid");
        problem.fields.push_back(
            {std::string(kPasswordProfile.key), "field.unknown", "mlps3 or modern"});
        return problem;
    }
    return {};
}

Identity::Options options_of(http::Realm realm) {
    Identity::Options options;
    options.realm = realm;
    options.password_cost = password_cost(realm);
    return options;
}

}  // namespace hangu::identity
