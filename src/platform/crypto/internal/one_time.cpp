#include "platform/crypto/one_time.hpp"

#include "base/check.hpp"
#include "platform/crypto/internal/openssl.hpp"

#include <array>

namespace hangu::crypto {

std::string hotp(std::string_view secret, std::uint64_t counter, int digits) {
    HANGU_ASSERT(digits >= 6 && digits <= 8);
    std::array<unsigned char, 8> message{};
    for (std::size_t i = 0; i < message.size(); ++i) {
        message[message.size() - 1 - i] = static_cast<unsigned char>(counter >> (8 * i));
    }
    std::array<unsigned char, 20> mac{};
    std::size_t written = 0;
    if (EVP_Q_mac(nullptr, "HMAC", nullptr, "SHA1", nullptr, secret.data(), secret.size(),
                  message.data(), message.size(), mac.data(), mac.size(), &written) == nullptr) {
        throw_openssl("HMAC-SHA-1 failed");
    }
    HANGU_ASSERT(written == mac.size());
    const std::size_t offset = mac.back() & 0x0FU;
    const std::uint32_t number = (std::uint32_t{mac[offset]} & 0x7FU) << 24U |
                                 std::uint32_t{mac[offset + 1]} << 16U |
                                 std::uint32_t{mac[offset + 2]} << 8U | mac[offset + 3];
    std::string code;
    std::uint32_t rest = number;
    for (int i = 0; i < digits; ++i) {
        code.insert(code.begin(), static_cast<char>('0' + rest % 10));
        rest /= 10;
    }
    return code;
}

}  // namespace hangu::crypto
