// Upgrades while merchants work and programs of two versions serve side by side: the schema grows
// (expand, at the start of the newer program), every tenant is filled (migrate, a sweep with
// canaries first), and what nobody needs any more is removed (contract, when asked for).
//
// What was done to a tenant stands with its rows; how far the sweep has come stands in the control
// database, so that it goes on after a crash, or on another node.
#pragma once

#include "platform/storage/engine.hpp"
#include "platform/storage/release.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hangu::storage {

enum class RunState { running, paused, stopped, done };
HANGU_ENUM(RunState, running, paused, stopped, done)

// The order in which tenants come: those chosen, one more, ten, a hundredth of all, all.
enum class Wave { canary, one, ten, percent, all };
HANGU_ENUM(Wave, canary, one, ten, percent, all)

enum class SweptState { waiting, done, failed, quarantined };
HANGU_ENUM(SweptState, waiting, done, failed, quarantined)

// A step of the schema that names its phase.
struct UpgradeStep {
    std::string name;  // module/file
    Phase phase = Phase::expand;
    Release release;
    Release understood_since;  // programs before it do not serve what had this step
};

struct UpgradeRun {
    std::string target;  // what is being brought about: the digest of all migrate steps
    RunState state = RunState::done;
    std::string reason;  // why it is stopped
    std::string holder;  // the process that works on it
    bool by_wave = false;
    Time started_at;
    Time changed_at;
};

struct SweptTenant {
    TenantId tenant;
    Wave wave = Wave::all;
    SweptState state = SweptState::waiting;
    std::string detail;  // of what failed, or why it is in quarantine
    std::int64_t rows = 0;
    std::int64_t took_ms = 0;
    Time changed_at;
};

struct UpgradePlan {
    std::vector<UpgradeStep> steps;  // of migrate and contract
    std::vector<std::pair<Wave, std::vector<TenantId>>> waves;
    std::string target;
};

struct UpgradeWatch {
    // Before each tenant and after each batch of rows; may be empty.
    std::function<void(TenantId tenant, std::int64_t rows)> progress;
    std::function<bool()> cancelled;  // may be empty; what was begun is gone on with later
    // After each batch, with the time that it took: other work comes first. May be empty.
    std::function<void(std::int64_t took_us)> rest;
    // A tenant has had all of it; may be empty.
    std::function<void(const SweptTenant& tenant)> upgraded;
};

struct Rehearsal {
    struct Step {
        std::string name;
        Phase phase = Phase::expand;
        std::int64_t rows = 0;
        std::int64_t took_us = 0;
    };
    struct TableChange {
        std::string table;
        std::int64_t rows_before = 0;
        std::int64_t rows_after = 0;
        std::string columns;  // "+folded -label"; "": the same
    };
    std::int64_t file_bytes = 0;
    std::int64_t took_us = 0;
    std::vector<Step> steps;
    std::vector<TableChange> changes;  // of tables that differ afterwards
    std::string fault;                 // "": it went well
};

// One per engine. Blocks; from any thread but a loop or a lane.
class Upgrade {
 public:
    static constexpr std::int64_t kRowsMax = 500;       // of one transaction
    static constexpr std::int64_t kBeatMsMax = 60'000;  // then its holder is taken for dead
    static constexpr std::size_t kCanariesCountMax = 64;

    // `holder` names this process among those of the cluster.
    Upgrade(Engine& engine, std::string holder);
    ~Upgrade();
    Upgrade(const Upgrade&) = delete;
    Upgrade& operator=(const Upgrade&) = delete;

    // --- what this program is
    std::vector<UpgradeStep> steps() const;
    // Release and digest of everything that this program knows of the schema: programs that say the
    // same need the same.
    std::string schema_version() const;
    // The contract steps that may be done while programs of these versions live: those of a release
    // before all of them and this one. "contract.nothing": there are none; "contract.too_early".
    Result<std::vector<UpgradeStep>> contract_allowed(std::span<const std::string> versions) const;

    // --- who goes first
    void set_canary(TenantId tenant, bool on);
    std::vector<TenantId> canaries();

    // --- the sweep
    UpgradePlan plan(std::vector<TenantId> canaries);
    // "upgrade.nothing": this program has no migrate steps. "upgrade.running", "upgrade.paused".
    // `by_wave`: it pauses after each wave.
    Result<void> begin(std::vector<TenantId> canaries, bool by_wave);
    // Works until it is done, paused, stopped, or cancelled. "upgrade.elsewhere": another process
    // works on it; "upgrade.none".
    Result<RunState> go_on(const UpgradeWatch& watch);
    Result<void> pause();
    Result<void> resume();  // also after a stop: what failed is tried again
    Result<void> stop(std::string_view reason);
    // The sweep goes on without the tenant, and nothing is removed from it.
    Result<void> quarantine(TenantId tenant, std::string_view reason);
    Result<UpgradeRun> run();  // "upgrade.none"
    std::vector<SweptTenant> swept();
    // The run is there and nobody has worked on it for kBeatMsMax.
    bool is_orphaned();

    // --- the end
    // Removes what contract steps name, from every tenant in a file and every shard, after filling
    // once more what older programs wrote meanwhile; canaries first. Answers from how many places.
    // Stops at the first that fails, and may be asked again. As contract_allowed(); and
    // "contract.laggards": the sweep is not done; "contract.quarantined": one is on a shard.
    Result<std::size_t> contract(std::span<const std::string> versions, const UpgradeWatch& watch);
    // Contract steps that a place ("files" of a tenant, or the tenant's shard) has not had.
    std::vector<std::string> uncontracted(TenantId tenant);

    // Does everything on a copy of the tenant's file and tells how long it took and what differs
    // afterwards. "rehearsal.on_shard".
    Result<Rehearsal> rehearse(TenantId tenant);

 private:
    struct State;
    std::unique_ptr<State> state_;
};

// The engine's tables for it: in the control database, and with each tenant.
std::vector<Part> upgrade_parts();

}  // namespace hangu::storage
