// Counts failed attempts before they are made: an attempt is reserved first, so that of any number
// of parallel guesses only the allowed ones are evaluated. In memory, bounded. Thread-safe.
#pragma once

#include "base/time.hpp"

#include <cstdint>
#include <list>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace hangu::shared_state {

class Throttle {
 public:
    static constexpr std::int64_t kWindowMs = 15 * kMinuteMs;

    struct Claim {
        std::string key;
        int attempts_max = 0;  // per window, which begins with the first attempt
    };

    explicit Throttle(std::size_t count_max) : count_max_(count_max) {}

    // One attempt of each claim, or none of any when one is used up.
    bool reserve(const std::vector<Claim>& claims, Time now);
    void give_back(std::string_view key);
    void clear(std::string_view key);

 private:
    struct Counted {
        std::string key;
        Time began_at;
        int attempts = 0;
    };
    Counted& counted(const std::string& key, Time now);

    std::size_t count_max_;
    std::mutex mutex_;
    std::list<Counted> by_age_;  // windows in the order they began, the newest first
    std::unordered_map<std::string_view, std::list<Counted>::iterator> index_;
};

// An attempt that was reserved. Unless it is said to have failed, it does not count: neither a
// right password nor one that was never looked at.
class Attempt {
 public:
    Attempt(Throttle& throttle, std::vector<Throttle::Claim> claims, Time now)
        : throttle_(throttle),
          claims_(std::move(claims)),
          reserved_(throttle.reserve(claims_, now)) {}
    ~Attempt() {
        if (reserved_) {
            for (const Throttle::Claim& claim : claims_) {
                throttle_.give_back(claim.key);
            }
        }
    }
    Attempt(const Attempt&) = delete;
    Attempt& operator=(const Attempt&) = delete;

    bool reserved() const { return reserved_; }
    void failed() { reserved_ = false; }
    // The first claim starts anew: the account's owner is here.
    void succeeded() { throttle_.clear(claims_.front().key); }

 private:
    Throttle& throttle_;
    std::vector<Throttle::Claim> claims_;
    bool reserved_;
};

}  // namespace hangu::shared_state
