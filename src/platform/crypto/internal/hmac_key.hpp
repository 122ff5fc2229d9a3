// A key for HMAC-SHA256 that is used again and again: its contexts keep the padded key's state.
#pragma once

#include "base/secret.hpp"
#include "platform/crypto/crypto.hpp"
#include "platform/crypto/internal/openssl.hpp"

namespace hangu::crypto {

class HmacKey {
 public:
    explicit HmacKey(Secret key) : key_(std::move(key)) {}

    // Of the concatenation. Thread-safe.
    Digest of(std::initializer_list<std::string_view> parts);

 private:
    Secret key_;
    Shelf<EVP_MAC_CTX> contexts_;
};

}  // namespace hangu::crypto
