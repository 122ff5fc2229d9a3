// Signatures of the Edwards curve (RFC 8032, Ed25519): 32-byte seeds and public keys, 64-byte
// signatures. Signing the same message again gives the same signature.
#pragma once

#include "base/randomness.hpp"
#include "base/secret.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace hangu::crypto {

inline constexpr std::size_t kEd25519KeyBytes = 32;
inline constexpr std::size_t kEd25519SignatureBytes = 64;

Secret new_ed25519_seed(Randomness& randomness);
std::string ed25519_public_key(const Secret& seed);
std::string ed25519_sign(const Secret& seed, std::string_view message);
// False also for keys and signatures of another length.
bool ed25519_verify(std::string_view public_key, std::string_view message,
                    std::string_view signature);

}  // namespace hangu::crypto
