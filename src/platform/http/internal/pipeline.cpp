#include "platform/http/pipeline.hpp"

#include "platform/http/internal/answer_cache.hpp"
#include "platform/http/internal/gateway.hpp"
#include "platform/http/internal/router.hpp"
#include "platform/http/problem_response.hpp"
#include "platform/http/request_job.hpp"
#include "platform/http/request_watch.hpp"
#include "platform/http/waiting.hpp"
#include "platform/runtime/await.hpp"
#include "platform/shared_state/rate_limiter.hpp"
#include "platform/storage/owned_elsewhere.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hangu::http {

using shared_state::Admission;
using shared_state::rate_key;

namespace {

constexpr std::size_t kCachedAnswersBytesMax = std::size_t{32} << 20U;
constexpr std::int64_t kAnonymousPerMinuteMax = 600;  // per address, for routes without a session
constexpr std::int64_t kHintsPerMinuteMax = 20;       // lines of the log that one address may cause

// Scripts, styles and requests only from here; see docs/adr for why styles may be inline.
constexpr std::string_view kContentSecurityPolicy =
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; "
    "object-src 'none'; form-action 'self'";

struct RouteMeters {
    observe::Histogram* seconds = nullptr;
    std::array<observe::Counter*, 6> by_class{};  // 2xx at [2], …
};

bool is_unsafe(std::string_view method) {
    return method != "GET" && method != "HEAD" && method != "OPTIONS";
}

// Cookies travel by themselves, so what changes something must say that it comes from our own
// pages. Browsers send Origin on every such request; SameSite=Strict is the second lock.
Result<void> check_origin(const Request& request, bool from_cookie) {
    const std::string_view origin = request.header("origin");
    const std::string_view site = request.header("sec-fetch-site");
    const std::string own = (request.secure ? "https://" : "http://") + request.host;
    const bool origin_is_ours = origin == own;
    const bool says_same_site = origin.empty() && site == "same-origin";
    const bool no_browser = origin.empty() && site.empty() && !from_cookie;
    if (origin_is_ours || says_same_site || no_browser) {
        return {};
    }
    return Problem::forbidden("origin.refused");
}

// Only what could name one of our things is kept: the rest is whatever somebody typed.
std::string_view subject_of(const Match& match) {
    const bool is_id = !match.parameters.empty() && parse_id(match.parameters.front().second);
    return is_id ? std::string_view(match.parameters.front().second) : std::string_view();
}

// nginx repeats the request, with its body, at the named location of that node. Only it sees this.
constexpr std::string_view kSendOn = "x-accel-redirect";
constexpr std::string_view kNodeLocation = "@node_";

bool is_sent_on(const Response& response) {
    return std::any_of(response.headers.begin(), response.headers.end(),
                       [](const Header& header) { return header.name == kSendOn; });
}

bool is_owned_elsewhere(const std::exception_ptr& thrown) {
    try {
        std::rethrow_exception(thrown);
    } catch (const storage::OwnedElsewhere&) {
        return true;
    } catch (...) {
        return false;
    }
}

void set_security_headers(Response& response) {
    response.set("strict-transport-security", "max-age=31536000; includeSubDomains");
    response.set("x-content-type-options", "nosniff");
    response.set("referrer-policy", "same-origin");
    response.set("content-security-policy", kContentSecurityPolicy);
    response.set("cross-origin-opener-policy", "same-origin");
    response.set("cross-origin-resource-policy", "same-origin");
}

bool says_how_long(const Response& response) {
    return std::any_of(response.headers.begin(), response.headers.end(),
                       [](const Header& header) { return header.name == "cache-control"; });
}

}  // namespace

struct Pipeline::State {
    State(World& the_world, storage::Engine& the_engine, Gate& the_gate,
          std::vector<RouteEntry> entries, FileSet the_files)
        : world(the_world),
          engine(the_engine),
          gate(the_gate),
          router(std::move(entries)),
          files(std::move(the_files)) {}

    World& world;
    storage::Engine& engine;
    Gate& gate;
    Router router;
    FileSet files;
    shared_state::RateLimiter limiter;
    AnswerCache answers{kCachedAnswersBytesMax};
    std::int64_t rate_percent = 100;
    shared_state::RateCounters* shared_rates = nullptr;
    std::uint64_t listener_key = 0;
    std::string openapi;
    std::vector<RouteMeters> meters;
    observe::Counter* faults = nullptr;
    observe::Counter* sent_on = nullptr;
    RequestWatch* watch = nullptr;
    Ownership* ownership = nullptr;  // null: every tenant is served here
    std::function<bool()> ready;     // null: always

    void check_routes() const;
    void make_meters(observe::Metrics& metrics);
    Result<Admission> admit(const Route& route, const Request& request, RequestWork& work);
    Result<void> check_owner(TenantId tenant, bool hopped);
    bool within_rate(std::string_view identity, const Route& route, std::int64_t per_minute_max);
    Result<Admission> admit_address(const Route& route, const Request& request);
    Task<bool> asked_elsewhere(std::uint64_t key, std::int64_t per_minute);
    std::uint64_t address_key(const Route& route, const Request& request) const;
    std::int64_t address_rate(const Route& route) const;
    bool given_again(const Route& route, const Request& request, const RequestWork& work,
                     LaneAnswer& answer);
    void keep_for_again(const Route& route, const Request& request,
                        const std::shared_ptr<const settings::Snapshot>& settings,
                        const LaneAnswer& answer);
    Task<LaneAnswer> run_on_lane(RequestWork work);
    Task<Response> serve(const Request& request, const Match& match);
    Task<Result<Response>> run_waiting(RequestWork* work);
    Response encode(LaneAnswer& answer, const Request& request, const Route& route);
    Response fault(std::exception_ptr thrown, const Request& request, std::string_view route);
    Response send_on(const std::string& node, const Request& request);
    void log_hint(const Problem& problem, const Request& request, std::string_view route);
    void record_visit(const LaneAnswer& answer, const RequestWork& work, const Match& match,
                      int status);
    void tell_watch(const LaneAnswer& answer, const RequestWork& work, const Match& match,
                    int status, std::string_view code);
    Response other_than_routes(const Request& request, const Match& match);
};

Pipeline::Pipeline(World& world, storage::Engine& engine, Gate& gate,
                   std::vector<RouteEntry> routes, FileSet files, observe::Metrics& metrics,
                   std::int64_t rate_percent, SharedRates shared_rates)
    : state_(std::make_unique<State>(world, engine, gate, std::move(routes), std::move(files))) {
    state_->rate_percent = rate_percent;
    state_->shared_rates = shared_rates.counters;
    state_->listener_key = rate_key(shared_rates.listener, "listener");
    state_->watch = dynamic_cast<RequestWatch*>(world.audit);
    state_->check_routes();
    state_->make_meters(metrics);
    state_->openapi = openapi_document(state_->router.entries(), "1.0.0");
}

Pipeline::~Pipeline() = default;

void Pipeline::use_ownership(Ownership& ownership) {
    state_->ownership = &ownership;
}

void Pipeline::use_readiness(std::function<bool()> ready) {
    state_->ready = std::move(ready);
}

void Pipeline::State::check_routes() const {
    for (const RouteEntry& entry : router.entries()) {
        const Route& route = entry.route;
        const bool needs_permission =
            route.guard == Guard::tenant || route.guard == Guard::organisation;
        if (needs_permission && route.permission.code.empty()) {
            throw Bug(fmt::format("route {} names no permission", route.name));
        }
        if (!route.permission.code.empty() && !world.permissions->bit(route.permission.code)) {
            throw Bug(fmt::format("route {} names the unknown permission {}", route.name,
                                  route.permission.code));
        }
        if (static_cast<bool>(entry.handle) == static_cast<bool>(entry.handle_waiting)) {
            throw Bug(fmt::format("route {} needs exactly one handler", route.name));
        }
    }
}

void Pipeline::State::make_meters(observe::Metrics& metrics) {
    faults = &metrics.counter("http_faults_total", "Requests that ended in a fault (500).");
    sent_on = &metrics.counter("http_sent_on_total", "Requests that another node was to answer.");
    for (const RouteEntry& entry : router.entries()) {
        RouteMeters& made = meters.emplace_back();
        const std::string name(entry.route.name);
        made.seconds =
            &metrics.histogram("http_request_seconds", "From head to answer.", {{"route", name}});
        for (std::size_t i = 2; i < made.by_class.size(); ++i) {
            made.by_class[i] =
                &metrics.counter("http_requests_total", "Requests by route and class of answer.",
                                 {{"route", name}, {"status", fmt::format("{}xx", i)}});
        }
    }
}

// The way of a request.
Task<Response> Pipeline::handle(Request request) {
    State& state = *state_;
    // Route first: limits, realms and permission hang on it.
    const Match match = state.router.find(request.method, request.path);
    if (match.entry == nullptr) {
        Response response = state.other_than_routes(request, match);
        set_security_headers(response);
        co_return response;
    }
    Response response;
    std::exception_ptr thrown;
    try {
        response = co_await state.serve(request, match);
    } catch (...) {
        thrown = std::current_exception();
    }
    if (thrown) {
        response = state.fault(thrown, request, match.entry->route.name);
    }
    // The gateway keeps some headers of an answer that it sends on: those come from the other node.
    const bool sent_on = is_sent_on(response);
    if (!sent_on) {
        set_security_headers(response);
    }
    // Answers hang on who asks; only what is given without asking that may say otherwise.
    const bool says_itself = match.entry->route.guard == Guard::open && says_how_long(response);
    if (!sent_on && !says_itself) {
        response.set("cache-control", "no-store");
    }
    // Meter last: the answer is complete.
    const RouteMeters& meters = state.meters[match.index];
    const auto status_class = static_cast<std::size_t>(response.status / 100);
    if (status_class < meters.by_class.size() && meters.by_class[status_class] != nullptr) {
        meters.by_class[status_class]->add();
    }
    const std::int64_t spent_us = state.world.clock->monotonic_us() - request.received_us;
    meters.seconds->observe(static_cast<double>(spent_us) / 1e6);
    co_return response;
}

bool Pipeline::State::within_rate(std::string_view identity, const Route& route,
                                  std::int64_t per_minute_max) {
    return limiter.admit(rate_key(identity, route.name), per_minute_max * rate_percent / 100,
                         world.clock->monotonic_us());
}

// Throws what the engine would throw: the one fault boundary sends the request on.
Result<void> Pipeline::State::check_owner(TenantId tenant, bool hopped) {
    if (ownership == nullptr) {
        return {};
    }
    Whereabouts found = ownership->where(tenant, hopped);
    if (found.kind == Whereabouts::Kind::elsewhere) {
        throw storage::OwnedElsewhere(std::move(found.node));
    }
    const bool here = found.kind == Whereabouts::Kind::here;
    return here ? Result<void>() : Result<void>(Problem::unavailable("node.moving"));
}

std::uint64_t Pipeline::State::address_key(const Route& route, const Request& request) const {
    return (rate_key(request.remote_address, route.name) ^ listener_key) | 1U;
}

std::int64_t Pipeline::State::address_rate(const Route& route) const {
    return std::min(route.per_minute_max, kAnonymousPerMinuteMax) * rate_percent / 100;
}

// Who is nobody yet may ask any node, so the nodes count together when they share something; a
// session is served by one node, which counts alone.
Result<Admission> Pipeline::State::admit_address(const Route& route, const Request& request) {
    const std::uint64_t key = address_key(route, request);
    Admission known = Admission::refused;
    if (shared_rates != nullptr) {
        known = shared_rates->at_once(key, address_rate(route));
    } else if (limiter.admit(key, address_rate(route), world.clock->monotonic_us())) {
        known = Admission::admitted;
    }
    if (known == Admission::refused) {
        return Problem::limited("rate.limited");
    }
    return known;
}

Task<bool> Pipeline::State::asked_elsewhere(std::uint64_t key, std::int64_t per_minute) {
    std::function<void(std::function<void(bool)>)> start =
        [this, key, per_minute](std::function<void(bool)> answer) {
            shared_rates->ask(key, per_minute, std::move(answer));
        };
    const bool admitted = co_await runtime::from_callback<bool>(std::move(start));
    co_return admitted;
}

// What can be refused without the database, cheapest first.
Result<Admission> Pipeline::State::admit(const Route& route, const Request& request,
                                         RequestWork& work) {
    // Realm and tenant: from the credential alone, nothing is looked up yet.
    work.credential = gate.credential(request);
    if (route.guard == Guard::open) {
        // Public routes are limited by address; a cookie that rides along changes nothing.
        if (is_unsafe(request.method)) {
            HANGU_CHECK(check_origin(request, false));
        }
        return admit_address(route, request);
    }
    if (!work.credential) {
        return Problem::unauthenticated("session.required");
    }
    if ((static_cast<Realms>(work.credential->realm) & route.realms) == 0) {
        return Problem::forbidden("realm.wrong");
    }
    // Whose tenant: before anything that this node remembers of it is believed.
    HANGU_CHECK(check_owner(work.credential->tenant, is_hopped(request)));
    // Whom we know is named in the record of whatever is refused from here on.
    work.caller = gate.known(*work.credential, world.clock->now());
    // Cross-site requests: before anything that could act on the cookie.
    if (work.credential->from_cookie && is_unsafe(request.method)) {
        HANGU_CHECK(check_origin(request, true));
    }
    // Rate per session or key, so that one client's loop is its own problem.
    if (!within_rate(work.credential->key, route, route.per_minute_max)) {
        work.caller = nullptr;  // not recorded: it would fill the disk
        return Problem::limited("rate.limited");
    }
    // A known caller's missing permission is refused here; an unknown one's on the lane.
    if (work.caller) {
        HANGU_CHECK(check_route(route, *work.caller, *world.permissions));
    }
    if (route.idempotent) {
        HANGU_CHECK(check_idempotency_header(request));
    }
    return Admission::admitted;
}

Task<Response> Pipeline::State::serve(const Request& request, const Match& match) {
    const Route& route = match.entry->route;
    RequestWork work;
    work.world = &world;
    work.gate = &gate;
    work.entry = match.entry;
    work.request = &request;
    work.path = &match.parameters;
    Result<Admission> admitted = admit(route, request, work);
    if (admitted.ok() && admitted.value() == Admission::elsewhere) {
        const bool may = co_await asked_elsewhere(address_key(route, request), address_rate(route));
        if (!may) {
            admitted = Problem::limited("rate.limited");
        }
    }
    LaneAnswer answer;
    answer.caller = work.caller;
    if (!admitted.ok()) {
        log_hint(admitted.problem(), request, route.name);
        answer.result.emplace(std::move(admitted).problem());
    } else if (match.entry->handle_waiting) {
        Result<Response> waited = co_await run_waiting(&work);
        answer.caller = work.caller;
        answer.result.emplace(std::move(waited));
    } else if (route.guard == Guard::open) {
        throw Bug("public routes wait or are files");
    } else if (given_again(route, request, work, answer)) {
        // Nothing that the answer was read from has changed: no lane, no transaction.
    } else {
        const std::shared_ptr<const settings::Snapshot> settings = world.settings->snapshot();
        // Lane: begin, recognise, permission, idempotency, handler, audit and outbox, commit.
        RequestWork on_lane = work;
        answer = co_await run_on_lane(std::move(on_lane));
        if (answer.fault && is_owned_elsewhere(answer.fault)) {
            std::rethrow_exception(answer.fault);  // no visit: the owner records it
        }
        keep_for_again(route, request, settings, answer);
    }
    const bool refused = answer.result && !answer.result->ok();
    const std::string code = refused ? answer.result->problem().code : "";
    Response response = encode(answer, request, route);
    tell_watch(answer, work, match, response.status, code);
    record_visit(answer, work, match, response.status);
    co_return response;
}

// Strong reads without a body: their answer hangs on the tables, the caller, the target and the
// settings alone.
bool Pipeline::State::given_again(const Route& route, const Request& request,
                                  const RequestWork& work, LaneAnswer& answer) {
    if (route.work != Work::read || request.method != "GET" || !work.caller) {
        return false;
    }
    std::optional<Response> kept =
        answers.find(work.caller, request.target, world.settings->snapshot());
    if (!kept) {
        return false;
    }
    answer.result.emplace(*std::move(kept));
    return true;
}

void Pipeline::State::keep_for_again(const Route& route, const Request& request,
                                     const std::shared_ptr<const settings::Snapshot>& settings,
                                     const LaneAnswer& answer) {
    const bool same_settings = settings == world.settings->snapshot();
    if (same_settings && route.work == Work::read && request.method == "GET" &&
        answer.seen.versions && answer.caller && answer.result && answer.result->ok()) {
        answers.keep(answer.caller, request.target, settings, answer.seen, answer.result->value());
    }
}

Task<LaneAnswer> Pipeline::State::run_on_lane(RequestWork work) {
    const TenantId tenant = work.credential->tenant;
    const storage::Work kind = work.entry->route.work;
    std::function<void(std::function<void(LaneAnswer)>)> start =
        [this, &work, tenant, kind](std::function<void(LaneAnswer)> answer) {
            auto job = std::make_unique<RequestJob>(work, answer);
            if (!engine.submit(tenant, kind, std::move(job))) {
                LaneAnswer full;
                full.result.emplace(Problem::unavailable("server.busy"));
                answer(std::move(full));
            }
        };
    LaneAnswer answer = co_await runtime::from_callback<LaneAnswer>(std::move(start));
    co_return answer;
}

Response Pipeline::State::encode(LaneAnswer& answer, const Request& request, const Route& route) {
    if (answer.fault) {
        return fault(answer.fault, request, route.name);
    }
    HANGU_ASSERT(answer.result.has_value());
    if (answer.result->ok()) {
        return std::move(*answer.result).value();
    }
    const Problem& problem = answer.result->problem();
    if (!problem.note.empty()) {
        world.log->warning("request.refused", {{"route", route.name},
                                               {"code", problem.code},
                                               {"note", problem.note},
                                               {"trace", request.trace.trace}});
    }
    return problem_response(problem, request);
}

// The one fault boundary: what should not happen becomes a number that the log explains.
Response Pipeline::State::fault(std::exception_ptr thrown, const Request& request,
                                std::string_view route) {
    std::string what = "unknown";
    bool storage_fault = false;
    try {
        std::rethrow_exception(thrown);
    } catch (const storage::NoSuchTenant&) {
        return problem_response(Problem::unauthenticated("session.required"), request);
    } catch (const storage::OwnedElsewhere& caught) {
        return send_on(caught.node(), request);
    } catch (const storage::StorageFault& caught) {
        what = caught.what();
        storage_fault = true;
    } catch (const std::exception& caught) {
        what = caught.what();
    }
    const std::string incident = request.trace.trace.substr(0, 16);
    faults->add();
    world.log->error(
        "request.fault",
        {{"route", route}, {"what", what}, {"incident", incident}, {"trace", request.trace.trace}});
    if (storage_fault) {
        return problem_response(Problem::unavailable("storage.unavailable"), request, incident);
    }
    return fault_response(request, incident);
}

// Nothing was written, so the request may be made again at the owner. A request that was sent on
// once is not sent on again: two nodes that each take the other for the owner would never end.
Response Pipeline::State::send_on(const std::string& node, const Request& request) {
    sent_on->add();
    if (!is_by_gateway(request)) {
        return problem_response(Problem::unavailable("node.elsewhere"), request);
    }
    if (is_hopped(request)) {
        return problem_response(Problem::unavailable("node.moving"), request);
    }
    Response response;
    response.status = 421;
    response.set(kSendOn, std::string(kNodeLocation) + node);
    return response;
}

// Handlers that wait (password hashing) open their own transactions. Who asks, and whether she may,
// is known before they begin.
Task<Result<Response>> Pipeline::State::run_waiting(RequestWork* work) {
    const Route& route = work->entry->route;
    if (route.guard != Guard::open && !work->caller) {
        Credential credential = *work->credential;
        Result<CallerPointer> found =
            co_await recognised(&engine, world.clock, &gate, std::move(credential));
        HANGU_CO_TRY(work->caller, std::move(found));
        HANGU_CO_CHECK(check_route(route, *work->caller, *world.permissions));
    }
    Request copy = *work->request;
    PathParameters path = *work->path;
    Result<Response> waited =
        co_await work->entry->handle_waiting(std::move(copy), std::move(path));
    co_return waited;
}

// What no page of ours would send. Nobody may be known yet, so it goes to the log, and not more of
// it than somebody can read.
void Pipeline::State::log_hint(const Problem& problem, const Request& request,
                               std::string_view route) {
    const bool hints = problem.code == "origin.refused" || problem.code == "realm.wrong";
    if (hints && limiter.admit(rate_key(request.remote_address, "log.hint"), kHintsPerMinuteMax,
                               world.clock->monotonic_us())) {
        world.log->warning("request.refused", {{"route", route},
                                               {"code", problem.code},
                                               {"address", request.remote_address},
                                               {"origin", request.header("origin")},
                                               {"trace", request.trace.trace}});
    }
}

// What should be recorded is told apart from the recording, so that the two can be compared.
void Pipeline::State::tell_watch(const LaneAnswer& answer, const RequestWork& work,
                                 const Match& match, int status, std::string_view code) {
    if (watch == nullptr || !answer.caller || match.entry->route.guard == Guard::open) {
        return;
    }
    watch->answered({answer.caller.get(), match.entry->route.name, subject_of(match),
                     work.request->remote_address, status, code, world.clock->now()});
}

// Reads and refusals are recorded too, as visits; acts have their own record.
void Pipeline::State::record_visit(const LaneAnswer& answer, const RequestWork& work,
                                   const Match& match, int status) {
    if (answer.recorded || !work.credential || !answer.caller ||
        match.entry->route.guard == Guard::open) {
        return;
    }
    RequestFacts facts;
    facts.caller = answer.caller.get();
    facts.route = match.entry->route.name;
    facts.remote_address = work.request->remote_address;
    facts.trace = work.request->trace.trace;
    world.audit->visit(work.credential->tenant, facts, world.clock->now(), status,
                       subject_of(match));
}

Response Pipeline::State::other_than_routes(const Request& request, const Match& match) {
    if (match.path_known) {
        Response response = problem_response(Problem::invalid("method.not_allowed"), request);
        response.set("allow", match.allowed);
        return response;
    }
    const bool reads = request.method == "GET" || request.method == "HEAD";
    if (reads && request.path == kAlivePath) {
        return json_response(200, "{\"status\":\"ok\"}");
    }
    if (reads && request.path == kReadyPath) {
        return !ready || ready() ? json_response(200, "{\"status\":\"ready\"}")
                                 : json_response(503, "{\"status\":\"stopping\"}");
    }
    if (reads && request.path == "/openapi.json") {
        return json_response(200, openapi);
    }
    if (reads && request.path == "/api") {
        Response page;
        page.set("content-type", "text/html; charset=utf-8");
        page.body = api_page(router.entries());
        return page;
    }
    if (reads && !request.path.starts_with("/api/")) {
        if (const Response* file = files.find(request.path)) {
            return *file;
        }
    }
    return problem_response(Problem::not_found("route.not_found"), request);
}

std::size_t Pipeline::body_bytes_max(std::string_view method, std::string_view path) const {
    const Match match = state_->router.find(method, path);
    return match.entry == nullptr ? 0 : match.entry->route.body_bytes_max;
}

const std::vector<RouteEntry>& Pipeline::routes() const {
    return state_->router.entries();
}

const std::string& Pipeline::openapi() const {
    return state_->openapi;
}

}  // namespace hangu::http
