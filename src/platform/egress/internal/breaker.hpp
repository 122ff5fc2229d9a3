// Circuit breaker of one host: after failures in a row it rests, then one request tries; each
// failed try doubles the rest. Pure: the caller tells the time.
#pragma once

#include "base/time.hpp"

#include <algorithm>
#include <cstdint>

namespace hangu::egress {

class Breaker {
 public:
    static constexpr int kFailuresMax = 5;
    static constexpr std::int64_t kRestMsMin = 10 * kSecondMs;
    static constexpr std::int64_t kRestMsMax = 5 * kMinuteMs;

    // True: go on, and say afterwards how it went. While it rests, one try at a time may.
    bool may_pass(Time now) {
        if (failures_ < kFailuresMax) {
            return true;
        }
        if (now < resting_until_ || trying_) {
            return false;
        }
        trying_ = true;
        return true;
    }
    void succeeded() { *this = Breaker(); }
    void failed(Time now) {
        trying_ = false;
        if (++failures_ >= kFailuresMax) {
            rest_ms_ = std::clamp(rest_ms_ * 2, kRestMsMin, kRestMsMax);
            resting_until_ = now.plus_ms(rest_ms_);
        }
    }
    // The try was never made: the next one may.
    void abandoned() { trying_ = false; }
    bool is_resting() const { return failures_ >= kFailuresMax; }
    bool is_fresh() const { return failures_ == 0; }
    Time resting_until() const { return resting_until_; }

 private:
    int failures_ = 0;  // in a row
    std::int64_t rest_ms_ = 0;
    Time resting_until_;
    bool trying_ = false;
};

}  // namespace hangu::egress
