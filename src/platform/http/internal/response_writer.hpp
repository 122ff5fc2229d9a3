// Turns a Response into bytes: status line and headers by hand, conditional requests, ranges,
// compression. Knows no sockets.
#pragma once

#include "platform/http/internal/compression.hpp"
#include "platform/http/internal/strict_check.hpp"
#include "platform/http/message.hpp"

#include <string>
#include <string_view>

namespace hangu::http {

// What the writer needs of a request after the handler took it.
struct Conditions {
    bool head = false;  // the method
    bool http_1_0 = false;
    bool takes_gzip = false;
    std::string range;
    std::string if_range;
    std::string if_none_match;
    std::string if_modified_since;
};
Conditions conditions_of(const Request& request, const HeadFacts& facts);

class ResponseWriter {
 public:
    void set_date(Time now);  // call it every second or so

    struct Written {
        std::string_view body;     // within the response, which must live on
        Stream* stream = nullptr;  // instead of a body
        bool chunked = false;      // how the stream is framed; else the connection's end ends it
    };
    // Appends the head to `out`. `response` is changed: its body may be replaced by a compressed
    // one.
    Written write(Response& response, const Conditions& conditions, bool close, std::string& out);

    // Head and body of a refusal.
    void write_refusal(Refusal refusal, std::string& out) const;

 private:
    struct Plan;
    void plan_text(Response& response, const Conditions& conditions, std::string_view text,
                   Plan& plan);
    void write_head(const Response& response, const Plan& plan, const Conditions& conditions,
                    bool close, std::string& out) const;

    Gzip gzip_;
    std::string date_line_;  // "Date: ...\r\n"
};

// Null when every header may be sent; else the name of the first bad one (line breaks, odd names).
const Header* find_bad_header(const Response& response);

// The problem document that stands in for an answer that could not be made.
Response fault_response(std::string_view incident);

}  // namespace hangu::http
