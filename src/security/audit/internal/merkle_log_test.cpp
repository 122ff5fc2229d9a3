#include "security/audit/merkle_log.hpp"

#include "base/randomness.hpp"
#include "base/text.hpp"
#include "security/audit/internal/record_rules.hpp"

#include <gtest/gtest.h>

namespace hangu::audit {
namespace {

class MemoryTiles final : public TileSource {
 public:
    std::string_view tile(TileId id) override { return tiles[id]; }
    void take(const TileAppender& appender) {
        for (const auto& [id, hashes] : appender.changed()) {
            tiles[id] = hashes;
        }
    }
    std::map<TileId, std::string> tiles;
};

std::uint64_t below(Randomness& random, std::uint64_t bound) {
    std::uint64_t number = 0;
    for (const char byte : random.bytes(8)) {
        number = (number << 8U) | static_cast<unsigned char>(byte);
    }
    return number % bound;
}

Digest leaf_of_number(std::int64_t n) {
    return crypto::sha256(std::to_string(n));
}

// The tree by its definition.
Digest root_by_definition(const std::vector<Digest>& leaves, std::size_t from, std::size_t to) {
    if (to - from == 1) {
        return leaves[from];
    }
    std::size_t split = 1;
    while (split * 2 < to - from) {
        split *= 2;
    }
    return node_hash(root_by_definition(leaves, from, from + split),
                     root_by_definition(leaves, from + split, to));
}
Digest root_by_definition(const std::vector<Digest>& leaves, std::size_t size) {
    return size == 0 ? crypto::sha256("") : root_by_definition(leaves, 0, size);
}

// A log grown in batches of chance, with the leaves beside it.
struct Grown {
    explicit Grown(std::int64_t size, std::uint64_t seed = 7) {
        SeededRandomness random(seed);
        while (static_cast<std::int64_t>(leaves.size()) < size) {
            TileAppender appender(tiles, static_cast<std::int64_t>(leaves.size()));
            const std::int64_t batch = 1 + static_cast<std::int64_t>(below(random, 300));
            for (std::int64_t i = 0; i < batch && appender.size() < size; ++i) {
                leaves.push_back(leaf_of_number(appender.size()));
                appender.add(leaves.back().view());
            }
            tiles.take(appender);
        }
    }
    MemoryTiles tiles;
    std::vector<Digest> leaves;
};

// RFC 6962's own example leaves: the roots of 1 and of 8 leaves as its reference tests have them.
TEST(MerkleLog, gives_the_known_answers) {
    MemoryTiles tiles;
    EXPECT_EQ(to_hex(tree_root(tiles, 0).view()),
              "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    TileAppender appender(tiles, 0);
    for (const std::string_view hex : {"", "00", "10", "2021", "3031", "40414243",
                                       "5051525354555657", "606162636465666768696a6b6c6d6e6f"}) {
        appender.add(crypto::sha256(std::string(1, '\0') + *from_hex(hex)).view());
    }
    EXPECT_EQ(to_hex(tree_root(appender, 1).view()),
              "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
    EXPECT_EQ(to_hex(tree_root(appender, 8).view()),
              "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");
}

TEST(MerkleLog, the_root_is_that_of_the_definition_at_every_size) {
    Grown log(1'100);
    for (std::size_t size = 0; size <= log.leaves.size(); ++size) {
        ASSERT_EQ(tree_root(log.tiles, static_cast<std::int64_t>(size)),
                  root_by_definition(log.leaves, size))
            << size;
    }
    EXPECT_EQ(merkle_root(log.leaves), tree_root(log.tiles, 1'100));
}

TEST(MerkleLog, tiles_are_as_wide_as_they_should_be) {
    Grown log(70'000);
    for (const auto& [id, hashes] : log.tiles.tiles) {
        EXPECT_EQ(static_cast<std::int64_t>(hashes.size() / kHashBytes), tile_width(id, 70'000));
    }
    EXPECT_EQ(tile_width({2, 0}, 70'000), 1);
    EXPECT_EQ(tile_width({1, 1}, 70'000), 17);
    EXPECT_EQ(tile_width({0, 274}, 70'000), 0);
    EXPECT_EQ(tree_root(log.tiles, 70'000), root_by_definition(log.leaves, 70'000));
}

TEST(MerkleLog, every_inclusion_is_proved_and_no_other) {
    Grown log(300);
    for (const std::int64_t size : {1, 2, 3, 7, 8, 255, 256, 257, 300}) {
        const Digest root = tree_root(log.tiles, size);
        for (std::int64_t index = 0; index < size; ++index) {
            const auto proof = inclusion_proof(log.tiles, index, size);
            const Digest& leaf = log.leaves[static_cast<std::size_t>(index)];
            ASSERT_TRUE(verify_inclusion(index, size, leaf, proof, root)) << index << "/" << size;
            EXPECT_FALSE(verify_inclusion(index, size, leaf_of_number(-1), proof, root));
            EXPECT_FALSE(verify_inclusion(index + 1, size, leaf, proof, root));
            EXPECT_FALSE(verify_inclusion(index - 1, size, leaf, proof, root));
            auto longer = proof;
            longer.push_back(leaf);
            EXPECT_FALSE(verify_inclusion(index, size, leaf, longer, root));
            if (!proof.empty()) {
                auto other = proof;
                other.back().bytes[3] = static_cast<char>(other.back().bytes[3] ^ 4);
                EXPECT_FALSE(verify_inclusion(index, size, leaf, other, root));
                other.pop_back();
                EXPECT_FALSE(verify_inclusion(index, size, leaf, other, root));
            }
        }
    }
    EXPECT_FALSE(verify_inclusion(0, 0, log.leaves[0], {}, log.leaves[0]));
}

TEST(MerkleLog, every_growth_is_proved_and_no_other) {
    Grown log(300);
    for (std::int64_t size = 0; size <= 300; size += 1 + size / 9) {
        const Digest root = tree_root(log.tiles, size);
        for (std::int64_t old_size = 0; old_size <= size; ++old_size) {
            const Digest old_root = tree_root(log.tiles, old_size);
            const auto proof = consistency_proof(log.tiles, old_size, size);
            ASSERT_TRUE(verify_consistency(old_size, old_root, size, root, proof))
                << old_size << "/" << size;
            EXPECT_FALSE(verify_consistency(old_size, leaf_of_number(-1), size, root, proof));
            EXPECT_FALSE(verify_consistency(size + 1, old_root, size, root, proof));
            if (!proof.empty()) {
                EXPECT_FALSE(verify_consistency(old_size, old_root, size, old_root, proof));
                auto other = proof;
                other.pop_back();
                EXPECT_FALSE(verify_consistency(old_size, old_root, size, root, other));
                other = proof;
                other.push_back(root);
                EXPECT_FALSE(verify_consistency(old_size, old_root, size, root, other));
            }
        }
    }
}

// Random trees, leaves and places, each against the definition; and a fork at a random leaf, which
// no proof of growth survives.
TEST(MerkleLog, random_proofs_hold_and_random_forks_do_not) {
    SeededRandomness random(20'261'122);
    Grown log(5'000, 3);
    for (int round = 0; round < 3'000; ++round) {
        const auto size = static_cast<std::int64_t>(1 + below(random, 5'000));
        const auto old_size =
            static_cast<std::int64_t>(below(random, static_cast<std::uint64_t>(size)));
        const Digest root = tree_root(log.tiles, size);
        const auto included = inclusion_proof(log.tiles, old_size, size);
        ASSERT_TRUE(verify_inclusion(old_size, size, log.leaves[static_cast<std::size_t>(old_size)],
                                     included, root));
        const auto grown = consistency_proof(log.tiles, old_size, size);
        ASSERT_TRUE(
            verify_consistency(old_size, tree_root(log.tiles, old_size), size, root, grown));
    }
    for (int round = 0; round < 20; ++round) {
        const auto at = static_cast<std::int64_t>(below(random, 1'000));
        MemoryTiles forked;
        TileAppender appender(forked, 0);
        for (std::int64_t i = 0; i < 1'000; ++i) {
            appender.add(leaf_of_number(i == at ? -5 : i).view());
        }
        const std::int64_t old_size =
            at + 1 +
            static_cast<std::int64_t>(below(random, static_cast<std::uint64_t>(1'000 - at)));
        EXPECT_FALSE(verify_consistency(old_size, tree_root(log.tiles, old_size), 1'000,
                                        tree_root(appender, 1'000),
                                        consistency_proof(appender, old_size, 1'000)));
    }
}

TEST(MerkleLog, a_lost_tile_is_another_root) {
    Grown log(600);
    const Digest root = tree_root(log.tiles, 600);
    log.tiles.tiles.erase({0, 2});
    EXPECT_NE(tree_root(log.tiles, 600), root);
}

}  // namespace
}  // namespace hangu::audit
