// One transfer by libcurl, blocking, on a thread of egress.
#pragma once

#include "platform/egress/egress.hpp"

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
};

// The parts of an address that egress decides on; read by curl's own parser, so that nobody can
// mean one host and reach another. An empty host: malformed.
struct Target {
    std::string scheme;
    std::string host;
    bool has_user = false;
};
Target target_of(const std::string& url);

Answer transfer(const HttpRequest& request, const Limits& limits);
Answer transfer(const Mail& mail, const Limits& limits);

void begin_curl();  // once per process, before the first thread

}  // namespace hangu::egress
