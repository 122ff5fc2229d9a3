#include "security/identity/internal/factor_rules.hpp"

#include "base/secret.hpp"
#include "platform/crypto/one_time.hpp"

namespace hangu::identity {

namespace {

constexpr std::string_view kBase32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
constexpr std::string_view kCrockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t kRecoveryHalf = 5;
constexpr std::size_t kRecoveryCharacters = 2 * kRecoveryHalf;

std::string percent_encoded(std::string_view text) {
    constexpr std::string_view kHex = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
        if (plain) {
            out += c;
        } else {
            const auto byte = static_cast<unsigned char>(c);
            out += {'%', kHex[byte >> 4U], kHex[byte & 15U]};
        }
    }
    return out;
}

}  // namespace

std::string base32(std::string_view bytes) {
    std::string out;
    std::uint32_t waiting = 0;
    int bits = 0;
    for (const char c : bytes) {
        waiting = (waiting << 8U | static_cast<unsigned char>(c)) & 0xFFFFU;
        for (bits += 8; bits >= 5; bits -= 5) {
            out += kBase32[waiting >> static_cast<unsigned>(bits - 5) & 31U];
        }
    }
    if (bits > 0) {
        out += kBase32[waiting << static_cast<unsigned>(5 - bits) & 31U];
    }
    return out;
}

std::string totp_uri(const TotpSecret& secret, std::string_view issuer, std::string_view account) {
    return "otpauth://totp/" + percent_encoded(issuer) + ":" + percent_encoded(account) +
           "?secret=" + base32(secret.plain()) + "&issuer=" + percent_encoded(issuer) +
           "&algorithm=SHA1&digits=6&period=30";
}

std::optional<std::int64_t> totp_step_of(const TotpSecret& secret, std::string_view code, Time now,
                                         std::int64_t after_step) {
    const std::int64_t present = now.unix_ms() / kTotpStepMs;
    std::optional<std::int64_t> found;
    for (std::int64_t step = present - kTotpDriftSteps; step <= present + kTotpDriftSteps; ++step) {
        const std::string right = crypto::hotp(secret.plain(), static_cast<std::uint64_t>(step));
        if (equal_in_constant_time(code, right) && step > after_step && !found) {
            found = step;
        }
    }
    return found;
}

std::string make_recovery_code(Randomness& randomness) {
    std::uint64_t bits = randomness.number();
    std::string code;
    for (std::size_t i = 0; i < kRecoveryCharacters; ++i) {
        code += i == kRecoveryHalf ? "-" : "";
        code += kCrockford[bits & 31U];
        bits >>= 5U;
    }
    return code;
}

std::optional<std::string> read_recovery_code(std::string_view typed) {
    std::string code;
    for (char c : typed) {
        if (c == '-' || c == ' ') {
            continue;
        }
        c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
        c = c == 'O' ? '0' : c == 'I' || c == 'L' ? '1' : c;
        if (kCrockford.find(c) == std::string_view::npos || code.size() > kRecoveryCharacters) {
            return std::nullopt;
        }
        code += code.size() == kRecoveryHalf ? "-" : "";
        code += c;
    }
    return code.size() == kRecoveryCharacters + 1 ? std::optional(code) : std::nullopt;
}

}  // namespace hangu::identity
