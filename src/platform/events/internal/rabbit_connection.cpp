#include "platform/events/internal/rabbit_connection.hpp"

#include <amqp_ssl_socket.h>
#include <amqp_tcp_socket.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <array>
#include <utility>

namespace hangu::events {

namespace {

constexpr amqp_channel_t kChannel = 1;
constexpr int kFrameBytesMax = 131'072;
constexpr int kPersistent = 2;
constexpr std::size_t kWordsMax = 300;

amqp_bytes_t bytes_of(std::string_view text) {
    return {text.size(), const_cast<char*>(text.data())};
}

std::string text_of(amqp_bytes_t bytes) {
    return {static_cast<const char*>(bytes.bytes), std::min(bytes.len, kWordsMax)};
}

amqp_table_entry_t text_entry(const char* name, std::string_view value) {
    amqp_table_entry_t entry{};
    entry.key = amqp_cstring_bytes(name);
    entry.value.kind = AMQP_FIELD_KIND_UTF8;
    entry.value.value.bytes = bytes_of(value);
    return entry;
}

Problem unreachable(std::string_view what, int status) {
    return Problem::unavailable("broker.unreachable",
                                fmt::format("{}: {}", what, amqp_error_string2(status)));
}

// Whoever reads a queue by its own name gets everything of its destination.
std::string routing_key(const std::string& queue, std::string_view event) {
    return fmt::format("{}.{}", queue, event);
}

}  // namespace

// What was sent and not answered yet, by its tag.
struct RabbitConnection::Flight {
    std::vector<Receipt>& receipts;
    const std::vector<const Event*>& events;
    std::map<std::uint64_t, std::size_t> waiting;
    std::set<std::string> returned;  // ids of messages that no queue took
    bool reading_returned = false;
    bool nacked = false;

    void answer(std::uint64_t tag, bool multiple, Verdict verdict, std::string_view words) {
        auto from = multiple ? waiting.begin() : waiting.find(tag);
        const auto to = waiting.upper_bound(tag);
        while (from != waiting.end() && from != to) {
            Receipt& receipt = receipts[from->second];
            if (returned.contains(events[from->second]->id.text())) {
                receipt = {Verdict::refused, "the queue was gone"};
            } else {
                receipt = {verdict, std::string(words)};
            }
            from = waiting.erase(from);
        }
    }
};

timeval RabbitConnection::wait() const {
    return {options_.wait_ms_max / 1000, (options_.wait_ms_max % 1000) * 1000};
}

int RabbitConnection::socket() const {
    return state_ == nullptr ? -1 : amqp_get_sockfd(state_);
}

std::string RabbitConnection::product() const {
    std::array<std::string, 2> words;
    const amqp_table_t* said = amqp_get_server_properties(state_);
    for (int i = 0; i < said->num_entries; ++i) {
        const amqp_table_entry_t& entry = said->entries[i];
        if (entry.value.kind == AMQP_FIELD_KIND_UTF8) {
            const std::string key = text_of(entry.key);
            const std::string value = text_of(entry.value.value.bytes);
            words[0] = key == "product" ? value : words[0];
            words[1] = key == "version" ? value : words[1];
        }
    }
    return words[0] + " " + words[1];
}

Result<void> RabbitConnection::check(const amqp_rpc_reply_t& reply, std::string_view what) {
    if (reply.reply_type == AMQP_RESPONSE_NORMAL) {
        return {};
    }
    Problem problem = unreachable(what, AMQP_STATUS_CONNECTION_CLOSED);
    if (reply.reply_type == AMQP_RESPONSE_LIBRARY_EXCEPTION) {
        problem = unreachable(what, reply.library_error);
    } else if (reply.reply_type == AMQP_RESPONSE_SERVER_EXCEPTION) {
        const bool of_channel = reply.reply.id == AMQP_CHANNEL_CLOSE_METHOD;
        const std::string words =
            of_channel
                ? text_of(static_cast<amqp_channel_close_t*>(reply.reply.decoded)->reply_text)
                : text_of(static_cast<amqp_connection_close_t*>(reply.reply.decoded)->reply_text);
        problem = Problem::conflict("broker.refused", fmt::format("{}: {}", what, words));
    }
    close();  // a channel that the broker has closed is of no use either
    return problem;
}

Result<void> RabbitConnection::connect() {
    state_ = amqp_new_connection();
    if (state_ == nullptr) {
        return unreachable("connecting", AMQP_STATUS_NO_MEMORY);
    }
    timeval time = wait();
    amqp_set_handshake_timeout(state_, &time);
    amqp_set_rpc_timeout(state_, &time);
    amqp_socket_t* socket = nullptr;
    if (options_.tls_ca.empty()) {
        socket = amqp_tcp_socket_new(state_);
    } else {
        socket = amqp_ssl_socket_new(state_);
        if (socket != nullptr) {
            amqp_ssl_socket_set_verify_peer(socket, 1);
            amqp_ssl_socket_set_verify_hostname(socket, 1);
            amqp_ssl_socket_set_ssl_versions(socket, AMQP_TLSv1_2, AMQP_TLSvLATEST);
            const int status = amqp_ssl_socket_set_cacert(socket, options_.tls_ca.c_str());
            if (status != AMQP_STATUS_OK) {
                return unreachable("reading broker.tls_ca", status);
            }
        }
    }
    if (socket == nullptr) {
        return unreachable("connecting", AMQP_STATUS_NO_MEMORY);
    }
    const int status =
        amqp_socket_open_noblock(socket, options_.host.c_str(), options_.port, &time);
    if (status != AMQP_STATUS_OK) {
        return unreachable("connecting", status);
    }
    // A broker that takes nothing any more does not hold us for longer than an answer may take.
    const auto milliseconds = static_cast<unsigned>(options_.wait_ms_max);
    ::setsockopt(amqp_get_sockfd(state_), IPPROTO_TCP, TCP_USER_TIMEOUT, &milliseconds,
                 sizeof milliseconds);
    return {};
}

Result<void> RabbitConnection::log_in() {
    const std::string password(options_.password.expose());
    // No heartbeats: between two events nobody here would answer them.
    HANGU_CHECK(check(amqp_login(state_, options_.vhost.c_str(), 0, kFrameBytesMax, 0,
                                 AMQP_SASL_METHOD_PLAIN, options_.user.c_str(), password.c_str()),
                      "signing in"));
    amqp_channel_open(state_, kChannel);
    HANGU_CHECK(check(amqp_get_rpc_reply(state_), "opening a channel"));
    amqp_confirm_select(state_, kChannel);
    HANGU_CHECK(check(amqp_get_rpc_reply(state_), "asking for confirms"));
    amqp_exchange_declare(state_, kChannel, bytes_of(options_.exchange),
                          amqp_cstring_bytes("topic"), 0, 1, 0, 0, amqp_empty_table);
    return check(amqp_get_rpc_reply(state_), "declaring the exchange");
}

Result<void> RabbitConnection::open() {
    if (is_open()) {
        return {};
    }
    Result<void> opened = connect();
    if (opened.ok()) {
        opened = log_in();
    }
    if (!opened.ok()) {
        close();
    }
    return opened;
}

// Without a last word: who waits for its answer would wait for a broker that is away.
void RabbitConnection::close() {
    if (state_ != nullptr) {
        amqp_destroy_connection(state_);
        state_ = nullptr;
    }
    declared_.clear();
    published_ = 0;
}

void RabbitConnection::look() {
    if (!is_open()) {
        return;
    }
    amqp_frame_t frame;
    timeval now{0, 0};
    amqp_maybe_release_buffers(state_);
    const int status = amqp_simple_wait_frame_noblock(state_, &frame, &now);
    if (status != AMQP_STATUS_TIMEOUT) {  // nothing is asked, so whatever comes is a farewell
        close();
    }
}

Result<void> RabbitConnection::declare(const std::string& queue) {
    if (declared_.contains(queue)) {
        return {};
    }
    amqp_table_entry_t kind = text_entry("x-queue-type", "quorum");
    const amqp_table_t arguments{1, &kind};
    amqp_queue_declare(state_, kChannel, bytes_of(queue), 0, 1, 0, 0, arguments);
    HANGU_CHECK(check(amqp_get_rpc_reply(state_), "declaring the queue"));
    const std::string key = routing_key(queue, "#");
    amqp_queue_bind(state_, kChannel, bytes_of(queue), bytes_of(options_.exchange), bytes_of(key),
                    amqp_empty_table);
    HANGU_CHECK(check(amqp_get_rpc_reply(state_), "binding the queue"));
    amqp_maybe_release_buffers(state_);
    declared_.insert(queue);
    return {};
}

void RabbitConnection::remove(const std::string& queue) {
    amqp_queue_delete(state_, kChannel, bytes_of(queue), 0, 0);
    declared_.erase(queue);
    static_cast<void>(check(amqp_get_rpc_reply(state_), "removing the queue"));
}

int RabbitConnection::send(TenantId tenant, const std::string& queue, const Event& event) {
    const std::string id = event.id.text();
    const std::string key = routing_key(queue, event.name);
    const std::string tenant_text = tenant.text();
    std::array<amqp_table_entry_t, 4> headers{
        text_entry("tenant", tenant_text), text_entry("event", event.name),
        text_entry("subject", event.subject), text_entry("place", event.org_path)};
    amqp_basic_properties_t properties{};
    properties._flags = AMQP_BASIC_CONTENT_TYPE_FLAG | AMQP_BASIC_HEADERS_FLAG |
                        AMQP_BASIC_DELIVERY_MODE_FLAG | AMQP_BASIC_MESSAGE_ID_FLAG |
                        AMQP_BASIC_TIMESTAMP_FLAG | AMQP_BASIC_TYPE_FLAG | AMQP_BASIC_APP_ID_FLAG;
    properties.content_type = amqp_cstring_bytes("application/json");
    properties.headers = {static_cast<int>(headers.size()), headers.data()};
    properties.delivery_mode = kPersistent;
    properties.message_id = bytes_of(id);
    properties.timestamp = static_cast<std::uint64_t>(event.at.unix_ms() / 1000);
    properties.type = bytes_of(event.name);
    properties.app_id = amqp_cstring_bytes("hangu");
    constexpr amqp_boolean_t kMandatory = 1;  // a message that no queue takes comes back
    return amqp_basic_publish(state_, kChannel, bytes_of(options_.exchange), bytes_of(key),
                              kMandatory, 0, &properties, bytes_of(event.payload));
}

std::vector<Receipt> RabbitConnection::publish(TenantId tenant, const std::string& queue,
                                               const std::vector<const Event*>& events) {
    std::vector<Receipt> receipts(events.size(),
                                  Receipt{Verdict::unreached, "the broker did not answer"});
    Flight flight{receipts, events, {}, {}, false, false};
    for (std::size_t i = 0; i < events.size(); ++i) {
        const int status = send(tenant, queue, *events[i]);
        if (status != AMQP_STATUS_OK) {
            for (std::size_t rest = i; rest < events.size(); ++rest) {
                receipts[rest].words = amqp_error_string2(status);
            }
            close();
            return receipts;
        }
        flight.waiting.emplace(++published_, i);
    }
    await_confirms(flight);
    if (!flight.returned.empty()) {
        declared_.erase(queue);  // and is made again the next time
    }
    if (flight.nacked) {
        close();  // seen with 3.10: a channel that said no once says no to that queue for ever
    }
    return receipts;
}

void RabbitConnection::await_confirms(Flight& flight) {
    while (!flight.waiting.empty()) {
        amqp_frame_t frame;
        timeval time = wait();
        amqp_maybe_release_buffers(state_);
        const int status = amqp_simple_wait_frame_noblock(state_, &frame, &time);
        if (status != AMQP_STATUS_OK) {
            for (const auto& [tag, at] : flight.waiting) {
                flight.receipts[at].words = amqp_error_string2(status);
            }
            close();
            return;
        }
        if (!take_frame(flight, frame)) {
            close();
            return;
        }
    }
}

// False: the broker has closed the channel or the connection.
bool RabbitConnection::take_frame(Flight& flight, const amqp_frame_t& frame) {
    if (frame.frame_type == AMQP_FRAME_HEADER && flight.reading_returned) {
        const auto* properties =
            static_cast<const amqp_basic_properties_t*>(frame.payload.properties.decoded);
        flight.returned.insert(text_of(properties->message_id));
        flight.reading_returned = false;
    }
    if (frame.frame_type != AMQP_FRAME_METHOD) {
        return true;
    }
    const auto close_words = [&](amqp_bytes_t words) {
        for (const auto& [tag, at] : flight.waiting) {
            flight.receipts[at].words = text_of(words);
        }
        return false;
    };
    void* decoded = frame.payload.method.decoded;
    switch (frame.payload.method.id) {
        case AMQP_BASIC_ACK_METHOD: {
            const auto* ack = static_cast<const amqp_basic_ack_t*>(decoded);
            flight.answer(ack->delivery_tag, ack->multiple != 0, Verdict::delivered, "");
            return true;
        }
        case AMQP_BASIC_NACK_METHOD: {
            const auto* nack = static_cast<const amqp_basic_nack_t*>(decoded);
            flight.nacked = true;
            flight.answer(nack->delivery_tag, nack->multiple != 0, Verdict::refused,
                          "the broker did not take it");
            return true;
        }
        case AMQP_BASIC_RETURN_METHOD:
            flight.reading_returned = true;
            return true;
        case AMQP_CHANNEL_CLOSE_METHOD:
            return close_words(static_cast<amqp_channel_close_t*>(decoded)->reply_text);
        case AMQP_CONNECTION_CLOSE_METHOD:
            return close_words(static_cast<amqp_connection_close_t*>(decoded)->reply_text);
        default:
            return true;
    }
}

}  // namespace hangu::events
