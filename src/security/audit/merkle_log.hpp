// An append-only Merkle log as in RFC 6962 (leaf hashes are given; nodes are
// SHA-256(0x01 ‖ left ‖ right)), kept in tiles of 256 hashes as in C2SP tlog-tiles: the tile
// (level, index) holds the roots of the perfect trees of 256^level leaves from index · 256 on.
// Nothing else of the tree is stored: 32.13 bytes a leaf. Pure.
#pragma once

#include "platform/crypto/crypto.hpp"

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hangu::audit {

using crypto::Digest;

inline constexpr std::size_t kHashBytes = 32;
inline constexpr int kTileHeight = 8;
inline constexpr std::int64_t kTileWidth = 256;

struct TileId {
    int level = 0;
    std::int64_t index = 0;
    friend auto operator<=>(const TileId&, const TileId&) = default;
};

// Where tiles come from. A tile may be longer than asked for (the log has grown), or shorter when
// it was damaged: a hash that is not there counts as zeros, and the root differs.
class TileSource {
 public:
    virtual ~TileSource() = default;
    virtual std::string_view tile(TileId id) = 0;  // good until the next call
};

Digest node_hash(const Digest& left, const Digest& right);
// The root over whole hashes in a row, at most a tile of them; they must be 2^n many.
Digest perfect_root(std::string_view hashes);
// Hashes of the tile (level, index) in a log of that many leaves: 0 to 256.
std::int64_t tile_width(TileId id, std::int64_t size);

Digest tree_root(TileSource& tiles, std::int64_t size);  // of nothing: SHA-256("")

// 0 <= index < size.
std::vector<Digest> inclusion_proof(TileSource& tiles, std::int64_t index, std::int64_t size);
bool verify_inclusion(std::int64_t index, std::int64_t size, const Digest& leaf,
                      const std::vector<Digest>& proof, const Digest& root);

// 0 <= old_size <= size.
std::vector<Digest> consistency_proof(TileSource& tiles, std::int64_t old_size, std::int64_t size);
bool verify_consistency(std::int64_t old_size, const Digest& old_root, std::int64_t size,
                        const Digest& root, const std::vector<Digest>& proof);

// Adds leaves behind those that are there and keeps the tiles that this changed. It is a source of
// the grown log itself.
class TileAppender final : public TileSource {
 public:
    TileAppender(TileSource& tiles, std::int64_t size) : tiles_(tiles), size_(size) {}

    void add(std::string_view leaf);
    std::int64_t size() const { return size_; }
    const std::map<TileId, std::string>& changed() const { return changed_; }

    std::string_view tile(TileId id) override;

 private:
    void put(int level, std::int64_t at, std::string_view hash);

    TileSource& tiles_;
    std::int64_t size_;
    std::map<TileId, std::string> changed_;
};

}  // namespace hangu::audit
