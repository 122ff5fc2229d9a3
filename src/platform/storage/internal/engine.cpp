#include "platform/storage/engine.hpp"

#include "platform/runtime/runtime.hpp"
#include "platform/storage/internal/data_folder.hpp"
#include "platform/storage/internal/migration.hpp"
#include "platform/storage/internal/shard.hpp"
#include "platform/storage/internal/sqlite.hpp"
#include "platform/storage/internal/tenant_lane.hpp"

#include <fmt/format.h>

#include <condition_variable>
#include <filesystem>
#include <latch>
#include <mutex>
#include <shared_mutex>
#include <thread>

namespace hangu::storage {

struct Engine::State {
    State(Options given, std::vector<Part> all_parts, observe::Log& to, const Clock& time)
        : options(std::move(given)), parts(std::move(all_parts)), log(to), clock(time) {}

    Options options;
    std::vector<Part> parts;
    observe::Log& log;
    const Clock& clock;

    std::unique_ptr<FolderLock> lock;
    LaneWorld world;
    std::unique_ptr<RedoLog> redo;
    std::string template_path;
    std::mutex control_mutex;
    std::unique_ptr<Connection> control;

    struct OwnerLane {
        std::unique_ptr<TenantLane> owner;
        std::unique_ptr<runtime::Lane<Pending>> lane;
    };
    struct ReaderLane {
        std::unique_ptr<ReportLane> owner;
        std::unique_ptr<runtime::Lane<Pending>> lane;
    };
    std::vector<OwnerLane> owners;
    std::vector<ReaderLane> readers;
    std::unique_ptr<Shard> shard;  // instead of these lanes and readers

    // Ids differ in their upper bits (milliseconds); a multiplication carries those upwards only,
    // so the lane comes from the top of the product.
    static std::size_t spread(TenantId tenant) { return std::hash<TenantId>{}(tenant) >> 40U; }
    OwnerLane& owner_of(TenantId tenant) { return owners[spread(tenant) % owners.size()]; }
    ReaderLane& reader_of(TenantId tenant) { return readers[spread(tenant) % readers.size()]; }
};

namespace {

// A blocking caller's job.
class WaitingJob final : public Job {
 public:
    WaitingJob(const std::function<Decision(Tx&)>& work, Outcome& outcome, std::latch& ready)
        : work_(work), outcome_(outcome), ready_(ready) {}
    Decision body(Tx& tx) override { return work_(tx); }
    void done(const Outcome& outcome) override {
        outcome_ = outcome;
        ready_.count_down();
    }

 private:
    const std::function<Decision(Tx&)>& work_;
    Outcome& outcome_;
    std::latch& ready_;
};

Problem differs(const std::vector<std::string>& differences) {
    Problem problem = Problem::conflict("schema.differs", fmt::format("{}", differences.front()));
    problem.note = fmt::format("{}", fmt::join(differences, "; "));
    return problem;
}

}  // namespace

Engine::Engine(Options options, std::vector<Part> parts, observe::Log& log, const Clock& clock)
    : state_(std::make_unique<State>(std::move(options), std::move(parts), log, clock)) {
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
        return differs(faults);
    }
    HANGU_TRY(state.lock, FolderLock::take(state.options.folder));
    std::filesystem::create_directories(state.world.tenants_folder);

    Connection::Options control;
    control.path = state.options.folder + "/control.db";
    control.create = true;
    control.page_bytes = 4096;
    control.cache_kib = 4096;
    state.control = std::make_unique<Connection>(control);
    HANGU_CHECK(migrate(*state.control, steps_of(state.parts, true), state.clock.now()));
    const auto control_differences = schema_differences(*state.control, state.parts, true);
    if (!control_differences.empty()) {
        return differs(control_differences);
    }

    if (state.options.shard) {
        state.shard = std::make_unique<Shard>(state.options, state.log, state.clock);
        return state.shard->start(state.parts);
    }
    return start_files();
}

// The lanes of tenants in files of their own.
Result<void> Engine::start_files() {
    State& state = *state_;
    state.world.steps = steps_of(state.parts, false);
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

void Engine::set_key_ring(crypto::KeyRing& ring) {
    state_->world.keys = &ring;
    if (state_->shard) {
        state_->shard->set_key_ring(ring);
    }
}

void Engine::stop() {
    if (state_->shard) {
        state_->shard->stop();
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
    const std::lock_guard lock(state_->control_mutex);
    if (state_->control) {
        state_->control->checkpoint(true);
        state_->control.reset();
    }
    state_->redo.reset();
    state_->lock.reset();
}

void Engine::control_erased(const std::function<void(ControlTx&)>& work) {
    const std::lock_guard lock(state_->control_mutex);
    HANGU_ASSERT(state_->control != nullptr);
    state_->control->begin_write();
    try {
        ControlTx tx(*state_->control, {}, state_->clock.now());
        work(tx);
        state_->control->commit();
    } catch (...) {
        state_->control->roll_back();
        throw;
    }
}

Result<void> Engine::create_tenant(TenantId tenant) {
    if (state_->shard) {
        return state_->shard->create_tenant(tenant) ? Result<void>()
                                                    : Problem::conflict("tenant.exists");
    }
    const std::string path = tenant_path(state_->world.tenants_folder, tenant);
    if (std::filesystem::exists(path)) {
        return Problem::conflict("tenant.exists");
    }
    copy_into_place(state_->template_path, path);
    return {};
}

bool Engine::has_tenant(TenantId tenant) const {
    if (state_->shard) {
        return state_->shard->has_tenant(tenant);
    }
    return std::filesystem::exists(tenant_path(state_->world.tenants_folder, tenant));
}

std::vector<TenantId> Engine::tenant_files() const {
    if (state_->shard) {
        return state_->shard->tenants();
    }
    std::vector<TenantId> tenants;
    namespace fs = std::filesystem;
    for (const fs::directory_entry& folder : fs::directory_iterator(state_->world.tenants_folder)) {
        for (const fs::directory_entry& file : fs::directory_iterator(folder.path())) {
            if (file.path().extension() == ".db") {
                if (const auto id = TenantId::parse(file.path().stem().string())) {
                    tenants.push_back(*id);
                }
            }
        }
    }
    return tenants;
}

bool Engine::submit(TenantId tenant, Work work, std::unique_ptr<Job> job) {
    Pending pending{tenant, work, std::move(job)};
    if (state_->shard) {
        return state_->shard->submit(std::move(pending));
    }
    if (work == Work::report) {
        return state_->reader_of(tenant).lane->push(std::move(pending));
    }
    state_->redo->expect();
    const bool taken = state_->owner_of(tenant).lane->push(std::move(pending));
    state_->redo->arrived(taken ? 0 : 1);
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
    const std::vector<TenantId> tenants = tenant_files();
    std::size_t done = 0;
    for (const TenantId tenant : tenants) {
        run_erased(tenant, Work::read, [](Tx&) { return Decision::roll_back; });
        progress(++done, tenants.size());
    }
    return done;
}

std::string Engine::check_integrity(TenantId tenant) {
    if (state_->shard) {
        return state_->shard->check_integrity();
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
    if (state_->shard) {
        return state_->shard->figures();
    }
    const LaneWorld& world = state_->world;
    const RedoLog::Figures redo =
        world.redo == nullptr ? RedoLog::Figures{} : world.redo->figures();
    return {static_cast<std::size_t>(world.open_tenants.load()),
            world.commits.load(),
            world.requests.load(),
            world.opens.load(),
            redo.syncs,
            redo.bytes};
}

}  // namespace hangu::storage
