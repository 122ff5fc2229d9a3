#include "app/internal/nginx_text.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>

namespace hangu::app {
namespace {

constexpr std::size_t kNodesMax = 64;
constexpr std::size_t kNameBytesMax = 32;
constexpr std::size_t kWordBytesMax = 255;
constexpr std::int64_t kRestMarginMs = 5000;
constexpr std::int64_t kRequestsPerSecond = 100;  // of one address, before Hangu's own limits
constexpr std::int64_t kRatePercentMax = 1'000'000;
// A tenant's id as credentials begin with it: 13 characters of Crockford's base32.
constexpr std::string_view kId = "[0-9a-hjkmnp-tv-z]{13}";

bool is_name_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

bool is_word(std::string_view text) {
    return !text.empty() && text.size() <= kWordBytesMax &&
           std::all_of(text.begin(), text.end(), [](char c) {
               return is_name_character(c) || (c >= 'A' && c <= 'Z') ||
                      std::string_view(".:/[]*").find(c) != std::string_view::npos;
           });
}

bool is_port(std::string_view text) {
    std::int64_t port = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), port);
    return read.ec == std::errc() && read.ptr == text.data() + text.size() && port >= 1 &&
           port <= 65535;
}

Problem bad_node(std::string_view text) {
    return Problem::invalid(
        "usage",
        fmt::format("--node {}: NAME=ADDRESS:PORT, with a name of a-z, 0-9, _ and -", text));
}

std::string seconds(std::int64_t ms) {
    return ms % 1000 == 0 ? fmt::format("{}s", ms / 1000) : fmt::format("{}ms", ms);
}

// ---- parts of the text

std::string head_part(const NginxPlan& plan) {
    const bool own = !plan.folder.empty();
    const std::string pid = own ? plan.folder + "/nginx.pid" : "/run/nginx.pid";
    const std::string log = own ? plan.folder : "/var/log/nginx";
    return fmt::format(
        R"(# Made by `hangu deploy nginx`. Change hangu.toml or the flags and make it again.

{}worker_processes auto;
worker_rlimit_nofile {};
# After a reload an old worker serves what it has begun for so long; event streams are cut then,
# and browsers open them again.
worker_shutdown_timeout 60s;
pid {};
error_log {}/error.log warn;

events {{
    worker_connections {};
}}
)",
        own ? "" : "user www-data;\n", plan.connections_max * 4, pid, log,
        plan.connections_max * 2);
}

std::string temporary_part(const NginxPlan& plan) {
    std::string text;
    if (!plan.folder.empty()) {
        for (const std::string_view kind : {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"}) {
            text += fmt::format("    {}_temp_path {}/{};\n", kind, plan.folder, kind);
        }
    }
    return text;
}

// No query, no referer, no cookie: what could let somebody in never reaches the disk.
std::string log_part(const NginxPlan& plan) {
    const std::string log = plan.folder.empty() ? "/var/log/nginx" : plan.folder;
    return fmt::format(
        R"(    log_format hangu escape=json
        '{{"at":"$time_iso8601","client":"$remote_addr","method":"$request_method",'
        '"path":"$uri","status":$status,"bytes":$body_bytes_sent,"seconds":$request_time,'
        '"node":"$upstream_addr","node_status":"$upstream_status"}}';
    access_log {}/access.log hangu;
)",
        log);
}

std::string limits_part(const NginxPlan& plan) {
    const std::int64_t percent = std::min(plan.rate_percent, kRatePercentMax);
    const std::int64_t per_second = std::max<std::int64_t>(kRequestsPerSecond * percent / 100, 1);
    return fmt::format(
        R"(    # As large and as patient as Hangu itself.
    client_max_body_size {0};
    client_body_buffer_size {1};
    client_header_timeout {2};
    client_body_timeout 30s;
    send_timeout 30s;
    keepalive_timeout {3};
    large_client_header_buffers 4 8k;
    reset_timedout_connection on;

    # Per client address: open requests, and requests per second. Hangu counts per session, key and
    # route; this keeps a flood from reaching it.
    limit_conn_zone $binary_remote_addr zone=hangu_open:10m;
    limit_conn hangu_open {4};
    limit_conn_status 429;
    limit_req_zone $binary_remote_addr zone=hangu_rate:10m rate={5}r/s;
    limit_req zone=hangu_rate burst={6} nodelay;
    limit_req_status 429;
)",
        plan.body_bytes_max, std::min<std::int64_t>(plan.body_bytes_max, 1048576),
        seconds(plan.head_ms_max), seconds(plan.idle_ms_max), plan.connections_per_address_max,
        per_second, per_second * 2);
}

std::string tls_part(const NginxPlan& plan) {
    return fmt::format(
        R"(    # HSTS and the other security headers are Hangu's.
    ssl_protocols TLSv1.2 TLSv1.3;
    ssl_ciphers )"
        "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
        "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
        "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305"
        R"(;
    ssl_prefer_server_ciphers off;
    ssl_session_cache shared:hangu_tls:10m;
    ssl_session_timeout 1d;
    ssl_session_tickets off;
    ssl_certificate {0}/rsa.crt;
    ssl_certificate_key {0}/rsa.key;
    ssl_certificate {0}/ecdsa.crt;
    ssl_certificate_key {0}/ecdsa.key;
)",
        plan.certificates);
}

// Which tenant a request is of, as its credential says. It need not be true: a node that is asked
// for another's tenant sends the request on.
std::string route_part() {
    return fmt::format(
        "    # The tenant, from the session cookie or the application key; who has neither is kept "
        R"(with
    # one node by her address.
    map $http_cookie $hangu_cookie_tenant {{
        default "";
        "~(?:^|;\s*)__Host-hangu_merchant=(?<hangu_a>{0})\." $hangu_a;
        "~(?:^|;\s*)__Host-hangu_(?:step|passkey|text)=(?<hangu_b>{0})\." $hangu_b;
    }}
    map $http_authorization $hangu_key_tenant {{
        default "";
        "~*^bearer hgk_(?<hangu_c>{0})_" $hangu_c;
    }}
    map $hangu_cookie_tenant$hangu_key_tenant $hangu_route {{
        default $hangu_cookie_tenant$hangu_key_tenant;
        "" $binary_remote_addr;
    }}
)",
        kId);
}

std::string upstream_text(std::string_view name, const std::vector<std::string>& addresses,
                          std::string_view hash, std::size_t keepalive, std::int64_t rest_ms) {
    std::string text = fmt::format("    upstream {} {{\n        zone {} 128k;\n", name, name);
    if (!hash.empty()) {
        text += fmt::format("        hash {} consistent;\n", hash);
    }
    for (const std::string& address : addresses) {
        text += fmt::format("        server {} max_fails=1 fail_timeout=5s;\n", address);
    }
    text += fmt::format(
        "        keepalive {};\n        keepalive_timeout {};\n        keepalive_requests "
        "5000;\n    }}\n",
        keepalive, seconds(rest_ms));
    return text;
}

std::string upstreams_part(const NginxPlan& plan) {
    const std::int64_t rest_ms = gateway_rest_ms(plan.idle_ms_max);
    std::vector<std::string> edge;
    std::vector<std::string> platform;
    for (const GatewayNode& node : plan.nodes) {
        edge.push_back(node.address);
        platform.push_back(node.platform);
    }
    std::string text =
        "    # Connections rest shorter here than at the nodes: nothing is sent into the end of "
        "one.\n";
    text += upstream_text("hangu", edge, "$hangu_route", 64, rest_ms);
    text += upstream_text("hangu_platform", platform, "$binary_remote_addr", 4, rest_ms);
    for (const GatewayNode& node : plan.nodes) {
        text += upstream_text("hangu_node_" + node.name, {node.address}, "", 16, rest_ms);
        text += upstream_text("hangu_platform_node_" + node.name, {node.platform}, "", 4, rest_ms);
    }
    return text;
}

// Of all locations, and inherited by them: headers that a client could forge are set or removed.
// A location with a proxy_set_header of its own inherits none, so named ones repeat the block.
std::string headers_text(std::string_view indent, bool hop) {
    std::string text;
    const std::pair<std::string_view, std::string_view> kHeaders[] = {
        {"Host", "$http_host"},
        {"Connection", "\"\""},
        {"X-Hangu-Client", "$remote_addr"},
        {"X-Hangu-Scheme", "$scheme"},
        {"X-Hangu-Hop", hop ? "1" : "\"\""},
        {"X-Forwarded-For", "\"\""},
        {"X-Forwarded-Host", "\"\""},
        {"X-Forwarded-Proto", "\"\""},
        {"X-Real-IP", "\"\""},
        {"Forwarded", "\"\""}};
    for (const auto& [name, value] : kHeaders) {
        text += fmt::format("{}proxy_set_header {} {};\n", indent, name, value);
    }
    return text;
}

std::string proxy_part(const NginxPlan& plan) {
    return fmt::format(
        R"(    # To the nodes: TLS that is verified, over a private network.
    proxy_http_version 1.1;
    proxy_ssl_protocols TLSv1.2 TLSv1.3;
    proxy_ssl_verify on;
    proxy_ssl_verify_depth 3;
    proxy_ssl_trusted_certificate {};
    proxy_ssl_server_name on;
    proxy_ssl_name {};
    # A request is read whole before it is passed on, so that it can be made again elsewhere.
    proxy_request_buffering on;
    proxy_buffers 8 16k;
    proxy_max_temp_file_size 0;
    proxy_connect_timeout 2s;
    proxy_send_timeout 30s;
    proxy_read_timeout 60s;
    # Another node is asked when this one cannot be reached. What changes something (POST, PATCH) is
    # repeated only if none of it was sent: nginx sees to that as long as non_idempotent is absent.
    # PUT and DELETE say what is to be, so twice is once. A 503 is an answer and is passed to the
    # client, who knows whether to repeat it: another node could not do better.
    proxy_next_upstream error timeout;
    proxy_next_upstream_tries {};
    proxy_next_upstream_timeout 5s;
{})",
        plan.nodes_ca, plan.nodes_name, std::min<std::size_t>(plan.nodes.size(), 3),
        headers_text("    ", false));
}

std::string problem_location(std::string_view name, int status, std::string_view code,
                             std::string_view title) {
    return fmt::format(
        R"(        location @{} {{
            internal;
            default_type application/problem+json;
            add_header Cache-Control no-store always;
            add_header Retry-After 1 always;
            return {} '{{"type":"urn:hangu:problem:{}","title":"{}","status":{},"code":"{}"}}';
        }}
)",
        name, status, code, title, status, code);
}

std::string locations_part(const NginxPlan& plan, std::string_view upstream) {
    std::string text = fmt::format(
        R"(        location / {{
            proxy_pass https://{0};
        }}
        location = /api/v1/events {{
            proxy_buffering off;
            proxy_read_timeout 5m;  # a node says something every 15 s
            proxy_pass https://{0};
        }}
        # For those who look after the nodes, on the private network.
        location = /healthz {{ return 404; }}
        location = /readyz {{ return 404; }}

)",
        upstream);
    for (const GatewayNode& node : plan.nodes) {
        text += fmt::format(
            "        location @node_{} {{\n            internal;\n            proxy_read_timeout "
            "5m;\n            proxy_next_upstream off;\n{}            proxy_pass "
            "https://{}_node_{};\n        }}\n",
            node.name, headers_text("            ", true), upstream, node.name);
    }
    text += R"(
        # nginx's own refusals, in the form of Hangu's.
        error_page 413 @too_large;
        error_page 429 @too_many;
        error_page 502 504 @unreachable;
)";
    text +=
        problem_location("too_large", 413, "http.body_too_large", "The request body is too large.");
    text += problem_location("too_many", 429, "rate.limited", "Too many requests");
    text += problem_location("unreachable", 502, "gateway.unreachable",
                             "Whether the request was carried out is not known");
    return text;
}

std::string listen_text(std::string_view listen, std::string_view more) {
    std::string text = fmt::format("        listen {}{};\n", listen, more);
    if (listen.find(':') == std::string_view::npos) {
        text += fmt::format("        listen [::]:{}{};\n", listen, more);
    }
    return text;
}

std::string port_of(std::string_view listen) {
    const std::size_t colon = listen.rfind(':');
    return std::string(colon == std::string_view::npos ? listen : listen.substr(colon + 1));
}

std::string names_text(const NginxPlan& plan) {
    std::string text;
    for (const std::string& name : plan.server_names) {
        text += (text.empty() ? "" : " ") + name;
    }
    return text.empty() ? "_" : text;
}

std::string servers_part(const NginxPlan& plan) {
    std::string text;
    if (!plan.server_names.empty()) {
        text += "    # Names that are not ours get no certificate.\n    server {\n";
        text += listen_text(plan.listen, " ssl http2 default_server");
        text += "        ssl_reject_handshake on;\n    }\n\n";
    }
    if (!plan.listen_plain.empty()) {
        const std::string port = port_of(plan.listen);
        text += "    server {\n" + listen_text(plan.listen_plain, "");
        text += fmt::format("        server_name {};\n", names_text(plan));
        text += fmt::format("        return 308 https://$host{}$request_uri;\n    }}\n\n",
                            port == "443" ? "" : ":" + port);
    }
    text += "    # The console, the storefront's API and the open API.\n    server {\n";
    text += listen_text(plan.listen, " ssl http2");
    text += fmt::format("        server_name {};\n\n", names_text(plan));
    text += locations_part(plan, "hangu") + "    }\n\n";
    text +=
        "    # The platform's own people, from their networks alone; each node asks for them "
        "again.\n    server {\n";
    text += listen_text(plan.listen_platform, " ssl http2");
    text += fmt::format("        server_name {};\n", names_text(plan));
    for (const std::string& network : plan.platform_networks) {
        text += fmt::format("        allow {};\n", network);
    }
    text += "        deny all;\n\n" + locations_part(plan, "hangu_platform") + "    }\n";
    return text;
}

}  // namespace

Result<GatewayNode> read_node(std::string_view text, std::int64_t platform_port) {
    const std::size_t equals = text.find('=');
    const std::size_t colon = text.rfind(':');
    if (equals == std::string_view::npos || colon == std::string_view::npos || colon < equals) {
        return bad_node(text);
    }
    const std::string_view name = text.substr(0, equals);
    const std::string_view host = text.substr(equals + 1, colon - equals - 1);
    std::string_view port = text.substr(colon + 1);
    std::string of_platform = std::to_string(platform_port);
    if (const std::size_t slash = port.find('/'); slash != std::string_view::npos) {
        of_platform = port.substr(slash + 1);
        port = port.substr(0, slash);
    }
    const bool named = !name.empty() && name.size() <= kNameBytesMax &&
                       std::all_of(name.begin(), name.end(), is_name_character);
    if (!named || !is_word(host) || !is_port(port) || !is_port(of_platform)) {
        return bad_node(text);
    }
    return GatewayNode{std::string(name), fmt::format("{}:{}", host, port),
                       fmt::format("{}:{}", host, of_platform)};
}

Result<void> check_plan(const NginxPlan& plan) {
    std::set<std::string> names;
    for (const GatewayNode& node : plan.nodes) {
        if (!names.insert(node.name).second) {
            return Problem::invalid("usage", "two nodes are named " + node.name);
        }
    }
    if (plan.nodes.empty() || plan.nodes.size() > kNodesMax) {
        return Problem::invalid("usage", fmt::format("from 1 to {} nodes", kNodesMax));
    }
    std::vector<std::string> words{plan.listen, plan.listen_platform, plan.certificates,
                                   plan.nodes_ca, plan.nodes_name};
    words.insert(words.end(), plan.server_names.begin(), plan.server_names.end());
    words.insert(words.end(), plan.platform_networks.begin(), plan.platform_networks.end());
    for (const std::string* const optional : {&plan.folder, &plan.listen_plain}) {
        if (!optional->empty()) {
            words.push_back(*optional);
        }
    }
    for (const std::string& word : words) {
        if (!is_word(word)) {
            return Problem::invalid("usage", "this cannot stand in the configuration: " + word);
        }
    }
    return {};
}

std::int64_t gateway_rest_ms(std::int64_t idle_ms_max) {
    return idle_ms_max >= 2 * kRestMarginMs ? idle_ms_max - kRestMarginMs : idle_ms_max / 2;
}

std::string nginx_text(const NginxPlan& plan) {
    return head_part(plan) + "\nhttp {\n" +
           "    server_tokens off;\n    default_type application/octet-stream;\n"
           "    merge_slashes off;\n" +
           temporary_part(plan) + "\n" + log_part(plan) + "\n" + limits_part(plan) + "\n" +
           tls_part(plan) + "\n" + route_part() + "\n" + upstreams_part(plan) + "\n" +
           proxy_part(plan) + "\n" + servers_part(plan) + "}\n";
}

}  // namespace hangu::app
