#include "app/commands.hpp"
#include "base/json.hpp"

#include <fmt/format.h>

namespace hangu::app {

namespace {

struct TenantLine {
    std::string code;
    std::string name;
    tenant::State state = tenant::State::active;
    std::string state_reason;
    std::int64_t utc_offset_minutes = 0;
    Time created_at;
    TenantId id;
    std::string place;  // files, or a shard
};
HANGU_STRUCT(TenantLine, code, name, state, state_reason, utc_offset_minutes, created_at, id, place)

struct CreatedTenant {
    TenantId id;
    std::string code;
    std::string owner_login;
    std::string sign_in_token;
    Time sign_in_expires_at;
};
HANGU_STRUCT(CreatedTenant, id, code, owner_login, sign_in_token, sign_in_expires_at)

struct MadeLink {
    std::string token;
    Time expires_at;
};
HANGU_STRUCT(MadeLink, token, expires_at)

struct MadeKey {
    std::string id;
    std::string key;
};
HANGU_STRUCT(MadeKey, id, key)

Result<void> change_state(House& house, const Arguments& arguments, Output& output, bool freeze) {
    HANGU_TRY(const auto found, house.tenant_by_code(arguments.operands()[0]));
    HANGU_TRY(const std::string reason, arguments.required("reason"));
    HANGU_CHECK(freeze ? house.tenants->freeze(found->id, reason)
                       : house.tenants->thaw(found->id, reason));
    // The act stands in the tenant's own audit log, where its owner sees it.
    const http::Caller system = house.system_of(*found, "operator");
    HANGU_CHECK(http::run_use_case(
        *house.engine, house.world, system, storage::Work::write, [&](http::Scope& scope) {
            scope.audit({.action = freeze ? "tenant.frozen" : "tenant.thawed",
                         .subject_kind = "tenant",
                         .subject_id = found->id.text(),
                         .subject_label = found->code,
                         .fields = {{"reason", "", reason}}});
            return Result<void>();
        }));
    output.line(arguments.json()
                    ? fmt::format("{{\"code\":\"{}\",\"state\":\"{}\"}}", found->code,
                                  freeze ? "frozen" : "active")
                    : fmt::format("{} is now {}.", found->code, freeze ? "frozen" : "active"));
    return {};
}

}  // namespace

std::string code_of(const House& house, TenantId tenant) {
    const auto found = house.tenants->find(tenant);
    return found ? found->code : tenant.text();
}

Result<void> tenant_create(House& house, const Arguments& arguments, Output& output) {
    const std::string code = arguments.operands()[0];
    HANGU_TRY(const std::int64_t offset, arguments.number("utc-offset-minutes", 480, -840, 840));
    const std::string owner = arguments.value("owner", "owner");
    HANGU_TRY(const tenant::Tenant made,
              house.tenants->create(code, arguments.value("name", code), static_cast<int>(offset),
                                    arguments.value("on")));
    const http::Caller system = house.system_of(made, "operator");
    HANGU_TRY(const identity::SignInLink link,
              http::run_use_case(*house.engine, house.world, system, storage::Work::write,
                                 [&](http::Scope& scope) {
                                     return house.staff->create_owner(scope, owner, owner);
                                 }));
    const CreatedTenant created{made.id, made.code, owner, link.token, link.expires_at};
    output.line(arguments.json()
                    ? json::to_text(created)
                    : fmt::format("Tenant {} is open. Its owner \"{}\" signs in once with the "
                                  "link /#/welcome?token={} (good until {}).",
                                  made.code, owner, link.token, time_text(link.expires_at)));
    return {};
}

Result<void> tenant_list(House& house, const Arguments& arguments, Output& output) {
    std::vector<TenantLine> lines;
    for (const auto& one : house.tenants->list()) {
        if (one->id == tenant::kPlatformTenant) {
            continue;
        }
        lines.push_back({one->code, one->name, one->state, one->state_reason,
                         one->utc_offset_minutes, one->created_at, one->id,
                         house.engine->place_of(one->id)});
    }
    if (arguments.json()) {
        output.line(json::to_text(lines));
        return {};
    }
    output.line(
        fmt::format("{:<20} {:<8} {:<10} {:<24} {}", "CODE", "STATE", "PLACE", "OPENED", "NAME"));
    for (const TenantLine& line : lines) {
        output.line(fmt::format("{:<20} {:<8} {:<10} {:<24} {}", line.code, enum_text(line.state),
                                line.place, time_text(line.created_at), line.name));
    }
    return {};
}

Result<void> tenant_freeze(House& house, const Arguments& arguments, Output& output) {
    return change_state(house, arguments, output, true);
}

Result<void> tenant_thaw(House& house, const Arguments& arguments, Output& output) {
    return change_state(house, arguments, output, false);
}

Result<void> sign_in_link(House& house, const Arguments& arguments, Output& output) {
    HANGU_TRY(const std::string code, arguments.required("tenant"));
    HANGU_TRY(const auto found, house.tenant_by_code(code));
    HANGU_TRY(const std::int64_t minutes, arguments.number("minutes", 60, 1, 1440));
    const std::string login = arguments.value("login", "owner");
    const http::Caller system = house.system_of(*found, "operator");
    HANGU_TRY(
        const identity::SignInLink link,
        http::run_use_case(
            *house.engine, house.world, system, storage::Work::write,
            [&](http::Scope& scope) -> Result<identity::SignInLink> {
                const auto account = house.identity->find_by_login(scope.tx(), login);
                if (!account) {
                    return Problem::not_found("staff.not_found", "nobody signs in as " + login);
                }
                return house.identity->make_sign_in_link(scope, account->id, minutes * kMinuteMs);
            }));
    const MadeLink made{link.token, link.expires_at};
    output.line(arguments.json() ? json::to_text(made)
                                 : fmt::format("/#/welcome?token={} (good until {})", made.token,
                                               time_text(made.expires_at)));
    return {};
}

Result<void> key_create(House& house, const Arguments& arguments, Output& output) {
    HANGU_TRY(const std::string code, arguments.required("tenant"));
    HANGU_TRY(const auto found, house.tenant_by_code(code));
    const std::string codes = arguments.value("permissions", "product.view,order.view,order.place");
    std::vector<std::string> permissions;
    for (const std::string_view one : split(codes, ',')) {
        if (!house.permissions.bit(one)) {
            return Problem::invalid("permission.unknown",
                                    fmt::format("\"{}\" is no permission; see hangu docs "
                                                "permissions",
                                                one));
        }
        permissions.emplace_back(one);
    }
    const http::Caller system = house.system_of(*found, "operator");
    HANGU_TRY(const open_api::NewKey made,
              http::run_use_case(*house.engine, house.world, system, storage::Work::write,
                                 [&](http::Scope& scope) {
                                     return house.open_api->create(
                                         scope, arguments.value("name", "application"), permissions,
                                         "");
                                 }));
    const MadeKey shown{made.key.id.text(), made.secret};
    output.line(arguments.json() ? json::to_text(shown) : made.secret);
    return {};
}

}  // namespace hangu::app
