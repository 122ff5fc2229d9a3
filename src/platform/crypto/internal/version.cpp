#include "platform/crypto/version.hpp"

#include <openssl/crypto.h>

namespace hangu::crypto {

std::string library_version() {
    return OpenSSL_version(OPENSSL_VERSION);
}

}  // namespace hangu::crypto
