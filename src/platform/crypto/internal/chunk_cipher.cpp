#include "platform/crypto/chunk_cipher.hpp"

#include "base/check.hpp"
#include "platform/crypto/internal/envelope.hpp"

#include <openssl/crypto.h>
#include <openssl/err.h>

namespace hangu::crypto {

namespace {

// zero(3) ‖ last(1) ‖ number(8, big endian).
std::array<char, kNonceBytes> nonce_of(const ChunkPlace& place) {
    std::array<char, kNonceBytes> nonce{};
    nonce[3] = place.last ? 1 : 0;
    put_number(nonce.data() + 4, place.number, 8);
    return nonce;
}

Owned<EVP_CIPHER_CTX> begin(const Secret& key, const ChunkPlace& place, std::string_view associated,
                            bool seals) {
    Owned<EVP_CIPHER_CTX> context(EVP_CIPHER_CTX_new());
    if (context == nullptr) {
        throw_openssl("a cipher context");
    }
    const std::array<char, kNonceBytes> nonce = nonce_of(place);
    require_openssl(
        EVP_CipherInit_ex2(context.get(), algorithms().aes_256_gcm, bytes_of(key.expose()),
                           bytes_of(std::string_view(nonce.data(), nonce.size())), seals ? 1 : 0,
                           nullptr),
        "a part's cipher");
    int written = 0;
    require_openssl(EVP_CipherUpdate(context.get(), nullptr, &written, bytes_of(associated),
                                     static_cast<int>(associated.size())),
                    "a part, associated data");
    return context;
}

}  // namespace

ChunkCipher::ChunkCipher(Secret key) : key_(std::move(key)) {
    HANGU_ASSERT(key_.size() == kKeyBytes);
}

std::string ChunkCipher::seal(const ChunkPlace& place, std::string_view associated,
                              std::string_view plain) const {
    HANGU_ASSERT(plain.size() <= kPlainBytesMax);
    const Owned<EVP_CIPHER_CTX> context = begin(key_, place, associated, true);
    std::string out(plain.size() + kTagBytes, '\0');
    char* tag = out.data() + plain.size();
    int written = 0;
    require_openssl(EVP_EncryptUpdate(context.get(), bytes_of(out.data()), &written,
                                      bytes_of(plain), static_cast<int>(plain.size())),
                    "a part, text");
    require_openssl(EVP_EncryptFinal_ex(context.get(), bytes_of(tag), &written), "a part, end");
    require_openssl(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, int{kTagBytes}, tag),
                    "tag");
    return out;
}

std::optional<std::string> ChunkCipher::open(const ChunkPlace& place, std::string_view associated,
                                             std::string_view sealed) const {
    if (sealed.size() < kTagBytes || sealed.size() > kPlainBytesMax + kTagBytes) {
        return std::nullopt;
    }
    const std::string_view body = sealed.substr(0, sealed.size() - kTagBytes);
    std::array<char, kTagBytes> tag{};
    std::memcpy(tag.data(), sealed.data() + body.size(), kTagBytes);
    const Owned<EVP_CIPHER_CTX> context = begin(key_, place, associated, false);
    std::string plain(body.size(), '\0');
    int written = 0;
    require_openssl(
        EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, int{kTagBytes}, tag.data()),
        "a part, tag");
    require_openssl(EVP_DecryptUpdate(context.get(), bytes_of(plain.data()), &written,
                                      bytes_of(body), static_cast<int>(body.size())),
                    "a part, text");
    if (EVP_DecryptFinal_ex(context.get(), bytes_of(tag.data()), &written) != 1) {
        OPENSSL_cleanse(plain.data(), plain.size());
        ERR_clear_error();
        return std::nullopt;
    }
    return plain;
}

}  // namespace hangu::crypto
