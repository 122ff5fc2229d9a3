// Codes by text message: asking for one, and giving it.
#include "base/text.hpp"
#include "platform/http/network.hpp"
#include "security/identity/internal/text_sign_in.hpp"
#include "security/identity/internal/token.hpp"
#include "security/identity/internal/waiting.hpp"
#include "security/identity/internal/waiting_routes.hpp"

#include <charconv>

namespace hangu::identity {

namespace {

using http::PathParameters;
using http::Request;
using http::Response;

constexpr int kNetworkMax = 10;  // in 15 minutes

Response asked_response(const Identity::State& state, const TextCodeAsked& asked,
                        const std::string& token) {
    Response response = http::json_response(200, json::to_text(asked));
    response.headers.push_back(
        {"set-cookie", cookie_header(state.cookies.text, token, asked.lifetime_seconds)});
    return response;
}

// When codes were asked for, as a note for the other nodes.
std::string times_text(const std::vector<Time>& times) {
    std::string text;
    for (const Time time : times) {
        text += std::to_string(time.unix_ms()) + " ";
    }
    return text;
}

std::vector<Time> times_of(std::string_view text) {
    std::vector<Time> times;
    for (const std::string_view word : split(text, ' ')) {
        std::int64_t ms = 0;
        if (std::from_chars(word.data(), word.data() + word.size(), ms).ec == std::errc()) {
            times.emplace_back(ms);
        }
    }
    return times;
}

// At a merchant that does not exist, which any node may be asked about: whichever answers, it must
// answer as one node would. Two at the same moment may not see each other.
Task<bool> may_ask_nowhere(Identity::State* state, std::string key, TextLimits limits) {
    const Time now = state->world.clock->now();
    if (!state->text_pauses.ask(key, limits, now)) {
        co_return false;
    }
    if (state->shared == nullptr) {
        co_return true;
    }
    shared_state::Notes& notes = state->shared->notes();
    const std::string_view space =
        state->options.realm == http::Realm::platform ? "platform_text_pause" : "text_pause";
    std::function<void(std::function<void(shared_state::Note)>)> get =
        [&](std::function<void(shared_state::Note)> answer) {
            notes.get(space, key, std::move(answer));
        };
    const shared_state::Note note =
        co_await runtime::from_callback<shared_state::Note>(std::move(get));
    std::vector<Time> asked = times_of(note.value.value_or(""));
    std::erase_if(asked, [now](Time at) { return at <= now.plus_ms(-kDayMs); });
    if (wait_for_text_ms(asked, limits, now) > 0) {
        co_return false;
    }
    asked.insert(asked.begin(), now);
    const std::string text = times_text(asked);
    std::function<void(std::function<void(bool)>)> put = [&](std::function<void(bool)> answer) {
        notes.put(space, key, text, kDayMs, std::move(answer));
    };
    co_await runtime::from_callback<bool>(std::move(put));
    co_return true;
}

// A merchant that does not exist, or is frozen, answers like one where nobody has the phone.
Task<Result<Response>> ask(Identity::State* state, Request request, PathParameters path) {
    HANGU_CO_TRY(const AskTextCode input, http::detail::read_input<AskTextCode>(request, path));
    if (!are_texts_sent(*state)) {
        co_return Problem::unavailable("text_code.off");
    }
    const Client client = client_of(*state, request, "session.ask_text_code");
    const std::string network = http::network_of(client.address);
    Throttle::Claim claim{"texts " + (network.empty() ? client.address : network), kNetworkMax};
    AttemptFrom attempt = co_await attempt_from(state, std::move(claim));
    if (!attempt.reserved()) {
        co_return Problem::limited("session.throttled");
    }
    attempt.failed();  // every asking counts
    const auto tenant = state->tenants.find_by_code(lower_ascii(input.tenant_code));
    const TenantId tenant_id = tenant ? tenant->id : TenantId();
    const std::string token = make_token(tenant_id, *state->world.randomness);
    if (!tenant || tenant->state != tenant::State::active) {
        const auto settings = state->world.settings->snapshot();
        const std::string key = lower_ascii(input.tenant_code) + " " + input.phone.plain();
        const bool may_ask = co_await may_ask_nowhere(state, key, text_limits(*settings));
        if (!may_ask) {
            co_return Problem::limited("text_code.too_soon");
        }
        co_return asked_response(*state, text_code_asked(*settings), token);
    }
    std::function<Result<TextCodeAsked>(http::Scope&)> work = [state, input, client,
                                                               token](http::Scope& scope) {
        return ask_text_code(*state, scope, input, client, token);
    };
    http::Caller nobody = caller_of(*tenant, nullptr);
    Result<TextCodeAsked> asked =
        co_await run_scope<TextCodeAsked>(state, std::move(nobody), client, std::move(work));
    HANGU_CO_CHECK(asked);
    co_return asked_response(*state, *asked, token);
}

Task<Result<Response>> give(Identity::State* state, Request request, PathParameters path) {
    HANGU_CO_TRY(const GiveTextCode input, http::detail::read_input<GiveTextCode>(request, path));
    const Client client = client_of(*state, request, "session.open_with_text_code");
    const auto tenant_id = tenant_of_token(client.text_cookie);
    const auto tenant = tenant_id ? state->tenants.find(*tenant_id) : nullptr;
    Throttle::Claim claim = address_claim(*state, client.address);
    AttemptFrom attempt = co_await attempt_from(state, std::move(claim));
    if (!attempt.reserved() && client.device_cookie.empty()) {
        co_return Problem::limited("session.throttled");
    }
    if (!tenant || tenant->state != tenant::State::active) {
        attempt.failed();
        co_return Problem::unauthenticated("text_code.expired");
    }
    std::function<Result<Entered>(http::Scope&)> open = [state, client, input](http::Scope& scope) {
        return sign_in_with_text_code(*state, scope, input, client);
    };
    http::Caller nobody = caller_of(*tenant, nullptr);
    Result<Entered> entered =
        co_await run_scope<Entered>(state, std::move(nobody), client, std::move(open));
    if (!entered.ok() || entered->refused) {
        attempt.failed();
    }
    HANGU_CO_CHECK(entered);
    co_return entered_response(*state, *entered, request);
}

Task<Result<Response>> ways(Identity::State* state) {
    WaysIn ways;
    ways.text = are_texts_sent(*state);
    ways.platform = state->options.realm == http::Realm::platform;
    co_return http::json_response(200, json::to_text(ways));
}

}  // namespace

void add_waiting_text_routes(http::Routes& routes, Identity& identity) {
    Identity::State* state = &identity.state();
    http::RouteEntry entry;
    entry.route = {.name = "session.ways",
                   .method = "GET",
                   .path = "/api/v1/session/ways",
                   .guard = http::Guard::open,
                   .per_minute_max = 300,
                   .summary = "Which ways to sign in there are",
                   .tag = "session"};
    entry.output_schema = [](json::Schemas& schemas) {
        return json::Codec<WaysIn>::schema(schemas);
    };
    entry.handle_waiting = [state](Request, PathParameters) { return ways(state); };
    routes.add_entry(std::move(entry));
    routes.add_waiting<TextCodeAsked, AskTextCode>({.name = "session.ask_text_code",
                                                    .method = "POST",
                                                    .path = "/api/v1/session/text-code",
                                                    .guard = http::Guard::open,
                                                    .per_minute_max = 60,
                                                    .body_bytes_max = 1024,
                                                    .summary = "Ask for a code by text message",
                                                    .tag = "session"},
                                                   [state](Request request, PathParameters path) {
                                                       return ask(state, std::move(request),
                                                                  std::move(path));
                                                   });
    routes.add_waiting<Me, GiveTextCode>(
        {.name = "session.open_with_text_code",
         .method = "POST",
         .path = "/api/v1/session/text-code/sign-in",
         .guard = http::Guard::open,
         .per_minute_max = 120,
         .body_bytes_max = 1024,
         .summary = "Sign in with the code that came by text message",
         .tag = "session"},
        [state](Request request, PathParameters path) {
            return give(state, std::move(request), std::move(path));
        });
}

}  // namespace hangu::identity
