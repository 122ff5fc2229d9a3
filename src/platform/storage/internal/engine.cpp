#include "platform/storage/engine.hpp"

#include "platform/storage/internal/directory.hpp"
#include "platform/storage/internal/engine_state.hpp"
#include "platform/storage/internal/upgrade_store.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <latch>
#include <thread>

namespace hangu::storage {

void add_own(std::vector<Part>& parts) {
    const bool has_own = std::any_of(parts.begin(), parts.end(),
                                     [](const Part& one) { return one.module == "storage"; });
    if (!has_own) {
        parts.insert(parts.begin(), part());
    }
    add_upgrade_parts(parts);
}

Engine::Engine(Options options, std::vector<Part> parts, observe::Log& log, const Clock& clock)
    : state_(std::make_unique<State>(std::move(options), std::move(parts), log, clock)) {
    add_own(state_->parts);
    state_->facts.release = Release::parse(state_->options.release).value_or(Release{});
    state_->facts.blocking_ddl = state_->options.blocking_ddl;
    state_->world.tenants_folder = state_->options.folder + "/tenants";
    state_->world.clock = &clock;
    state_->world.log = &log;
    state_->world.report_ms_max = state_->options.report_ms_max;
}

Engine::~Engine() {
    stop();
}

Result<void> Engine::start() {
    State& state = *state_;
    const std::vector<std::string> faults = faults_of(state.parts);
    if (!faults.empty()) {
        return schema_differs(faults);
    }
    HANGU_TRY(state.lock, FolderLock::take(state.options.folder));
    std::filesystem::create_directories(state.world.tenants_folder);

    HANGU_CHECK(start_control());
    state.facts.contracted =
        this->control([](ControlTx& tx) { return UpgradeStore(tx).contracted(); });
    HANGU_CHECK(start_files());
    return start_shards();
}

// The lanes of tenants in files of their own.
Result<void> Engine::start_files() {
    State& state = *state_;
    state.world.steps = steps_of(state.parts, false, state.facts);
    for (const Part& part : state.parts) {
        for (const Table& table : part.tables) {
            if (!table.control) {
                state.world.tables.emplace(table.name, state.world.tables.size());
            }
        }
    }
    HANGU_ASSERT(state.world.tables.size() <= kTablesCountMax);
    HANGU_TRY(state.template_path, build_template(state.options.folder, state.world.steps,
                                                  state.parts, state.clock.now()));

    RedoLog::Options redo;
    redo.folder = state.options.folder + "/redo";
    redo.tenants_folder = state.world.tenants_folder;
    redo.segment_bytes = state.options.redo_segment_bytes;
    state.redo = std::make_unique<RedoLog>(redo, state.log);
    HANGU_CHECK(state.redo->start());
    state.world.redo = state.redo.get();

    const std::size_t share = state.options.open_tenants_max / state.options.lanes + 1;
    for (std::size_t i = 0; i < state.options.lanes; ++i) {
        State::OwnerLane& made = state.owners.emplace_back();
        made.owner = std::make_unique<TenantLane>(state.world, share);
        made.lane = std::make_unique<runtime::Lane<Pending>>(
            fmt::format("lane-{}", i), state.options.queue_count_max, state.options.batch_count_max,
            [owner = made.owner.get()](std::vector<Pending>& batch) { owner->drain(batch); });
    }
    for (std::size_t i = 0; i < state.options.report_readers; ++i) {
        State::ReaderLane& made = state.readers.emplace_back();
        // A reader never migrates: the owner does, when it opens the tenant.
        const auto open_on_owner = [this](TenantId tenant) {
            run_erased(tenant, Work::read, [](Tx&) { return Decision::roll_back; });
        };
        made.owner = std::make_unique<ReportLane>(state.world, 8, open_on_owner);
        made.lane = std::make_unique<runtime::Lane<Pending>>(
            fmt::format("report-{}", i), 256, 1,
            [owner = made.owner.get()](std::vector<Pending>& batch) { owner->drain(batch); });
    }
    return {};
}

// And the way from each tenant to where it is.
Result<void> Engine::start_shards() {
    State& state = *state_;
    for (const ShardOptions& options : state.options.shards) {
        auto shard = std::make_unique<Shard>(options, state.options, state.log, state.clock);
        HANGU_CHECK(shard->start(state.parts, state.world.tables));
        state.shards.emplace(options.name, std::move(shard));
    }
    const std::string& fresh = state.options.new_tenants_on;
    if (!fresh.empty() && fresh != kFiles && state.shard(fresh) == nullptr) {
        return Problem::invalid("shard.unknown", "storage.new_tenants names no shard: " + fresh);
    }
    const Places::Deliver deliver = [&state](const Placed& to, Pending pending) {
        pending.epoch = to.epoch;
        return to.shard == nullptr ? state.to_file(std::move(pending))
                                   : to.shard->submit(std::move(pending));
    };
    if (state.options.control) {
        return start_node(deliver);
    }
    if (!state.shards.empty()) {
        state.places = std::make_unique<Places>(deliver, nullptr);
    }
    const std::vector<PlaceRow> placed =
        control([](ControlTx& tx) { return Directory(tx).places_behind(-1); });
    for (const PlaceRow& row : placed) {
        Shard* shard = state.shard(row.place);
        if (shard == nullptr && row.place != kFiles) {
            return Problem::conflict(
                "shard.unknown",
                fmt::format("tenants are on the shard {}, which the settings do not name",
                            row.place));
        }
        if (state.places) {
            state.places->set(row.id, {shard, row.epoch});
        }
    }
    return recover_moves();
}

void Engine::set_key_ring(crypto::KeyRing& ring) {
    state_->world.keys = &ring;
    for (const auto& [name, shard] : state_->shards) {
        shard->set_key_ring(ring);
    }
}

void Engine::stop() {
    if (state_->node) {
        state_->node->end_rounds();
    }
    for (const auto& [name, shard] : state_->shards) {
        shard->stop();
    }
    for (State::ReaderLane& reader : state_->readers) {
        reader.lane->stop();
        reader.owner->close_all();
    }
    for (State::OwnerLane& owner : state_->owners) {
        owner.lane->stop();
    }
    // Checkpoints wait for the disk: all lanes at once.
    std::vector<std::thread> closers;
    for (State::OwnerLane& owner : state_->owners) {
        closers.emplace_back([this, &owner] {
            try {
                owner.owner->close_all();
            } catch (const std::exception& fault) {
                state_->log.error("storage.close_failed", {{"what", fault.what()}});
            }
        });
    }
    for (std::thread& closer : closers) {
        closer.join();
    }
    if (state_->redo && !state_->owners.empty()) {
        state_->redo->stop_clean();
    }
    state_->readers.clear();
    state_->owners.clear();
    if (state_->node) {
        state_->node->stop();
    }
    state_->control.reset();
    state_->redo.reset();
    state_->lock.reset();
}

void Engine::control_erased(const std::function<void(ControlTx&)>& work) {
    HANGU_ASSERT(state_->control != nullptr);
    state_->control->run(work);
}

Result<void> Engine::check_place(std::string_view place) {
    const std::string wanted = state_->wanted(place);
    Shard* shard = state_->shard(wanted);
    if (wanted == kFiles) {
        return state_->node ? Problem::invalid("cluster.no_files", "several nodes have no files")
                            : Result<void>();
    }
    if (shard == nullptr) {
        return Problem::invalid("shard.unknown", "there is no shard " + wanted);
    }
    const ShardState now = shard->look();
    return now.reached ? Result<void>()
                       : Problem::unavailable("shard.unreachable",
                                              fmt::format("{}: {}", wanted, now.detail));
}

Result<void> Engine::create_tenant(TenantId tenant, std::string_view place) {
    State& state = *state_;
    const Placed known = state.placed(tenant);
    const std::string wanted = known.shard != nullptr ? known.shard->name() : state.wanted(place);
    if (wanted == kFiles && state.node) {
        return Problem::invalid("cluster.no_files", "several nodes have no files");
    }
    if (wanted == kFiles) {
        const std::string path = tenant_path(state.world.tenants_folder, tenant);
        if (std::filesystem::exists(path)) {
            return Problem::conflict("tenant.exists");
        }
        copy_into_place(state.template_path, path);
        return {};
    }
    Shard* shard = state.shard(wanted);
    if (shard == nullptr) {
        return Problem::invalid("shard.unknown", "there is no shard " + wanted);
    }
    // First where it is to be, so that nobody looks for it elsewhere after a crash; then it is made
    // where it was said to be.
    const PlaceRow row = control([&](ControlTx& tx) {
        Directory directory(tx);
        std::optional<PlaceRow> there = directory.place(tenant);
        if (!there) {
            there = PlaceRow{tenant, wanted, 1, {}, node_number()};
            directory.add_place(*there);
        } else if (state.node) {
            there->owner = node_number();
            there->epoch += 1;
            HANGU_ASSERT(directory.change_place(*there, there->epoch - 1));
        }
        return *there;
    });
    if (state.node) {
        state.places->know(tenant, {shard, row.epoch}, row.owner);
    } else {
        state.places->set(tenant, {shard, row.epoch});
    }
    const bool made = shard->create_tenant(tenant, row.epoch);
    if (state.node && !made && !shard->take_over(tenant, row.epoch)) {
        return Problem::conflict("tenant.exists");
    }
    if (state.node) {
        state.places->take(tenant, {shard, row.epoch});
        state.node->beat_soon();
        return {};
    }
    return made ? Result<void>() : Problem::conflict("tenant.exists");
}

bool Engine::has_tenant(TenantId tenant) const {
    Shard* shard = state_->placed(tenant).shard;
    return shard != nullptr
               ? shard->has_tenant(tenant)
               : std::filesystem::exists(tenant_path(state_->world.tenants_folder, tenant));
}

std::string Engine::place_of(TenantId tenant) const {
    const Placed placed = state_->placed(tenant);
    return placed.shard != nullptr ? placed.shard->name() : std::string(kFiles);
}

std::vector<std::string> Engine::shard_names() const {
    std::vector<std::string> names;
    for (const auto& [name, shard] : state_->shards) {
        names.push_back(name);
    }
    return names;
}

std::vector<ShardState> Engine::shard_states() {
    std::vector<ShardState> states;
    for (const auto& [name, shard] : state_->shards) {
        states.push_back(shard->look());
        states.back().tenants = state_->places->count_on(*shard);
    }
    return states;
}

std::vector<TenantId> Engine::tenants_here() const {
    std::vector<TenantId> tenants;
    for (const auto& [name, shard] : state_->shards) {
        for (const TenantId tenant : shard->tenants()) {
            if (state_->placed(tenant).shard == shard.get()) {
                tenants.push_back(tenant);
            }
        }
    }
    namespace fs = std::filesystem;
    for (const fs::directory_entry& folder : fs::directory_iterator(state_->world.tenants_folder)) {
        for (const fs::directory_entry& file : fs::directory_iterator(folder.path())) {
            const auto id = TenantId::parse(file.path().stem().string());
            if (file.path().extension() == ".db" && id && state_->placed(*id).shard == nullptr) {
                tenants.push_back(*id);
            }
        }
    }
    return tenants;
}

bool Engine::submit(TenantId tenant, Work work, std::unique_ptr<Job> job) {
    Pending pending{tenant, work, std::move(job)};
    return state_->places ? state_->places->submit(std::move(pending))
                          : state_->to_file(std::move(pending));
}

std::string Engine::State::wanted(std::string_view place) const {
    const std::string& fresh = options.new_tenants_on;
    return std::string(!place.empty() ? place : fresh.empty() ? kFiles : std::string_view(fresh));
}

// On the lanes of tenants in files.
bool Engine::State::to_file(Pending pending) {
    if (pending.work == Work::report) {
        return reader_of(pending.tenant).lane->push(std::move(pending));
    }
    redo->expect();
    const bool taken = owner_of(pending.tenant).lane->push(std::move(pending));
    redo->arrived(taken ? 0 : 1);
    return taken;
}

void Engine::run_erased(TenantId tenant, Work work, const std::function<Decision(Tx&)>& body) {
    Outcome outcome;
    std::latch ready(1);
    if (!submit(tenant, work, std::make_unique<WaitingJob>(body, outcome, ready))) {
        throw StorageFault("the lane's queue is full or the engine has stopped");
    }
    ready.wait();
    if (outcome.fault) {
        std::rethrow_exception(outcome.fault);
    }
}

Result<std::size_t> Engine::migrate_all(
    const std::function<void(std::size_t, std::size_t)>& progress) {
    const std::vector<TenantId> tenants = tenants_here();
    std::size_t done = 0;
    for (const TenantId tenant : tenants) {
        run_erased(tenant, Work::read, [](Tx&) { return Decision::roll_back; });
        progress(++done, tenants.size());
    }
    return done;
}

std::string Engine::check_integrity(TenantId tenant) {
    if (Shard* shard = state_->placed(tenant).shard) {
        return shard->check_integrity();
    }
    std::string answer;
    run_erased(tenant, Work::read, [&answer](Tx& tx) {
        static constexpr Statement<std::string()> kCheck{
            "storage.integrity", "select integrity_check from pragma_integrity_check where ?1 > 0"};
        answer = tx.find(kCheck).value_or("no answer");
        return Decision::roll_back;
    });
    return answer;
}

Engine::Figures Engine::figures() const {
    const LaneWorld& world = state_->world;
    const RedoLog::Figures redo =
        world.redo == nullptr ? RedoLog::Figures{} : world.redo->figures();
    Figures all{static_cast<std::size_t>(world.open_tenants.load()),
                world.commits.load(),
                world.requests.load(),
                world.opens.load(),
                redo.syncs,
                redo.bytes};
    for (const auto& [name, shard] : state_->shards) {
        const Figures of_shard = shard->figures();
        all.commits += of_shard.commits;
        all.requests += of_shard.requests;
    }
    return all;
}

}  // namespace hangu::storage
