#include "platform/http/internal/request_parser.hpp"

#include "base/check.hpp"

#include <boost/beast/http/basic_parser.hpp>

#include <algorithm>

namespace hangu::http {

namespace beast = boost::beast;
using beast::error_code;

namespace {

constexpr std::size_t kChunkBytesMax = 1024 * 1024;
constexpr std::size_t kChunkExtensionBytesMax = 16;
constexpr std::size_t kChunkLineBytesMax = 64;  // size, extension and line end
constexpr std::string_view kLineEnd = "\r\n";
constexpr std::size_t kHeadersReserved = 16;
constexpr std::size_t kBodyReservedMax = 64 * 1024;

// Our own verdict passes through Beast as this error and is kept beside.
const beast::http::error kRefused = beast::http::error::bad_value;

Refusal refusal_of(const error_code& error) {
    using Error = beast::http::error;
    if (error == Error::bad_version) {
        return Refusal::version_unknown;
    }
    if (error == Error::bad_target) {
        return Refusal::bad_target;
    }
    if (error == Error::bad_content_length || error == Error::multiple_content_length) {
        return Refusal::bad_content_length;
    }
    if (error == Error::bad_transfer_encoding) {
        return Refusal::bad_transfer_encoding;
    }
    return Refusal::malformed;
}

bool is_hexadecimal(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

char lowered(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// Beast's parser, writing straight into our Request.
class Reader final : public beast::http::basic_parser<true> {
 public:
    Reader(Request& request, HeadFacts& facts) : request_(request), facts_(facts) {
        body_limit(boost::none);                       // body_bytes_max below
        header_limit(static_cast<std::uint32_t>(-1));  // HeadScanner
    }

    std::size_t body_bytes_max = 0;
    Refusal refusal = Refusal::none;
    bool head_done = false;
    bool at_chunk_line = true;  // the next bytes are a chunk's size, or the line end before it
    bool first_chunk = true;    // there is no line end before it

 private:
    using verb = beast::http::verb;
    using field = beast::http::field;
    using Text = beast::string_view;

    void refuse(Refusal why, error_code& error) {
        refusal = why;
        error = kRefused;
    }

    void on_request_impl(verb, Text method, Text target, int version, error_code&) override {
        request_.method.assign(method.data(), method.size());
        request_.target.assign(target.data(), target.size());
        facts_.http_1_0 = version == 10;
    }
    void on_response_impl(int, Text, int, error_code& error) override {
        refuse(Refusal::malformed, error);
    }
    void on_field_impl(field, Text name, Text value, error_code& error) override {
        if (head_done) {
            refuse(Refusal::bad_chunk, error);  // a trailer, should one come so far
            return;
        }
        Header& header = request_.headers.emplace_back();
        header.name.resize(name.size());
        std::transform(name.begin(), name.end(), header.name.begin(), lowered);
        header.value.assign(value.data(), value.size());
    }
    void on_header_impl(error_code&) override { head_done = true; }
    void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
    std::size_t on_body_impl(Text bytes, error_code&) override {
        request_.body.append(bytes.data(), bytes.size());
        return bytes.size();
    }
    void on_chunk_header_impl(std::uint64_t size, Text extensions, error_code& error) override {
        if (extensions.size() > kChunkExtensionBytesMax || size > kChunkBytesMax) {
            refuse(Refusal::bad_chunk, error);
        } else if (size > body_bytes_max - request_.body.size()) {
            refuse(Refusal::body_too_large, error);
        }
        at_chunk_line = false;
        first_chunk = false;
    }
    std::size_t on_chunk_body_impl(std::uint64_t remaining, Text bytes, error_code&) override {
        request_.body.append(bytes.data(), bytes.size());
        at_chunk_line = bytes.size() == remaining;
        return bytes.size();
    }
    void on_finish_impl(error_code&) override {}

    Request& request_;
    HeadFacts& facts_;
};

}  // namespace

struct RequestParser::State {
    explicit State(const Limits& of) : limits(of), scanner(of) {}

    const Limits& limits;
    HeadScanner scanner;
    Request request;
    HeadFacts facts;
    Refusal refusal = Refusal::none;
    std::optional<Reader> reader;

    Progress refuse(Refusal why) {
        refusal = why;
        return {Step::refused, 0};
    }

    Progress read_head(std::string_view available) {
        if (const Refusal why = scanner.scan(available); why != Refusal::none) {
            return refuse(why);
        }
        if (!scanner.complete()) {
            return {};
        }
        request.headers.reserve(kHeadersReserved);
        const std::size_t bytes = scanner.bytes();
        error_code error;
        const std::size_t consumed =
            reader->put(boost::asio::const_buffer(available.data(), bytes), error);
        if (error) {
            return refuse(refusal_of(error));
        }
        if (!reader->head_done || consumed != bytes) {
            return refuse(Refusal::malformed);
        }
        if (const Refusal why = check_head(request, facts, limits); why != Refusal::none) {
            return refuse(why);
        }
        return {Step::head, consumed};
    }

    // Beast gets a chunk's line only when it is whole (it asserts on some halves), the last one
    // together with the empty line after it. So a trailer is refused here, as are lines without
    // end.
    enum class ChunkLine : std::uint8_t { whole, not_yet, bad };
    ChunkLine look_at_chunk_line(std::string_view bytes) const {
        if (!reader->first_chunk) {
            if (bytes.size() < 2) {
                return bytes[0] == '\r' ? ChunkLine::not_yet : ChunkLine::bad;
            }
            if (!bytes.starts_with(kLineEnd)) {
                return ChunkLine::bad;
            }
            bytes.remove_prefix(kLineEnd.size());
        }
        const std::size_t end = bytes.substr(0, kChunkLineBytesMax).find('\n');
        if (end == std::string_view::npos) {
            return bytes.size() < kChunkLineBytesMax ? ChunkLine::not_yet : ChunkLine::bad;
        }
        const std::size_t digit = bytes.find_first_not_of('0');
        if (digit == 0 || is_hexadecimal(bytes[digit])) {
            return ChunkLine::whole;  // not the last chunk
        }
        const std::string_view after = bytes.substr(end + 1, kLineEnd.size());
        if (after == kLineEnd) {
            return ChunkLine::whole;
        }
        return kLineEnd.starts_with(after) ? ChunkLine::not_yet : ChunkLine::bad;
    }

    Progress read_body(std::string_view available) {
        Progress progress;
        while (!reader->is_done()) {
            const std::string_view rest = available.substr(progress.consumed);
            if (rest.empty()) {
                return progress;
            }
            if (facts.chunked && reader->at_chunk_line) {
                const ChunkLine line = look_at_chunk_line(rest);
                if (line != ChunkLine::whole) {
                    return line == ChunkLine::bad ? refuse(Refusal::bad_chunk) : progress;
                }
            }
            error_code error;
            const std::size_t consumed =
                reader->put(boost::asio::const_buffer(rest.data(), rest.size()), error);
            progress.consumed += consumed;
            if (error) {
                const bool ours = reader->refusal != Refusal::none;
                return refuse(ours ? reader->refusal : Refusal::bad_chunk);
            }
        }
        progress.step = Step::done;
        return progress;
    }
};

RequestParser::RequestParser(const Limits& limits) : state_(std::make_unique<State>(limits)) {
    begin();
}

RequestParser::~RequestParser() = default;

void RequestParser::begin() {
    State& state = *state_;
    state.scanner.begin();
    state.request = Request();
    state.facts = HeadFacts();
    state.refusal = Refusal::none;
    state.reader.emplace(state.request, state.facts);
}

RequestParser::Progress RequestParser::advance(std::string_view available) {
    if (state_->refusal != Refusal::none) {
        return {Step::refused, 0};
    }
    return state_->reader->head_done ? state_->read_body(available) : state_->read_head(available);
}

void RequestParser::allow_body(std::size_t bytes_max) {
    State& state = *state_;
    HANGU_ASSERT(state.reader->head_done && state.request.body.empty());
    state.reader->body_bytes_max = bytes_max;
    if (state.facts.content_length > bytes_max) {
        state.refusal = Refusal::body_too_large;
    } else {
        const auto announced = static_cast<std::size_t>(state.facts.content_length);
        state.request.body.reserve(std::min(announced, kBodyReservedMax));
    }
}

void RequestParser::refuse(Refusal why) {
    state_->refusal = why;
}

const Request& RequestParser::request() const {
    return state_->request;
}

const HeadFacts& RequestParser::facts() const {
    return state_->facts;
}

Refusal RequestParser::refusal() const {
    return state_->refusal;
}

std::size_t RequestParser::body_bytes() const {
    return state_->request.body.size();
}

Request RequestParser::take() {
    return std::move(state_->request);
}

}  // namespace hangu::http
