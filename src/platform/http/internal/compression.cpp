#include "platform/http/internal/compression.hpp"

#include "base/check.hpp"
#include "base/text.hpp"

#include <zlib.h>

#include <array>
#include <cstdint>

namespace hangu::http {

struct Gzip::State {
    State() {
        constexpr int kGzipWindowBits = 15 + 16;
        constexpr int kMemoryLevel = 8;
        HANGU_ASSERT(deflateInit2(&stream, 1, Z_DEFLATED, kGzipWindowBits, kMemoryLevel,
                                  Z_DEFAULT_STRATEGY) == Z_OK);
    }
    ~State() { deflateEnd(&stream); }
    State(const State&) = delete;
    State& operator=(const State&) = delete;

    z_stream stream{};
};

Gzip::Gzip() = default;
Gzip::~Gzip() = default;

bool Gzip::compress(std::string_view text, std::string& out) {
    if (!state_) {
        state_ = std::make_unique<State>();
    }
    z_stream& stream = state_->stream;
    HANGU_ASSERT(deflateReset(&stream) == Z_OK);
    out.resize(text.size());
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    if (deflate(&stream, Z_FINISH) != Z_STREAM_END) {
        return false;
    }
    out.resize(out.size() - stream.avail_out);
    return true;
}

namespace {

bool is_refused(std::string_view quality) {  // "0", "0.", "0.000"
    return !quality.empty() && quality.front() == '0' &&
           quality.find_first_not_of("0.") == std::string_view::npos;
}

}  // namespace

bool takes_gzip(std::string_view accept_encoding) {
    if (accept_encoding.empty()) {
        return false;
    }
    bool any = false;
    const std::string lower = lower_ascii(accept_encoding);
    for (const std::string_view item : split(lower, ',')) {
        const std::size_t semicolon = item.find(';');
        const std::string_view coding = trimmed(item.substr(0, semicolon));
        if (coding != "gzip" && coding != "*") {
            continue;
        }
        bool taken = true;
        if (semicolon != std::string_view::npos) {
            const std::string_view parameter = trimmed(item.substr(semicolon + 1));
            taken = !parameter.starts_with("q=") || !is_refused(trimmed(parameter.substr(2)));
        }
        if (coding == "gzip") {
            return taken;
        }
        any = taken;
    }
    return any;
}

bool is_compressible(std::string_view content_type) {
    constexpr std::array<std::string_view, 6> kKinds{
        "application/json", "application/problem+json", "application/javascript", "application/xml",
        "image/svg+xml",    "application/manifest+json"};
    const std::string kind = lower_ascii(trimmed(content_type.substr(0, content_type.find(';'))));
    if (kind.starts_with("text/")) {
        return kind != "text/event-stream";
    }
    for (const std::string_view known : kKinds) {
        if (kind == known) {
            return true;
        }
    }
    return false;
}

}  // namespace hangu::http
