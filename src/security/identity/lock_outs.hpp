// Which accounts are locked, for whom, until when: for lists of lock-outs.
#pragma once

#include "security/identity/identity.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace hangu::identity {

struct LockedLane {
    StaffId account;
    std::optional<Time> until;        // none: until somebody unlocks
    std::int64_t failures_count = 0;  // in a row
};

// Accounts whose passwords are not looked at in browsers they do not know.
std::vector<LockedLane> locked_for_strangers(Identity& identity, storage::Tx& tx);
// Until when codes of the account's second step are not looked at; none: they are.
std::optional<Time> second_step_locked_until(Identity& identity, storage::Tx& tx, StaffId account);
// Ends that, once the transaction is committed. The caller asks its own permission and records.
void unlock_second_step(Identity& identity, http::Scope& scope, StaffId account);

}  // namespace hangu::identity
