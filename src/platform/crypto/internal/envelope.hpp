// The form of everything this module encrypts:
// version(1) ‖ algorithm(1) ‖ key id(4, big endian) ‖ nonce(12) ‖ AES-256-GCM ‖ tag(16).
#pragma once

#include "base/randomness.hpp"
#include "base/secret.hpp"
#include "platform/crypto/internal/openssl.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hangu::crypto {

constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kHeaderBytes = 6;
constexpr std::size_t kNonceBytes = 12;
constexpr std::size_t kTagBytes = 16;
constexpr std::size_t kEnvelopeBytes = kHeaderBytes + kNonceBytes + kTagBytes;
constexpr std::size_t kPlainBytesMax = std::size_t{64} << 20U;

// Big endian, whole width.
void append_number(std::string& out, std::uint64_t value, std::size_t bytes);
void put_number(char* out, std::uint64_t value, std::size_t bytes);

// The key id in the header; nothing when this is not an envelope we know.
std::optional<std::uint32_t> envelope_key_id(std::string_view sealed);

// One AES-256-GCM key. Thread-safe.
class GcmKey {
 public:
    explicit GcmKey(Secret key);

    std::string seal(std::uint32_t key_id, std::string_view associated, std::string_view plain,
                     Randomness& randomness);
    // Nothing when the tag does not fit; requires that envelope_key_id found a key id.
    std::optional<std::string> open(std::string_view associated, std::string_view sealed);

 private:
    Owned<EVP_CIPHER_CTX> take_context();

    Secret key_;
    Shelf<EVP_CIPHER_CTX> contexts_;
};

}  // namespace hangu::crypto
