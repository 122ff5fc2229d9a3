#include "platform/crypto/crypto.hpp"

#include <openssl/crypto.h>
#include <pthread.h>
#include <sys/random.h>

#include <cerrno>
#include <system_error>

namespace hangu::crypto {

namespace {

constexpr std::size_t kBufferBytes = 4096;

// Counts the forks this process is the child of. A child has a copy of its parent's buffer and must
// not use it: both would draw the same nonces.
std::atomic<std::uint32_t> forks_count{0};

void watch_forks() {
    static const int registered = pthread_atfork(nullptr, nullptr, [] { ++forks_count; });
    if (registered != 0) {
        throw std::system_error(registered, std::generic_category(), "pthread_atfork");
    }
}

void read_system(std::span<std::byte> out) {
    std::size_t filled = 0;
    while (filled < out.size()) {
        const ssize_t got = getrandom(out.data() + filled, out.size() - filled, 0);
        if (got > 0) {
            filled += static_cast<std::size_t>(got);
        } else if (errno != EINTR) {
            throw std::system_error(errno, std::generic_category(), "getrandom");
        }
    }
}

// The unused random bytes of one thread; they stand at the end, what was given out is zero.
class Buffer {
 public:
    Buffer() { watch_forks(); }
    Buffer(const Buffer&) = delete;
    Buffer& operator=(const Buffer&) = delete;
    ~Buffer() { OPENSSL_cleanse(bytes_.data(), bytes_.size()); }

    void take(std::span<std::byte> out) {
        const std::uint32_t forks = forks_count.load(std::memory_order_relaxed);
        if (left_ < out.size() || forks != forks_seen_) {
            read_system(bytes_);
            left_ = bytes_.size();
            forks_seen_ = forks;
        }
        std::byte* from = bytes_.data() + (bytes_.size() - left_);
        std::memcpy(out.data(), from, out.size());
        OPENSSL_cleanse(from, out.size());
        left_ -= out.size();
    }

 private:
    std::array<std::byte, kBufferBytes> bytes_{};
    std::size_t left_ = 0;
    std::uint32_t forks_seen_ = 0;
};

}  // namespace

void SystemRandomness::fill(std::span<std::byte> out) {
    if (out.size() > kBufferBytes / 4) {
        read_system(out);
    } else if (!out.empty()) {
        thread_local Buffer buffer;
        buffer.take(out);
    }
}

}  // namespace hangu::crypto
