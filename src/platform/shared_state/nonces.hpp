// What may be used once, wherever the second use arrives.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

namespace hangu::shared_state {

enum class Taken {
    first,
    seen_before,
    refused,  // it cannot be known: the server is lost, or too many are remembered
};

enum class WhenLost {
    refuse,
    // What this node saw is all that is asked. Right where the uses of a nonce arrive at one node
    // as long as all is well, and the server only covers the moments when that changes.
    ask_own_memory,
};

class Nonces {
 public:
    virtual ~Nonces() = default;

    // Remembered for ttl_ms from now. What this node saw is refused without asking.
    virtual void take_once(std::string_view key, std::int64_t ttl_ms, WhenLost when_lost,
                           std::function<void(Taken)> answer) = 0;
};

}  // namespace hangu::shared_state
