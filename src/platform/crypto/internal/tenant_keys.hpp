// Making, wrapping and opening the keys of one tenant; what the key ring keeps.
#pragma once

#include "platform/crypto/crypto.hpp"
#include "platform/crypto/internal/envelope.hpp"

#include <memory>
#include <vector>

namespace hangu::crypto {

// One key of every purpose, wrapped: the KEK under the root key, the others under the KEK.
std::vector<WrappedKey> make_wrapped_keys(GcmKey& root, TenantId tenant, Randomness& randomness);

// Throws SealBroken when a wrapping does not open under this root key, or a purpose has no active
// key.
std::shared_ptr<TenantKeys> open_wrapped_keys(GcmKey& root, TenantId tenant,
                                              const std::vector<WrappedKey>& wrapped,
                                              Randomness& randomness);

}  // namespace hangu::crypto
