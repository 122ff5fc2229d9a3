// Signing in with a passkey. The question is open to everybody and says nothing about accounts: the
// authenticator itself knows whose passkeys it holds for this site. A browser that was asked by
// password or link first gets the passkeys of that account named.
#include "base/text.hpp"
#include "security/identity/internal/passkeys.hpp"
#include "security/identity/internal/token.hpp"
#include "security/identity/internal/waiting.hpp"
#include "security/identity/internal/waiting_routes.hpp"

namespace hangu::identity {

namespace {

using http::PathParameters;
using http::Request;
using http::Response;

constexpr std::size_t kCookieBytes = 24;

Response question_response(const PasskeyQuestion& question) {
    return http::json_response(200, json::to_text(question));
}

// ---- POST /session/passkey/question

Task<Result<Response>> ask_anybody(Identity::State* state, Request request) {
    const auto snapshot = state->world.settings->snapshot();
    HANGU_CO_TRY(const Site site, site_of_console(*snapshot, request.host));
    Randomness& randomness = *state->world.randomness;
    const std::string cookie = to_base64url(randomness.bytes(kCookieBytes));
    PasskeyQuestion question;
    question.challenge =
        state->challenges.make(sign_in_purpose(cookie), state->world.clock->now(), randomness);
    question.site = site.id;
    Response response = question_response(question);
    response.headers.push_back(
        {"set-cookie", cookie_header(state->cookies.passkey, cookie, kFlowMs / kSecondMs)});
    co_return response;
}

// ---- POST /session/passkey

using FoundAccount = std::optional<AccountRow>;

// Whose passkey it says to be; the answer's own proof comes later.
Result<FoundAccount> account_of_passkey(storage::Tx& tx, const PasskeyProof& proof) {
    const auto id = from_base64url(proof.credential);
    const auto passkey = id ? PasskeyStore(tx).find(*id) : std::nullopt;
    return passkey ? IdentityStore(tx).find(passkey->account_id) : FoundAccount();
}

std::shared_ptr<const tenant::Tenant> tenant_of(const Identity::State& state,
                                                const PasskeyProof& proof) {
    const auto handle = proof.user_handle ? from_base64url(*proof.user_handle) : std::nullopt;
    const auto id = handle ? tenant_of_user_handle(*handle) : std::nullopt;
    return id ? state.tenants.find(*id) : nullptr;
}

Task<Result<Response>> open_with_passkey(Identity::State* state, Request request,
                                         PathParameters path) {
    HANGU_CO_TRY(const PasskeyProof proof, http::detail::read_input<PasskeyProof>(request, path));
    const Client client = client_of(*state, request, "session.open_with_passkey");
    Throttle::Claim claim = address_claim(*state, client.address);
    AttemptFrom attempt = co_await attempt_from(state, std::move(claim));
    if (!attempt.reserved()) {
        co_return Problem::limited("session.throttled");
    }
    const auto tenant = tenant_of(*state, proof);
    if (!tenant) {
        attempt.failed();
        co_return Problem::unauthenticated(std::string(kPasskeyRefused));
    }
    http::TxJob<FoundAccount>::Body find = [proof](storage::Tx& tx) {
        return account_of_passkey(tx, proof);
    };
    Result<FoundAccount> found =
        co_await run_tx<FoundAccount>(state, tenant->id, storage::Work::read, std::move(find));
    HANGU_CO_TRY(const FoundAccount account, std::move(found));
    Result<Entered> entered = Problem::unauthenticated(std::string(kPasskeyRefused));
    if (account) {
        std::function<Result<Entered>(http::Scope&)> open = [state, client, proof,
                                                             tenant](http::Scope& scope) {
            Result<Entered> done = sign_in_with_passkey(*state, scope, proof, client);
            const bool frozen = done.ok() && tenant->state != tenant::State::active;
            return frozen ? Result<Entered>(Problem::forbidden("tenant.frozen")) : std::move(done);
        };
        http::Caller caller = caller_of(*tenant, &*account);
        entered = co_await run_scope<Entered>(state, std::move(caller), client, std::move(open));
    }
    if (entered.ok()) {
        if (entered->refused) {
            attempt.failed();
        }
        co_return entered_response(*state, *entered, request);
    }
    if (entered.problem().code == kPasskeyRefused) {
        attempt.failed();
        Failure failure;
        failure.method = "passkey";
        failure.account = account ? std::optional(account->id) : std::nullopt;
        http::Caller nobody = caller_of(*tenant, nullptr);
        Result<Nothing> recorded =
            co_await refuse(state, std::move(nobody), client, std::move(failure));
        HANGU_CO_CHECK(std::move(recorded));
    }
    co_return std::move(entered).problem();
}

// ---- POST /session/second-factor/passkey

Task<Result<Response>> ask_in_second_step(Identity::State* state, Request request) {
    const Client client = client_of(*state, request, "session.ask_second_passkey");
    const auto snapshot = state->world.settings->snapshot();
    HANGU_CO_TRY(const Site site, site_of_console(*snapshot, request.host));
    const auto tenant_id = tenant_of_token(client.step_cookie);
    const auto tenant = tenant_id ? state->tenants.find(*tenant_id) : nullptr;
    if (!tenant) {
        co_return Problem::unauthenticated("second_factor.expired");
    }
    http::TxJob<PasskeyQuestion>::Body ask = [state, site,
                                              client](storage::Tx& tx) -> Result<PasskeyQuestion> {
        const auto flow = FactorStore(tx).find_flow(token_hash(client.step_cookie));
        if (!flow) {
            return Problem::unauthenticated("second_factor.expired");
        }
        return ask_passkey(*state, tx, site, second_step_purpose(client.step_cookie),
                           flow->account_id);
    };
    Result<PasskeyQuestion> asked =
        co_await run_tx<PasskeyQuestion>(state, tenant->id, storage::Work::read, std::move(ask));
    HANGU_CO_TRY(const PasskeyQuestion question, std::move(asked));
    co_return question_response(question);
}

http::RouteEntry question_entry(const http::Route& route) {
    http::RouteEntry entry;
    entry.route = route;
    entry.output_schema = [](json::Schemas& schemas) {
        return json::Codec<PasskeyQuestion>::schema(schemas);
    };
    return entry;
}

}  // namespace

void add_waiting_passkey_routes(http::Routes& routes, Identity& identity) {
    Identity::State* state = &identity.state();
    http::RouteEntry anybody =
        question_entry({.name = "session.ask_passkey",
                        .method = "POST",
                        .path = "/api/v1/session/passkey/question",
                        .guard = http::Guard::open,
                        .per_minute_max = 300,
                        .body_bytes_max = 1024,
                        .summary = "A question for whichever passkey the browser holds",
                        .tag = "session"});
    anybody.handle_waiting = [state](Request request, PathParameters) {
        return ask_anybody(state, std::move(request));
    };
    routes.add_entry(std::move(anybody));
    http::RouteEntry second =
        question_entry({.name = "session.ask_second_passkey",
                        .method = "POST",
                        .path = "/api/v1/session/second-factor/passkey",
                        .guard = http::Guard::open,
                        .per_minute_max = 120,
                        .body_bytes_max = 1024,
                        .summary = "A question for the passkeys of who gave the first factor",
                        .tag = "session"});
    second.handle_waiting = [state](Request request, PathParameters) {
        return ask_in_second_step(state, std::move(request));
    };
    routes.add_entry(std::move(second));
    routes.add_waiting<Me, PasskeyProof>({.name = "session.open_with_passkey",
                                          .method = "POST",
                                          .path = "/api/v1/session/passkey",
                                          .guard = http::Guard::open,
                                          .per_minute_max = 120,
                                          .body_bytes_max = 8192,
                                          .summary = "Sign in with a passkey",
                                          .tag = "session"},
                                         [state](Request request, PathParameters path) {
                                             return open_with_passkey(state, std::move(request),
                                                                      std::move(path));
                                         });
}

}  // namespace hangu::identity
