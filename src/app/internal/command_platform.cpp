// The first of the platform's own people, and a way back in for them.
#include "app/commands.hpp"
#include "app/platform_realm.hpp"
#include "base/json.hpp"

#include <fmt/format.h>

namespace hangu::app {

namespace {

struct FirstOperator {
    std::string login;
    std::string sign_in_token;
    Time sign_in_expires_at;
};
HANGU_STRUCT(FirstOperator, login, sign_in_token, sign_in_expires_at)

}  // namespace

// Repeatable: who is there gets a new link.
Result<void> platform_init(House& house, const Arguments& arguments, Output& output) {
    HANGU_TRY(const std::int64_t minutes, arguments.number("minutes", 60, 1, 1440));
    HANGU_TRY(const std::int64_t offset, arguments.number("utc-offset-minutes", 480, -840, 840));
    const std::string login = arguments.value("login", "operator");
    HANGU_TRY(const tenant::Tenant made, house.tenants->create_platform(static_cast<int>(offset)));
    PlatformRealm& realm = *house.platform;
    const http::Caller system = http::system_caller(made.id, "operator", realm.permissions,
                                                    static_cast<int>(made.utc_offset_minutes));
    HANGU_TRY(const identity::SignInLink link,
              http::run_use_case(*house.engine, realm.world, system, storage::Work::write,
                                 [&](http::Scope& scope) -> Result<identity::SignInLink> {
                                     const auto account =
                                         realm.identity.find_by_login(scope.tx(), login);
                                     return account ? realm.identity.make_sign_in_link(
                                                          scope, account->id, minutes * kMinuteMs)
                                                    : realm.staff.create_owner(scope, login, login);
                                 }));
    const FirstOperator first{login, link.token, link.expires_at};
    output.line(arguments.json()
                    ? json::to_text(first)
                    : fmt::format("/#/welcome?token={} (good until {})", first.sign_in_token,
                                  time_text(first.sign_in_expires_at)));
    return {};
}

}  // namespace hangu::app
