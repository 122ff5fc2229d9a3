// What upgrades are made of; for their own files.
#pragma once

#include "platform/storage/internal/engine_state.hpp"
#include "platform/storage/internal/upgrade_store.hpp"
#include "platform/storage/upgrade.hpp"

#include <string>
#include <vector>

namespace hangu::storage {

struct Upgrade::State {
    State(Engine& of, Engine::State& its, std::string name)
        : engine(of),
          house(its),
          holder(std::move(name)),
          steps(steps_of(its.parts, false, its.facts)) {}

    Engine& engine;
    Engine::State& house;
    const std::string holder;
    const Steps steps;

    std::vector<const Step*> of_phase(Phase phase) const;
    std::string target() const;  // the digest of all migrate steps

    // What the tenant's place has had: its file, or its shard.
    SchemaView view_of_place(TenantId tenant);
    // All migrate steps of one tenant; answers the rows.
    Result<std::int64_t> fill_tenant(TenantId tenant, bool again, const UpgradeWatch& watch);
    // That nothing is damaged and the schema is as it has to be.
    Result<void> check(TenantId tenant);
    // Every shard once, on behalf of the tenants that it has.
    Result<void> check_shards();

    // One tenant of the sweep; its row as it is afterwards.
    SweptRow sweep(SweptRow row, const UpgradeWatch& watch);
    // Those of the waves before, when a new one begins: they have worked meanwhile.
    Result<void> look_back(Wave before);
    RunState end_with(RunState to, const std::string& reason);
    bool keep(const SweptRow& after);
    RunState end_of_wave(Wave wave, bool by_wave);
    // Takes those in quarantine out of `tenants`. "contract.laggards", "contract.quarantined".
    Result<void> check_laggards(std::vector<TenantId>& tenants);
    Result<bool> contract_place_of(TenantId tenant, const std::vector<const Step*>& chosen);
    // Tenants that came since; false: there are none.
    bool add_newcomers();
};

}  // namespace hangu::storage
