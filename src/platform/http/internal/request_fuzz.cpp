// Arbitrary bytes through the request reader: it never crashes, keeps its limits, and says the same
// wherever the bytes are split. The first two bytes choose the splits.
#include "platform/http/internal/gateway.hpp"
#include "platform/http/internal/request_parser.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace hangu::http;

constexpr std::size_t kBodyBytesMax = 4096;

void require(bool fact) {
    if (!fact) {
        std::abort();
    }
}

// Everything that was understood, as one text.
std::string read_all(std::string_view bytes, std::uint32_t splits) {
    const Limits limits;
    RequestParser parser(limits);
    std::string said;
    std::string waiting;
    while (true) {
        const RequestParser::Progress progress = parser.advance(waiting);
        require(progress.consumed <= waiting.size());
        waiting.erase(0, progress.consumed);
        if (progress.step == RequestParser::Step::refused) {
            return said + "refused " + std::string(refusal_text(parser.refusal()).code);
        }
        if (progress.step == RequestParser::Step::head) {
            parser.allow_body(kBodyBytesMax);
        } else if (progress.step == RequestParser::Step::done) {
            const Request request = parser.take();
            require(request.body.size() <= kBodyBytesMax);
            require(request.headers.size() <= limits.headers_count_max);
            require(request.target.size() <= limits.target_bytes_max);
            require(!request.host.empty());
            said += request.method + ' ' + request.target + ' ' + request.path + '\n';
            for (const Header& header : request.headers) {
                said += header.name + ": " + header.value + '\n';
            }
            said += request.body + '\n';
            parser.begin();
        } else if (bytes.empty()) {
            return said + "waiting";
        } else {
            splits = splits * 1664525U + 1013904223U;
            const std::size_t size = std::min<std::size_t>(bytes.size(), 1 + (splits >> 16U) % 61U);
            waiting += bytes.substr(0, size);
            bytes.remove_prefix(size);
        }
    }
}

// As if a gateway had sent it, and as if somebody had who says so.
void read_as_gateways(Request request) {
    GatewayWord word;
    const Refusal verdict = read_gateway_word(request, word);
    if (verdict == Refusal::none && word.client) {
        const std::optional<Address> again = Address::parse(word.client->text());
        require(again && again->bytes == word.client->bytes);
        require(is_by_gateway(request) && is_hopped(request) == word.hopped);
    }
    require(verdict != Refusal::none || word.client || is_health_path(request.path));
    drop_gateway_headers(request);
    require(!is_by_gateway(request) && !is_hopped(request));
}

// All at once.
std::string read_whole(std::string_view bytes) {
    const Limits limits;
    RequestParser parser(limits);
    std::string said;
    while (true) {
        const RequestParser::Progress progress = parser.advance(bytes);
        bytes.remove_prefix(progress.consumed);
        switch (progress.step) {
            case RequestParser::Step::refused:
                return said + "refused " + std::string(refusal_text(parser.refusal()).code);
            case RequestParser::Step::need_more:
                return said + "waiting";
            case RequestParser::Step::head:
                parser.allow_body(kBodyBytesMax);
                break;
            case RequestParser::Step::done: {
                const Request request = parser.take();
                read_as_gateways(request);
                said += request.method + ' ' + request.target + ' ' + request.path + '\n';
                for (const Header& header : request.headers) {
                    said += header.name + ": " + header.value + '\n';
                }
                said += request.body + '\n';
                parser.begin();
                break;
            }
        }
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) {
        return 0;
    }
    const std::uint32_t splits = data[0] * 256U + data[1];
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 2, size - 2);
    const std::string whole = read_whole(bytes);
    require(whole == read_all(bytes, splits));
    require(whole == read_all(bytes, splits + 1));
    return 0;
}
