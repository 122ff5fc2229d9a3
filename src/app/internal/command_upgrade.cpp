#include "app/commands.hpp"
#include "app/internal/upgrades.hpp"
#include "base/json.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

#include <map>

namespace hangu::app {

namespace {

constexpr std::int64_t kSweepLookMs = 1000;
constexpr std::size_t kLinesMax = 200;

struct StepLine {
    std::string step;
    std::string phase;
    std::string release;
};
HANGU_STRUCT(StepLine, step, phase, release)

struct WaveLine {
    std::string wave;
    std::int64_t tenants = 0;
    std::vector<std::string> first;
};
HANGU_STRUCT(WaveLine, wave, tenants, first)

struct PlanView {
    std::string schema;
    std::vector<StepLine> steps;
    std::vector<WaveLine> waves;
};
HANGU_STRUCT(PlanView, schema, steps, waves)

struct UpgradedLine {
    std::string tenant;
    std::string place;
    std::string wave;
    std::string state;
    std::int64_t rows = 0;
    std::int64_t took_ms = 0;
    std::string detail;
};
HANGU_STRUCT(UpgradedLine, tenant, place, wave, state, rows, took_ms, detail)

struct StatusView {
    std::string schema;
    std::string state;
    std::string reason;
    std::string holder;
    bool by_wave = false;
    Time started_at;
    std::int64_t done = 0;
    std::int64_t waiting = 0;
    std::int64_t failed = 0;
    std::int64_t quarantined = 0;
    std::vector<UpgradedLine> tenants;
};
HANGU_STRUCT(StatusView, schema, state, reason, holder, by_wave, started_at, done, waiting, failed,
             quarantined, tenants)

struct RehearsedStep {
    std::string step;
    std::string phase;
    std::int64_t rows = 0;
    std::int64_t took_us = 0;
};
HANGU_STRUCT(RehearsedStep, step, phase, rows, took_us)

struct RehearsedTable {
    std::string table;
    std::int64_t rows_before = 0;
    std::int64_t rows_after = 0;
    std::string columns;
};
HANGU_STRUCT(RehearsedTable, table, rows_before, rows_after, columns)

struct RehearsalView {
    std::string tenant;
    std::int64_t file_bytes = 0;
    std::int64_t took_us = 0;
    std::vector<RehearsedStep> steps;
    std::vector<RehearsedTable> changes;
    std::string fault;
};
HANGU_STRUCT(RehearsalView, tenant, file_bytes, took_us, steps, changes, fault)

// "tea,milk"
Result<std::vector<TenantId>> tenants_of(const House& house, std::string_view codes) {
    std::vector<TenantId> tenants;
    for (const std::string_view code : split(codes, ',')) {
        if (!code.empty()) {
            HANGU_TRY(const auto found, house.tenant_by_code(code));
            tenants.push_back(found->id);
        }
    }
    return tenants;
}

// The thread's work to its end, with what it says on the way.
Result<void> watch(House& house, const Arguments& arguments, Output& output) {
    const Upgrades::State state = house.upgrades->look(kSweepLookMs);
    if (state.running) {
        return Problem::unavailable(
            kGoingOn, fmt::format("{}: {} rows", code_of(house, state.tenant), state.rows));
    }
    house.upgrades->forget_end();
    if (!state.ended) {
        return {};
    }
    HANGU_TRY(const std::string words, *state.ended);
    output.line(arguments.json() ? fmt::format("{{\"state\":\"{}\"}}", words) : words + ".");
    return {};
}

bool is_at_it(House& house, Upgrades::Work work) {
    const Upgrades::State state = house.upgrades->look(0);
    return state.work == work && (state.running || state.ended);
}

StatusView status_of(House& house, const storage::UpgradeRun& run) {
    storage::Upgrade& upgrade = house.upgrades->storage();
    StatusView view{upgrade.schema_version(),
                    std::string(enum_text(run.state)),
                    run.reason,
                    run.holder,
                    run.by_wave,
                    run.started_at,
                    0,
                    0,
                    0,
                    0,
                    {}};
    for (const storage::SweptTenant& one : upgrade.swept()) {
        view.done += one.state == storage::SweptState::done ? 1 : 0;
        view.waiting += one.state == storage::SweptState::waiting ? 1 : 0;
        view.failed += one.state == storage::SweptState::failed ? 1 : 0;
        view.quarantined += one.state == storage::SweptState::quarantined ? 1 : 0;
        view.tenants.push_back({code_of(house, one.tenant), house.engine->place_of(one.tenant),
                                std::string(enum_text(one.wave)), std::string(enum_text(one.state)),
                                one.rows, one.took_ms, one.detail});
    }
    return view;
}

}  // namespace

Result<void> upgrade_plan(House& house, const Arguments& arguments, Output& output) {
    HANGU_TRY(std::vector<TenantId> canaries, tenants_of(house, arguments.value("canary")));
    storage::Upgrade& upgrade = house.upgrades->storage();
    const storage::UpgradePlan plan = upgrade.plan(std::move(canaries));
    PlanView view{upgrade.schema_version(), {}, {}};
    for (const storage::UpgradeStep& step : plan.steps) {
        view.steps.push_back({step.name, std::string(enum_text(step.phase)), step.release.text()});
    }
    for (const auto& [wave, tenants] : plan.waves) {
        WaveLine line{std::string(enum_text(wave)), static_cast<std::int64_t>(tenants.size()), {}};
        for (const TenantId tenant : tenants) {
            if (line.first.size() < 10) {
                line.first.push_back(code_of(house, tenant));
            }
        }
        view.waves.push_back(std::move(line));
    }
    if (arguments.json()) {
        output.line(json::to_text(view));
        return {};
    }
    output.line(fmt::format("Schema {}", view.schema));
    for (const StepLine& step : view.steps) {
        output.line(fmt::format("  {:<9} {} (version {})", step.phase, step.step, step.release));
    }
    for (const WaveLine& line : view.waves) {
        output.line(fmt::format("{:<8} {:>6} tenants: {}{}", line.wave, line.tenants,
                                fmt::join(line.first, ", "), line.tenants > 10 ? ", …" : ""));
    }
    return {};
}

Result<void> upgrade_start(House& house, const Arguments& arguments, Output& output) {
    if (!is_at_it(house, Upgrades::Work::sweep)) {
        HANGU_TRY(std::vector<TenantId> canaries, tenants_of(house, arguments.value("canary")));
        if (canaries.size() > storage::Upgrade::kCanariesCountMax) {
            return Problem::invalid("usage", "at most 64 canaries");
        }
        HANGU_CHECK(house.upgrades->storage().begin(std::move(canaries), arguments.has("by-wave")));
        house.log.info("upgrade.begun", {});
        house.upgrades->begin(Upgrades::Work::sweep);
    }
    return watch(house, arguments, output);
}

Result<void> upgrade_resume(House& house, const Arguments& arguments, Output& output) {
    if (!is_at_it(house, Upgrades::Work::sweep)) {
        HANGU_CHECK(house.upgrades->storage().resume());
        house.upgrades->begin(Upgrades::Work::sweep);
    }
    return watch(house, arguments, output);
}

Result<void> upgrade_pause(House& house, const Arguments&, Output& output) {
    HANGU_CHECK(house.upgrades->storage().pause());
    output.line("Paused: the tenant that is being filled is finished first.");
    return {};
}

Result<void> upgrade_stop(House& house, const Arguments& arguments, Output& output) {
    HANGU_TRY(const std::string reason, arguments.required("reason"));
    HANGU_CHECK(house.upgrades->storage().stop(reason));
    output.line("Stopped. What was filled stays filled; older programs do not mind.");
    return {};
}

Result<void> upgrade_status(House& house, const Arguments& arguments, Output& output) {
    HANGU_TRY(const storage::UpgradeRun run, house.upgrades->storage().run());
    const StatusView view = status_of(house, run);
    if (arguments.json()) {
        output.line(json::to_text(view));
        return {};
    }
    output.line(fmt::format("{}{}{} (schema {}, since {})", view.state,
                            view.reason.empty() ? "" : ": ", view.reason, view.schema,
                            time_text(view.started_at)));
    output.line(fmt::format("{} done, {} waiting, {} failed, {} in quarantine", view.done,
                            view.waiting, view.failed, view.quarantined));
    output.line(fmt::format("{:<20} {:<10} {:<8} {:<12} {:>10} {:>8}  {}", "CODE", "PLACE", "WAVE",
                            "STATE", "ROWS", "MS", "WHY"));
    std::size_t lines = 0;
    for (const UpgradedLine& line : view.tenants) {
        // What went well is counted above.
        if ((line.state == "done" && view.tenants.size() > kLinesMax) || ++lines > kLinesMax) {
            continue;
        }
        output.line(fmt::format("{:<20} {:<10} {:<8} {:<12} {:>10} {:>8}  {}", line.tenant,
                                line.place, line.wave, line.state, line.rows, line.took_ms,
                                line.detail));
    }
    return {};
}

Result<void> upgrade_canary(House& house, const Arguments& arguments, Output& output) {
    HANGU_TRY(const auto found, house.tenant_by_code(arguments.operands()[0]));
    const bool on = !arguments.has("off");
    house.upgrades->storage().set_canary(found->id, on);
    output.line(fmt::format("{} {} among the first.", found->code, on ? "is" : "is no more"));
    return {};
}

Result<void> upgrade_quarantine(House& house, const Arguments& arguments, Output& output) {
    HANGU_TRY(const auto found, house.tenant_by_code(arguments.operands()[0]));
    HANGU_TRY(const std::string reason, arguments.required("reason"));
    HANGU_CHECK(house.upgrades->storage().quarantine(found->id, reason));
    output.line(fmt::format("{} is left as it is. The sweep goes on with \"hangu upgrade resume\".",
                            found->code));
    return {};
}

Result<void> upgrade_contract(House& house, const Arguments& arguments, Output& output) {
    if (!is_at_it(house, Upgrades::Work::contract)) {
        HANGU_CHECK(house.upgrades->storage().contract_allowed(house.upgrades->live_versions()));
        house.upgrades->begin(Upgrades::Work::contract);
    }
    return watch(house, arguments, output);
}

Result<void> upgrade_rehearse(House& house, const Arguments& arguments, Output& output) {
    HANGU_TRY(const std::vector<TenantId> tenants, tenants_of(house, arguments.operands()[0]));
    std::vector<RehearsalView> views;
    bool good = true;
    for (const TenantId tenant : tenants) {
        HANGU_TRY(const storage::Rehearsal told, house.upgrades->storage().rehearse(tenant));
        RehearsalView view{
            code_of(house, tenant), told.file_bytes, told.took_us, {}, {}, told.fault};
        for (const storage::Rehearsal::Step& step : told.steps) {
            view.steps.push_back(
                {step.name, std::string(enum_text(step.phase)), step.rows, step.took_us});
        }
        for (const storage::Rehearsal::TableChange& change : told.changes) {
            view.changes.push_back(
                {change.table, change.rows_before, change.rows_after, change.columns});
        }
        good = good && view.fault.empty();
        views.push_back(std::move(view));
    }
    if (arguments.json()) {
        output.line(json::to_text(views));
    }
    for (const RehearsalView& view : views) {
        if (arguments.json()) {
            break;
        }
        output.line(fmt::format("{}: {} KiB, {} ms{}{}", view.tenant, view.file_bytes / 1024,
                                view.took_us / 1000,
                                view.fault.empty() ? "" : "; failed: ", view.fault));
        for (const RehearsedStep& step : view.steps) {
            output.line(fmt::format("  {:<9} {} ({} rows, {} ms)", step.phase, step.step, step.rows,
                                    step.took_us / 1000));
        }
        for (const RehearsedTable& change : view.changes) {
            output.line(fmt::format("  {}: {} → {} rows, {}", change.table, change.rows_before,
                                    change.rows_after,
                                    change.columns.empty() ? "same columns" : change.columns));
        }
    }
    return good
               ? Result<void>()
               : Problem::conflict("rehearsal.failed",
                                   "the named tenants would stop the upgrade; nothing was changed");
}

}  // namespace hangu::app
