// What a trusted gateway says of the request that it passes on, in headers that it sets itself:
//
//     X-Hangu-Client: 203.0.113.9     who asks; needed on every request
//     X-Hangu-Scheme: https           how she came
//     X-Hangu-Hop: 1                  another node sent the request here
//
// From anybody else the session takes them away unread, so that whoever finds one in a request
// may believe it. X-Forwarded-For and its kin, which each party on the way adds to, are never read.
#pragma once

#include "platform/http/internal/networks.hpp"
#include "platform/http/internal/strict_check.hpp"
#include "platform/http/message.hpp"

#include <optional>

namespace hangu::http {

struct GatewayWord {
    std::optional<Address> client;  // none: the gateway looks after the node's health
    std::optional<bool> secure;
    bool hopped = false;
};

// Of a request whose connection a trusted gateway opened.
Refusal read_gateway_word(const Request& request, GatewayWord& word);
// Of anybody else's.
void drop_gateway_headers(Request& request);

// What the session has let through: it came through a gateway, which can send it on to another
// node; and it did so already.
bool is_by_gateway(const Request& request);
bool is_hopped(const Request& request);

}  // namespace hangu::http
