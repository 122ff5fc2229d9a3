// Tenants: who they are, whether they may work, and where their wrapped keys are kept.
#pragma once

#include "base/id.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "platform/crypto/crypto.hpp"
#include "platform/observe/observe.hpp"
#include "platform/storage/engine.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace hangu::tenant {

enum class State { creating, active, frozen };
HANGU_ENUM(State, creating, active, frozen)

// Who runs the platform has a tenant, too: its people are accounts like others, in a realm of their
// own. No id that is made can be this one, as ids begin with the time.
inline constexpr TenantId kPlatformTenant{1};
inline constexpr std::string_view kPlatformCode = "platform";

struct Tenant {
    TenantId id;
    std::string code;  // [a-z0-9-]{2,32}; what people type when they sign in
    std::string name;
    State state = State::creating;
    std::string state_reason;
    std::int64_t utc_offset_minutes = 480;
    Time created_at;
    std::int64_t version = 1;
};

// Looks at states in memory, writes to the control database. Thread-safe. Create, freeze and thaw
// wait for the disk: not from an event loop, nor from inside Engine::control or a tenant's
// transaction.
//
// Construct with the engine, start the engine, make the key ring on this store, set_key_ring, load.
class Tenants final : public crypto::KeyStore {
 public:
    // What a new tenant's database begins with (the owner role). Runs before the tenant is visible,
    // and again after a crash in between: it must be repeatable.
    using Seed = std::function<Result<void>(storage::Tx&, const Tenant&)>;

    Tenants(storage::Engine& engine, IdSource& ids, const Clock& clock, observe::Log& log);

    void set_key_ring(crypto::KeyRing& ring);
    void set_seed(Seed seed);

    bool none_yet() const;  // not even one that is being made
    // Reads all tenants and finishes those that a crash left half made; of several nodes' those
    // that nobody can be making any more.
    Result<void> load();
    // The same for what other nodes have changed since.
    void refresh();

    // Row (creating) → keys → database file → seed → active. Whatever breaks in between, the tenant
    // is either not there or complete after the next load(). "tenant.code_taken", 422 on bad input.
    // 422 "tenant.code_reserved" on the platform's own code. `place` as in Engine::create_tenant:
    // "shard.unknown" and "shard.unreachable" before anything is made.
    Result<Tenant> create(std::string_view code, std::string_view name, int utc_offset_minutes,
                          std::string_view place = "");
    // The platform's own, if there is none yet.
    Result<Tenant> create_platform(int utc_offset_minutes);

    // From memory; tenants that are being made are not there.
    std::shared_ptr<const Tenant> find(TenantId id) const;
    std::shared_ptr<const Tenant> find_by_code(std::string_view code) const;
    std::vector<std::shared_ptr<const Tenant>> list() const;  // by code
    bool is_active(TenantId id) const;
    std::size_t count() const;

    // A frozen tenant's people and keys are refused from the next request on; its data stays. Not
    // the platform's own: "tenant.is_platform".
    Result<void> freeze(TenantId id, std::string_view reason);
    Result<void> thaw(TenantId id, std::string_view reason);

    // crypto::KeyStore on the control database.
    std::vector<crypto::WrappedKey> load(TenantId tenant) override;
    void save(TenantId tenant, const std::vector<crypto::WrappedKey>& keys) override;

 private:
    Result<Tenant> make(Tenant tenant, std::string_view place);
    Result<void> finish(Tenant& tenant, std::string_view place);
    Result<void> change_state(TenantId id, State from, State to, std::string_view reason);
    void remember(Tenant tenant);

    storage::Engine& engine_;
    IdSource& ids_;
    const Clock& clock_;
    observe::Log& log_;
    crypto::KeyRing* ring_ = nullptr;
    Seed seed_;
    mutable std::shared_mutex mutex_;
    std::unordered_map<TenantId, std::shared_ptr<const Tenant>> by_id_;
    std::unordered_map<std::string, TenantId> by_code_;
};

// The tenants of one realm: the merchants, or the platform's own. Others are not there.
class TenantsOfRealm {
 public:
    TenantsOfRealm(const Tenants& all, bool platform) : all_(all), platform_(platform) {}

    std::shared_ptr<const Tenant> find(TenantId id) const {
        return is_of_realm(id) ? all_.find(id) : nullptr;
    }
    std::shared_ptr<const Tenant> find_by_code(std::string_view code) const {
        return (code == kPlatformCode) == platform_ ? all_.find_by_code(code) : nullptr;
    }
    bool is_active(TenantId id) const { return is_of_realm(id) && all_.is_active(id); }

 private:
    bool is_of_realm(TenantId id) const { return (id == kPlatformTenant) == platform_; }

    const Tenants& all_;
    const bool platform_;
};

}  // namespace hangu::tenant
