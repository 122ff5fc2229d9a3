#include "platform/crypto/chunk_cipher.hpp"

#include "base/text.hpp"

#include <gtest/gtest.h>

namespace hangu::crypto {
namespace {

ChunkCipher cipher(char key = 'k') {
    return ChunkCipher(Secret(std::string(ChunkCipher::kKeyBytes, key)));
}

TEST(ChunkCipher, what_was_sealed_opens_at_its_place) {
    for (const std::string text :
         {"", "tea", "a longer text of more than one block of the cipher"}) {
        const std::string sealed = cipher().seal({7, true}, "of this", text);
        EXPECT_EQ(sealed.size(), text.size() + ChunkCipher::kTagBytes);
        EXPECT_EQ(cipher().open({7, true}, "of this", sealed), text);
    }
}

TEST(ChunkCipher, another_place_key_or_thing_does_not_open) {
    const std::string sealed = cipher().seal({7, false}, "of this", "tea");
    EXPECT_FALSE(cipher().open({8, false}, "of this", sealed));
    EXPECT_FALSE(cipher().open({7, true}, "of this", sealed));
    EXPECT_FALSE(cipher().open({7, false}, "of that", sealed));
    EXPECT_FALSE(cipher('q').open({7, false}, "of this", sealed));
    EXPECT_TRUE(cipher().open({7, false}, "of this", sealed));
}

TEST(ChunkCipher, any_changed_bit_is_noticed) {
    const std::string sealed = cipher().seal({0, true}, "", "tea");
    for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
        std::string changed = sealed;
        changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
        EXPECT_FALSE(cipher().open({0, true}, "", changed)) << bit;
    }
    EXPECT_FALSE(cipher().open({0, true}, "", sealed.substr(1)));
    EXPECT_FALSE(cipher().open({0, true}, "", ""));
}

// Held against another implementation (Python's cryptography, AESGCM): the form is stored.
TEST(ChunkCipher, its_form_stays) {
    const std::string sealed = cipher('\x01').seal({2, true}, "ad", "tea");
    EXPECT_EQ(to_hex(sealed), "c2ddd7c572a6ea57eec45fc1e1bf64fa16c4f2");
}

}  // namespace
}  // namespace hangu::crypto
