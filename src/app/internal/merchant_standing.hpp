// How a merchant stands at this moment, as the platform's own people see it.
#pragma once

#include "platform/storage/tx.hpp"
#include "security/protection/module.hpp"
#include "security/protection/protection.hpp"

#include <cstdint>
#include <set>

namespace hangu::app {

inline constexpr std::int64_t kAttacksRead = 100;

struct Standing {
    std::int64_t attacks_count = 0;
    std::int64_t locked_count = 0;
};

inline Standing standing_at(protection::Protection& protection, storage::Tx& tx) {
    Standing standing;
    for (const protection::SeenAttack& seen : protection::seen_attacks(tx, kAttacksRead)) {
        standing.attacks_count += tx.now() < seen.at.plus_ms(protection::kInProgressMs) ? 1 : 0;
    }
    std::set<std::int64_t> locked;
    for (const protection::LockOut& lock : protection::lock_outs(protection, tx)) {
        locked.insert(lock.account_id.value());
    }
    standing.locked_count = static_cast<std::int64_t>(locked.size());
    return standing;
}

}  // namespace hangu::app
