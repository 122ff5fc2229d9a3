#include "platform/crypto/internal/envelope.hpp"

#include "base/check.hpp"

#include <openssl/crypto.h>
#include <openssl/err.h>

namespace hangu::crypto {

namespace {

constexpr char kVersion = 1;
constexpr char kAes256Gcm = 1;

}  // namespace

void put_number(char* out, std::uint64_t value, std::size_t bytes) {
    for (std::size_t i = bytes; i-- > 0;) {
        out[i] = static_cast<char>(value & 0xFFU);
        value >>= 8U;
    }
}

void append_number(std::string& out, std::uint64_t value, std::size_t bytes) {
    const std::size_t at = out.size();
    out.resize(at + bytes);
    put_number(out.data() + at, value, bytes);
}

std::optional<std::uint32_t> envelope_key_id(std::string_view sealed) {
    if (sealed.size() < kEnvelopeBytes || sealed.size() > kEnvelopeBytes + kPlainBytesMax ||
        sealed[0] != kVersion || sealed[1] != kAes256Gcm) {
        return std::nullopt;
    }
    std::uint32_t id = 0;
    for (std::size_t i = 2; i < kHeaderBytes; ++i) {
        id = (id << 8U) | static_cast<unsigned char>(sealed[i]);
    }
    return id;
}

GcmKey::GcmKey(Secret key) : key_(std::move(key)) {
    HANGU_ASSERT(key_.size() == kKeyBytes);
}

// The key is set once per context; each use only sets the nonce and the direction (GCM runs the
// block cipher forwards in both).
Owned<EVP_CIPHER_CTX> GcmKey::take_context() {
    if (Owned<EVP_CIPHER_CTX> kept = contexts_.take()) {
        return kept;
    }
    Owned<EVP_CIPHER_CTX> made(EVP_CIPHER_CTX_new());
    if (made == nullptr) {
        throw_openssl("a cipher context");
    }
    require_openssl(EVP_EncryptInit_ex2(made.get(), algorithms().aes_256_gcm,
                                        bytes_of(key_.expose()), nullptr, nullptr),
                    "an AES-256-GCM key");
    return made;
}

std::string GcmKey::seal(std::uint32_t key_id, std::string_view associated, std::string_view plain,
                         Randomness& randomness) {
    HANGU_ASSERT(plain.size() <= kPlainBytesMax);
    std::string out(kEnvelopeBytes + plain.size(), '\0');
    out[0] = kVersion;
    out[1] = kAes256Gcm;
    put_number(out.data() + 2, key_id, 4);
    char* nonce = out.data() + kHeaderBytes;
    char* body = nonce + kNonceBytes;
    char* tag = body + plain.size();
    randomness.fill(std::as_writable_bytes(std::span<char>(nonce, kNonceBytes)));

    Owned<EVP_CIPHER_CTX> context = take_context();
    int written = 0;
    require_openssl(
        EVP_CipherInit_ex2(context.get(), nullptr, nullptr, bytes_of(nonce), 1, nullptr), "seal");
    require_openssl(EVP_EncryptUpdate(context.get(), nullptr, &written, bytes_of(associated),
                                      static_cast<int>(associated.size())),
                    "seal, associated data");
    // Also called for an empty text: it must not skip the cipher's own bookkeeping.
    require_openssl(EVP_EncryptUpdate(context.get(), bytes_of(body), &written, bytes_of(plain),
                                      static_cast<int>(plain.size())),
                    "seal, text");
    require_openssl(EVP_EncryptFinal_ex(context.get(), bytes_of(tag), &written), "seal, end");
    require_openssl(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, int{kTagBytes}, tag),
                    "tag");
    contexts_.give_back(std::move(context));
    return out;
}

std::optional<std::string> GcmKey::open(std::string_view associated, std::string_view sealed) {
    HANGU_ASSERT(sealed.size() >= kEnvelopeBytes);
    const std::string_view nonce = sealed.substr(kHeaderBytes, kNonceBytes);
    const std::string_view body =
        sealed.substr(kHeaderBytes + kNonceBytes, sealed.size() - kEnvelopeBytes);
    std::array<char, kTagBytes> tag{};
    std::memcpy(tag.data(), sealed.data() + sealed.size() - kTagBytes, kTagBytes);

    Owned<EVP_CIPHER_CTX> context = take_context();
    std::string plain(body.size(), '\0');
    int written = 0;
    require_openssl(
        EVP_CipherInit_ex2(context.get(), nullptr, nullptr, bytes_of(nonce), 0, nullptr), "open");
    require_openssl(
        EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, int{kTagBytes}, tag.data()),
        "open, tag");
    require_openssl(EVP_DecryptUpdate(context.get(), nullptr, &written, bytes_of(associated),
                                      static_cast<int>(associated.size())),
                    "open, associated data");
    require_openssl(EVP_DecryptUpdate(context.get(), bytes_of(plain.data()), &written,
                                      bytes_of(body), static_cast<int>(body.size())),
                    "open, text");
    const bool fits = EVP_DecryptFinal_ex(context.get(), bytes_of(tag.data()), &written) == 1;
    contexts_.give_back(std::move(context));
    if (!fits) {
        OPENSSL_cleanse(plain.data(), plain.size());
        ERR_clear_error();
        return std::nullopt;
    }
    return plain;
}

}  // namespace hangu::crypto
