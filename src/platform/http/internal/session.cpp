#include "platform/http/internal/session.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <exception>

#include <poll.h>

namespace hangu::http {
namespace {

constexpr std::int64_t kUsPerMs = 1000;
constexpr std::int64_t kRateCheckedAfterMs = 5000;
constexpr std::int64_t kBodyBytesPerSecondMin = 500;
// A route that takes more than the listener's limit gets more time: a second per so many bytes.
constexpr std::size_t kLargeBodyBytesPerSecond = 64 * 1024;
constexpr std::size_t kSendUnitBytes = 256 * 1024;
constexpr std::int64_t kLingerMs = 1000;
constexpr std::size_t kLingerBytesMax = 256 * 1024;
constexpr std::size_t kJoinedBytesMax = 16 * 1024;      // head and body in one TLS record
constexpr std::size_t kJoinedPlainBytesMax = 4 * 1024;  // cheaper to copy than to gather
constexpr std::size_t kOutBytesKept = 64 * 1024;
constexpr std::uint64_t kSweepsPerStreamCheck = 4;
constexpr std::string_view kUnknownFault = "an exception of unknown type";

}  // namespace

Session::Session(SessionLoop& loop, Connection::Socket socket, Ssl ssl, Peer peer)
    : loop_(loop),
      core_(loop.core),
      connection_(std::move(socket), std::move(ssl)),
      parser_(loop.core.options.limits),
      peer_(std::move(peer)) {
    place_ = loop_.sessions.size();
    loop_.sessions.push_back(this);
    core_.connections.add(1);
}

Session::~Session() {
    loop_.sessions[place_] = loop_.sessions.back();
    loop_.sessions[place_]->place_ = place_;
    loop_.sessions.pop_back();
    core_.connections.add(-1);
    let_client_go();
    core_.admission.leave(peer_.counted_as);
}

void Session::enter(Phase phase, std::int64_t ms_max) {
    phase_ = phase;
    phase_since_us_ = loop_.now_us;
    // now_us is up to one sweep old: nobody is cut off early.
    deadline_us_ = ms_max == 0 ? 0 : loop_.now_us + (ms_max + kSweepMs) * kUsPerMs;
}

Task<void> Session::run(std::unique_ptr<Session> self) {
    Session& session = *self;
    const Limits& limits = session.core_.options.limits;
    if (session.connection_.secure()) {
        session.enter(Phase::handshake, limits.handshake_ms_max);
        const bool agreed = co_await session.connection_.handshake();
        if (!agreed) {
            session.core_.refused(session.connection_.expired() ? Refusal::handshake_timeout
                                                                : Refusal::handshake_failed);
            co_return;
        }
    }
    session.enter(Phase::head, limits.head_ms_max);  // who connects has something to say
    co_await session.serve();
    if (session.says_goodbye_) {
        session.connection_.say_goodbye();
    }
}

// Request after request, until the connection is at its end. One coroutine on purpose: each further
// one costs every request an allocation.
Task<void> Session::serve() {
    while (true) {
        RequestParser::Step step = parse();
        while (step == RequestParser::Step::need_more) {
            const bool more = co_await connection_.fill();
            if (!more) {
                tell_timeout();
                co_return;
            }
            begin_head_if_idle();
            step = parse();
        }
        if (step == RequestParser::Step::refused) {
            co_await answer_refusal();
            co_return;
        }
        Conditions conditions = conditions_of(parser_.request(), parser_.facts());
        Request request = finish_request();
        std::string incident = request.trace.trace;
        Response response;
        std::string fault;
        try {
            response = co_await core_.handler.handle(std::move(request));
        } catch (const std::exception& exception) {
            fault = exception.what();
        } catch (...) {
            fault = kUnknownFault;
        }
        check_answer(response, fault, incident);
        std::string_view body;
        Connection::Sent sent = answer(response, conditions, body);
        if (sent == Connection::Sent::blocked) {
            const bool done = co_await send_rest(response, body);
            sent = done ? Connection::Sent::all : Connection::Sent::failed;
        }
        if (sent == Connection::Sent::failed || closes_after_this() || !begin_next()) {
            co_return;
        }
    }
}

void Session::begin_head_if_idle() {
    if (phase_ == Phase::idle) {
        enter(Phase::head, core_.options.limits.head_ms_max);
    }
}

// False: there will be none.
bool Session::begin_next() {
    let_client_go();
    parser_.begin();
    const Limits& limits = core_.options.limits;
    if (!connection_.input().empty()) {
        enter(Phase::head, limits.head_ms_max);
        return true;
    }
    enter(Phase::idle, limits.idle_ms_max);
    return !loop_.draining;
}

// Who was too slow is told, if the answer can be sent without waiting.
void Session::tell_timeout() {
    if (expired_as_ != Refusal::head_timeout && expired_as_ != Refusal::body_timeout) {
        return;
    }
    core_.refused(expired_as_);
    loop_.out.clear();
    loop_.writer.write_refusal(expired_as_, loop_.out);
    connection_.send_last(loop_.out);
}

// Lets the parser eat what is there.
RequestParser::Step Session::parse() {
    while (true) {
        const RequestParser::Progress progress = parser_.advance(connection_.input().view());
        connection_.input().consume(progress.consumed);
        if (progress.step != RequestParser::Step::head) {
            return progress.step;
        }
        if (!head_is_read()) {
            return RequestParser::Step::refused;
        }
    }
}

// Asks how large a body may be, and tells a client that waits for it to go on.
bool Session::head_is_read() {
    const Request& request = parser_.request();
    const HeadFacts& facts = parser_.facts();
    const Limits& limits = core_.options.limits;
    const std::size_t of_route = core_.handler.body_bytes_max(request.method, request.path);
    body_bytes_max_ = of_route == 0 ? limits.body_bytes_max : of_route;
    parser_.allow_body(body_bytes_max_);
    if (peer_.gateway && parser_.refusal() == Refusal::none) {
        parser_.refuse(let_client_in());
    }
    if (!facts.has_body()) {
        return true;
    }
    const std::size_t above =
        body_bytes_max_ > limits.body_bytes_max ? body_bytes_max_ - limits.body_bytes_max : 0;
    const auto more_ms = static_cast<std::int64_t>(above / kLargeBodyBytesPerSecond) * kSecondMs;
    enter(Phase::body, limits.body_ms_max + more_ms);
    if (facts.expects_continue && !facts.http_1_0 && connection_.input().empty() &&
        parser_.refusal() == Refusal::none) {
        Outgoing out;
        out.first = "HTTP/1.1 100 Continue\r\n\r\n";
        return connection_.send_now(out) == Connection::Sent::all;
    }
    return true;
}

// Whom a gateway asks for is held to what a client of her own connection is held to.
Refusal Session::let_client_in() {
    if (const Refusal refusal = read_gateway_word(parser_.request(), word_);
        refusal != Refusal::none) {
        return refusal;
    }
    if (!word_.client) {
        return Refusal::none;
    }
    if (!core_.allowed.empty() && !core_.allowed.contain(*word_.client)) {
        return Refusal::network_refused;
    }
    std::string owner = word_.client->owner();
    if (!core_.admission.enter_client(owner)) {
        return Refusal::address_full;
    }
    client_ = std::move(owner);
    return Refusal::none;
}

void Session::let_client_go() {
    if (!client_.empty()) {
        core_.admission.leave_client(client_);
        client_.clear();
    }
}

Request Session::finish_request() {
    enter(Phase::handling, 0);
    keep_alive_ = parser_.facts().keep_alive;
    Request request = parser_.take();
    if (!peer_.gateway) {
        drop_gateway_headers(request);
    }
    request.remote_address = word_.client ? word_.client->text() : peer_.address;
    request.secure = word_.secure.value_or(connection_.secure());
    request.trace = observe::trace_from(request.header("traceparent"), core_.randomness);
    request.received_us = core_.clock.monotonic_us();
    return request;
}

Task<void> Session::answer_refusal() {
    core_.refused(parser_.refusal());
    std::string text;
    loop_.writer.write_refusal(parser_.refusal(), text);
    const bool sent = co_await send(std::move(text));
    if (sent) {
        enter(Phase::lingering, kLingerMs);
        says_goodbye_ = false;  // lingering does
        co_await connection_.linger(kLingerBytesMax);
    }
}

// The fault boundary for what the pipeline itself could not answer.
void Session::check_answer(Response& response, std::string& fault, const std::string& incident) {
    const Header* const bad = fault.empty() ? find_bad_header(response) : nullptr;
    if (bad != nullptr) {
        fault = "a header that must not be sent: " + bad->name;
    }
    if (!fault.empty()) {
        core_.log.error("http.fault", {{"incident", incident}, {"what", fault}});
        response = fault_response(incident);
    }
}

bool Session::closes_after_this() const {
    return !keep_alive_ || requests_count_ >= core_.options.limits.connection_requests_max;
}

// Sends what goes without waiting. Blocked: send_rest() has the rest, which is loop_.out and
// `body`, or a stream.
Connection::Sent Session::answer(Response& response, const Conditions& conditions,
                                 std::string_view& body) {
    ++requests_count_;
    keep_alive_ = keep_alive_ && !response.close && !loop_.draining && !loop_.announcing;
    loop_.out.clear();
    const ResponseWriter::Written written =
        loop_.writer.write(response, conditions, closes_after_this(), loop_.out);
    body = written.body;
    if (auto* const held = std::get_if<std::shared_ptr<Stream>>(&response.body)) {
        if (written.stream == nullptr) {
            (*held)->stop();
        } else {
            chunked_ = written.chunked;
            keep_alive_ = keep_alive_ && chunked_;
            return Connection::Sent::blocked;
        }
    }
    join(loop_.out, body);
    return send_now(loop_.out, body);
}

// What send_now() could not send is kept here, as the loop's buffer is everybody's.
Connection::Sent Session::send_now(std::string_view first, std::string_view& second) {
    Outgoing out;
    out.first = first;
    out.second = second;
    const Connection::Sent sent = connection_.send_now(out);
    if (sent == Connection::Sent::blocked) {
        unsent_ = out.first;
        second = out.second;
    }
    return sent;
}

Task<bool> Session::send_rest(Response& response, std::string_view body) {
    auto* const held = std::get_if<std::shared_ptr<Stream>>(&response.body);
    if (held != nullptr && *held != nullptr) {
        std::shared_ptr<Stream> stream = *held;
        const bool streamed = co_await send_stream(std::move(stream));
        co_return streamed;
    }
    const bool sent = co_await send_unsent(body);
    co_return sent;
}

// One record or one packet where that is cheaper than two.
void Session::join(std::string& head, std::string_view& body) const {
    const std::size_t bytes_max = connection_.secure() ? kJoinedBytesMax : kJoinedPlainBytesMax;
    if (head.size() >= bytes_max || (!connection_.secure() && body.size() > bytes_max)) {
        return;
    }
    const std::size_t count = std::min(body.size(), bytes_max - head.size());
    head.append(body.substr(0, count));
    body.remove_prefix(count);
}

// Sends unsent_ and what comes after it.
Task<bool> Session::send_unsent(std::string_view then) {
    Outgoing out;
    out.first = unsent_;
    out.second = then;
    const auto units = static_cast<std::int64_t>(out.bytes() / kSendUnitBytes) + 1;
    enter(Phase::sending, core_.options.limits.write_ms_max * units);
    const bool all = co_await connection_.send_rest(out);
    if (!all && expired_as_ == Refusal::write_timeout) {
        core_.refused(Refusal::write_timeout);
    }
    unsent_.clear();
    co_return all;
}

Task<bool> Session::send(std::string bytes) {
    std::string_view nothing;
    const Connection::Sent sent = send_now(bytes, nothing);
    if (sent != Connection::Sent::blocked) {
        co_return sent == Connection::Sent::all;
    }
    const bool all = co_await send_unsent(nothing);
    co_return all;
}

// The next piece, or "" with says_goodbye_ off when the stream broke.
Task<std::string> Session::next_piece(std::shared_ptr<Stream> stream) {
    std::string fault;
    try {
        std::string piece = co_await stream->next();
        co_return piece;
    } catch (const std::exception& exception) {
        fault = exception.what();
    } catch (...) {
        fault = kUnknownFault;
    }
    core_.log.error("http.stream_fault", {{"what", fault}});
    says_goodbye_ = false;
    co_return std::string();
}

Task<bool> Session::send_stream(std::shared_ptr<Stream> stream) {
    std::string framed = loop_.out;  // the head
    stream_ = stream.get();
    if (loop_.draining || connection_.expired()) {
        stream->stop();
    }
    bool sent = co_await send(std::move(framed));
    while (sent) {
        enter(Phase::streaming, 0);
        std::string piece = co_await next_piece(stream);
        if (piece.empty()) {
            break;
        }
        framed = chunked_ ? fmt::format("{:x}\r\n{}\r\n", piece.size(), piece) : std::move(piece);
        sent = co_await send(std::move(framed));
    }
    stream_ = nullptr;
    if (!sent) {
        stream->stop();
    }
    if (!sent || !says_goodbye_ || connection_.expired()) {
        co_return false;
    }
    if (chunked_) {
        framed = "0\r\n\r\n";
        sent = co_await send(std::move(framed));
    }
    co_return sent;
}

// ---- from the sweep ----

bool Session::is_too_slow() const {
    const std::int64_t elapsed_ms = (loop_.now_us - phase_since_us_) / kUsPerMs;
    return phase_ == Phase::body && elapsed_ms > kRateCheckedAfterMs &&
           static_cast<std::int64_t>(parser_.body_bytes()) <
               elapsed_ms * kBodyBytesPerSecondMin / kSecondMs;
}

void Session::check_deadline() {
    const bool late = deadline_us_ != 0 && loop_.now_us > deadline_us_;
    if (connection_.expired() || (!late && !is_too_slow())) {
        return;
    }
    switch (phase_) {
        case Phase::head:
            expired_as_ = Refusal::head_timeout;
            break;
        case Phase::body:
            expired_as_ = Refusal::body_timeout;
            break;
        case Phase::sending:
            expired_as_ = Refusal::write_timeout;
            says_goodbye_ = false;
            break;
        default:
            break;
    }
    connection_.expire();
}

void Session::stop_gently() {
    const bool new_here =
        phase_ == Phase::handshake || (phase_ == Phase::head && connection_.input().empty());
    // A gateway opens a connection because it has a request, which is on its way. Those that rest
    // have been closed by it while the stop was announced.
    if (phase_ == Phase::idle || (new_here && !loop_.announcing)) {
        connection_.expire();
    } else if (stream_ != nullptr) {
        stream_->stop();
    }
}

void Session::close_now() {
    connection_.expire();
    if (stream_ != nullptr) {
        stream_->stop();
    }
}

void SessionLoop::sweep() {
    now_us = core.clock.monotonic_us();
    writer.set_date(core.clock.now());
    if (out.capacity() > kOutBytesKept) {
        out = std::string();
    }
    for (Session* const session : sessions) {
        session->check_deadline();
    }
    if (++sweeps_count % kSweepsPerStreamCheck == 0) {
        stop_orphaned_streams();
    }
}

// A stream may have nothing to send for long: whether its client is still there is asked for all of
// them in one call of the kernel.
void SessionLoop::stop_orphaned_streams() {
    std::vector<pollfd> polled;
    std::vector<Session*> streaming;
    for (Session* const session : sessions) {
        if (session->stream_ != nullptr) {
            pollfd& entry = polled.emplace_back();
            entry.fd = session->connection_.native_handle();
            entry.events = POLLRDHUP;
            streaming.push_back(session);
        }
    }
    if (polled.empty() || ::poll(polled.data(), polled.size(), 0) <= 0) {
        return;
    }
    for (std::size_t i = 0; i < polled.size(); ++i) {
        if ((polled[i].revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0) {
            streaming[i]->close_now();
        }
    }
}

void SessionLoop::start_drain() {
    draining = true;
    for (Session* const session : sessions) {
        session->stop_gently();
    }
}

void SessionLoop::close_all() {
    for (Session* const session : sessions) {
        session->close_now();
    }
}

}  // namespace hangu::http
