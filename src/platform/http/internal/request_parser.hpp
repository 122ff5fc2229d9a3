// Reads requests from bytes that come in any split. Knows no sockets: fuzzed and tested alone.
#pragma once

#include "platform/http/internal/strict_check.hpp"
#include "platform/http/message.hpp"
#include "platform/http/server.hpp"

#include <cstdint>
#include <memory>
#include <string_view>

namespace hangu::http {

// One request at a time: begin(); then advance() until head, allow_body(), again until done or
// refused; take() the request; begin() the next one with the bytes that were not consumed.
class RequestParser {
 public:
    enum class Step : std::uint8_t { need_more, head, done, refused };
    struct Progress {
        Step step = Step::need_more;
        std::size_t consumed = 0;  // drop so many bytes before the next call
    };

    explicit RequestParser(const Limits& limits);  // which must outlive it
    ~RequestParser();

    void begin();
    // `available` holds everything that came and was not consumed. Step::head comes once, before
    // any byte of a body is read.
    Progress advance(std::string_view available);
    // After Step::head; a body that is announced larger, or grows larger, is refused.
    void allow_body(std::size_t bytes_max);
    void refuse(Refusal why);  // for reasons of the caller's own

    const Request& request() const;
    const HeadFacts& facts() const;
    Refusal refusal() const;
    std::size_t body_bytes() const;  // that came so far
    Request take();

 private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace hangu::http
