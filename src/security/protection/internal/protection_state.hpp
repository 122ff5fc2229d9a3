// What the files of this module share.
#pragma once

#include "security/protection/internal/protection_settings.hpp"
#include "security/protection/protection.hpp"

#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace hangu::protection {

inline constexpr http::Permission kMayViewLedger{"safety.ledger"};
inline constexpr http::Permission kMayExport{"safety.export"};
inline constexpr http::Permission kMayViewLocks{"safety.locks"};
inline constexpr http::Permission kMayUnlock{"safety.unlock"};

inline constexpr std::string_view kUnusualSignIn = "sign_in.unusual";
inline constexpr std::string_view kSignInAttack = "sign_in.attack";
inline constexpr std::string_view kViolations = "permission.violations";
inline constexpr std::string_view kAccountLocked = "account.locked";    // for strangers
inline constexpr std::string_view kAccountStopped = "account.stopped";  // for everybody

// What is to be done about somebody who was refused too often.
struct Due {
    TenantId tenant;
    http::ActorKind actor_kind = http::ActorKind::staff;
    std::int64_t actor_id = 0;
    Noted noted;
    std::string route;  // of the last refusal
    std::string address;
};

struct Protection::State {
    static constexpr std::size_t kActorsCountMax = 100'000;
    static constexpr std::size_t kDueCountMax = 10'000;

    explicit State(const Services& services);

    // --- habits (sign_ins.cpp)
    struct Judged {
        identity::StaffId account;
        Time at;
        Risk risk;
    };
    Risk weigh_up(storage::Tx& tx, const identity::SignInSeen& seen);
    std::optional<KnownPlace> place_of(std::string_view address) const;
    int offset_of(TenantId tenant) const;
    std::optional<Risk> take_judged(storage::Tx& tx, identity::StaffId account);
    void learn(http::Scope& scope, const SignInEntry& entry);
    void tell_locked(http::Scope& scope, const SignInEntry& entry);
    void tell_unusual(http::Scope& scope, const SignInEntry& entry, const Risk& risk);

    // --- attacks (watching.cpp)
    void watch(TenantId tenant, const SignInAttempt& attempt);

    // --- refusals (refusals.cpp)
    void carry_out(Due due);

    void raise(http::Scope& scope, const Alert& alert);
    // A use case of the system in a transaction of its own; never waits. False: the lane is full.
    bool submit(TenantId tenant, std::function<void(http::Scope&)> work);

    storage::Engine& engine;
    tenant::Tenants& tenants;
    http::World& world;
    identity::Identity& identity;
    observe::Metrics& metrics;
    const PlaceSource* places = nullptr;
    Alerts* alerts = nullptr;
    Violations violations{kActorsCountMax};

    std::mutex mutex;
    // Between judge() and told() of one transaction; a tenant has one lane.
    std::unordered_map<TenantId, Judged> judged;
    struct Watched {
        SignInWatch watch;
        Time last_at;
        std::int64_t nobodies_count = 0;
    };
    std::unordered_map<TenantId, Watched> watched;
    std::deque<std::function<bool()>> later;  // what a full lane refused
};

}  // namespace hangu::protection
