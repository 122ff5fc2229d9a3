// AES-256-GCM for the parts of one large thing, under a key that is used for this thing alone: the
// number of the part is the nonce, so a part is 16 bytes longer than its text and no more.
#pragma once

#include "base/secret.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hangu::crypto {

// A part's place: its number, and whether it is the last. Under one key each place is sealed once,
// or with the same text again.
struct ChunkPlace {
    std::uint64_t number = 0;
    bool last = false;
};

class ChunkCipher {
 public:
    static constexpr std::size_t kKeyBytes = 32;
    static constexpr std::size_t kTagBytes = 16;

    explicit ChunkCipher(Secret key);

    // `associated` is checked too and not stored; 64 MiB of text at most.
    std::string seal(const ChunkPlace& place, std::string_view associated,
                     std::string_view plain) const;
    // Nothing when it was changed, or is another place's or another thing's.
    std::optional<std::string> open(const ChunkPlace& place, std::string_view associated,
                                    std::string_view sealed) const;

 private:
    Secret key_;
};

}  // namespace hangu::crypto
