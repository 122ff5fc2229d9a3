// One connection's life, and what the sessions of a server share.
#pragma once

#include "platform/http/internal/connection.hpp"
#include "platform/http/internal/gateway.hpp"
#include "platform/http/internal/networks.hpp"
#include "platform/http/internal/request_parser.hpp"
#include "platform/http/internal/response_writer.hpp"
#include "platform/http/internal/tls.hpp"
#include "platform/http/server.hpp"
#include "platform/runtime/await.hpp"

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

namespace hangu::http {

// Counts connections, in all and per address; and of a gateway's clients, who share its
// connections, the requests that are open.
class Admission {
 public:
    explicit Admission(const Limits& limits) : limits_(limits) {}
    Refusal enter(const std::string& address);  // "" : a gateway, with as many as there may be
    void leave(const std::string& address);
    bool enter_client(const std::string& address);
    void leave_client(const std::string& address);

 private:
    bool count(const std::string& address);
    void forget(const std::string& address);

    const Limits& limits_;
    std::mutex mutex_;
    std::size_t count_ = 0;
    std::unordered_map<std::string, std::size_t> per_address_;
};

// Shared by all loops of a server. Everything in it is constant or safe for threads.
struct ServerCore {
    ServerCore(Server::Options of, Handler& calls, observe::Log& writes_to,
               observe::Metrics& counts_in, const Clock& of_clock, Randomness& of_randomness);
    void refused(Refusal refusal) { refusals[static_cast<std::size_t>(refusal)]->add(); }

    const Server::Options options;
    Networks allowed;  // empty: everybody
    Networks trusted;  // empty: nobody
    Handler& handler;
    observe::Log& log;
    const Clock& clock;
    Randomness& randomness;
    observe::Gauge& connections;
    std::array<observe::Counter*, kRefusalsCount> refusals{};
    Admission admission;
    TicketKeys tickets;
    runtime::TaskGroup sessions;
    std::mutex context_mutex;
    std::shared_ptr<SSL_CTX> context;  // null: plain
};

class Session;

// What the sessions of one loop share; used on that loop's thread only.
struct SessionLoop {
    explicit SessionLoop(ServerCore& of) : core(of) {}

    ServerCore& core;
    std::vector<Session*> sessions;
    ResponseWriter writer;
    std::string out;          // the head being written; never kept over a wait
    std::int64_t now_us = 0;  // of the last sweep: for deadlines, not for measuring
    std::uint64_t sweeps_count = 0;
    bool announcing = false;  // that it stops soon
    bool draining = false;

    void sweep();        // every kSweepMs: deadlines, date, streams whose client left
    void start_drain();  // idle connections close, streams are told to stop
    void close_all();    // whatever is left

 private:
    void stop_orphaned_streams();
};
inline constexpr std::int64_t kSweepMs = 250;

class Session {
 public:
    struct Peer {
        std::string address;
        std::string counted_as;  // in admission, which it has entered and leaves at its end
        bool gateway = false;
    };
    Session(SessionLoop& loop, Connection::Socket socket, Ssl ssl, Peer peer);
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    static Task<void> run(std::unique_ptr<Session> self);

 private:
    friend struct SessionLoop;
    enum class Phase : std::uint8_t {
        handshake,
        idle,
        head,
        body,
        handling,
        sending,
        streaming,
        lingering
    };

    Task<void> serve();
    void begin_head_if_idle();
    bool begin_next();
    void tell_timeout();
    RequestParser::Step parse();
    bool head_is_read();
    Refusal let_client_in();
    void let_client_go();
    Request finish_request();
    Task<void> answer_refusal();
    void check_answer(Response& response, std::string& fault, const std::string& incident);
    Connection::Sent answer(Response& response, const Conditions& conditions,
                            std::string_view& body);
    void join(std::string& head, std::string_view& body) const;
    Connection::Sent send_now(std::string_view first, std::string_view& second);
    Task<bool> send_rest(Response& response, std::string_view body);
    Task<bool> send_unsent(std::string_view then);
    Task<bool> send(std::string bytes);
    Task<bool> send_stream(std::shared_ptr<Stream> stream);
    Task<std::string> next_piece(std::shared_ptr<Stream> stream);

    void enter(Phase phase, std::int64_t ms_max);
    void check_deadline();
    bool is_too_slow() const;
    void stop_gently();
    void close_now();
    bool closes_after_this() const;

    SessionLoop& loop_;
    ServerCore& core_;
    Connection connection_;
    RequestParser parser_;
    Peer peer_;
    GatewayWord word_;
    std::string client_;     // that has entered admission, behind a gateway
    std::size_t place_ = 0;  // in loop_.sessions
    std::int64_t requests_count_ = 0;
    Phase phase_ = Phase::idle;
    std::int64_t phase_since_us_ = 0;
    std::int64_t deadline_us_ = 0;  // 0: none
    std::size_t body_bytes_max_ = 0;
    bool keep_alive_ = true;
    bool chunked_ = false;  // the stream that is sent
    std::string unsent_;
    bool says_goodbye_ = true;  // off when the end must not look orderly
    Refusal expired_as_ = Refusal::none;
    Stream* stream_ = nullptr;  // while one is sent
};

}  // namespace hangu::http
