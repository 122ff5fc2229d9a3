#include "platform/crypto/ed25519.hpp"

#include "base/text.hpp"

#include <gtest/gtest.h>

namespace hangu::crypto {
namespace {

// RFC 8032, section 7.1, tests 1 and 2.
TEST(Ed25519, gives_the_known_answers) {
    const Secret first(
        *from_hex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"));
    EXPECT_EQ(to_hex(ed25519_public_key(first)),
              "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
    EXPECT_EQ(to_hex(ed25519_sign(first, "")),
              "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e"
              "39701cf9b46bd25bf5f0595bbe24655141438e7a100b");
    const Secret second(
        *from_hex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"));
    EXPECT_EQ(to_hex(ed25519_sign(second, "\x72")),
              "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f"
              "3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
}

TEST(Ed25519, a_changed_message_key_or_signature_is_refused) {
    SeededRandomness random(1);
    const Secret seed = new_ed25519_seed(random);
    const std::string key = ed25519_public_key(seed);
    const std::string signature = ed25519_sign(seed, "message");
    EXPECT_TRUE(ed25519_verify(key, "message", signature));
    EXPECT_FALSE(ed25519_verify(key, "massage", signature));
    for (std::size_t i = 0; i < signature.size(); ++i) {
        std::string other = signature;
        other[i] = static_cast<char>(other[i] ^ 1);
        EXPECT_FALSE(ed25519_verify(key, "message", other)) << i;
    }
    EXPECT_FALSE(
        ed25519_verify(ed25519_public_key(new_ed25519_seed(random)), "message", signature));
    EXPECT_FALSE(ed25519_verify("short", "message", signature));
    EXPECT_FALSE(ed25519_verify(key, "message", ""));
}

}  // namespace
}  // namespace hangu::crypto
