// Doorbells between nodes: "look again at what you read from". Rings may be lost and may come
// twice, so they never are the news itself: that stands in a database.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace hangu::shared_state {

inline constexpr std::size_t kBellBytesMax = 512;

struct Ring {
    std::string payload;
    // Nobody rang that we know of, but somebody may have: after every connection, and, while there
    // is none, every poll_ms. Read your durable source.
    bool perhaps_missed = false;
};

// Ends the listening when it is destroyed; no call is running or begins after that.
class Listening {
 public:
    virtual ~Listening() = default;
};

// Server lost: rings reach this node only, the others' listeners poll.
class Bells {
 public:
    using Hear = std::function<void(const Ring&)>;

    virtual ~Bells() = default;
    // Never blocks. Reaches this node's listeners, too, before it returns.
    virtual void ring(std::string_view topic, std::string_view payload) = 0;
    // `hear` is called on the thread that rings, or on that of the connection: it must be quick,
    // must not wait, and must neither listen nor stop listening. It is told "perhaps missed" once
    // the topic is heard from other nodes.
    virtual std::unique_ptr<Listening> listen(std::string_view topic, Hear hear) = 0;
};

}  // namespace hangu::shared_state
