// One transfer by libcurl, blocking, on a thread of egress.
#pragma once

#include "platform/egress/egress.hpp"

#include <sys/socket.h>

#include <cstddef>
#include <cstdint>
#include <string>

namespace hangu::egress {

struct Limits {
    bool allow_loopback = false;
    std::int64_t connect_ms_max = 5000;
    std::int64_t total_ms_max = 15'000;
    std::size_t answer_bytes_max = 65'536;
    std::string ca_file;  // "" : the system's
    bool own = false;     // the operator's own endpoint: private addresses and this machine, too
    bool plain = false;   // without TLS: then only there
};

// The parts of an address that egress decides on; read by curl's own parser, so that nobody can
// mean one host and reach another. An empty host: malformed.
struct Target {
    std::string scheme;
    std::string host;
    std::string port;  // also when it is the scheme's own
    bool has_user = false;
    bool has_more = false;  // a path, a query or a fragment
};
Target target_of(const std::string& url);

// Judges the very address that a socket is about to be connected to.
bool may_connect(const Limits& limits, const sockaddr& address);

Answer transfer(const HttpRequest& request, const Limits& limits);
Answer transfer(const Mail& mail, const Limits& limits);

void begin_curl();  // once per process, before the first thread

}  // namespace hangu::egress
