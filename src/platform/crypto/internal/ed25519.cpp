#include "platform/crypto/ed25519.hpp"

#include "base/check.hpp"
#include "platform/crypto/internal/openssl.hpp"

#include <openssl/err.h>

namespace hangu::crypto {

namespace {

struct FreeKey {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using OwnedKey = std::unique_ptr<EVP_PKEY, FreeKey>;

OwnedKey private_key(const Secret& seed) {
    HANGU_ASSERT(seed.size() == kEd25519KeyBytes);
    OwnedKey key(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, bytes_of(seed.expose()),
                                              seed.size()));
    if (key == nullptr) {
        throw_openssl("an Ed25519 key");
    }
    return key;
}

}  // namespace

Secret new_ed25519_seed(Randomness& randomness) {
    return Secret(randomness.bytes(kEd25519KeyBytes));
}

std::string ed25519_public_key(const Secret& seed) {
    const OwnedKey key = private_key(seed);
    std::string bytes(kEd25519KeyBytes, '\0');
    std::size_t length = bytes.size();
    require_openssl(EVP_PKEY_get_raw_public_key(key.get(), bytes_of(bytes.data()), &length),
                    "an Ed25519 public key");
    return bytes;
}

std::string ed25519_sign(const Secret& seed, std::string_view message) {
    const OwnedKey key = private_key(seed);
    const Owned<EVP_MD_CTX> context(EVP_MD_CTX_new());
    if (context == nullptr) {
        throw_openssl("a signing context");
    }
    require_openssl(EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key.get()),
                    "Ed25519");
    std::string signature(kEd25519SignatureBytes, '\0');
    std::size_t length = signature.size();
    require_openssl(EVP_DigestSign(context.get(), bytes_of(signature.data()), &length,
                                   bytes_of(message), message.size()),
                    "signing");
    return signature;
}

bool ed25519_verify(std::string_view public_key, std::string_view message,
                    std::string_view signature) {
    if (public_key.size() != kEd25519KeyBytes || signature.size() != kEd25519SignatureBytes) {
        return false;
    }
    const OwnedKey key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytes_of(public_key),
                                                   public_key.size()));
    const Owned<EVP_MD_CTX> context(EVP_MD_CTX_new());
    const bool good =
        key != nullptr && context != nullptr &&
        EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
        EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(), bytes_of(message),
                         message.size()) == 1;
    if (!good) {
        ERR_clear_error();  // a wrong signature is an answer, not an error for TLS to find
    }
    return good;
}

}  // namespace hangu::crypto
