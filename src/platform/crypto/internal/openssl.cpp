#include "platform/crypto/internal/openssl.hpp"

#include <openssl/err.h>

#include <stdexcept>
#include <string>

namespace hangu::crypto {

const Algorithms& algorithms() {
    static const Algorithms fetched = [] {
        Algorithms made;
        made.hmac = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
        made.aes_256_gcm = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
        if (made.hmac == nullptr || made.aes_256_gcm == nullptr) {
            throw_openssl("fetching HMAC and AES-256-GCM");
        }
        return made;
    }();
    return fetched;
}

void throw_openssl(std::string_view what) {
    const unsigned long code = ERR_get_error();
    const char* reason = code == 0 ? nullptr : ERR_reason_error_string(code);
    ERR_clear_error();
    throw std::runtime_error("OpenSSL failed: " + std::string(what) +
                             (reason == nullptr ? "" : std::string(": ") + reason));
}

}  // namespace hangu::crypto
