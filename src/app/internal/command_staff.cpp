// What the operator does for people whom nobody in their own house can help.
#include "app/commands.hpp"

#include <fmt/format.h>

namespace hangu::app {

// The way out for an only owner who lost her phone. She signs in with a link afterwards.
Result<void> staff_remove_factors(House& house, const Arguments& arguments, Output& output) {
    HANGU_TRY(const std::string code, arguments.required("tenant"));
    HANGU_TRY(const std::string login, arguments.required("login"));
    HANGU_TRY(const std::string reason, arguments.required("reason"));
    HANGU_TRY(const auto found, house.tenant_by_code(code));
    const http::Caller system = house.system_of(*found, "operator");
    const Result<void> done = http::run_use_case(
        *house.engine, house.world, system, storage::Work::write,
        [&](http::Scope& scope) -> Result<void> {
            const auto account = house.identity->find_by_login(scope.tx(), login);
            if (!account) {
                return Problem::not_found("staff.not_found", "nobody signs in as " + login);
            }
            HANGU_CHECK(house.identity->remove_second_factors(scope, account->id));
            const std::int64_t ended = house.identity->end_sessions(scope, account->id);
            scope.audit(
                {.action = "staff.factors_removed",
                 .subject_kind = "staff",
                 .subject_id = account->id.text(),
                 .subject_label = login,
                 .fields = {{"reason", "", reason}, {"sessions", std::to_string(ended), "0"}}});
            return {};
        });
    HANGU_CHECK(done);
    output.line(arguments.json()
                    ? fmt::format("{{\"login\":\"{}\",\"second_factors\":0}}", login)
                    : fmt::format("The second factors and sessions of {} have ended.", login));
    return {};
}

}  // namespace hangu::app
