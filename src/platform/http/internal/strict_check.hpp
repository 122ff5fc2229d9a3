// What the engine refuses before anybody looks at what a request means. No input and output here.
#pragma once

#include "platform/http/message.hpp"
#include "platform/http/server.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace hangu::http {

enum class Refusal : std::uint8_t {
    none,
    // of a request
    malformed,
    version_unknown,
    bad_host,
    bad_transfer_encoding,
    bad_content_length,
    folded_header,
    duplicate_header,
    bad_target,
    method_unknown,
    body_not_allowed,
    bad_expectation,
    content_encoding,
    target_too_long,
    headers_too_large,
    body_too_large,
    bad_chunk,
    head_timeout,
    body_timeout,
    bad_gateway_header,
    gateway_silent,
    // of a connection, without an answer; the last two also of a gateway's client, with one
    handshake_failed,
    handshake_timeout,
    write_timeout,
    connections_full,
    address_full,
    network_refused,
};
inline constexpr std::size_t kRefusalsCount =
    static_cast<std::size_t>(Refusal::network_refused) + 1;

// The answer to a refused request. `code` without its "http." is the label of http_refused_total.
struct RefusalText {
    int status;
    std::string_view code;
    std::string_view title;
};
const RefusalText& refusal_text(Refusal refusal);

// Finds the end of the head in bytes that come in any split, and refuses what is visible in bytes
// alone: long lines, too many headers, folded lines, bare line feeds. The verdict depends on the
// bytes only, never on where they were split.
class HeadScanner {
 public:
    explicit HeadScanner(const Limits& limits) : limits_(limits) {}

    void begin();
    // `available` starts at the first byte of the head and holds all that came so far.
    Refusal scan(std::string_view available);
    bool complete() const { return complete_; }
    std::size_t bytes() const { return line_start_; }  // of the complete head

 private:
    Refusal check_length(std::size_t end) const;
    Refusal check_line(std::string_view line);

    const Limits& limits_;
    std::size_t scanned_ = 0;
    std::size_t line_start_ = 0;
    std::size_t first_line_bytes_ = 0;
    std::size_t lines_count_ = 0;
    bool complete_ = false;
};

// What the engine itself needs from a head.
struct HeadFacts {
    bool http_1_0 = false;
    bool keep_alive = true;
    bool expects_continue = false;
    bool chunked = false;
    std::uint64_t content_length = 0;
    bool has_body() const { return chunked || content_length > 0; }
};

// Checks method, target and headers of a parsed head; fills host, path and query of the request and
// the facts (http_1_0 is given).
Refusal check_head(Request& request, HeadFacts& facts, const Limits& limits);

}  // namespace hangu::http
