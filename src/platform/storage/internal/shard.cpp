#include "platform/storage/internal/shard.hpp"

#include "platform/runtime/runtime.hpp"
#include "platform/storage/internal/maria_migration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <latch>

namespace hangu::storage {

struct Shard::Lane {
    std::unique_ptr<ShardLane> owner;
    std::unique_ptr<runtime::Lane<Pending>> lane;
};

Shard::Shard(ShardOptions shard, const Engine::Options& options, observe::Log& log,
             const Clock& clock)
    : shard_(std::move(shard)), options_(options), clock_(clock), hosts_(shard_, clock, log) {
    world_.writes = connection_of(shard_, shard_.rw);
    world_.reports = read_only();
    world_.hosts = &hosts_;
    world_.reports.answer_seconds_max = static_cast<unsigned>((options.report_ms_max + 999) / 1000);
    world_.clock = &clock;
    world_.log = &log;
}

Shard::~Shard() {
    stop();
}

MariaConnection::Options Shard::migrating() const {
    constexpr unsigned kDaySeconds = 86'400;
    MariaConnection::Options made = connection_of(shard_, shard_.migrate);
    made.answer_seconds_max = kDaySeconds;
    return made;
}

MariaConnection::Options Shard::read_only() const {
    MariaConnection::Options made = connection_of(shard_, shard_.ro);
    made.read_only = true;
    return made;
}

Result<void> Shard::make_ready() {
    const std::lock_guard lock(ready_mutex_);
    if (world_.ready) {
        return {};
    }
    const std::unique_ptr<MariaConnection> connection = hosts_.open(migrating());
    const ProgramFacts facts{
        Release::parse(options_.release).value_or(Release{}), options_.blocking_ddl, {}};
    HANGU_CHECK(migrate_shard(*connection, steps_of(parts_, false, facts), false, clock_.now()));
    const std::vector<std::string> differences = shard_differences(*connection, parts_, false);
    if (!differences.empty()) {
        Problem problem = Problem::conflict("schema.differs", differences.front());
        problem.note = fmt::format("{}", fmt::join(differences, "; "));
        return problem;
    }
    world_.ready = true;
    return {};
}

void Shard::read_triggers_anew(const std::string& table) {
    constexpr unsigned kSecondsMax = 5;
    constexpr std::int64_t kOnceUs = 200'000;  // whoever else has met it meanwhile
    const std::lock_guard lock(triggers_mutex_);
    const auto [read, first] = triggers_read_us_.try_emplace(table, 0);
    if (!first && clock_.monotonic_us() - read->second < kOnceUs) {
        return;
    }
    try {
        MariaConnection::Options options = as_migrate();
        options.answer_seconds_max = kSecondsMax;
        MariaConnection db(options);
        storage::read_triggers_anew(db, table);
        read->second = clock_.monotonic_us();
        world_.log->warning("shard.triggers_read", {{"shard", shard_.name}, {"table", table}});
    } catch (const StorageFault& fault) {
        world_.log->error("shard.triggers_not_read",
                          {{"shard", shard_.name}, {"table", table}, {"what", fault.what()}});
    }
}

Result<void> Shard::start(std::span<const Part> parts, const TableNumbers& tables) {
    parts_.assign(parts.begin(), parts.end());
    world_.writes.tables = &tables;
    hosts_.watch();
    world_.make_ready = [this] {
        if (world_.ready) {
            return;
        }
        const Result<void> ready = make_ready();
        if (!ready.ok()) {
            throw StorageFault(fmt::format("shard {}: {} {}", shard_.name, ready.problem().code,
                                           ready.problem().detail));
        }
    };
    world_.read_triggers_anew = [this](const std::string& table) { read_triggers_anew(table); };
    try {
        HANGU_CHECK(make_ready());
    } catch (const ConnectionLost& fault) {
        // Its tenants wait for it; the others need not.
        world_.log->error("shard.unreachable", {{"shard", shard_.name}, {"what", fault.what()}});
    }
    for (std::size_t i = 0; i < shard_.lanes; ++i) {
        lanes_.push_back(make_lane(fmt::format("{}-{}", shard_.name.substr(0, 8), i),
                                   options_.queue_count_max, options_.batch_count_max));
    }
    for (std::size_t i = 0; i < options_.report_readers; ++i) {
        readers_.push_back(
            make_lane(fmt::format("{}-report-{}", shard_.name.substr(0, 6), i), 256, 1));
    }
    return {};
}

std::unique_ptr<Shard::Lane> Shard::make_lane(const std::string& name, std::size_t queue_count_max,
                                              std::size_t batch_count_max) {
    auto made = std::make_unique<Lane>();
    made->owner = std::make_unique<ShardLane>(world_);
    made->lane = std::make_unique<runtime::Lane<Pending>>(
        name, queue_count_max, batch_count_max,
        [owner = made->owner.get()](std::vector<Pending>& batch) { owner->drain(batch); });
    return made;
}

void Shard::stop() {
    for (auto* all : {&readers_, &lanes_}) {
        for (const std::unique_ptr<Lane>& one : *all) {
            one->lane->stop();
            one->owner->close_all();
        }
        all->clear();
    }
    hosts_.stop();  // last: it ends what a lane waits for
}

// A connection that rested for long may be gone without our knowing.
template <class Question>
auto Shard::ask(Question&& question) {
    world_.make_ready();
    const std::lock_guard lock(mutex_);
    if (asking_ && hosts_.current(*asking_)) {
        try {
            return question(*asking_);
        } catch (const ConnectionLost&) {
        }
    }
    MariaConnection::Options options = world_.writes;
    options.causal = true;
    asking_ = hosts_.open(std::move(options));
    return question(*asking_);
}

bool Shard::create_tenant(TenantId tenant, std::int64_t epoch) {
    return ask([&](MariaConnection& db) { return register_tenant(db, tenant, {0, epoch}); });
}

bool Shard::has_tenant(TenantId tenant) {
    return ask([tenant](MariaConnection& db) {
        const std::optional<TenantRow> row = tenant_row(db, tenant);
        db.roll_back();
        return row && row->epoch > 0;
    });
}

std::vector<TenantId> Shard::tenants() {
    return ask([](MariaConnection& db) {
        std::vector<TenantId> all;
        for (const auto& row :
             db.query_rows("select tenant_id from storage_tenant where epoch > 0")) {
            all.emplace_back(std::stoll(row.at("tenant_id")));
        }
        db.roll_back();
        return all;
    });
}

bool Shard::submit(Pending pending) {
    auto& all = pending.work == Work::report ? readers_ : lanes_;
    if (all.empty()) {
        return false;
    }
    const std::size_t at = (std::hash<TenantId>{}(pending.tenant) >> 40U) % all.size();
    return all[at]->lane->push(std::move(pending));
}

void Shard::pass_lanes() {
    class Passed final : public Job {
     public:
        explicit Passed(std::latch& all) : all_(all) {}
        Decision body(Tx&) override { return Decision::roll_back; }
        void done(const Outcome&) override { all_.count_down(); }

     private:
        std::latch& all_;
    };
    std::latch all(static_cast<std::ptrdiff_t>(lanes_.size() + readers_.size()));
    for (auto* some : {&lanes_, &readers_}) {
        for (const std::unique_ptr<Lane>& one : *some) {
            Pending pending{TenantId(), Work::read, std::make_unique<Passed>(all)};
            pending.closes_file = true;
            if (!one->lane->push(std::move(pending))) {
                all.count_down();  // it is stopping, or so full that what waits is refused later
            }
        }
    }
    all.wait();
}

bool Shard::take_over(TenantId tenant, std::int64_t epoch) {
    return ask([tenant, epoch](MariaConnection& db) { return raise_epoch(db, tenant, epoch); });
}

// Of the shard's tables as a whole: they are all tenants'.
std::string Shard::check_integrity() {
    return ask([](MariaConnection& db) -> std::string {
        for (const auto& table :
             db.query_rows("select table_name as t from information_schema.tables"
                           " where table_schema = database()")) {
            for (const auto& row :
                 db.query_rows(fmt::format("check table \"{}\" quick", table.at("t")))) {
                if (row.at("Msg_text") != "OK") {
                    return fmt::format("{}: {}", row.at("Table"), row.at("Msg_text"));
                }
            }
        }
        return "ok";
    });
}

ShardState Shard::look() {
    ShardState state;
    state.name = shard_.name;
    state.commits = world_.commits;
    state.requests = world_.requests;
    state.repeats = world_.repeats;
    for (const std::unique_ptr<Lane>& lane : lanes_) {
        state.waiting += lane->lane->waiting();
    }
    state.hosts = hosts_.states();
    state.changes = hosts_.changes();
    state.answers_lost = hosts_.answers_lost();
    if (hosts_.several()) {
        const auto chosen = std::find_if(state.hosts.begin(), state.hosts.end(),
                                         [](const ShardHostState& one) { return one.chosen; });
        state.reached = chosen != state.hosts.end();
        state.detail = state.reached ? fmt::format("{}: {}", chosen->name, chosen->detail)
                                     : "none of its servers can be worked with";
        return state;
    }
    const std::int64_t failed_at_us = world_.failed_at_us;
    if (failed_at_us != 0 && clock_.monotonic_us() - failed_at_us < ShardLane::kRestUs) {
        state.detail = "could not be reached a moment ago";
        return state;
    }
    try {
        state.detail = ask([&](MariaConnection& db) {
            const std::int64_t began_us = clock_.monotonic_us();
            const std::string version = db.query_rows("select version() as v").front().at("v");
            db.roll_back();
            state.hosts.front().answer_us = clock_.monotonic_us() - began_us;
            return version;
        });
        state.reached = true;
    } catch (const StorageFault& fault) {
        state.detail = fault.what();
    }
    state.hosts.front().reached = state.hosts.front().fit = state.hosts.front().chosen =
        state.reached;
    state.hosts.front().detail = state.detail;
    return state;
}

Engine::Figures Shard::figures() const {
    Engine::Figures figures;
    figures.commits = world_.commits.load();
    figures.requests = world_.requests.load();
    return figures;
}

}  // namespace hangu::storage
