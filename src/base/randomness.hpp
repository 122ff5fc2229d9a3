// Randomness is injected: the real source is platform/crypto's buffered generator, tests seed
// theirs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace hangu {

class Randomness {
 public:
    virtual ~Randomness() = default;
    virtual void fill(std::span<std::byte> out) = 0;

    std::string bytes(std::size_t count) {
        std::string out(count, '\0');
        fill(std::as_writable_bytes(std::span<char>(out)));
        return out;
    }
    std::uint64_t number() {
        std::uint64_t value = 0;
        fill(std::as_writable_bytes(std::span<std::uint64_t, 1>(&value, 1)));
        return value;
    }
};

// For tests and replays only (splitmix64).
class SeededRandomness final : public Randomness {
 public:
    explicit SeededRandomness(std::uint64_t seed) : state_(seed) {}
    void fill(std::span<std::byte> out) override {
        for (std::byte& b : out) {
            state_ += 0x9E3779B97F4A7C15ULL;
            std::uint64_t z = state_;
            z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
            z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
            b = static_cast<std::byte>(z >> 33U);
        }
    }

 private:
    std::uint64_t state_;
};

}  // namespace hangu
