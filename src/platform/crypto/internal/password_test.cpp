#include "base/check.hpp"
#include "platform/crypto/crypto.hpp"

#include <gtest/gtest.h>

namespace hangu::crypto {
namespace {

// As cheap as the algorithm allows, so that the tests are quick.
constexpr PasswordCost kCheap{64, 1, 1};

TEST(Password, IsVerifiedAgainstItsHashOnly) {
    SystemRandomness randomness;
    const Secret password("correct horse");
    const std::string phc = hash_password(password, kCheap, randomness);
    EXPECT_TRUE(phc.starts_with("$argon2id$v=19$m=64,t=1,p=1$")) << phc;
    EXPECT_TRUE(verify_password(password, phc));
    EXPECT_FALSE(verify_password(Secret("correct horsf"), phc));
    EXPECT_FALSE(verify_password(Secret("correct hors"), phc));
    EXPECT_FALSE(verify_password(Secret(""), phc));
    EXPECT_NE(hash_password(password, kCheap, randomness), phc);  // another salt
}

// From the test program of the reference implementation.
TEST(Password, VerifiesAKnownHash) {
    EXPECT_TRUE(verify_password(Secret("password"),
                                "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$"
                                "CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"));
    EXPECT_FALSE(verify_password(Secret("passwort"),
                                 "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$"
                                 "CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"));
}

TEST(Password, IsNeverRightAgainstWhatIsNotAHash) {
    using std::string_literals::operator""s;
    for (
        const std::string& phc :
        {""s, "x"s, "$argon2id$"s, "$argon2id$v=19$m=65,t=1,p=1$"s, "$argon2id$v=19$m=64,t=1,p=1"s,
         "$argon2i$v=19$m=64,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"s,
         "$argon2id$v=16$m=64,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"s,
         "$argon2id$v=19$m=4194304,t=1,p=1$c29tZXNhbHQ$"
          "CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"s,
         "$argon2id$v=19$m=64,t=4000000000,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8A"s,
         "$argon2id$v=19$m=99999999999,t=1,p=1$c29tZXNhbHQ$CTFh"s, std::string(300, '$')}) {
        EXPECT_FALSE(verify_password(Secret("password"), phc)) << phc;
        EXPECT_FALSE(verify_password(Secret(""), phc)) << phc;
        EXPECT_TRUE(needs_rehash(phc, kCheap)) << phc;
    }
}

TEST(Password, NeedsANewHashWhenTheCostChanged) {
    SystemRandomness randomness;
    const std::string phc = hash_password(Secret("x"), kCheap, randomness);
    EXPECT_FALSE(needs_rehash(phc, kCheap));
    EXPECT_TRUE(needs_rehash(phc, {128, 1, 1}));
    EXPECT_TRUE(needs_rehash(phc, {64, 2, 1}));
    EXPECT_TRUE(needs_rehash(phc, {64, 1, 2}));
    EXPECT_TRUE(needs_rehash(phc, PasswordCost{}));
}

TEST(Password, RefusesACostBeyondTheLimits) {
    SystemRandomness randomness;
    EXPECT_THROW(hash_password(Secret("x"), {1U << 20U, 1, 1}, randomness), Bug);
}

}  // namespace
}  // namespace hangu::crypto
