// The configuration of an nginx in front of the nodes, as text made from the settings. The same
// plan gives the same text, byte for byte.
#pragma once

#include "base/result.hpp"
#include "platform/settings/settings.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hangu::app {

struct GatewayNode {
    std::string name;      // [a-z0-9_-]{1,32}, as the node calls itself
    std::string address;   // "10.0.0.11:8443"
    std::string platform;  // "10.0.0.11:8444", the listener of the platform's own people
};

struct NginxPlan {
    std::vector<GatewayNode> nodes;
    std::vector<std::string> server_names;  // none: every name
    std::string listen = "443";             // "443", "127.0.0.1:8443", "[::1]:8443"
    std::string listen_platform = "8444";
    std::string listen_plain = "80";  // sends browsers to TLS; "" : nobody listens
    std::string certificates = "/etc/nginx/hangu";
    std::string nodes_ca = "/etc/nginx/hangu/nodes-ca.crt";
    std::string nodes_name = "localhost";  // in the nodes' certificates
    std::string folder;  // for the pid, logs and temporary files; "": where Debian has them
    std::vector<std::string> platform_networks;
    // From the settings of the nodes:
    std::int64_t body_bytes_max = 65536;
    std::int64_t head_ms_max = 5000;
    std::int64_t idle_ms_max = 15000;
    std::int64_t connections_max = 4096;
    std::int64_t connections_per_address_max = 256;
    std::int64_t rate_percent = 100;
};

// "NAME=ADDRESS:PORT" or "NAME=ADDRESS:PORT/PLATFORM_PORT". "usage".
Result<GatewayNode> read_node(std::string_view text, std::int64_t platform_port);
// Everything that goes into the text: no blanks, quotes, semicolons or braces. "usage".
Result<void> check_plan(const NginxPlan& plan);
// A gateway closes a connection that rests before its node does, so that no request is sent into
// the end of one.
std::int64_t gateway_rest_ms(std::int64_t idle_ms_max);

std::string nginx_text(const NginxPlan& plan);

}  // namespace hangu::app
