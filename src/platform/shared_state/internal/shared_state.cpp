#include "platform/shared_state/shared_state.hpp"

#include "platform/runtime/runtime.hpp"
#include "platform/shared_state/internal/memory.hpp"
#include "platform/shared_state/internal/memory_streams.hpp"
#include "platform/shared_state/internal/redis_bells.hpp"
#include "platform/shared_state/internal/redis_ports.hpp"
#include "platform/shared_state/internal/redis_streams.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>

namespace hangu::shared_state {

namespace {

constexpr std::int64_t kRefusedAgainMs = kMinuteMs;  // a refusal is logged once in that time
// Threads of their own wait for streams, with batches of many entries.
constexpr std::int64_t kStreamMsMin = 2'000;

std::string name_of_process(Randomness& randomness) {
    std::string name;
    while (name.size() < RedisBells::kOwnBytes) {
        name += fmt::format("{:016x}", randomness.number());
    }
    return name.substr(0, RedisBells::kOwnBytes);
}

Meters meters_of(observe::Metrics& metrics) {
    return {metrics.counter("shared_state_commands_total", "Commands to the server."),
            metrics.counter("shared_state_failures_total", "Commands without a good answer."),
            metrics.counter("shared_state_degraded_uses_total",
                            "Uses that this node decided alone, or refused.")};
}

}  // namespace

// Everything that speaks with the server; only there when one is named.
struct Remote {
    Remote(SharedState::State& state, const Server& server, const SharedState::Options& options,
           const SharedState::Services& services);

    IoThread io;
    Link link;
    Core core;
    RedisRates rates;
    RedisAttempts attempts;
    RedisNonces nonces;
    RedisNotes notes;
    RedisLocks locks;
    RedisBells bells;
    RedisStreams streams;
};

struct SharedState::State {
    State(Options given, Services the_services)
        : options(std::move(given)),
          services(the_services),
          rates(services.clock),
          attempts(services.clock, options.attempts_count_max),
          nonces(services.clock, options.nonces_count_max),
          notes(services.clock, options.notes_count_max),
          locks(services.clock),
          streams(services.clock) {}

    const Options options;
    const Services services;
    MemoryRates rates;
    MemoryAttempts attempts;
    MemoryNonces nonces;
    MemoryNotes notes;
    MemoryBells bells;
    MemoryLocks locks;
    MemoryStreams streams;
    std::unique_ptr<Remote> remote;

    mutable std::mutex mutex;
    bool ever_told = false;
    bool stopping = false;
    Health health;
    Time refusal_logged_at;
    observe::Gauge* connected = nullptr;

    void changed(bool connected_now, const std::string& detail);
    void refused(const std::string& detail);
};

Remote::Remote(SharedState::State& state, const Server& server, const SharedState::Options& options,
               const SharedState::Services& services)
    : io(services.clock),
      link(server,
           {options.deadline_ms * 1000, options.waiting_count_max, options.back_off_ms_max * 1000,
            load_scripts()},
           services.clock, services.randomness, io,
           [&state](bool connected, const std::string& detail) {
               state.changed(connected, detail);
           }),
      core(link, options.prefix, options.name_key, meters_of(services.metrics)),
      rates(core, state.rates),
      attempts(core, state.attempts),
      nonces(core, state.nonces),
      notes(core, state.notes),
      locks(core),
      bells(core, server,
            {options.back_off_ms_max * 1000, options.poll_ms * 1000, options.heartbeat_ms * 1000},
            services.randomness, io, name_of_process(services.randomness)),
      streams(server, services.clock, options.prefix, std::max(options.deadline_ms, kStreamMsMin)) {
    core.set_on_refused([&state](const std::string& detail) { state.refused(detail); });
}

// Said once for each change, however often a connection is tried.
void SharedState::State::changed(bool connected_now, const std::string& detail) {
    bool tell = false;
    bool again = false;
    {
        const std::lock_guard lock(mutex);
        again = ever_told;
        tell = !stopping && (!ever_told || health.connected != connected_now);
        health.since = tell ? services.clock.now() : health.since;
        health.connected = connected_now;
        health.detail = detail;
        ever_told = true;
    }
    connected->set(connected_now ? 1 : 0);
    if (tell && connected_now) {
        services.log.info(again ? "shared.recovered" : "shared.connected", {{"server", detail}});
    } else if (tell) {
        services.log.warning("shared.degraded", {{"reason", detail}});
    }
}

// It is there and does not do what it is asked: no memory, no right, read-only.
void SharedState::State::refused(const std::string& detail) {
    const Time now = services.clock.now();
    {
        const std::lock_guard lock(mutex);
        if (now < refusal_logged_at.plus_ms(kRefusedAgainMs)) {
            return;
        }
        refusal_logged_at = now;
    }
    services.log.warning("shared.refused", {{"reason", detail}});
}

SharedState::SharedState(Options options, Services services)
    : state_(std::make_unique<State>(std::move(options), services)) {
    State& state = *state_;
    if (!state.options.server) {
        return;
    }
    state.connected = &services.metrics.gauge(
        "shared_state_connected", "1: the server of shared state is there; 0: it is lost.");
    state.health.shared = true;
    state.health.since = services.clock.now();
    state.health.detail = "not reached yet";
    state.remote = std::make_unique<Remote>(state, *state.options.server, state.options, services);
    state.remote->io.start({&state.remote->link, &state.remote->bells});
}

SharedState::~SharedState() {
    stop();
}

void SharedState::stop() {
    {
        const std::lock_guard lock(state_->mutex);
        state_->stopping = true;
    }
    state_->streams.stop();
    if (state_->remote) {
        state_->remote->streams.stop();
        state_->remote->io.stop();
    }
}

void SharedState::set_live_nodes(std::function<std::int64_t()> live_nodes) {
    if (state_->remote) {
        state_->remote->core.set_live_nodes(std::move(live_nodes));
    }
}

RateCounters& SharedState::rates() {
    return state_->remote ? static_cast<RateCounters&>(state_->remote->rates) : state_->rates;
}
Attempts& SharedState::attempts() {
    return state_->remote ? static_cast<Attempts&>(state_->remote->attempts) : state_->attempts;
}
Nonces& SharedState::nonces() {
    return state_->remote ? static_cast<Nonces&>(state_->remote->nonces) : state_->nonces;
}
Notes& SharedState::notes() {
    return state_->remote ? static_cast<Notes&>(state_->remote->notes) : state_->notes;
}
Bells& SharedState::bells() {
    return state_->remote ? static_cast<Bells&>(state_->remote->bells) : state_->bells;
}
Locks& SharedState::locks() {
    return state_->remote ? static_cast<Locks&>(state_->remote->locks) : state_->locks;
}
Streams& SharedState::streams() {
    return state_->remote ? static_cast<Streams&>(state_->remote->streams) : state_->streams;
}

Health SharedState::health() const {
    Health health;
    {
        const std::lock_guard lock(state_->mutex);
        health = state_->health;
    }
    if (state_->remote) {
        health.commands = state_->remote->core.commands();
        health.failures = state_->remote->core.failures();
        health.degraded_uses = state_->remote->core.degraded_uses();
    }
    return health;
}

void SharedState::settle_and_wait() {
    if (state_->remote) {
        state_->remote->link.wait_for_first_attempt();
    }
}

Result<std::string> check_server(const Server& server, std::int64_t ms_max) {
    const runtime::SystemClock clock;
    Caller caller(server, clock, -1);
    const std::vector<Reply> replies = caller.call(Command({"PING"}).take(), 1, ms_max);
    if (replies.empty()) {
        return Problem::unavailable("shared.unavailable", caller.detail());
    }
    if (is_error(*replies.front())) {
        return Problem::unavailable("shared.unavailable", text_of(*replies.front()));
    }
    return caller.version();
}

}  // namespace hangu::shared_state
