#include "app/internal/upgrades.hpp"

#include "app/program.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

#include <chrono>

namespace hangu::app {

Upgrades::Upgrades(House& house)
    : live_versions([] { return std::vector<std::string>{std::string(program_version())}; }),
      house_(house),
      upgrade_(*house.engine, "node " + to_hex(house.randomness.bytes(6))),
      lane_("upgrade", 1, 1, [](std::vector<std::function<void()>>& jobs) {
          for (const std::function<void()>& job : jobs) {
              job();
          }
      }) {}

void Upgrades::begin(Work work) {
    const std::lock_guard lock(mutex_);
    if (state_.running) {
        return;
    }
    if (thread_.joinable()) {
        thread_.join();
    }
    state_ = State{};
    state_.work = work;
    state_.running = true;
    cancelled_ = false;
    thread_ = std::thread([this, work] { run(work); });
}

void Upgrades::run(Work work) {
    storage::UpgradeWatch watch;
    watch.progress = [this](TenantId tenant, std::int64_t rows) {
        const std::lock_guard lock(mutex_);
        state_.tenant = tenant;
        state_.rows = rows;
    };
    watch.cancelled = [this] {
        const std::lock_guard lock(mutex_);
        return cancelled_;
    };
    // Half of the time is the merchants'.
    watch.rest = [this](std::int64_t took_us) {
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, std::chrono::microseconds(took_us), [this] { return cancelled_; });
    };
    watch.upgraded = [this](const storage::SweptTenant& swept) { record(swept); };
    Result<std::string> ended = Problem::unavailable("upgrade.failed");
    try {
        if (work == Work::sweep) {
            ended = sweep(watch);
        } else {
            const Result<std::size_t> places = upgrade_.contract(live_versions(), watch);
            if (places.ok()) {
                ended = fmt::format("removed from {} places", *places);
                house_.log.info("upgrade.contracted",
                                {{"places", static_cast<std::int64_t>(*places)}});
            } else {
                ended = places.problem();
            }
        }
    } catch (const std::exception& fault) {
        ended = Problem::unavailable("upgrade.failed", fault.what());
    }
    if (!ended.ok()) {
        house_.log.error("upgrade.failed",
                         {{"code", ended.problem().code}, {"what", ended.problem().detail}});
    }
    const std::lock_guard lock(mutex_);
    state_.ended = std::move(ended);
    state_.running = false;
    changed_.notify_all();
}

Result<std::string> Upgrades::sweep(const storage::UpgradeWatch& watch) {
    HANGU_TRY(const storage::RunState state, upgrade_.go_on(watch));
    HANGU_TRY(const storage::UpgradeRun run, upgrade_.run());
    if (state == storage::RunState::stopped) {
        house_.log.error("upgrade.stopped", {{"what", run.reason}});
        return Problem::conflict("upgrade.stopped", run.reason);
    }
    return fmt::format("{}{}{}", enum_text(state), run.reason.empty() ? "" : ": ", run.reason);
}

// In the tenant's own log, where its owner sees it.
void Upgrades::record(const storage::SweptTenant& swept) {
    const std::shared_ptr<const tenant::Tenant> found = house_.tenants->find(swept.tenant);
    house_.log.info("tenant.upgraded", {{"tenant", swept.tenant}, {"rows", swept.rows}});
    if (found == nullptr) {
        return;  // it is being made, or was a rehearsal of another program
    }
    const http::Caller system = house_.system_of(*found, "operator");
    const std::string version = upgrade_.schema_version();
    const Result<void> recorded = http::run_use_case(
        *house_.engine, house_.world, system, storage::Work::write, [&](http::Scope& scope) {
            scope.audit(
                {.action = "tenant.upgraded",
                 .subject_kind = "tenant",
                 .subject_id = found->id.text(),
                 .subject_label = found->code,
                 .fields = {{"schema", "", version}, {"rows", "", std::to_string(swept.rows)}}});
            return Result<void>();
        });
    HANGU_ASSERT(recorded.ok());
}

Upgrades::State Upgrades::look(std::int64_t wait_ms) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::milliseconds(wait_ms), [this] { return !state_.running; });
    return state_;
}

void Upgrades::forget_end() {
    const std::lock_guard lock(mutex_);
    state_.ended.reset();
}

// Called by an event loop, which must not wait for the database.
void Upgrades::look_after() {
    lane_.push([this] {
        try {
            if (!look(0).running && upgrade_.is_orphaned()) {
                house_.log.warning("upgrade.taken_over", {});
                begin(Work::sweep);
            }
        } catch (const std::exception& fault) {
            house_.log.error("upgrade.failed", {{"what", fault.what()}});
        }
    });
}

void Upgrades::stop() {
    lane_.stop();
    {
        const std::lock_guard lock(mutex_);
        cancelled_ = true;
        changed_.notify_all();
    }
    if (thread_.joinable()) {
        thread_.join();
    }
}

}  // namespace hangu::app
