#include "security/identity/lock_outs.hpp"

#include "security/identity/internal/identity_state.hpp"
#include "security/identity/internal/protection_store.hpp"

namespace hangu::identity {

namespace {

constexpr std::int64_t kListedCountMax = 500;

}  // namespace

std::vector<LockedLane> locked_for_strangers(Identity& identity, storage::Tx& tx) {
    const LockLimits limits = lock_limits(*identity.state().world.settings->snapshot());
    std::vector<LockedLane> locked;
    for (const SignInLockRow& row :
         ProtectionStore(tx).locked_lanes(limits.consecutive_max, kListedCountMax)) {
        const bool without_end = row.consecutive >= limits.consecutive_max;
        locked.push_back({row.id, without_end ? std::nullopt : std::optional(row.locked_until),
                          row.consecutive});
    }
    return locked;
}

std::optional<Time> second_step_locked_until(Identity& identity, storage::Tx& tx, StaffId account) {
    const LockLimits limits = lock_limits(*identity.state().world.settings->snapshot());
    const auto lane = identity.state().lockouts.state(second_step_lane(tx.tenant(), account));
    if (!lane || !is_locked(*lane, limits, tx.now())) {
        return std::nullopt;
    }
    return lane->locked_until;
}

void unlock_second_step(Identity& identity, http::Scope& scope, StaffId account) {
    scope.after_commit(
        [state = &identity.state(), lane = second_step_lane(scope.tenant(), account)] {
            state->lockouts.forget(lane);
        });
}

}  // namespace hangu::identity
