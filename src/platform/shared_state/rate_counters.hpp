// How much may come from somewhere: rates of requests, and failures before they happen, counted
// over all nodes. Nothing here blocks.
#pragma once

#include "platform/shared_state/throttle.hpp"

#include <cstdint>
#include <functional>
#include <string_view>

namespace hangu::shared_state {

// What is known at once. `elsewhere`: the server has to be asked, and answers a callback.
enum class Admission { admitted, refused, elsewhere };

// GCRA as in rate_limiter.hpp, one number per key. With a server the clock is the server's, so that
// those of the nodes do not matter.
//
// Server lost: each node counts for itself and admits its part (the whole divided by the number of
// live nodes).
class RateCounters {
 public:
    virtual ~RateCounters() = default;

    // In memory this is the whole answer. With a server, what this node alone has admitted is a
    // floor of what all have: who is beyond the limit here is refused without asking.
    virtual Admission at_once(std::uint64_t key, std::int64_t per_minute) = 0;
    // After `elsewhere`, once. The callback comes on another thread, or before this returns.
    virtual void ask(std::uint64_t key, std::int64_t per_minute,
                     std::function<void(bool admitted)> answer) = 0;
};

// Attempts that may fail, reserved before they are made: of any number of parallel guesses only the
// allowed ones are looked at. A window of kWindowMs begins with the first attempt of a key.
//
// Server lost: as above, each node allows its part, at least one.
class Attempts {
 public:
    static constexpr std::int64_t kWindowMs = Throttle::kWindowMs;

    virtual ~Attempts() = default;
    virtual Admission reserve_at_once(std::string_view key, int attempts_max) = 0;
    virtual void reserve(std::string_view key, int attempts_max,
                         std::function<void(bool reserved)> answer) = 0;
    // It did not fail, or was not made. Asks nobody to wait.
    virtual void give_back(std::string_view key) = 0;
};

}  // namespace hangu::shared_state
