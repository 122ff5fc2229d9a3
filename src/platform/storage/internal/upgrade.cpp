#include "platform/storage/upgrade.hpp"

#include "base/text.hpp"
#include "platform/storage/internal/maria_migration.hpp"
#include "platform/storage/internal/place_schema.hpp"
#include "platform/storage/internal/tenant_fill.hpp"
#include "platform/storage/internal/tx_session.hpp"
#include "platform/storage/internal/upgrade_state.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hangu::storage {

namespace {

constexpr std::size_t kTen = 10;
constexpr std::size_t kPercent = 100;
constexpr std::size_t kDetailBytesMax = 500;

UpgradeStep step_of(const Step& step) {
    return {step.full_name(), step.head.phase, step.head.release, step.head.understood_since};
}

SweptTenant swept_of(const SweptRow& row) {
    return {row.id, row.wave, row.state, row.detail, row.rows_done, row.took_ms, row.changed_at};
}

// Those chosen, one, ten, one of a hundred, all others.
std::vector<std::pair<Wave, std::vector<TenantId>>> waves_of(std::vector<TenantId> all,
                                                             std::span<const TenantId> chosen) {
    std::vector<std::pair<Wave, std::vector<TenantId>>> waves;
    std::vector<TenantId> canaries;
    std::sort(all.begin(), all.end());
    const std::size_t hundredth = (all.size() + kPercent - 1) / kPercent;
    std::erase_if(all, [&](TenantId tenant) {
        const bool first = std::find(chosen.begin(), chosen.end(), tenant) != chosen.end();
        if (first) {
            canaries.push_back(tenant);
        }
        return first;
    });
    waves.emplace_back(Wave::canary, std::move(canaries));
    std::size_t at = 0;
    for (const auto& [wave, count] :
         {std::pair{Wave::one, std::size_t{1}}, std::pair{Wave::ten, kTen},
          std::pair{Wave::percent, hundredth}, std::pair{Wave::all, all.size()}}) {
        const std::size_t end = std::min(all.size(), at + count);
        waves.emplace_back(wave,
                           std::vector<TenantId>(all.begin() + static_cast<std::ptrdiff_t>(at),
                                                 all.begin() + static_cast<std::ptrdiff_t>(end)));
        at = end;
    }
    std::erase_if(waves, [](const auto& one) { return one.second.empty(); });
    return waves;
}

bool is_cancelled(const UpgradeWatch& watch) {
    return watch.cancelled && watch.cancelled();
}

}  // namespace

std::vector<const Step*> Upgrade::State::of_phase(Phase phase) const {
    std::vector<const Step*> found;
    for (const Step& step : steps.steps) {
        if (step.head.phase == phase) {
            found.push_back(&step);
        }
    }
    return found;
}

std::string Upgrade::State::target() const {
    std::vector<HadStep> all;
    for (const Step* step : of_phase(Phase::migrate)) {
        all.push_back({std::string(step->module), std::string(step->name), step->checksum});
    }
    return digest_of_steps(all);
}

SchemaView Upgrade::State::view_of_place(TenantId tenant) {
    return schema_of_place(engine, house.placed(tenant).shard, tenant, steps);
}

Result<std::int64_t> Upgrade::State::fill_tenant(TenantId tenant, bool again,
                                                 const UpgradeWatch& watch) {
    if (!engine.bring(tenant, Engine::kBringMsMax)) {
        return Problem::unavailable("tenant.elsewhere", "another node did not hand it over");
    }
    std::int64_t began_us = 0;
    std::int64_t all = 0;
    FillWatch fills;
    fills.write = [&](const std::function<Result<std::int64_t>(Tx&)>& work) {
        began_us = house.clock.monotonic_us();
        return engine.run(tenant, Work::write, work);
    };
    fills.goes_on = [&] { return !is_cancelled(watch); };
    fills.told = [&](std::int64_t rows) {
        const std::int64_t took_us = house.clock.monotonic_us() - began_us;
        all += rows;
        engine.control([&](ControlTx& tx) { return UpgradeStore(tx).take(holder, kBeatMsMax); });
        if (watch.progress) {
            watch.progress(tenant, all);
        }
        if (watch.rest && rows > 0) {
            watch.rest(took_us);
        }
    };
    const SchemaView view = view_of_place(tenant);
    for (const Step* step : of_phase(Phase::migrate)) {
        if (!view.is_over(*step, steps)) {
            HANGU_CHECK(fill(*step, again, kRowsMax, fills));
        }
    }
    return all;
}

Result<void> Upgrade::State::check(TenantId tenant) {
    std::vector<std::string> differences;
    if (Shard* shard = house.placed(tenant).shard) {
        MariaConnection connection(shard->as_ro());
        differences = shard_differences(connection, house.parts, false);
        connection.roll_back();
    } else {
        const std::string integrity = engine.check_integrity(tenant);
        if (integrity != "ok") {
            return Problem::conflict("upgrade.damaged", integrity);
        }
        HANGU_CHECK(engine.run(tenant, Work::read, [&](Tx& tx) -> Result<> {
            auto& connection = dynamic_cast<Connection&>(TxSession::of(tx));
            differences = schema_differences(connection, house.parts, false);
            return {};
        }));
    }
    return differences.empty() ? Result<void>()
                               : Problem::conflict("schema.differs", differences.front());
}

Result<void> Upgrade::State::check_shards() {
    for (const auto& [name, shard] : house.shards) {
        try {
            const std::string integrity = shard->check_integrity();
            if (integrity != "ok") {
                return Problem::conflict("upgrade.damaged", fmt::format("{}: {}", name, integrity));
            }
        } catch (const StorageFault& fault) {
            return Problem::unavailable("shard.unreachable",
                                        fmt::format("{}: {}", name, fault.what()));
        }
    }
    return {};
}

SweptRow Upgrade::State::sweep(SweptRow row, const UpgradeWatch& watch) {
    const std::int64_t began_us = house.clock.monotonic_us();
    const auto failed = [&row](std::string_view code, std::string_view detail) {
        row.state = SweptState::failed;
        row.detail = fmt::format("{}: {}", code, detail).substr(0, kDetailBytesMax);
    };
    try {
        const Result<std::int64_t> filled = fill_tenant(row.id, false, watch);
        if (!filled.ok() && filled.problem().code == "migration.interrupted") {
            return row;
        }
        row.rows_done += filled.ok() ? *filled : 0;
        const Result<void> checked = filled.ok() ? check(row.id) : Result<void>(filled.problem());
        if (checked.ok()) {
            row.state = SweptState::done;
            row.detail.clear();
        } else {
            failed(checked.problem().code, checked.problem().detail);
        }
    } catch (const std::exception& fault) {
        failed("storage.fault", fault.what());
    }
    row.took_ms += (house.clock.monotonic_us() - began_us) / 1000;
    return row;
}

Result<void> Upgrade::State::look_back(Wave before) {
    HANGU_CHECK(check_shards());
    for (const SweptRow& row :
         engine.control([](ControlTx& tx) { return UpgradeStore(tx).swept(); })) {
        if (row.state != SweptState::done || (row.wave != before && row.wave != Wave::canary)) {
            continue;
        }
        if (const Result<void> checked = check(row.id); !checked.ok()) {
            return Problem::conflict(checked.problem().code,
                                     fmt::format("tenant {}, looked at again: {}", row.id.text(),
                                                 checked.problem().detail));
        }
    }
    return {};
}

bool Upgrade::State::add_newcomers() {
    const std::vector<TenantId> all = engine.tenants_here();
    return engine.control([&](ControlTx& tx) {
        UpgradeStore store(tx);
        const std::vector<SweptRow> known = store.swept();
        std::int64_t position = known.empty() ? 0 : known.back().position;
        bool added = false;
        for (const TenantId tenant : all) {
            if (!store.find(tenant)) {
                store.add({tenant, ++position, Wave::all, SweptState::waiting, "", 0, 0, tx.now()});
                added = true;
            }
        }
        return added;
    });
}

Upgrade::Upgrade(Engine& engine, std::string holder)
    : state_(std::make_unique<State>(engine, *engine.state_, std::move(holder))) {}

Upgrade::~Upgrade() = default;

std::vector<UpgradeStep> Upgrade::steps() const {
    std::vector<UpgradeStep> all;
    for (const Step& step : state_->steps.steps) {
        if (step.head.phase != Phase::base) {
            all.push_back(step_of(step));
        }
    }
    return all;
}

std::string Upgrade::schema_version() const {
    std::vector<HadStep> all;
    for (const bool control : {false, true}) {
        for (const Step& step : steps_of(state_->house.parts, control).steps) {
            all.push_back({std::string(step.module), std::string(step.name), step.checksum});
        }
    }
    return fmt::format("{} {}", state_->house.facts.release.text(),
                       digest_of_steps(all).substr(0, 12));
}

void Upgrade::set_canary(TenantId tenant, bool on) {
    state_->engine.control([&](ControlTx& tx) {
        UpgradeStore(tx).set_canary(tenant, on);
        return true;
    });
}

std::vector<TenantId> Upgrade::canaries() {
    return state_->engine.control([](ControlTx& tx) { return UpgradeStore(tx).canaries(); });
}

UpgradePlan Upgrade::plan(std::vector<TenantId> chosen) {
    for (const TenantId tenant : canaries()) {
        chosen.push_back(tenant);
    }
    UpgradePlan plan;
    for (const UpgradeStep& step : steps()) {
        if (step.phase != Phase::expand) {
            plan.steps.push_back(step);
        }
    }
    plan.waves = waves_of(state_->engine.tenants_here(), chosen);
    plan.target = state_->target();
    return plan;
}

Result<void> Upgrade::begin(std::vector<TenantId> chosen, bool by_wave) {
    if (state_->of_phase(Phase::migrate).empty()) {
        return Problem::conflict("upgrade.nothing", "this program has no migrate steps");
    }
    const UpgradePlan made = plan(std::move(chosen));
    return state_->engine.control([&](ControlTx& tx) -> Result<void> {
        UpgradeStore store(tx);
        const std::optional<RunRow> before = store.run();
        if (before && before->state == RunState::running) {
            return Problem::conflict("upgrade.running", "an upgrade runs already");
        }
        if (before && before->state != RunState::done && before->target == made.target) {
            return Problem::conflict("upgrade.paused",
                                     "the same upgrade is not at its end: resume it");
        }
        RunRow run;
        run.target = made.target;
        run.holder = state_->holder;
        run.beat_at = run.started_at = tx.now();
        run.by_wave = by_wave;
        store.set_run(run);
        store.forget_swept();
        std::int64_t position = 0;
        for (const auto& [wave, tenants] : made.waves) {
            for (const TenantId tenant : tenants) {
                store.add({tenant, ++position, wave, SweptState::waiting, "", 0, 0, tx.now()});
            }
        }
        return {};
    });
}

RunState Upgrade::State::end_with(RunState to, const std::string& reason) {
    return engine.control([&](ControlTx& tx) {
        UpgradeStore store(tx);
        RunRow run = *store.run();
        run.state = to;
        run.reason = reason;
        store.set_run(run);
        return to;
    });
}

// Who put it into quarantine meanwhile is not overwritten: false.
bool Upgrade::State::keep(const SweptRow& after) {
    return engine.control([&](ControlTx& tx) {
        UpgradeStore store(tx);
        const std::optional<SweptRow> stands = store.find(after.id);
        const bool waits = stands && stands->state == SweptState::waiting;
        if (waits) {
            store.save(after);
        }
        return waits;
    });
}

// Running: the next wave may begin.
RunState Upgrade::State::end_of_wave(Wave wave, bool by_wave) {
    if (const Result<void> good = look_back(wave); !good.ok()) {
        return end_with(RunState::stopped, good.problem().detail);
    }
    return by_wave ? end_with(RunState::paused, fmt::format("after the wave {}", enum_text(wave)))
                   : RunState::running;
}

Result<RunState> Upgrade::go_on(const UpgradeWatch& watch) {
    State& state = *state_;
    std::optional<Wave> wave;  // of the tenant before
    while (true) {
        HANGU_TRY(const UpgradeRun now, run());
        if (now.state != RunState::running) {
            return now.state;
        }
        if (now.target != state.target()) {
            return Problem::conflict("upgrade.other",
                                     "the upgrade that runs is of another version of the program");
        }
        std::optional<SweptRow> next;
        const bool mine = state.engine.control([&](ControlTx& tx) {
            UpgradeStore store(tx);
            next = store.next();
            return store.take(state.holder, kBeatMsMax);
        });
        if (!mine) {
            return Problem::conflict("upgrade.elsewhere", now.holder + " works on it");
        }
        if (is_cancelled(watch)) {
            return RunState::running;
        }
        if (!next) {
            if (state.add_newcomers()) {
                continue;
            }
            const RunState last = state.end_of_wave(wave.value_or(Wave::all), false);
            return last == RunState::running ? state.end_with(RunState::done, "") : last;
        }
        if (wave && *wave != next->wave) {
            const RunState after = state.end_of_wave(*wave, now.by_wave);
            if (after != RunState::running) {
                return after;
            }
        }
        wave = next->wave;
        const SweptRow after = state.sweep(*next, watch);
        const bool kept = state.keep(after);
        if (kept && after.state == SweptState::failed) {
            return state.end_with(RunState::stopped,
                                  fmt::format("tenant {}: {}", after.id.text(), after.detail));
        }
        if (kept && after.state == SweptState::done && watch.upgraded) {
            watch.upgraded(swept_of(after));
        }
    }
}

Result<void> Upgrade::pause() {
    return state_->engine.control([&](ControlTx& tx) -> Result<void> {
        UpgradeStore store(tx);
        std::optional<RunRow> run = store.run();
        if (!run || run->state != RunState::running) {
            return Problem::conflict("upgrade.not_running", "no upgrade runs");
        }
        run->state = RunState::paused;
        run->reason = "asked for";
        store.set_run(*run);
        return {};
    });
}

Result<void> Upgrade::resume() {
    return state_->engine.control([&](ControlTx& tx) -> Result<void> {
        UpgradeStore store(tx);
        std::optional<RunRow> run = store.run();
        if (!run || run->state == RunState::done) {
            return Problem::conflict("upgrade.none", "there is no upgrade to go on with");
        }
        for (SweptRow& row : store.swept()) {
            if (row.state == SweptState::failed) {
                row.state = SweptState::waiting;
                store.save(row);
            }
        }
        const bool runs = run->state == RunState::running;
        run->state = RunState::running;
        run->reason.clear();
        if (!runs) {
            run->holder = state_->holder;
            run->beat_at = tx.now();
        }
        store.set_run(*run);
        return {};
    });
}

Result<void> Upgrade::stop(std::string_view reason) {
    return state_->engine.control([&](ControlTx& tx) -> Result<void> {
        UpgradeStore store(tx);
        std::optional<RunRow> run = store.run();
        if (!run || run->state == RunState::done) {
            return Problem::conflict("upgrade.none", "there is no upgrade to stop");
        }
        run->state = RunState::stopped;
        run->reason = reason;
        store.set_run(*run);
        return {};
    });
}

Result<void> Upgrade::quarantine(TenantId tenant, std::string_view reason) {
    return state_->engine.control([&](ControlTx& tx) -> Result<void> {
        UpgradeStore store(tx);
        std::optional<SweptRow> row = store.find(tenant);
        if (!row) {
            return Problem::not_found("upgrade.no_such_tenant");
        }
        if (row->state == SweptState::done) {
            return Problem::conflict("upgrade.tenant_done", "it has had all of it");
        }
        row->state = SweptState::quarantined;
        row->detail = std::string(reason.substr(0, kDetailBytesMax));
        store.save(*row);
        return {};
    });
}

Result<UpgradeRun> Upgrade::run() {
    const std::optional<RunRow> row =
        state_->engine.control([](ControlTx& tx) { return UpgradeStore(tx).run(); });
    if (!row) {
        return Problem::not_found("upgrade.none");
    }
    return UpgradeRun{row->target,  row->state,      row->reason,    row->holder,
                      row->by_wave, row->started_at, row->changed_at};
}

std::vector<SweptTenant> Upgrade::swept() {
    std::vector<SweptTenant> all;
    for (const SweptRow& row :
         state_->engine.control([](ControlTx& tx) { return UpgradeStore(tx).swept(); })) {
        all.push_back(swept_of(row));
    }
    return all;
}

bool Upgrade::is_orphaned() {
    return state_->engine.control([&](ControlTx& tx) {
        const std::optional<RunRow> run = UpgradeStore(tx).run();
        return run && run->state == RunState::running && run->target == state_->target() &&
               run->beat_at < tx.now().plus_ms(-kBeatMsMax);
    });
}

}  // namespace hangu::storage
