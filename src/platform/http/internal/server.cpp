#include "platform/http/server.hpp"

#include "platform/http/internal/session.hpp"
#include "platform/runtime/await.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <chrono>

#include <linux/filter.h>
#include <sys/socket.h>

namespace hangu::http {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

constexpr int kBacklogMax = 4096;
constexpr std::int64_t kOutOfDescriptorsPauseMs = 50;
constexpr std::int64_t kForcedCloseMsMax = 5000;
constexpr std::int64_t kDoorMs = 200;  // a hand-shake that has begun is over by then

using Acceptor = asio::basic_socket_acceptor<tcp, asio::io_context::executor_type>;
using ReusePort = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;

Problem cannot_bind(const std::string& address, std::uint16_t port, const std::string& why) {
    return Problem::unavailable("server.cannot_bind", "The address cannot be listened on.")
        .with_note(address + " port " + std::to_string(port) + ": " + why);
}

// Opens a listener. With SO_REUSEPORT the kernel would let a second process of ours share the port
// unnoticed, so the first socket of a server asks without it whether the port is free.
Result<void> listen_on(Acceptor& acceptor, const tcp::endpoint& endpoint, bool shared) {
    boost::system::error_code error;
    acceptor.open(endpoint.protocol(), error);
    if (!error) {
        acceptor.set_option(asio::socket_base::reuse_address(true), error);
    }
    if (!error && shared) {
        acceptor.set_option(ReusePort(true), error);
    }
    if (!error) {
        acceptor.bind(endpoint, error);
    }
    if (!error) {
        acceptor.listen(kBacklogMax, error);
    }
    if (error) {
        return cannot_bind(endpoint.address().to_string(), endpoint.port(), error.message());
    }
    return {};
}

}  // namespace

bool Admission::count(const std::string& address) {
    std::size_t& of_address = per_address_[address];
    if (of_address >= limits_.connections_per_address_max) {
        return false;
    }
    ++of_address;
    return true;
}

void Admission::forget(const std::string& address) {
    const auto found = per_address_.find(address);
    if (--found->second == 0) {
        per_address_.erase(found);
    }
}

Refusal Admission::enter(const std::string& address) {
    const std::lock_guard lock(mutex_);
    if (count_ >= limits_.connections_count_max) {
        return Refusal::connections_full;
    }
    if (!address.empty() && !count(address)) {
        return Refusal::address_full;
    }
    ++count_;
    return Refusal::none;
}

void Admission::leave(const std::string& address) {
    const std::lock_guard lock(mutex_);
    --count_;
    if (!address.empty()) {
        forget(address);
    }
}

bool Admission::enter_client(const std::string& address) {
    const std::lock_guard lock(mutex_);
    return count(address);
}

void Admission::leave_client(const std::string& address) {
    const std::lock_guard lock(mutex_);
    forget(address);
}

ServerCore::ServerCore(Server::Options of, Handler& calls, observe::Log& writes_to,
                       observe::Metrics& counts_in, const Clock& of_clock,
                       Randomness& of_randomness)
    : options(std::move(of)),
      handler(calls),
      log(writes_to),
      clock(of_clock),
      randomness(of_randomness),
      connections(counts_in.gauge("http_connections", "Open connections.")),
      admission(options.limits),
      tickets(of_clock, of_randomness) {
    for (std::size_t i = 0; i < kRefusalsCount; ++i) {
        const std::string_view code = refusal_text(static_cast<Refusal>(i)).code;
        const std::string reason(code.substr(code.find('.') + 1));
        refusals[i] =
            &counts_in.counter("http_refused_total", "Requests and connections the engine refused.",
                               {{"reason", reason}});
    }
}

namespace {

// One loop's listener and its sessions.
struct Listener {
    Listener(ServerCore& core, asio::io_context& context)
        : sessions(core), acceptor(context), sweep_timer(context) {}

    SessionLoop sessions;
    Acceptor acceptor;
    asio::steady_timer sweep_timer;
    bool sweeping = true;
};

Task<void> sweep_forever(Listener& listener) {
    while (listener.sweeping) {
        listener.sessions.sweep();
        listener.sweep_timer.expires_after(std::chrono::milliseconds(kSweepMs));
        [[maybe_unused]] const auto [cancelled] =
            co_await listener.sweep_timer.async_wait(kAwaited);
    }
}

// The byte of flags of a TCP head, and the flag that begins a connection.
constexpr std::uint32_t kFlagsAt = 13;
constexpr std::uint32_t kBegins = 0x02;

void drop_new_connections(Acceptor& acceptor) {
    std::array<sock_filter, 4> program{{BPF_STMT(BPF_LD | BPF_B | BPF_ABS, kFlagsAt),
                                        BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, kBegins, 0, 1),
                                        BPF_STMT(BPF_RET | BPF_K, 0),
                                        BPF_STMT(BPF_RET | BPF_K, 0xFFFFFFFF)}};
    sock_fprog filter{};
    filter.len = static_cast<unsigned short>(program.size());
    filter.filter = program.data();
    // Where the kernel cannot, the listener closes as it always did.
    ::setsockopt(acceptor.native_handle(), SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter);
}

bool is_out_of_descriptors(const boost::system::error_code& error) {
    return error == boost::system::errc::too_many_files_open ||
           error == boost::system::errc::too_many_files_open_in_system ||
           error == boost::system::errc::no_buffer_space ||
           error == boost::system::errc::not_enough_memory;
}

// Without the zone that a link-local address may have.
Address address_of(const asio::ip::address& address) {
    Address found;
    const asio::ip::address_v6::bytes_type bytes =
        address.is_v4() ? asio::ip::make_address_v6(asio::ip::v4_mapped, address.to_v4()).to_bytes()
                        : address.to_v6().to_bytes();
    std::copy(bytes.begin(), bytes.end(), found.bytes.begin());
    return found;
}

void begin_session(runtime::Runtime& runtime, std::size_t loop, Listener& listener,
                   Connection::Socket socket) {
    ServerCore& core = listener.sessions.core;
    boost::system::error_code error;
    const tcp::endpoint peer = socket.remote_endpoint(error);
    if (error) {
        return;  // gone already
    }
    const Address address = address_of(peer.address());
    if (!core.allowed.empty() && !core.allowed.contain(address)) {
        core.refused(Refusal::network_refused);
        return;
    }
    Session::Peer from;
    from.address = address.text();
    from.gateway = core.trusted.contain(address);
    from.counted_as = from.gateway ? "" : address.owner();
    if (const Refusal refusal = core.admission.enter(from.counted_as); refusal != Refusal::none) {
        core.refused(refusal);
        return;
    }
    Ssl ssl;
    {
        const std::lock_guard lock(core.context_mutex);
        if (core.context) {
            ssl.reset(SSL_new(core.context.get()));
            HANGU_ASSERT(ssl != nullptr);
        }
    }
    auto session = std::make_unique<Session>(listener.sessions, std::move(socket), std::move(ssl),
                                             std::move(from));
    runtime::spawn(runtime, loop, core.sessions, Session::run(std::move(session)));
}

Task<void> accept_forever(runtime::Runtime& runtime, std::size_t loop, Listener& listener) {
    while (listener.acceptor.is_open()) {
        auto [error, socket] = co_await listener.acceptor.async_accept(kAwaited);
        if (!error) {
            begin_session(runtime, loop, listener, std::move(socket));
        } else if (is_out_of_descriptors(error)) {
            co_await runtime::sleep_ms(kOutOfDescriptorsPauseMs);
        }
    }
}

}  // namespace

struct Server::State {
    State(runtime::Runtime& on, Options options, Handler& handler, observe::Log& log,
          observe::Metrics& metrics, const Clock& clock, Randomness& randomness)
        : runtime(on), core(std::move(options), handler, log, metrics, clock, randomness) {}

    runtime::Runtime& runtime;
    ServerCore core;
    std::vector<std::unique_ptr<Listener>> listeners;
    runtime::TaskGroup acceptors;
    runtime::TaskGroup sweeps;
    std::uint16_t port = 0;
    bool started = false;

    Result<void> bind();
    void on_each_loop(const std::function<void(Listener&)>& work);
};

Result<void> Server::State::bind() {
    const Options& options = core.options;
    boost::system::error_code error;
    const asio::ip::address address = asio::ip::make_address(options.address, error);
    if (error) {
        return Problem::invalid("server.bad_address", "The address to listen on is not one.")
            .with_note(options.address);
    }
    tcp::endpoint endpoint(address, options.port);
    if (options.port != 0) {
        Acceptor probe(runtime::loop_context(runtime, 0));
        HANGU_CHECK(listen_on(probe, endpoint, false));
    }
    for (std::size_t i = 0; i < runtime.loops_count(); ++i) {
        auto listener = std::make_unique<Listener>(core, runtime::loop_context(runtime, i));
        HANGU_CHECK(listen_on(listener->acceptor, endpoint, true));
        endpoint = listener->acceptor.local_endpoint();
        listeners.push_back(std::move(listener));
    }
    port = endpoint.port();
    return {};
}

void Server::State::on_each_loop(const std::function<void(Listener&)>& work) {
    for (std::size_t i = 0; i < listeners.size(); ++i) {
        runtime.post(i, [&listener = *listeners[i], work] { work(listener); });
    }
}

Server::Server(runtime::Runtime& runtime, Options options, Handler& handler, observe::Log& log,
               observe::Metrics& metrics, const Clock& clock, Randomness& randomness)
    : state_(std::make_unique<State>(runtime, std::move(options), handler, log, metrics, clock,
                                     randomness)) {}

Server::~Server() {
    if (!state_->started) {
        return;
    }
    if (state_->runtime.running()) {
        stop_accepting();
        drain(0);
        state_->core.sessions.close_and_wait();
    } else if (state_->core.sessions.running() > 0) {
        // The runtime was stopped first: what still waits in it points here.
        state_->core.log.error("http.not_drained");
        [[maybe_unused]] State* const kept = state_.release();
    }
}

Result<void> Server::start() {
    State& state = *state_;
    HANGU_ASSERT(!state.started);
    HANGU_CHECK(state.core.allowed.read(state.core.options.allowed_networks));
    HANGU_CHECK(state.core.trusted.read(state.core.options.trusted_proxies));
    HANGU_CHECK(reload_certificates());
    if (Result<void> bound = state.bind(); !bound.ok()) {
        state.listeners.clear();
        return bound;
    }
    state.started = true;
    for (std::size_t i = 0; i < state.listeners.size(); ++i) {
        Listener& listener = *state.listeners[i];
        runtime::spawn(state.runtime, i, state.sweeps, sweep_forever(listener));
        runtime::spawn(state.runtime, i, state.acceptors,
                       accept_forever(state.runtime, i, listener));
    }
    return {};
}

std::uint16_t Server::port() const {
    return state_->port;
}

Result<void> Server::reload_certificates() {
    ServerCore& core = state_->core;
    if (core.options.certificates.empty()) {
        return {};
    }
    HANGU_TRY(SslContext made, make_ssl_context(core.options.certificates, core.tickets));
    const std::lock_guard lock(core.context_mutex);
    core.context = std::move(made);
    return {};
}

void Server::announce_stop() {
    State& state = *state_;
    if (state.started && state.runtime.running()) {
        state.on_each_loop([](Listener& listener) { listener.sessions.announcing = true; });
    }
}

// A listener that is closed resets the connections that wait in it, and a gateway cannot know
// whether their requests were taken. So the kernel is asked to drop what would begin another one:
// its sender asks again after a second, and finds the listener gone.
void Server::close_door() {
    State& state = *state_;
    if (!state.started || !state.runtime.running()) {
        return;
    }
    state.on_each_loop([](Listener& listener) { drop_new_connections(listener.acceptor); });
    runtime::TaskGroup waiting;
    runtime::spawn(state.runtime, 0, waiting, runtime::sleep_ms(kDoorMs));
    waiting.close_and_wait();
}

void Server::stop_accepting() {
    State& state = *state_;
    if (!state.started || !state.runtime.running()) {
        return;
    }
    state.on_each_loop([](Listener& listener) {
        boost::system::error_code ignored;
        listener.acceptor.close(ignored);
        listener.sessions.start_drain();
    });
    state.acceptors.close_and_wait();
}

void Server::drain(std::int64_t ms_max) {
    State& state = *state_;
    if (!state.started || !state.runtime.running()) {
        return;
    }
    if (!state.core.sessions.close_and_wait_ms(ms_max)) {
        state.core.log.warning("http.drain_forced",
                               {{"connections", state.core.sessions.running()}});
        state.on_each_loop([](Listener& listener) { listener.sessions.close_all(); });
        state.core.sessions.close_and_wait_ms(kForcedCloseMsMax);
    }
    state.on_each_loop([](Listener& listener) {
        listener.sweeping = false;
        listener.sweep_timer.cancel();
    });
    state.sweeps.close_and_wait();
}

}  // namespace hangu::http
