// Puts the oldest waiting records into the log and signs its new head, in one transaction.
#pragma once

#include "base/randomness.hpp"
#include "security/audit/internal/log_store.hpp"

#include <cstdint>
#include <optional>

namespace hangu::audit {

struct Appended {
    std::int64_t count = 0;
    bool more = false;     // further records wait
    bool damaged = false;  // the stored tree is not the signed one: nothing was added
    Time oldest_at;        // of the first record that was added
};

// Refuses to add to a tree that is not the one it signed last: a head it signs is always an
// extension of the head before.
Appended append_batch(storage::Tx& tx, Randomness& randomness, std::int64_t count_max);

// The key that signs; makes the first one.
KeyRow signing_key(storage::Tx& tx, Randomness& randomness);
KeyRow add_signing_key(storage::Tx& tx, Randomness& randomness, std::int64_t number);

// The seed of a key; nullopt when it does not open or belongs to another public key.
std::optional<Secret> seed_of(storage::Tx& tx, const KeyRow& key);

}  // namespace hangu::audit
