// Which representation of a FileBody answers a request: whole, compressed, a part, or nothing new.
#pragma once

#include "platform/http/internal/response_writer.hpp"
#include "platform/http/message.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hangu::http {

struct FileChoice {
    int status = 200;
    std::string_view body;
    bool gzip = false;
    std::string etag;
    std::string content_range;  // "" : none
};
FileChoice choose_file(const FileBody& file, std::string_view last_modified,
                       const Conditions& conditions);

// "bytes=0-99", "bytes=100-", "bytes=-20" of a content of `size` bytes. nullopt: not a single range
// that we serve, the whole is sent. Unsatisfiable: count is 0.
struct ByteRange {
    std::uint64_t begin = 0;
    std::uint64_t count = 0;
};
std::optional<ByteRange> parse_range(std::string_view range, std::uint64_t size);

}  // namespace hangu::http
