// The end of an upgrade: what no living program needs any more is removed.
#include "platform/storage/internal/maria_migration.hpp"
#include "platform/storage/internal/place_schema.hpp"
#include "platform/storage/internal/tx_session.hpp"
#include "platform/storage/internal/upgrade_state.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hangu::storage {

namespace {

using Chosen = std::vector<const Step*>;

// Those of the chosen that the place has not had.
Chosen left_of(const Chosen& chosen, const SchemaView& view) {
    Chosen left;
    for (const Step* step : chosen) {
        if (!view.has(*step)) {
            left.push_back(step);
        }
    }
    return left;
}

// In the transaction of one group commit, by the lane that owns the file.
void contract_tenant_file(Engine& engine, TenantId tenant, const Chosen& left) {
    const Result<void> done = engine.run(tenant, Work::write, [&](Tx& tx) -> Result<void> {
        auto& connection = dynamic_cast<Connection&>(TxSession::of(tx));
        for (const Step* step : left) {
            contract_file(connection, *step, tx.now());
        }
        return {};
    });
    HANGU_ASSERT(done.ok());
}

}  // namespace

Result<std::vector<UpgradeStep>> Upgrade::contract_allowed(
    std::span<const std::string> versions) const {
    Release oldest = state_->house.facts.release;
    for (const std::string& version : versions) {
        oldest = std::min(oldest, Release::parse(version).value_or(Release{}));
    }
    std::vector<UpgradeStep> allowed;
    const UpgradeStep* refused = nullptr;
    const std::vector<UpgradeStep> all = steps();
    for (const UpgradeStep& step : all) {
        if (step.phase != Phase::contract) {
            continue;
        }
        if (step.release < oldest) {
            allowed.push_back(step);
        } else {
            refused = &step;
        }
    }
    if (allowed.empty() && refused != nullptr) {
        return Problem::conflict(
            "contract.too_early",
            fmt::format(
                "step {} is of version {}: every program that lives must be of a later one, "
                "so that the way back to {} stays open, and one is of {}",
                refused->name, refused->release.text(), refused->release.text(), oldest.text()));
    }
    if (allowed.empty()) {
        return Problem::conflict("contract.nothing", "this program has no contract steps");
    }
    return allowed;
}

std::vector<std::string> Upgrade::uncontracted(TenantId tenant) {
    std::vector<std::string> names;
    for (const Step* step : state_->view_of_place(tenant).uncontracted) {
        names.push_back(step->full_name());
    }
    return names;
}

// Who may not be left behind: everybody is filled, or in quarantine and in a file.
Result<void> Upgrade::State::check_laggards(std::vector<TenantId>& tenants) {
    const auto run = engine.control([](ControlTx& tx) { return UpgradeStore(tx).run(); });
    const bool fills = !of_phase(Phase::migrate).empty();
    if (fills && (!run || run->target != target() || run->state != RunState::done)) {
        return Problem::conflict(
            "contract.laggards",
            "the sweep of this version is not at its end: hangu upgrade start");
    }
    for (const SweptRow& row :
         engine.control([](ControlTx& tx) { return UpgradeStore(tx).swept(); })) {
        if (row.state != SweptState::quarantined) {
            continue;
        }
        if (house.placed(row.id).shard != nullptr) {
            return Problem::conflict(
                "contract.quarantined",
                fmt::format("tenant {} is in quarantine and shares its tables with others: move it "
                            "to files first",
                            row.id.text()));
        }
        std::erase(tenants, row.id);
    }
    return {};
}

Result<std::size_t> Upgrade::contract(std::span<const std::string> versions,
                                      const UpgradeWatch& watch) {
    State& state = *state_;
    HANGU_TRY(const std::vector<UpgradeStep> allowed, contract_allowed(versions));
    Chosen chosen;
    for (const Step* step : state.of_phase(Phase::contract)) {
        if (std::any_of(allowed.begin(), allowed.end(),
                        [step](const UpgradeStep& one) { return one.name == step->full_name(); })) {
            chosen.push_back(step);
        }
    }
    std::vector<TenantId> tenants = state.engine.tenants_here();
    HANGU_CHECK(state.check_laggards(tenants));
    const std::vector<TenantId> first = canaries();
    std::stable_partition(tenants.begin(), tenants.end(), [&first](TenantId tenant) {
        return std::find(first.begin(), first.end(), tenant) != first.end();
    });
    state.engine.control([&](ControlTx& tx) {
        for (const Step* step : chosen) {
            UpgradeStore(tx).set_contracted(step->full_name());
        }
        return true;
    });
    // Older programs are gone: what they wrote last is filled now.
    for (const TenantId tenant : tenants) {
        HANGU_CHECK(state.fill_tenant(tenant, true, watch));
    }
    std::size_t places = 0;
    for (const TenantId tenant : tenants) {
        if (watch.cancelled && watch.cancelled()) {
            return Problem::conflict("migration.interrupted");
        }
        HANGU_TRY(const bool removed, state.contract_place_of(tenant, chosen));
        places += removed ? 1 : 0;
        if (removed && watch.progress) {
            watch.progress(tenant, static_cast<std::int64_t>(places));
        }
    }
    return places;
}

// False: it had it already. Checked before the next one comes.
Result<bool> Upgrade::State::contract_place_of(TenantId tenant, const Chosen& chosen) {
    const Chosen left = left_of(chosen, view_of_place(tenant));
    if (left.empty()) {
        return false;
    }
    if (Shard* shard = house.placed(tenant).shard) {
        MariaConnection connection(shard->as_migrate());
        HANGU_CHECK(contract_shard(connection, steps, left, house.clock.now()));
    } else {
        contract_tenant_file(engine, tenant, left);
    }
    HANGU_CHECK(check(tenant));
    return true;
}

}  // namespace hangu::storage
