// GET and DELETE /api/v1/session, and the list of this module's routes.
#include "security/identity/internal/safety_routes.hpp"
#include "security/identity/internal/sign_in.hpp"
#include "security/identity/internal/waiting_routes.hpp"
#include "security/identity/module.hpp"

namespace hangu::identity {

namespace {

using http::Guard;
using http::Scope;
using http::Work;

Result<Me> view_session(Identity::State& state, Scope& scope) {
    const http::Caller& caller = scope.caller();
    const auto account = IdentityStore(scope.tx()).find(StaffId(caller.actor_id));
    if (!account) {
        return Problem::unauthenticated("session.required");
    }
    // What is said of the password changes with the time alone: this is not answered from memory.
    if (scope.now() >= caller.session_expires_at) {
        return Problem::unauthenticated("session.required");
    }
    const ActorGrants grants{caller.rights, caller.places, caller.rights_until};
    return me_of(state, scope.tx(), *account, grants, {caller.session_expires_at});
}

Result<http::Response> close_session(Identity::State& state, Scope& scope) {
    const SessionId session(scope.caller().session_id);
    IdentityStore(scope.tx()).end_session(session);
    http::AuditFact fact;
    fact.action = "session.closed";
    fact.subject_kind = "session";
    fact.subject_id = session.text();
    scope.audit(std::move(fact));
    scope.after_commit([&state, tenant = scope.tenant(), session] {
        state.callers.forget_record(tenant, session.value());
    });
    http::Response response;
    response.status = 204;
    response.set("set-cookie", ended_cookie_header(state.cookies.session));
    return response;
}

http::RouteEntry without_input(const http::Route& route) {
    http::RouteEntry entry;
    entry.route = route;
    return entry;
}

void add_view(http::Routes& routes, Identity::State& state) {
    http::RouteEntry entry = without_input({.name = "session.view",
                                            .method = "GET",
                                            .path = "/api/v1/session",
                                            .guard = Guard::signed_in,
                                            .work = Work::read,
                                            .summary = "Who is signed in, with what rights",
                                            .tag = "session"});
    entry.output_schema = [](json::Schemas& schemas) { return json::Codec<Me>::schema(schemas); };
    entry.handle = [&state](Scope& scope, const http::Request&,
                            const http::PathParameters&) -> Result<http::Response> {
        HANGU_TRY(const Me me, view_session(state, scope));
        return http::json_response(200, json::to_text(me));
    };
    routes.add_entry(std::move(entry));
}

void add_close(http::Routes& routes, Identity::State& state) {
    http::RouteEntry entry = without_input({.name = "session.close",
                                            .method = "DELETE",
                                            .path = "/api/v1/session",
                                            .guard = Guard::signed_in,
                                            .summary = "Sign out",
                                            .tag = "session"});
    entry.success_status = 204;
    entry.handle = [&state](Scope& scope, const http::Request&, const http::PathParameters&) {
        return close_session(state, scope);
    };
    routes.add_entry(std::move(entry));
}

}  // namespace

std::vector<http::PermissionNode> permissions() {
    return {};
}

void add_routes(http::Routes& routes, Identity& identity) {
    add_waiting_routes(routes, identity);
    add_view(routes, identity.state());
    add_close(routes, identity.state());
    add_safety_routes(routes, identity);
    add_passkey_routes(routes, identity);
}

}  // namespace hangu::identity
