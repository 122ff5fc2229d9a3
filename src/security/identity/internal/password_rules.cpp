#include "security/identity/internal/password_rules.hpp"

#include "base/text.hpp"
#include "security/identity/internal/common_passwords.hpp"
#include "security/identity/internal/identity_settings.hpp"

#include <algorithm>
#include <array>

namespace hangu::identity {

namespace {

constexpr std::size_t kContextCharactersMin = 3;  // a shorter name stands in many a good password
constexpr std::size_t kPhoneTailDigits = 4;
constexpr std::size_t kModernCharactersAlone = 15;  // NIST SP 800-63B-4 3.1.1.2
constexpr std::size_t kModernCharactersBeside = 8;  // with a second factor

// What people choose when made to mix classes. Compared in lower case, as a part of the password.
constexpr std::array<std::string_view, 48> kCommon = {
    "password", "passw0rd",      "p@ssword", "p@ssw0rd",  "pa$$word",  "qwerty",   "qwertyui",
    "qwer1234", "asdf1234",      "asdfgh",   "zxcvbn",    "1qaz2wsx",  "1q2w3e4r", "q1w2e3r4",
    "abc123",   "abcd1234",      "a1b2c3d4", "abc12345",  "aa123456",  "a123456",  "123456",
    "12345678", "87654321",      "654321",   "11111111",  "88888888",  "66666666", "00000000",
    "5201314",  "1314520",       "iloveyou", "woaini",    "welcome1",  "letmein",  "changeme",
    "admin123", "administrator", "root123",  "guest123",  "test1234",  "hangu123", "zaq12wsx",
    "qazwsx",   "dragon12",      "monkey12", "sunshine1", "princess1", "1234qwer"};

int classes_of(std::string_view password) {
    bool lower = false;
    bool upper = false;
    bool digit = false;
    bool other = false;
    for (const char c : password) {
        lower = lower || (c >= 'a' && c <= 'z');
        upper = upper || (c >= 'A' && c <= 'Z');
        digit = digit || (c >= '0' && c <= '9');
        const bool plain =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        other = other || !plain;
    }
    return int{lower} + int{upper} + int{digit} + int{other};
}

bool contains(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

bool has_context(std::string_view lower_password, std::string_view word) {
    return count_characters(word) >= kContextCharactersMin &&
           contains(lower_password, lower_ascii(word));
}

}  // namespace

bool is_login_name(std::string_view text) {
    const auto letter_or_digit = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    };
    return text.size() >= 2 && text.size() <= 64 && letter_or_digit(text.front()) &&
           std::all_of(text.begin(), text.end(), [&](char c) {
               return letter_or_digit(c) || c == '.' || c == '_' || c == '@' || c == '-';
           });
}

PasswordPolicy password_policy(const settings::Snapshot& settings, bool second_factor) {
    PasswordPolicy policy;
    if (parse_enum<PasswordProfile>(settings.get(kPasswordProfile)) == PasswordProfile::modern) {
        policy.profile = PasswordProfile::modern;
        policy.characters_min = second_factor ? kModernCharactersBeside : kModernCharactersAlone;
        policy.classes_min = 1;
        policy.history_count = 1;
        return policy;
    }
    policy.age_ms_max = settings.get(kPasswordDays) * kDayMs;
    policy.warn_ms = settings.get(kPasswordWarnDays) * kDayMs;
    policy.age_ms_min = settings.get(kPasswordHoursMin) * kHourMs;
    return policy;
}

crypto::PasswordCost password_cost(http::Realm realm) {
    constexpr std::uint32_t kMerchantKib = 19 * 1024;
    constexpr std::uint32_t kPlatformKib = 64 * 1024;
    if (realm == http::Realm::platform) {
        return {kPlatformKib, 3, 1};
    }
    return {kMerchantKib, 2, 1};
}

Result<void> check_new_password(const Secret& password, const PasswordPolicy& policy,
                                const PasswordContext& context) {
    const std::string_view text = password.expose();
    Problem problem = Problem::invalid("input.invalid");
    const auto complain = [&problem](std::string_view code, std::string detail) {
        problem.fields.push_back({"new_password", std::string(code), std::move(detail)});
    };
    const std::size_t characters = is_utf8(text) ? count_characters(text) : 0;
    if (characters < policy.characters_min) {
        complain("password.too_short",
                 "at least " + std::to_string(policy.characters_min) + " characters");
    }
    if (characters > policy.characters_max) {
        complain("password.too_long",
                 "at most " + std::to_string(policy.characters_max) + " characters");
    }
    if (classes_of(text) < policy.classes_min) {
        complain("password.too_simple",
                 "at least three of: lower case, upper case, digits, other characters");
    }
    std::string lower = lower_ascii(text);
    if (has_context(lower, context.login_name) || has_context(lower, context.tenant_code) ||
        has_context(lower, context.tenant_name)) {
        complain("password.has_name", "must not contain the login name or the merchant's name");
    }
    if (context.phone.size() >= kPhoneTailDigits &&
        contains(lower,
                 std::string_view(context.phone).substr(context.phone.size() - kPhoneTailDigits))) {
        complain("password.has_phone", "must not contain the end of the phone number");
    }
    const bool common =
        std::any_of(kCommon.begin(), kCommon.end(),
                    [&lower](std::string_view part) { return contains(lower, part); }) ||
        is_common_password(lower);
    if (common) {
        complain("password.common", "contains what everybody would try first");
    }
    std::fill(lower.begin(), lower.end(), '\0');
    if (!problem.fields.empty()) {
        return problem;
    }
    return {};
}

std::optional<Time> password_ends_at(const PasswordPolicy& policy, std::optional<Time> set_at) {
    if (!set_at || policy.age_ms_max == 0) {
        return std::nullopt;
    }
    return set_at->plus_ms(policy.age_ms_max);
}

PasswordState password_state(const PasswordPolicy& policy, std::optional<Time> set_at, Time now) {
    if (!set_at) {
        return PasswordState::none;
    }
    const std::optional<Time> end = password_ends_at(policy, set_at);
    if (!end || now < end->plus_ms(-policy.warn_ms)) {
        return PasswordState::good;
    }
    return now < *end ? PasswordState::expiring : PasswordState::expired;
}

}  // namespace hangu::identity
