// One connection to RabbitMQ with one channel that confirms. Blocking, with a deadline on every
// answer. The only place that speaks librabbitmq.
#pragma once

#include "platform/events/rabbit.hpp"

#include <amqp.h>
#include <amqp_framing.h>

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace hangu::events {

class RabbitConnection {
 public:
    explicit RabbitConnection(const RabbitOptions& options) : options_(options) {}
    ~RabbitConnection() { close(); }
    RabbitConnection(const RabbitConnection&) = delete;
    RabbitConnection& operator=(const RabbitConnection&) = delete;

    // "broker.unreachable", "broker.refused" with the broker's words.
    Result<void> open();
    void close();
    bool is_open() const { return state_ != nullptr; }
    int socket() const;
    std::string product() const;

    // Has the broker closed it while nothing was asked? Then it is closed here too.
    void look();
    Result<void> declare(const std::string& queue);
    void remove(const std::string& queue);
    std::vector<Receipt> publish(TenantId tenant, const std::string& queue,
                                 const std::vector<const Event*>& events);

 private:
    struct Flight;

    Result<void> connect();
    Result<void> log_in();
    // Whether the last call went well; else the connection is given up.
    Result<void> check(const amqp_rpc_reply_t& reply, std::string_view what);
    int send(TenantId tenant, const std::string& queue, const Event& event);
    void await_confirms(Flight& flight);
    bool take_frame(Flight& flight, const amqp_frame_t& frame);
    timeval wait() const;

    const RabbitOptions& options_;
    amqp_connection_state_t state_ = nullptr;
    std::set<std::string> declared_;
    std::uint64_t published_ = 0;  // the tag of the last message on this channel
};

}  // namespace hangu::events
