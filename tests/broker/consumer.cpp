#include "tests/broker/consumer.hpp"

#include <amqp_framing.h>
#include <amqp_tcp_socket.h>

#include <stdexcept>

namespace hangu::testing {

namespace {

std::string text_of(amqp_bytes_t bytes) {
    return {static_cast<const char*>(bytes.bytes), bytes.len};
}

timeval time_of(std::int64_t ms) {
    return {ms / 1000, (ms % 1000) * 1000};
}

Message message_of(const amqp_envelope_t& envelope) {
    Message message;
    const amqp_basic_properties_t& properties = envelope.message.properties;
    message.id = text_of(properties.message_id);
    message.type = text_of(properties.type);
    message.body = text_of(envelope.message.body);
    message.routing_key = text_of(envelope.routing_key);
    message.delivery_mode = properties.delivery_mode;
    for (int i = 0; i < properties.headers.num_entries; ++i) {
        const amqp_table_entry_t& entry = properties.headers.entries[i];
        if (entry.value.kind == AMQP_FIELD_KIND_UTF8) {  // the queue counts deliveries in another
            message.headers[text_of(entry.key)] = text_of(entry.value.value.bytes);
        }
    }
    return message;
}

}  // namespace

bool Consumer::open() {
    if (state_ != nullptr) {
        return true;
    }
    state_ = amqp_new_connection();
    amqp_socket_t* socket = amqp_tcp_socket_new(state_);
    timeval time = time_of(10'000);
    amqp_set_rpc_timeout(state_, &time);
    const bool good =
        amqp_socket_open_noblock(socket, "127.0.0.1", port_, &time) == AMQP_STATUS_OK &&
        amqp_login(state_, "/", 0, 131'072, 0, AMQP_SASL_METHOD_PLAIN, "guest", "guest")
                .reply_type == AMQP_RESPONSE_NORMAL &&
        amqp_channel_open(state_, 1) != nullptr;
    if (!good) {
        close();
    }
    return good;
}

void Consumer::close() {
    if (state_ != nullptr) {
        amqp_destroy_connection(state_);
    }
    state_ = nullptr;
    consuming_ = false;
}

bool Consumer::take_one(std::int64_t ms_max) {
    if (!open()) {
        return false;
    }
    if (!consuming_) {
        const amqp_bytes_t queue = amqp_cstring_bytes(queue_.c_str());
        amqp_basic_qos(state_, 1, 0, 200, 0);
        amqp_basic_consume(state_, 1, queue, amqp_empty_bytes, 0, 0, 0, amqp_empty_table);
        if (amqp_get_rpc_reply(state_).reply_type != AMQP_RESPONSE_NORMAL) {
            close();
            return false;
        }
        consuming_ = true;
    }
    amqp_envelope_t envelope;
    timeval time = time_of(ms_max);
    amqp_maybe_release_buffers(state_);
    const amqp_rpc_reply_t reply = amqp_consume_message(state_, &envelope, &time, 0);
    if (reply.reply_type != AMQP_RESPONSE_NORMAL) {
        const bool silent = reply.reply_type == AMQP_RESPONSE_LIBRARY_EXCEPTION &&
                            reply.library_error == AMQP_STATUS_TIMEOUT;
        if (!silent) {
            close();
        }
        return false;
    }
    messages_.push_back(message_of(envelope));
    amqp_basic_ack(state_, 1, envelope.delivery_tag, 0);
    amqp_destroy_envelope(&envelope);
    return true;
}

const std::vector<Message>& Consumer::read(std::size_t count, std::int64_t ms_max) {
    while (messages_.size() < count && take_one(ms_max)) {
    }
    return messages_;
}

void Consumer::delete_queue() {
    if (!open()) {
        throw std::runtime_error("no broker");
    }
    amqp_queue_delete(state_, 1, amqp_cstring_bytes(queue_.c_str()), 0, 0);
    close();
}

bool Consumer::declare_classic() {
    if (!open()) {
        throw std::runtime_error("no broker");
    }
    amqp_queue_declare(state_, 1, amqp_cstring_bytes(queue_.c_str()), 0, 1, 0, 0, amqp_empty_table);
    const bool made = amqp_get_rpc_reply(state_).reply_type == AMQP_RESPONSE_NORMAL;
    close();
    return made;
}

}  // namespace hangu::testing
