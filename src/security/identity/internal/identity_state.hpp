// What the files of this module share.
#pragma once

#include "platform/crypto/crypto.hpp"
#include "platform/http/scope.hpp"
#include "platform/settings/settings.hpp"
#include "platform/storage/engine.hpp"
#include "security/identity/caller_cache.hpp"
#include "security/identity/identity.hpp"
#include "security/identity/internal/throttle.hpp"
#include "security/tenant/tenant.hpp"

#include <mutex>
#include <string>

namespace hangu::identity {

constexpr std::string_view kCookieName = "__Host-hangu_merchant";
constexpr std::int64_t kCallerFreshMs = 60 * kSecondMs;  // then a remembered caller is read again
constexpr std::int64_t kSeenWriteMs = 5 * kMinuteMs;
constexpr std::size_t kSeenCountMax = 2'000;  // per flush
constexpr std::int64_t kLinkFreshMs =
    15 * kMinuteMs;  // a link session may set a password that long

constexpr settings::Key<std::int64_t> kIdleMinutes{"identity.session_idle_minutes"};
constexpr settings::Key<std::int64_t> kSessionHours{"identity.session_hours"};
constexpr settings::Key<std::int64_t> kLinkHours{"identity.link_hours"};
constexpr settings::Key<std::int64_t> kAccountAttemptsMax{"identity.account_attempts_max"};
constexpr settings::Key<std::int64_t> kAddressAttemptsMax{"identity.address_attempts_max"};

struct Identity::State {
    State(storage::Engine& to, tenant::Tenants& all_tenants, http::World& the_world,
          crypto::HashPool& pool, Options given)
        : engine(to),
          tenants(all_tenants),
          world(the_world),
          hash_pool(pool),
          options(given),
          callers(given.callers_count_max),
          throttle(given.throttles_count_max) {}

    storage::Engine& engine;
    tenant::Tenants& tenants;
    http::World& world;
    crypto::HashPool& hash_pool;
    const Options options;
    GrantSource* grants = nullptr;
    PlaceNames* places = nullptr;
    CallerCache callers;
    Throttle throttle;
    // What is hashed when there is no such account: the answer must take the same time.
    std::string dummy_hash;
};

struct AccountRow;
Account account_of(const AccountRow& row);

}  // namespace hangu::identity
