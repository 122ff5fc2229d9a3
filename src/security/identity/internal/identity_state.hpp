// What the files of this module share.
#pragma once

#include "platform/crypto/crypto.hpp"
#include "platform/http/scope.hpp"
#include "platform/settings/settings.hpp"
#include "platform/shared_state/shared_state.hpp"
#include "platform/shared_state/throttle.hpp"
#include "platform/storage/engine.hpp"
#include "security/identity/caller_cache.hpp"
#include "security/identity/identity.hpp"
#include "security/identity/internal/cookies.hpp"
#include "security/identity/internal/identity_settings.hpp"
#include "security/identity/internal/lockouts.hpp"
#include "security/identity/internal/passkey_rules.hpp"
#include "security/identity/internal/text_pauses.hpp"
#include "security/tenant/tenant.hpp"

#include <mutex>
#include <string>

namespace hangu::identity {

using shared_state::Attempt;
using shared_state::Throttle;

constexpr std::size_t kChallengesCountMax = 100'000;     // answered within 5 minutes
constexpr std::int64_t kCallerFreshMs = 60 * kSecondMs;  // then a remembered caller is read again
constexpr std::int64_t kSeenWriteMs = 5 * kMinuteMs;
constexpr std::size_t kSeenCountMax = 2'000;  // per flush
constexpr std::int64_t kLinkFreshMs =
    15 * kMinuteMs;  // a link session may set a password that long

struct Identity::State {
    State(storage::Engine& to, tenant::Tenants& all_tenants, http::World& the_world,
          crypto::HashPool& pool, Options given)
        : engine(to),
          tenants(all_tenants, given.realm == http::Realm::platform),
          world(the_world),
          hash_pool(pool),
          options(given),
          cookies(cookie_names(given.realm)),
          callers(given.callers_count_max),
          throttle(given.throttles_count_max),
          lockouts(given.throttles_count_max),
          text_pauses(given.throttles_count_max),
          challenges(Secret(the_world.randomness->bytes(32)), kChallengesCountMax) {}

    storage::Engine& engine;
    const tenant::TenantsOfRealm tenants;
    http::World& world;
    crypto::HashPool& hash_pool;
    const Options options;
    const CookieNames& cookies;
    GrantSource* grants = nullptr;
    PlaceNames* places = nullptr;
    PhoneBook* phones = nullptr;
    TextMessages* texts = nullptr;
    SignInJudge* judge = nullptr;
    shared_state::SharedState* shared =
        nullptr;  // between nodes; none: this process is the only one
    CallerCache callers;
    Throttle throttle;
    Lockouts lockouts;
    TextPauses text_pauses;
    Challenges challenges;
    // What is checked when there is no such account: the answer must take the same time.
    std::string dummy_hash;
};

// Lanes of the lock-out: strangers who try an account, and a browser that it knows.
LockLimits lock_limits(const settings::Snapshot& settings);
std::string stranger_lane(TenantId tenant, StaffId account);
std::string second_step_lane(TenantId tenant, StaffId account);

struct AccountRow;
Account account_of(const AccountRow& row);

}  // namespace hangu::identity
