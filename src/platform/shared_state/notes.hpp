// Small values that one request leaves for another, on whichever node that one arrives: what a
// sign-in needs before there is an account or a tenant. The server can read them: seal what it must
// not.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace hangu::shared_state {

inline constexpr std::size_t kNoteBytesMax = 4096;

struct Note {
    std::optional<std::string> value;
    bool lost = false;  // not found, but the server could not be asked: it may exist
};

// `space` is a name of the user's own, [a-z_]; each holds its own number of notes at most, so that
// one use does not crowd out another. A full space refuses; it pushes nobody else's note out.
//
// Server lost: what is put stays in this node's memory and is found there only; what was put before
// is not found.
class Notes {
 public:
    virtual ~Notes() = default;

    // Replaces what is there. False: too large, or there is no room.
    virtual void put(std::string_view space, std::string_view key, std::string_view value,
                     std::int64_t ttl_ms, std::function<void(bool kept)> answer) = 0;
    virtual void get(std::string_view space, std::string_view key,
                     std::function<void(Note)> answer) = 0;
    // Of any number of takers one gets it.
    virtual void take(std::string_view space, std::string_view key,
                      std::function<void(Note)> answer) = 0;
};

}  // namespace hangu::shared_state
