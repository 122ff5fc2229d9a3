// A request that was read whole and checked, and an answer. No Asio, no Beast.
#pragma once

#include "base/id.hpp"
#include "base/time.hpp"
#include "platform/observe/observe.hpp"
#include "platform/runtime/task.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace hangu::http {

struct Header {
    std::string name;  // in lower case for requests
    std::string value;
};

struct Request {
    std::string method;                                      // "GET"
    std::string target;                                      // as sent: "/api/v1/orders?limit=20"
    std::string path;                                        // decoded, without query
    std::vector<std::pair<std::string, std::string>> query;  // decoded, in order
    std::vector<Header> headers;
    std::string body;
    std::string remote_address;  // without port
    std::string host;            // the Host header
    bool secure = true;          // came over TLS
    observe::TraceId trace;
    std::int64_t received_us = 0;  // monotonic, when the head was complete

    std::string_view header(std::string_view lower_name) const;  // "" if absent
    std::string_view cookie(std::string_view name) const;        // "" if absent
    std::optional<std::string_view> query_value(std::string_view name) const;
};

// A body that is made while it is sent (server-sent events). next() waits until there is something
// to send; an empty text ends the stream. Dropped when the client goes away or the server stops.
class Stream {
 public:
    virtual ~Stream() = default;
    virtual Task<std::string> next() = 0;
    virtual void stop() = 0;  // from any thread; makes a waiting next() return ""
};

// A file from the embedded or local set, answered with ETag, a single range and 304. A
// Last-Modified among the response's headers takes part too (If-Modified-Since is compared as
// text).
struct FileBody {
    std::shared_ptr<const std::string> content;
    std::shared_ptr<const std::string> gzip;  // may be null
    std::string etag;                         // strong, quoted: "\"3f2a\""
};

// The engine writes Content-Length, Transfer-Encoding, Connection and Date itself and drops such
// headers from here. Texts and JSON over 1 KiB are compressed for clients that take it, unless
// there is a Content-Encoding or Cache-Control says no-transform (secrets beside echoed input: say
// it).
struct Response {
    int status = 200;
    std::vector<Header> headers;
    std::variant<std::string, std::shared_ptr<const std::string>, FileBody, std::shared_ptr<Stream>>
        body;
    bool close = false;  // the connection, after this answer

    void set(std::string_view name, std::string_view value);
};

// Percent-decoding and query splitting as the request reader does it ("+" is a blank in a query
// only). nullopt: malformed, a %00, or more than kQueryCountMax arguments.
inline constexpr std::size_t kQueryCountMax = 255;
std::optional<std::string> percent_decoded(std::string_view text);
std::optional<std::vector<std::pair<std::string, std::string>>> parse_query(std::string_view text);

}  // namespace hangu::http
