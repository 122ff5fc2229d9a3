// One's own passkeys: made, removed, and asked for before a sensitive act.
#include "security/identity/internal/passkeys.hpp"
#include "security/identity/internal/safety_routes.hpp"

namespace hangu::identity {

namespace {

using http::PathParameters;
using http::Request;
using http::Response;
using http::Scope;

struct PasskeyInput {
    PasskeyId passkey_id;
};
HANGU_STRUCT(PasskeyInput, passkey_id)

// These need the host by which the browser called, which is not part of a scope.
using Handler = std::function<Result<Response>(Scope&, const Request&, const PathParameters&)>;

template <class Output>
http::RouteEntry entry_of(const http::Route& route, Handler handle) {
    http::RouteEntry entry;
    entry.route = route;
    entry.success_status = http::detail::Answer<Output>::kStatus;
    entry.output_schema = [](json::Schemas& schemas) {
        return http::detail::Answer<Output>::schema(schemas);
    };
    entry.handle = std::move(handle);
    return entry;
}

void add_offer(http::Routes& routes, Identity::State& state) {
    routes.add_entry(entry_of<PasskeyOffer>(
        own_route("session.begin_passkey", "POST", "/api/v1/session/passkeys/offer",
                  "What the browser is asked to make a passkey of"),
        [&state](Scope& scope, const Request& request, const PathParameters&) -> Result<Response> {
            HANGU_TRY(const PasskeyOffer offer, begin_passkey(state, scope, request.host));
            return http::json_response(200, json::to_text(offer));
        }));
}

void add_adding(http::Routes& routes, Identity::State& state) {
    http::Route route = own_route("session.add_passkey", "POST", "/api/v1/session/passkeys",
                                  "Keep a passkey that the browser made");
    route.body_bytes_max = 8192;
    http::RouteEntry entry = entry_of<http::Created<PasskeyAdded>>(
        route,
        [&state](Scope& scope, const Request& request,
                 const PathParameters& path) -> Result<Response> {
            HANGU_TRY(const AddPasskey input, http::detail::read_input<AddPasskey>(request, path));
            HANGU_TRY(const PasskeyAdded added, add_passkey(state, scope, input, request.host));
            return http::json_response(201, json::to_text(added));
        });
    entry.input_schema = [](json::Schemas& schemas) {
        return json::Codec<AddPasskey>::schema(schemas);
    };
    routes.add_entry(std::move(entry));
}

void add_step_up_question(http::Routes& routes, Identity::State& state) {
    routes.add_entry(entry_of<PasskeyQuestion>(
        own_route("session.ask_step_up_passkey", "POST", "/api/v1/session/step-up/passkey",
                  "A question for one's own passkeys, before a sensitive act"),
        [&state](Scope& scope, const Request& request, const PathParameters&) -> Result<Response> {
            HANGU_TRY(const Site site, site_of_console(scope.settings(), request.host));
            const http::Caller& caller = scope.caller();
            const std::string purpose = proving_purpose(scope.tenant(), caller.session_id);
            const PasskeyQuestion question =
                ask_passkey(state, scope.tx(), site, purpose, StaffId(caller.actor_id));
            return http::json_response(200, json::to_text(question));
        }));
}

}  // namespace

void add_passkey_routes(http::Routes& routes, Identity& identity) {
    add_offer(routes, identity.state());
    add_adding(routes, identity.state());
    add_step_up_question(routes, identity.state());
    routes.add_with<http::NoContent, PasskeyInput>(
        own_route("session.remove_passkey", "DELETE", "/api/v1/session/passkeys/{passkey_id}",
                  "Remove one of one's own passkeys"),
        [](Scope& scope, const PasskeyInput& input) -> Result<http::NoContent> {
            HANGU_CHECK(remove_passkey(scope, input.passkey_id));
            return http::NoContent();
        });
}

}  // namespace hangu::identity
