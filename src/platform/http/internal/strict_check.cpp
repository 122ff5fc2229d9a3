#include "platform/http/internal/strict_check.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <cstring>

namespace hangu::http {
namespace {

constexpr std::array<RefusalText, kRefusalsCount> kTexts{{
    {0, "http.none", ""},
    {400, "http.malformed", "The request is not well-formed HTTP/1.1."},
    {505, "http.version_unknown", "Only HTTP/1.1 and HTTP/1.0 are spoken here."},
    {400, "http.bad_host", "Exactly one valid Host header is required."},
    {400, "http.bad_transfer_encoding", "The only Transfer-Encoding taken is one chunked."},
    {400, "http.bad_content_length", "Content-Length must stand once and be a whole number."},
    {400, "http.folded_header", "Folded header lines are not taken."},
    {400, "http.duplicate_header", "A header that may stand once stands twice."},
    {400, "http.bad_target", "The request target is not a valid path and query."},
    {501, "http.method_unknown", "The method is not known here."},
    {400, "http.body_not_allowed", "A request of this method has no body."},
    {417, "http.bad_expectation", "The only expectation met is 100-continue."},
    {415, "http.content_encoding", "Request bodies are taken without Content-Encoding."},
    {414, "http.target_too_long", "The request target is too long."},
    {431, "http.headers_too_large", "The request headers are too large or too many."},
    {413, "http.body_too_large", "The request body is too large."},
    {400, "http.bad_chunk", "The chunked body is not well-formed."},
    {408, "http.head_timeout", "The request head came too slowly."},
    {408, "http.body_timeout", "The request body came too slowly."},
    {400, "http.bad_gateway_header", "What the gateway says of its client is not well-formed."},
    {400, "http.gateway_silent", "The gateway does not say for whom it asks."},
    {0, "http.handshake_failed", ""},
    {0, "http.handshake_timeout", ""},
    {0, "http.write_timeout", ""},
    {0, "http.connections_full", ""},
    {429, "http.address_full", "Too many requests of this address are open."},
    {403, "http.network_refused", "This address may not come here."},
}};
static_assert(!kTexts.back().code.empty());

constexpr std::size_t kRequestLineExtraBytesMax = 32;  // method, version, blanks, line end
constexpr std::size_t kCookieBytesMax = 4096;
constexpr std::size_t kCookiesCountMax = 32;
constexpr std::size_t kHostBytesMax = 261;  // a name of 255 and a port
constexpr std::size_t kLengthDigitsMax = 18;

}  // namespace

const RefusalText& refusal_text(Refusal refusal) {
    return kTexts[static_cast<std::size_t>(refusal)];
}

void HeadScanner::begin() {
    scanned_ = 0;
    line_start_ = 0;
    first_line_bytes_ = 0;
    lines_count_ = 0;
    complete_ = false;
}

Refusal HeadScanner::scan(std::string_view available) {
    while (!complete_) {
        const void* const found =
            scanned_ < available.size()
                ? std::memchr(available.data() + scanned_, '\n', available.size() - scanned_)
                : nullptr;
        if (found == nullptr) {
            scanned_ = available.size();
            return check_length(available.size());
        }
        const std::size_t end =
            static_cast<std::size_t>(static_cast<const char*>(found) - available.data()) + 1;
        if (const Refusal refusal = check_length(end); refusal != Refusal::none) {
            return refusal;
        }
        const std::string_view line = available.substr(line_start_, end - line_start_);
        scanned_ = end;
        line_start_ = end;
        if (const Refusal refusal = check_line(line); refusal != Refusal::none) {
            return refusal;
        }
    }
    return Refusal::none;
}

// Bytes up to `end` are there, the last line may be unfinished.
Refusal HeadScanner::check_length(std::size_t end) const {
    if (lines_count_ == 0) {
        return end > limits_.target_bytes_max + kRequestLineExtraBytesMax ? Refusal::target_too_long
                                                                          : Refusal::none;
    }
    const bool too_large = end - line_start_ > limits_.header_line_bytes_max ||
                           end - first_line_bytes_ > limits_.headers_bytes_max;
    return too_large ? Refusal::headers_too_large : Refusal::none;
}

// A whole line with its line feed. line_start_ is already behind it.
Refusal HeadScanner::check_line(std::string_view line) {
    if (line.size() < 2 || line[line.size() - 2] != '\r') {
        return Refusal::malformed;
    }
    if (lines_count_ == 0) {
        if (line.size() == 2) {
            return Refusal::malformed;
        }
        first_line_bytes_ = line.size();
    } else if (line.size() == 2) {
        complete_ = true;
        return Refusal::none;
    } else if (line[0] == ' ' || line[0] == '\t') {
        return Refusal::folded_header;
    } else if (lines_count_ > limits_.headers_count_max) {
        return Refusal::headers_too_large;
    }
    ++lines_count_;
    return Refusal::none;
}

namespace {

bool is_alphanumeric(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_good_host(std::string_view host) {
    if (host.empty() || host.size() > kHostBytesMax) {
        return false;
    }
    return std::all_of(host.begin(), host.end(), [](char c) {
        return is_alphanumeric(c) || std::string_view(".-_:[]").find(c) != std::string_view::npos;
    });
}

bool is_known_method(std::string_view method) {
    constexpr std::array<std::string_view, 7> kMethods{"GET",   "POST",   "PUT",    "HEAD",
                                                       "PATCH", "DELETE", "OPTIONS"};
    return std::find(kMethods.begin(), kMethods.end(), method) != kMethods.end();
}

Refusal check_target(Request& request, const Limits& limits) {
    const std::string_view target = request.target;
    if (target.size() > limits.target_bytes_max) {
        return Refusal::target_too_long;
    }
    const bool visible = std::all_of(target.begin(), target.end(),
                                     [](char c) { return c >= 0x21 && c <= 0x7E && c != '#'; });
    if (!visible || target.empty() || target.front() != '/') {
        return Refusal::bad_target;
    }
    const std::size_t question = target.find('?');
    std::optional<std::string> path = percent_decoded(target.substr(0, question));
    // An encoded slash would divide the path here and not at a gateway that reads it first.
    const bool divided_alike =
        path &&
        std::count(path->begin(), path->end(), '/') ==
            std::count(target.begin(), target.begin() + std::min(question, target.size()), '/');
    if (!divided_alike || path->find('\\') != std::string::npos) {
        return Refusal::bad_target;
    }
    request.path = *std::move(path);
    if (question != std::string_view::npos) {
        auto query = parse_query(target.substr(question + 1));
        if (!query) {
            return Refusal::bad_target;
        }
        request.query = *std::move(query);
    }
    return Refusal::none;
}

// The headers that decide where a message ends, who is asked and what comes next.
struct Seen {
    bool host = false;
    bool transfer_encoding = false;
    bool content_length = false;
    bool content_type = false;
    bool authorization = false;
    bool origin = false;
    bool cookie = false;
};

bool first(bool& seen) {
    return !std::exchange(seen, true);
}

Refusal note_length(std::string_view value, HeadFacts& facts) {
    if (value.empty() || value.size() > kLengthDigitsMax) {
        return Refusal::bad_content_length;
    }
    for (const char c : value) {
        if (c < '0' || c > '9') {
            return Refusal::bad_content_length;
        }
        facts.content_length = facts.content_length * 10 + static_cast<std::uint64_t>(c - '0');
    }
    return Refusal::none;
}

void note_connection(const std::string& value, HeadFacts& facts, bool& keep_alive_asked) {
    const std::string lower = lower_ascii(value);
    for (const std::string_view token : split(lower, ',')) {
        if (trimmed(token) == "close") {
            facts.keep_alive = false;
        } else if (trimmed(token) == "keep-alive") {
            keep_alive_asked = true;
        }
    }
}

Refusal check_cookie(std::string_view value) {
    const auto semicolons = std::count(value.begin(), value.end(), ';');
    return value.size() > kCookieBytesMax ||
                   static_cast<std::size_t>(semicolons) >= kCookiesCountMax
               ? Refusal::headers_too_large
               : Refusal::none;
}

Refusal check_header(const Header& header, Request& request, HeadFacts& facts, Seen& seen,
                     bool& keep_alive_asked) {
    const std::string_view name = header.name;
    if (name == "host") {
        const bool good = first(seen.host) && is_good_host(header.value);
        request.host = header.value;
        return good ? Refusal::none : Refusal::bad_host;
    }
    if (name == "content-length") {
        return first(seen.content_length) ? note_length(header.value, facts)
                                          : Refusal::bad_content_length;
    }
    if (name == "transfer-encoding") {
        facts.chunked = first(seen.transfer_encoding) && lower_ascii(header.value) == "chunked" &&
                        !facts.http_1_0;
        return facts.chunked ? Refusal::none : Refusal::bad_transfer_encoding;
    }
    if (name == "connection") {
        note_connection(header.value, facts, keep_alive_asked);
    } else if (name == "expect") {
        facts.expects_continue = lower_ascii(header.value) == "100-continue";
        return facts.expects_continue ? Refusal::none : Refusal::bad_expectation;
    } else if (name == "content-encoding") {
        return Refusal::content_encoding;
    } else if (name == "content-type") {
        return first(seen.content_type) ? Refusal::none : Refusal::duplicate_header;
    } else if (name == "authorization") {
        return first(seen.authorization) ? Refusal::none : Refusal::duplicate_header;
    } else if (name == "origin") {
        return first(seen.origin) ? Refusal::none : Refusal::duplicate_header;
    } else if (name == "cookie") {
        return first(seen.cookie) ? check_cookie(header.value) : Refusal::duplicate_header;
    }
    return Refusal::none;
}

}  // namespace

Refusal check_head(Request& request, HeadFacts& facts, const Limits& limits) {
    if (!is_known_method(request.method)) {
        return Refusal::method_unknown;
    }
    if (const Refusal refusal = check_target(request, limits); refusal != Refusal::none) {
        return refusal;
    }
    Seen seen;
    bool keep_alive_asked = false;
    for (const Header& header : request.headers) {
        const Refusal refusal = check_header(header, request, facts, seen, keep_alive_asked);
        if (refusal != Refusal::none) {
            return refusal;
        }
    }
    if (!seen.host) {
        return Refusal::bad_host;
    }
    if (seen.transfer_encoding && seen.content_length) {
        return Refusal::bad_transfer_encoding;
    }
    if (facts.http_1_0 && !keep_alive_asked) {
        facts.keep_alive = false;
    }
    const bool bodiless = request.method == "GET" || request.method == "HEAD" ||
                          request.method == "DELETE" || request.method == "OPTIONS";
    return bodiless && facts.has_body() ? Refusal::body_not_allowed : Refusal::none;
}

}  // namespace hangu::http
