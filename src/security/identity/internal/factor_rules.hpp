// Codes of authenticator apps and for recovery. Pure.
#pragma once

#include "base/randomness.hpp"
#include "base/sealed.hpp"
#include "base/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hangu::identity {

constexpr std::int64_t kTotpStepMs = 30 * kSecondMs;  // RFC 6238 5.2
constexpr std::int64_t kTotpDriftSteps = 1;           // a phone's clock may be that far off
constexpr std::size_t kTotpSecretBytes = 20;          // RFC 4226 R6 recommends 160 bits
constexpr std::size_t kRecoveryCodesCount = 10;

// The secret of an authenticator app, as bytes. Readable without a grant, because codes are
// computed from it; only its owner is ever shown it, when she sets the app up.
class TotpSecret {
 public:
    static constexpr KeyClass kKeyClass = KeyClass::credential;
    static constexpr bool kShownToViewer = true;

    TotpSecret() = default;
    explicit TotpSecret(std::string bytes) : bytes_(std::move(bytes)) {}
    static TotpSecret from_plain(std::string plain) { return TotpSecret(std::move(plain)); }

    const std::string& plain() const { return bytes_; }
    std::string masked() const { return "***"; }
    friend bool operator==(const TotpSecret&, const TotpSecret&) = default;

 private:
    std::string bytes_;
};

std::string base32(std::string_view bytes);  // RFC 4648 §6, no padding

// "otpauth://totp/…", which the apps read from a QR code.
std::string totp_uri(const TotpSecret& secret, std::string_view issuer, std::string_view account);

// The step of time whose code this is, newer than `after_step`; none: wrong, or used before.
std::optional<std::int64_t> totp_step_of(const TotpSecret& secret, std::string_view code, Time now,
                                         std::int64_t after_step);

// "7K3MD-Q8ZXV": 50 random bits without letters that look alike.
std::string make_recovery_code(Randomness& randomness);
// What was typed, as it was made; none: it cannot be one.
std::optional<std::string> read_recovery_code(std::string_view typed);

}  // namespace hangu::identity
