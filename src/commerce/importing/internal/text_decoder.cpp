#include "commerce/importing/internal/text_decoder.hpp"

#include "base/check.hpp"

#include <iconv.h>

#include <array>
#include <cerrno>

namespace hangu::importing {

namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::size_t kLongestCharacter = 4;  // bytes, in GB18030 and UTF-8

}  // namespace

struct TextDecoder::Converter {
    Converter() : handle(::iconv_open("UTF-8", "GB18030")) {
        // Part of the C library of every Debian: without it the installation is broken.
        HANGU_ASSERT(handle != reinterpret_cast<iconv_t>(-1));
    }
    ~Converter() { ::iconv_close(handle); }
    Converter(const Converter&) = delete;
    Converter& operator=(const Converter&) = delete;
    iconv_t handle;
};

TextDecoder::TextDecoder(ByteSource& bytes, Encoding encoding)
    : bytes_(bytes), raw_(kChunkBytes + kLongestCharacter, '\0') {
    if (encoding == Encoding::gbk) {
        converter_ = std::make_unique<Converter>();
    }
}

TextDecoder::~TextDecoder() = default;

// Fills raw_ behind what waits; short reads are taken as they come.
std::size_t TextDecoder::read_more() {
    const std::size_t count =
        bytes_.read(std::span(raw_).subspan(waiting_, raw_.size() - waiting_));
    waiting_ += count;
    return count;
}

std::string_view TextDecoder::next() {
    while (true) {
        if (converter_ == nullptr && !at_start_) {
            waiting_ = 0;  // the last piece was used
        }
        const std::size_t count = read_more();
        if (at_start_) {
            // The mark may be cut by a short read.
            if (count != 0 && waiting_ < kByteOrderMark.size()) {
                continue;
            }
            at_start_ = false;
            if (std::string_view(raw_.data(), waiting_).starts_with(kByteOrderMark)) {
                waiting_ -= kByteOrderMark.size();
                std::memmove(raw_.data(), raw_.data() + kByteOrderMark.size(), waiting_);
            }
        }
        if (waiting_ == 0) {
            if (count == 0) {
                return {};
            }
            continue;
        }
        if (converter_ == nullptr) {
            const std::string_view piece(raw_.data(), waiting_);
            return piece;
        }
        const std::string_view piece = converted(count == 0);
        if (!piece.empty() || count == 0) {
            return piece;
        }
    }
}

std::string_view TextDecoder::converted(bool at_end) {
    text_.resize(waiting_ * 3 + kLongestCharacter);
    char* in = raw_.data();
    std::size_t in_left = waiting_;
    char* out = text_.data();
    std::size_t out_left = text_.size();
    while (in_left > 0 && out_left > kLongestCharacter) {
        if (::iconv(converter_->handle, &in, &in_left, &out, &out_left) !=
            static_cast<std::size_t>(-1)) {
            break;
        }
        const bool cut = errno == EINVAL && !at_end;  // a character goes on in the next chunk
        if (cut || errno == E2BIG) {
            break;
        }
        *out++ = '\xFF';
        --out_left;
        ++in;
        --in_left;
        ::iconv(converter_->handle, nullptr, nullptr, nullptr, nullptr);
    }
    std::memmove(raw_.data(), in, in_left);
    waiting_ = in_left;
    return {text_.data(), static_cast<std::size_t>(out - text_.data())};
}

namespace {

// Follows UTF-8 over any cut; the strict forms are checked per row, this one decides between two.
class Utf8Watch {
 public:
    void take(std::string_view bytes) {
        for (const char c : bytes) {
            const auto byte = static_cast<unsigned char>(c);
            if (tail_ > 0) {
                good_ = good_ && (byte & 0xC0U) == 0x80U;
                --tail_;
            } else if (byte >= 0x80U) {
                tail_ = byte >= 0xF0U ? 3 : byte >= 0xE0U ? 2 : 1;
                good_ = good_ && byte >= 0xC2U && byte <= 0xF4U;
            }
        }
    }
    bool good() const { return good_ && tail_ == 0; }

 private:
    int tail_ = 0;
    bool good_ = true;
};

// GBK and GB18030: pairs of a lead 0x81-0xFE and a trail 0x40-0xFE, or four bytes with digits.
class GbkWatch {
 public:
    void take(std::string_view bytes) {
        for (const char c : bytes) {
            const auto byte = static_cast<unsigned char>(c);
            const bool digit = byte >= 0x30U && byte <= 0x39U;
            const bool lead = byte >= 0x81U && byte <= 0xFEU;
            if (place_ == 0) {
                good_ = good_ && byte != 0x80U && byte != 0xFFU;
                place_ = byte >= 0x80U ? 1 : 0;
            } else if (place_ == 1) {
                good_ = good_ && (digit || (byte >= 0x40U && byte != 0x7FU && byte != 0xFFU));
                place_ = digit ? 2 : 0;
            } else if (place_ == 2) {
                good_ = good_ && lead;
                place_ = 3;
            } else {
                good_ = good_ && digit;
                place_ = 0;
            }
        }
    }
    bool good() const { return good_ && place_ == 0; }

 private:
    int place_ = 0;
    bool good_ = true;
};

}  // namespace

Detected detect_encoding(ByteSource& bytes) {
    std::array<char, TextDecoder::kChunkBytes> chunk{};
    Utf8Watch utf8;
    GbkWatch gbk;
    Detected found;
    bool first = true;
    while (const std::size_t count = bytes.read(chunk)) {
        const std::string_view piece(chunk.data(), count);
        if (first && (piece.starts_with("\xFF\xFE") || piece.starts_with("\xFE\xFF"))) {
            found.is_utf16 = true;
            return found;
        }
        first = false;
        utf8.take(piece);
        gbk.take(piece);
    }
    found.encoding = !utf8.good() && gbk.good() ? Encoding::gbk : Encoding::utf8;
    return found;
}

}  // namespace hangu::importing
