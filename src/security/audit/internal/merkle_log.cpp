#include "security/audit/merkle_log.hpp"

#include "base/check.hpp"

#include <algorithm>
#include <array>
#include <bit>

namespace hangu::audit {

namespace {

Digest digest_of(std::string_view bytes) {
    Digest digest;
    std::copy_n(bytes.data(), std::min(bytes.size(), kHashBytes), digest.bytes.data());
    return digest;
}

// The largest power of two below n (n >= 2), where RFC 6962 splits a tree.
std::int64_t split_of(std::int64_t n) {
    return static_cast<std::int64_t>(std::bit_floor(static_cast<std::uint64_t>(n - 1)));
}

bool is_perfect(std::int64_t n) {
    return std::has_single_bit(static_cast<std::uint64_t>(n));
}

// The root of the perfect tree of 2^height leaves whose first leaf is index · 2^height.
Digest perfect_hash(TileSource& tiles, int height, std::int64_t index) {
    const int level = height / kTileHeight;
    const int rest = height % kTileHeight;
    const std::int64_t first = index << rest;
    const std::string_view tile = tiles.tile({level, first / kTileWidth});
    const std::size_t from = static_cast<std::size_t>(first % kTileWidth) * kHashBytes;
    const std::size_t bytes = (std::size_t{1} << static_cast<unsigned>(rest)) * kHashBytes;
    return tile.size() < from + bytes ? Digest{} : perfect_root(tile.substr(from, bytes));
}

// RFC 6962's MTH(D[begin:end]); `begin` is a multiple of the power of two at or above the length.
Digest range_hash(TileSource& tiles, std::int64_t begin, std::int64_t end) {
    const std::int64_t count = end - begin;
    if (is_perfect(count)) {
        const int height = std::countr_zero(static_cast<std::uint64_t>(count));
        return perfect_hash(tiles, height, begin >> height);
    }
    const std::int64_t middle = begin + split_of(count);
    const Digest left = range_hash(tiles, begin, middle);
    return node_hash(left, range_hash(tiles, middle, end));
}

}  // namespace

Digest node_hash(const Digest& left, const Digest& right) {
    std::array<char, 1 + 2 * kHashBytes> node{};
    node[0] = '\x01';
    std::copy(left.bytes.begin(), left.bytes.end(), node.begin() + 1);
    std::copy(right.bytes.begin(), right.bytes.end(), node.begin() + 1 + kHashBytes);
    return crypto::sha256(std::string_view(node.data(), node.size()));
}

Digest perfect_root(std::string_view hashes) {
    const std::size_t count = hashes.size() / kHashBytes;
    HANGU_ASSERT(std::has_single_bit(count) && count <= static_cast<std::size_t>(kTileWidth));
    std::array<Digest, kTileWidth> level;
    for (std::size_t i = 0; i < count; ++i) {
        level[i] = digest_of(hashes.substr(i * kHashBytes, kHashBytes));
    }
    for (std::size_t width = count; width > 1; width /= 2) {
        for (std::size_t i = 0; i < width / 2; ++i) {
            level[i] = node_hash(level[2 * i], level[2 * i + 1]);
        }
    }
    return level[0];
}

std::int64_t tile_width(TileId id, std::int64_t size) {
    const std::int64_t hashes = size >> (kTileHeight * id.level);
    return std::clamp<std::int64_t>(hashes - id.index * kTileWidth, 0, kTileWidth);
}

Digest tree_root(TileSource& tiles, std::int64_t size) {
    return size == 0 ? crypto::sha256("") : range_hash(tiles, 0, size);
}

std::vector<Digest> inclusion_proof(TileSource& tiles, std::int64_t index, std::int64_t size) {
    HANGU_ASSERT(index >= 0 && index < size);
    std::vector<Digest> proof;
    std::int64_t begin = 0;
    std::int64_t end = size;
    while (end - begin > 1) {
        const std::int64_t middle = begin + split_of(end - begin);
        if (index < middle) {
            proof.push_back(range_hash(tiles, middle, end));
            end = middle;
        } else {
            proof.push_back(range_hash(tiles, begin, middle));
            begin = middle;
        }
    }
    std::reverse(proof.begin(), proof.end());
    return proof;
}

// RFC 9162, 2.1.3.2.
bool verify_inclusion(std::int64_t index, std::int64_t size, const Digest& leaf,
                      const std::vector<Digest>& proof, const Digest& root) {
    if (index < 0 || index >= size) {
        return false;
    }
    std::int64_t at = index;
    std::int64_t last = size - 1;
    Digest hash = leaf;
    for (const Digest& other : proof) {
        if (last == 0) {
            return false;
        }
        if ((at & 1) != 0 || at == last) {
            hash = node_hash(other, hash);
            while ((at & 1) == 0 && at != 0) {
                at >>= 1;
                last >>= 1;
            }
        } else {
            hash = node_hash(hash, other);
        }
        at >>= 1;
        last >>= 1;
    }
    return last == 0 && hash == root;
}

std::vector<Digest> consistency_proof(TileSource& tiles, std::int64_t old_size, std::int64_t size) {
    HANGU_ASSERT(old_size >= 0 && old_size <= size);
    std::vector<Digest> proof;
    if (old_size == 0 || old_size == size) {
        return proof;
    }
    std::int64_t begin = 0;
    std::int64_t end = size;
    bool whole = true;  // the part looked at begins where the old tree does
    while (old_size != end) {
        const std::int64_t middle = begin + split_of(end - begin);
        if (old_size <= middle) {
            proof.push_back(range_hash(tiles, middle, end));
            end = middle;
        } else {
            proof.push_back(range_hash(tiles, begin, middle));
            begin = middle;
            whole = false;
        }
    }
    if (!whole) {
        proof.push_back(range_hash(tiles, begin, end));
    }
    std::reverse(proof.begin(), proof.end());
    return proof;
}

// RFC 9162, 2.1.4.2.
bool verify_consistency(std::int64_t old_size, const Digest& old_root, std::int64_t size,
                        const Digest& root, const std::vector<Digest>& proof) {
    if (old_size < 0 || old_size > size) {
        return false;
    }
    if (old_size == size) {
        return proof.empty() && old_root == root;
    }
    if (old_size == 0) {
        return proof.empty() && old_root == crypto::sha256("");
    }
    std::size_t next = 0;
    if (!is_perfect(old_size) && proof.empty()) {
        return false;
    }
    const Digest first = is_perfect(old_size) ? old_root : proof[next++];
    std::int64_t at = old_size - 1;
    std::int64_t last = size - 1;
    while ((at & 1) != 0) {
        at >>= 1;
        last >>= 1;
    }
    Digest old_hash = first;
    Digest hash = first;
    for (; next < proof.size(); ++next) {
        if (last == 0) {
            return false;
        }
        if ((at & 1) != 0 || at == last) {
            old_hash = node_hash(proof[next], old_hash);
            hash = node_hash(proof[next], hash);
            while ((at & 1) == 0 && at != 0) {
                at >>= 1;
                last >>= 1;
            }
        } else {
            hash = node_hash(hash, proof[next]);
        }
        at >>= 1;
        last >>= 1;
    }
    return last == 0 && old_hash == old_root && hash == root;
}

std::string_view TileAppender::tile(TileId id) {
    const auto found = changed_.find(id);
    return found == changed_.end() ? tiles_.tile(id) : std::string_view(found->second);
}

void TileAppender::add(std::string_view leaf) {
    HANGU_ASSERT(leaf.size() == kHashBytes);
    put(0, size_, leaf);
    ++size_;
}

void TileAppender::put(int level, std::int64_t at, std::string_view hash) {
    const TileId id{level, at / kTileWidth};
    const std::size_t from = static_cast<std::size_t>(at % kTileWidth) * kHashBytes;
    auto found = changed_.find(id);
    if (found == changed_.end()) {
        std::string kept(from == 0 ? std::string_view() : tiles_.tile(id).substr(0, from));
        kept.resize(from, '\0');
        found = changed_.emplace(id, std::move(kept)).first;
    }
    std::string& hashes = found->second;
    hashes.resize(from);
    hashes += hash;
    if (hashes.size() == static_cast<std::size_t>(kTileWidth) * kHashBytes) {
        put(level + 1, id.index, perfect_root(hashes).view());
    }
}

}  // namespace hangu::audit
