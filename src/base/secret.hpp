// A value that must not be printed: keys, passwords, tokens. It has no stream and no JSON operator,
// compares in constant time and wipes itself.
#pragma once

#include <cstddef>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

namespace hangu {

inline bool equal_in_constant_time(std::string_view a, std::string_view b) {
    if (a.size() != b.size()) {
        return false;
    }
    unsigned char difference = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        difference |= static_cast<unsigned char>(a[i] ^ b[i]);
    }
    return difference == 0;
}

class Secret {
 public:
    Secret() = default;
    explicit Secret(std::string value) : value_(std::move(value)) {}
    Secret(const Secret&) = default;
    Secret(Secret&& other) noexcept : value_(other.value_) { other.wipe(); }
    Secret& operator=(const Secret& other) {
        if (this != &other) {
            wipe();
            value_ = other.value_;
        }
        return *this;
    }
    Secret& operator=(Secret&& other) noexcept {
        if (this != &other) {
            wipe();
            value_ = other.value_;
            other.wipe();
        }
        return *this;
    }
    ~Secret() { wipe(); }

    // The only way to the value; grep for it.
    std::string_view expose() const { return value_; }
    bool empty() const { return value_.empty(); }
    std::size_t size() const { return value_.size(); }

    friend bool operator==(const Secret& a, const Secret& b) {
        return equal_in_constant_time(a.value_, b.value_);
    }

 private:
    void wipe() noexcept {
        if (!value_.empty()) {
            std::memset(value_.data(), 0, value_.size());
            __asm__ __volatile__("" : : "r"(value_.data()) : "memory");
            value_.clear();
        }
    }

    std::string value_;
};

}  // namespace hangu
