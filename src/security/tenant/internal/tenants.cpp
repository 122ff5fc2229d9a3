#include "security/tenant/internal/tenant_rules.hpp"
#include "security/tenant/internal/tenant_store.hpp"
#include "security/tenant/tenant.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <mutex>
#include <utility>

namespace hangu::tenant {

using storage::ControlTx;

namespace {

constexpr std::int64_t kMakingMsMax = kMinuteMs;  // another node may be making it for so long

}  // namespace

Tenants::Tenants(storage::Engine& engine, IdSource& ids, const Clock& clock, observe::Log& log)
    : engine_(engine), ids_(ids), clock_(clock), log_(log) {}

void Tenants::set_key_ring(crypto::KeyRing& ring) {
    ring_ = &ring;
}

void Tenants::set_seed(Seed seed) {
    seed_ = std::move(seed);
}

bool Tenants::none_yet() const {
    return engine_.control([](ControlTx& tx) { return TenantStore(tx).all().empty(); });
}

Result<void> Tenants::load() {
    std::vector<Tenant> tenants =
        engine_.control([](ControlTx& tx) { return TenantStore(tx).all(); });
    for (Tenant& tenant : tenants) {
        if (tenant.state == State::creating && engine_.clustered() &&
            clock_.now().unix_ms() - tenant.created_at.unix_ms() < kMakingMsMax) {
            continue;
        }
        if (tenant.state == State::creating) {
            try {
                HANGU_CHECK(finish(tenant, ""));
            } catch (const storage::StorageFault& fault) {
                // Its place is away: the next start tries again, the others need not wait for it.
                log_.error("tenant.unfinished", {{"tenant", tenant.id}, {"what", fault.what()}});
                continue;
            }
            log_.info("tenant.finished", {{"tenant", tenant.id}});
        }
        remember(std::move(tenant));
    }
    return {};
}

void Tenants::refresh() {
    const std::vector<Tenant> tenants =
        engine_.control([](ControlTx& tx) { return TenantStore(tx).all(); });
    for (const Tenant& tenant : tenants) {
        if (tenant.state != State::creating) {
            remember(tenant);
        }
    }
}

Result<Tenant> Tenants::create(std::string_view code, std::string_view name, int utc_offset_minutes,
                               std::string_view place) {
    HANGU_CHECK(check_new_tenant(code, name, utc_offset_minutes));
    HANGU_CHECK(engine_.check_place(place));
    const Time now = clock_.now();
    return make(Tenant{TenantId(ids_.next(now.unix_ms())), std::string(code),
                       std::string(trimmed(name)), State::creating, "", utc_offset_minutes, now, 1},
                place);
}

Result<Tenant> Tenants::create_platform(int utc_offset_minutes) {
    if (const std::shared_ptr<const Tenant> there = find(kPlatformTenant)) {
        return *there;
    }
    return make(Tenant{kPlatformTenant, std::string(kPlatformCode), std::string(kPlatformCode),
                       State::creating, "", utc_offset_minutes, clock_.now(), 1},
                "");
}

Result<Tenant> Tenants::make(Tenant tenant, std::string_view place) {
    if (!engine_.control([&tenant](ControlTx& tx) { return TenantStore(tx).add(tenant); })) {
        return Problem::conflict("tenant.code_taken");
    }
    const auto give_up = [this, &tenant] {
        // With a file or rows in place the next start finishes the work, and also when nobody can
        // tell; without one nothing is left.
        bool there = true;
        try {
            there = engine_.has_tenant(tenant.id);
        } catch (const storage::StorageFault& fault) {
            log_.error("tenant.unfinished", {{"tenant", tenant.id}, {"what", fault.what()}});
        }
        if (!there) {
            ring_->forget(tenant.id);
            engine_.control([&tenant](ControlTx& tx) {
                TenantStore(tx).remove(tenant.id);
                return true;
            });
        }
    };
    try {
        if (Result<void> finished = finish(tenant, place); !finished.ok()) {
            give_up();
            return std::move(finished).problem();
        }
    } catch (...) {
        give_up();
        throw;
    }
    remember(tenant);
    log_.info("tenant.created", {{"tenant", tenant.id}});
    return tenant;
}

// Every step looks whether it was done before, so that a restart may run them again.
Result<void> Tenants::finish(Tenant& tenant, std::string_view place) {
    HANGU_ASSERT(ring_ != nullptr);
    if (load(tenant.id).empty()) {
        ring_->create(tenant.id);
    }
    if (!engine_.has_tenant(tenant.id)) {
        HANGU_CHECK(engine_.create_tenant(tenant.id, place));
    }
    if (seed_) {
        HANGU_CHECK(engine_.run(tenant.id, storage::Work::write,
                                [&](storage::Tx& tx) { return seed_(tx, tenant); }));
    }
    const bool done = engine_.control([&tenant](ControlTx& tx) {
        storage::note_tenants_changed(tx);
        return TenantStore(tx).set_state(tenant.id, State::creating, State::active, "");
    });
    HANGU_ASSERT(done);
    tenant.state = State::active;
    tenant.version += 1;
    return {};
}

void Tenants::remember(Tenant tenant) {
    auto kept = std::make_shared<const Tenant>(std::move(tenant));
    const std::unique_lock lock(mutex_);
    by_code_[kept->code] = kept->id;
    by_id_[kept->id] = std::move(kept);
}

std::shared_ptr<const Tenant> Tenants::find(TenantId id) const {
    const std::shared_lock lock(mutex_);
    const auto found = by_id_.find(id);
    return found == by_id_.end() ? nullptr : found->second;
}

std::shared_ptr<const Tenant> Tenants::find_by_code(std::string_view code) const {
    const std::shared_lock lock(mutex_);
    const auto found = by_code_.find(std::string(code));
    if (found == by_code_.end()) {
        return nullptr;
    }
    return by_id_.at(found->second);
}

std::vector<std::shared_ptr<const Tenant>> Tenants::list() const {
    std::vector<std::shared_ptr<const Tenant>> tenants;
    {
        const std::shared_lock lock(mutex_);
        tenants.reserve(by_id_.size());
        for (const auto& [id, tenant] : by_id_) {
            tenants.push_back(tenant);
        }
    }
    std::sort(tenants.begin(), tenants.end(),
              [](const auto& a, const auto& b) { return a->code < b->code; });
    return tenants;
}

bool Tenants::is_active(TenantId id) const {
    const std::shared_lock lock(mutex_);
    const auto found = by_id_.find(id);
    return found != by_id_.end() && found->second->state == State::active;
}

std::size_t Tenants::count() const {
    const std::shared_lock lock(mutex_);
    return by_id_.size();
}

Result<void> Tenants::freeze(TenantId id, std::string_view reason) {
    return change_state(id, State::active, State::frozen, reason);
}

Result<void> Tenants::thaw(TenantId id, std::string_view reason) {
    return change_state(id, State::frozen, State::active, reason);
}

Result<void> Tenants::change_state(TenantId id, State from, State to, std::string_view reason) {
    HANGU_CHECK(check_reason(reason));
    if (id == kPlatformTenant) {
        return Problem::conflict("tenant.is_platform");
    }
    const std::shared_ptr<const Tenant> before = find(id);
    if (!before) {
        return Problem::not_found("tenant.not_found");
    }
    const std::string why(trimmed(reason));
    const bool changed = engine_.control([&](ControlTx& tx) {
        storage::note_tenants_changed(tx);
        return TenantStore(tx).set_state(id, from, to, why);
    });
    if (!changed) {
        return Problem::conflict(to == State::frozen ? "tenant.already_frozen"
                                                     : "tenant.not_frozen");
    }
    Tenant after = *before;
    after.state = to;
    after.state_reason = why;
    after.version += 1;
    remember(std::move(after));
    log_.info(to == State::frozen ? "tenant.frozen" : "tenant.thawed", {{"tenant", id}});
    return {};
}

std::vector<crypto::WrappedKey> Tenants::load(TenantId tenant) {
    return engine_.control([tenant](ControlTx& tx) { return TenantStore(tx).keys(tenant); });
}

void Tenants::save(TenantId tenant, const std::vector<crypto::WrappedKey>& keys) {
    engine_.control([&](ControlTx& tx) {
        TenantStore store(tx);
        for (const crypto::WrappedKey& key : keys) {
            store.save_key(tenant, key);
        }
        return true;
    });
}

}  // namespace hangu::tenant
