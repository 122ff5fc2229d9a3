// Where the bytes of an imported file come from: a file, or memory in tests and fuzzing.
#pragma once

#include "base/result.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <span>
#include <string>
#include <string_view>

namespace hangu::importing {

class ByteSource {
 public:
    virtual ~ByteSource() = default;
    virtual std::size_t read(std::span<char> out) = 0;  // 0: the end, or failed()
    virtual bool failed() const { return false; }
};

class MemorySource final : public ByteSource {
 public:
    // `step` bounds what one read gives, so that tests meet every cut between two reads.
    explicit MemorySource(std::string_view bytes, std::size_t step = std::size_t{1} << 20U)
        : bytes_(bytes), step_(step) {}
    std::size_t read(std::span<char> out) override {
        const std::size_t count = std::min({out.size(), step_, bytes_.size()});
        std::memcpy(out.data(), bytes_.data(), count);
        bytes_.remove_prefix(count);
        return count;
    }

 private:
    std::string_view bytes_;
    std::size_t step_;
};

class FileSource final : public ByteSource {
 public:
    explicit FileSource(const std::string& path) : file_(path, std::ios::binary) {}
    bool is_open() const { return file_.is_open(); }
    std::size_t read(std::span<char> out) override {
        file_.read(out.data(), static_cast<std::streamsize>(out.size()));
        bytes_read_ += file_.gcount();
        return static_cast<std::size_t>(file_.gcount());
    }
    std::int64_t bytes_read() const { return bytes_read_; }
    bool failed() const override { return file_.bad(); }

 private:
    std::ifstream file_;
    std::int64_t bytes_read_ = 0;
};

}  // namespace hangu::importing
