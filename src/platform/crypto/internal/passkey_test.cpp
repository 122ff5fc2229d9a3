#include "platform/crypto/passkey.hpp"

#include "platform/crypto/crypto.hpp"
#include "platform/crypto/ed25519.hpp"
#include "platform/crypto/internal/openssl.hpp"

#include <openssl/ec.h>

#include <gtest/gtest.h>

namespace hangu::crypto {
namespace {

struct FreeKey {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};

// A P-256 key as most authenticators have it, and what it says.
class Es256Device {
 public:
    Es256Device() : key_(EVP_EC_gen("P-256")) {}

    std::string cose() const {
        std::string point(65, '\0');
        std::size_t length = 0;
        EVP_PKEY_get_octet_string_param(key_.get(), "pub", bytes_of(point.data()), point.size(),
                                        &length);
        return "\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20" + point.substr(1, 32) + "\x22\x58\x20" +
               point.substr(33);
    }
    std::string sign(std::string_view text) const {
        const Owned<EVP_MD_CTX> context(EVP_MD_CTX_new());
        std::string signature(80, '\0');
        std::size_t length = signature.size();
        EVP_DigestSignInit_ex(context.get(), nullptr, "SHA256", nullptr, nullptr, key_.get(),
                              nullptr);
        EVP_DigestSign(context.get(), bytes_of(signature.data()), &length, bytes_of(text),
                       text.size());
        signature.resize(length);
        return signature;
    }

 private:
    std::unique_ptr<EVP_PKEY, FreeKey> key_;
};

constexpr std::string_view kSite = "shop.example";
constexpr char kPresent = 0x01;
constexpr char kVerified = 0x05;

std::string head(std::string_view site, char flags, char counter) {
    return std::string(sha256(site).view()) + flags + std::string(3, '\0') + counter;
}

std::string registration(std::string_view site, char flags, const std::string& cose) {
    return head(site, static_cast<char>(flags | 0x40), 1) + std::string(17, '\0') + "\x04" +
           "id-1" + cose;
}

class PasskeyTest : public ::testing::Test {
 protected:
    PasskeyAnswer answer(std::string_view site, char flags, char counter) const {
        PasskeyAnswer made;
        made.client_data = R"({"type":"webauthn.get"})";
        made.authenticator_data = head(site, flags, counter);
        made.signature =
            device_.sign(made.authenticator_data + std::string(sha256(made.client_data).view()));
        return made;
    }
    Es256Device device_;
    NewPasskey made_ =
        read_new_passkey(kSite, registration(kSite, kVerified, device_.cose())).value();
};

TEST_F(PasskeyTest, what_an_authenticator_made_is_read) {
    EXPECT_EQ(made_.credential_id, "id-1");
    EXPECT_EQ(made_.key.algorithm, kPasskeyEs256);
    EXPECT_EQ(made_.counter, 1);
    EXPECT_FALSE(made_.backed_up);
}

TEST_F(PasskeyTest, its_answers_are_right_and_say_the_counter) {
    EXPECT_EQ(check_passkey(kSite, made_.key, answer(kSite, kVerified, 7), PasskeyUser::verified),
              7);
    EXPECT_EQ(check_passkey(kSite, made_.key, answer(kSite, kPresent, 8), PasskeyUser::present), 8);
}

TEST_F(PasskeyTest, wrong_site_user_key_or_signature_is_refused) {
    const auto checked = [&](const PasskeyAnswer& given, const PasskeyKey& key) {
        return check_passkey(kSite, key, given, PasskeyUser::verified).has_value();
    };
    const PasskeyAnswer good = answer(kSite, kVerified, 7);
    EXPECT_TRUE(checked(good, made_.key));
    EXPECT_FALSE(checked(answer("evil.test", kVerified, 7), made_.key));
    EXPECT_FALSE(check_passkey("evil.test", made_.key, good, PasskeyUser::verified));
    EXPECT_FALSE(checked(answer(kSite, kPresent, 7), made_.key));
    EXPECT_FALSE(checked(answer(kSite, 0x04, 7), made_.key));
    PasskeyAnswer changed = good;
    changed.client_data += " ";
    EXPECT_FALSE(checked(changed, made_.key));
    changed = good;
    changed.authenticator_data[36] = 9;
    EXPECT_FALSE(checked(changed, made_.key));
    changed = good;
    changed.signature.clear();
    EXPECT_FALSE(checked(changed, made_.key));
    const Es256Device other;
    const auto others = read_new_passkey(kSite, registration(kSite, kVerified, other.cose()));
    EXPECT_FALSE(checked(good, others->key));
    EXPECT_FALSE(checked(good, {kPasskeyEddsa, made_.key.bytes}));
    EXPECT_FALSE(checked(good, {0, made_.key.bytes}));
    EXPECT_FALSE(checked(good, {kPasskeyEs256, "short"}));
}

TEST_F(PasskeyTest, a_new_one_of_another_site_unverified_or_unreadable_is_refused) {
    const std::string good = registration(kSite, kVerified, device_.cose());
    EXPECT_FALSE(read_new_passkey("evil.test", good));
    EXPECT_FALSE(read_new_passkey(kSite, registration(kSite, kPresent, device_.cose())));
    for (std::size_t size = 0; size < good.size(); ++size) {
        EXPECT_FALSE(read_new_passkey(kSite, good.substr(0, size))) << size;
    }
    std::string es384 = device_.cose();
    es384[4] = '\x38';  // another algorithm than the key's
    EXPECT_FALSE(read_new_passkey(kSite, registration(kSite, kVerified, es384)));
    EXPECT_FALSE(read_new_passkey(kSite, std::string(5000, 'x')));
}

TEST(Passkey, an_edwards_key_is_taken_too) {
    SeededRandomness random(4);
    const Secret seed = new_ed25519_seed(random);
    const std::string cose =
        std::string("\xa4\x01\x01\x03\x27\x20\x06\x21\x58\x20") + ed25519_public_key(seed);
    const auto made = read_new_passkey(kSite, registration(kSite, kVerified, cose));
    ASSERT_TRUE(made);
    EXPECT_EQ(made->key.algorithm, kPasskeyEddsa);
    PasskeyAnswer given{"{}", head(kSite, kVerified, 3), ""};
    given.signature =
        ed25519_sign(seed, given.authenticator_data + std::string(sha256("{}").view()));
    EXPECT_EQ(check_passkey(kSite, made->key, given, PasskeyUser::verified), 3);
}

}  // namespace
}  // namespace hangu::crypto
