// The low-level SHA-256 calls are marked deprecated in OpenSSL 3 but kept; for short inputs they
// take half the time of the EVP ones, which go through the provider at every digest.
#define OPENSSL_SUPPRESS_DEPRECATED

#include "base/check.hpp"
#include "platform/crypto/crypto.hpp"
#include "platform/crypto/internal/hmac_key.hpp"
#include "platform/crypto/internal/openssl.hpp"

#include <openssl/core_names.h>
#include <openssl/params.h>
#include <openssl/sha.h>

namespace hangu::crypto {

namespace {

// HMAC-SHA256 with a key of zeros. A duplicate of it knows its digest, so that giving it a real key
// fetches nothing.
EVP_MAC_CTX& hmac_template() {
    static EVP_MAC_CTX* const made = [] {
        EVP_MAC_CTX* context = EVP_MAC_CTX_new(algorithms().hmac);
        std::array<char, 7> name{"SHA256"};
        const std::array<OSSL_PARAM, 2> parameters{
            OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name.data(), 0),
            OSSL_PARAM_construct_end()};
        const std::array<unsigned char, 32> zeros{};
        if (context == nullptr ||
            EVP_MAC_init(context, zeros.data(), zeros.size(), parameters.data()) != 1) {
            throw_openssl("HMAC-SHA256");
        }
        return context;
    }();
    return *made;
}

Owned<EVP_MAC_CTX> keyed_hmac(std::string_view key) {
    Owned<EVP_MAC_CTX> context(EVP_MAC_CTX_dup(&hmac_template()));
    if (context == nullptr) {
        throw_openssl("an HMAC context");
    }
    // OpenSSL takes a null key for "the key of before"; an empty key needs an address.
    static constexpr unsigned char kNoBytes = 0;
    require_openssl(
        EVP_MAC_init(context.get(), key.empty() ? &kNoBytes : bytes_of(key), key.size(), nullptr),
        "an HMAC key");
    return context;
}

Digest finish(EVP_MAC_CTX* context, std::initializer_list<std::string_view> parts) {
    for (const std::string_view part : parts) {
        require_openssl(EVP_MAC_update(context, bytes_of(part), part.size()), "HMAC update");
    }
    Digest digest;
    std::size_t length = 0;
    require_openssl(
        EVP_MAC_final(context, bytes_of(digest.bytes.data()), &length, digest.bytes.size()),
        "HMAC final");
    HANGU_ASSERT(length == digest.bytes.size());
    return digest;
}

}  // namespace

Digest sha256(std::initializer_list<std::string_view> parts) {
    SHA256_CTX context;
    require_openssl(SHA256_Init(&context), "SHA-256");
    for (const std::string_view part : parts) {
        require_openssl(SHA256_Update(&context, part.data(), part.size()), "SHA-256 update");
    }
    Digest digest;
    require_openssl(SHA256_Final(bytes_of(digest.bytes.data()), &context), "SHA-256 final");
    return digest;
}

Digest sha256(std::string_view data) {
    return sha256({data});
}

Digest hmac_sha256(std::string_view key, std::string_view data) {
    return finish(keyed_hmac(key).get(), {data});
}

Digest HmacKey::of(std::initializer_list<std::string_view> parts) {
    Owned<EVP_MAC_CTX> context = contexts_.take();
    if (context == nullptr) {
        context = keyed_hmac(key_.expose());
    } else {
        require_openssl(EVP_MAC_init(context.get(), nullptr, 0, nullptr), "HMAC again");
    }
    const Digest digest = finish(context.get(), parts);
    contexts_.give_back(std::move(context));
    return digest;
}

std::uint64_t field_id(std::string_view table_and_column) {
    const Digest digest = sha256(table_and_column);
    std::uint64_t id = 0;
    for (std::size_t i = 0; i < 8; ++i) {
        id = (id << 8U) | static_cast<unsigned char>(digest.bytes[i]);
    }
    return id;
}

}  // namespace hangu::crypto
