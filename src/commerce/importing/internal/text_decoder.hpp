// Turns the bytes of a file into UTF-8, chunk by chunk: strips the byte order mark, converts GBK
// (GB18030, its superset). Bytes that are not of the declared encoding come out as 0xFF, which no
// valid UTF-8 contains, so that the row they stand in is found by its validation.
#pragma once

#include "commerce/importing/internal/byte_source.hpp"

#include "base/describe.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace hangu::importing {

enum class Encoding { automatic, utf8, gbk };

class TextDecoder {
 public:
    static constexpr std::size_t kChunkBytes = std::size_t{64} << 10U;

    // `automatic` is treated as UTF-8; ask detect_encoding first.
    TextDecoder(ByteSource& bytes, Encoding encoding);
    ~TextDecoder();
    TextDecoder(const TextDecoder&) = delete;
    TextDecoder& operator=(const TextDecoder&) = delete;

    // The next piece of text, valid until the next call; empty at the end.
    std::string_view next();
    bool failed() const { return bytes_.failed(); }

 private:
    struct Converter;
    std::size_t read_more();
    std::string_view converted(bool at_end);

    ByteSource& bytes_;
    std::string raw_;  // bytes that wait to be converted stand at its beginning
    std::size_t waiting_ = 0;
    std::string text_;
    bool at_start_ = true;
    std::unique_ptr<Converter> converter_;  // null: UTF-8 passes as it is
};

struct Detected {
    Encoding encoding = Encoding::utf8;
    bool is_utf16 = false;  // which is not supported and deserves its own words
};

// Reads to the end: valid UTF-8 (with or without byte order mark), else GBK if it is valid there.
Detected detect_encoding(ByteSource& bytes);

}  // namespace hangu::importing
