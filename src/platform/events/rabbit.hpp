// The carrier to RabbitMQ (AMQP 0-9-1, librabbitmq): one durable topic exchange, a quorum queue for
// each destination, persistent messages with publisher confirms.
#pragma once

#include "base/secret.hpp"
#include "platform/events/carrier.hpp"
#include "platform/observe/observe.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace hangu::events {

struct RabbitOptions {
    std::string host;
    int port = 5672;
    std::string vhost = "/";
    std::string user;
    Secret password;
    std::string tls_ca;  // file; with it the connection is encrypted and the broker proven
    std::string exchange = "hangu.events";
    std::int64_t wait_ms_max = 10'000;  // for each answer of the broker
};

// Connects when it is first used and again whenever the connection was lost.
std::unique_ptr<Carrier> make_rabbit_carrier(RabbitOptions options, observe::Log& log);

// What answers there ("RabbitMQ 3.10.8"), or why it cannot be used.
Result<std::string> check_rabbit(const RabbitOptions& options);

}  // namespace hangu::events
