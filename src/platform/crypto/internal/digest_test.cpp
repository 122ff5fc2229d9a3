#include "base/text.hpp"
#include "platform/crypto/crypto.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace hangu::crypto {
namespace {

std::string hex(const Digest& digest) {
    return to_hex(digest.view());
}

TEST(Sha256, GivesTheKnownAnswers) {
    EXPECT_EQ(hex(sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(hex(sha256("abc")),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(hex(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
              "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    EXPECT_EQ(hex(sha256(std::string(1'000'000, 'a'))),
              "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, TakesPartsAsTheirConcatenation) {
    EXPECT_EQ(sha256({"ab", "", "c"}), sha256("abc"));
    EXPECT_EQ(sha256(std::initializer_list<std::string_view>{}), sha256(""));
}

// RFC 4231, test cases 1 to 4, 6 and 7.
TEST(HmacSha256, GivesTheKnownAnswers) {
    EXPECT_EQ(hex(hmac_sha256(std::string(20, '\x0b'), "Hi There")),
              "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    EXPECT_EQ(hex(hmac_sha256("Jefe", "what do ya want for nothing?")),
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    EXPECT_EQ(hex(hmac_sha256(std::string(20, '\xaa'), std::string(50, '\xdd'))),
              "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
    std::string counting;
    for (char c = 1; c <= 25; ++c) {
        counting += c;
    }
    EXPECT_EQ(hex(hmac_sha256(counting, std::string(50, '\xcd'))),
              "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b");
    const std::string long_key(131, '\xaa');
    EXPECT_EQ(hex(hmac_sha256(long_key, "Test Using Larger Than Block-Size Key - Hash Key First")),
              "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
    EXPECT_EQ(
        hex(hmac_sha256(long_key,
                        "This is a test using a larger than block-size key and a larger than "
                        "block-size data. The key needs to be hashed before being used by the "
                        "HMAC algorithm.")),
        "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2");
}

TEST(HmacSha256, TakesAnEmptyKeyAndEmptyData) {
    EXPECT_EQ(hex(hmac_sha256("", "")),
              "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
    // The key of the call before must not stay.
    EXPECT_NE(hmac_sha256("k", "data"), hmac_sha256("", "data"));
    EXPECT_EQ(hmac_sha256("", ""), hmac_sha256(std::string_view{}, std::string_view{}));
}

TEST(Digests, AgreeOnManyThreads) {
    const Digest expected_sha = sha256("abc");
    const Digest expected_hmac = hmac_sha256("Jefe", "abc");
    std::atomic<int> differences{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 16; ++i) {
        threads.emplace_back([&] {
            for (int round = 0; round < 200; ++round) {
                differences += sha256("abc") == expected_sha ? 0 : 1;
                differences += hmac_sha256("Jefe", "abc") == expected_hmac ? 0 : 1;
            }
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    EXPECT_EQ(differences, 0);
}

TEST(FieldId, IsTheBeginningOfTheHashAndNeverChanges) {
    EXPECT_EQ(field_id("abc"), 0xba7816bf8f01cfeaULL);
    EXPECT_NE(field_id("member.phone"), field_id("member.name"));
}

}  // namespace
}  // namespace hangu::crypto
