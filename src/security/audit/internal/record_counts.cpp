#include "security/audit/record_counts.hpp"

#include "security/audit/internal/audit_store.hpp"
#include "security/audit/internal/count_rules.hpp"

#include <condition_variable>
#include <mutex>
#include <unordered_map>

namespace hangu::audit {

namespace {

// Reads a part of a tenant's records behind an id.
class ReadMarks final : public storage::Job {
 public:
    using Finish = std::function<void(const storage::Outcome&, const std::vector<RecordMark>&)>;

    ReadMarks(RecordId after, std::int64_t count_max, Finish finish)
        : after_(after), count_max_(count_max), finish_(std::move(finish)) {}

    storage::Decision body(storage::Tx& tx) override {
        marks_ = AuditStore(tx).marks(after_, count_max_);
        return storage::Decision::roll_back;
    }
    void done(const storage::Outcome& outcome) override { finish_(outcome, marks_); }

 private:
    const RecordId after_;
    const std::int64_t count_max_;
    const Finish finish_;
    std::vector<RecordMark> marks_;
};

// The finding becomes a record itself.
class RecordDifference final : public storage::Job {
 public:
    RecordDifference(Audit& records, CountDifference found)
        : records_(records), found_(std::move(found)) {}

    storage::Decision body(storage::Tx& tx) override {
        http::Caller monitor;
        monitor.kind = http::ActorKind::system;
        monitor.tenant = tx.tenant();
        monitor.actor_name = "monitor";
        http::AuditFact fact;
        fact.action = "audit.counts_differ";
        fact.subject_kind = "route";
        fact.subject_label = found_.route;
        fact.fields = {{"served", "", std::to_string(found_.served)},
                       {"recorded", "", std::to_string(found_.recorded)}};
        records_.record(tx, {&monitor, "system", "", ""}, {fact});
        return storage::Decision::commit;
    }
    void done(const storage::Outcome&) override {}

 private:
    Audit& records_;
    const CountDifference found_;
};

}  // namespace

struct RecordCounts::State {
    State(storage::Engine& to, Audit& all_records, const Clock& clock, observe::Log& log_to,
          observe::Metrics& metrics, Options given)
        : engine(to),
          records(all_records),
          log(log_to),
          options(given),
          began(IdSource::floor_at(clock.now().unix_ms())),
          compared(metrics.counter("audit_counts_compared_total",
                                   "Rounds in which requests were compared with records.")),
          differences(
              metrics.counter("audit_count_differences_total",
                              "Routes of a merchant whose requests and records did not agree.")) {}

    struct Counted {
        RouteCounts counts;
        RecordId last;
        bool reading = false;
        std::uint64_t begun = 0;  // times that it began anew
    };
    bool read(TenantId tenant, RecordId after, std::uint64_t begun);
    void took(TenantId tenant, std::uint64_t begun, const storage::Outcome& outcome,
              const std::vector<RecordMark>& marks);
    void tell(TenantId tenant, const std::vector<CountDifference>& found);

    storage::Engine& engine;
    Audit& records;
    observe::Log& log;
    const Options options;
    const RecordId began;
    observe::Counter& compared;
    observe::Counter& differences;

    std::mutex mutex;
    std::condition_variable none;
    std::size_t reading_count = 0;
    std::unordered_map<TenantId, Counted> tenants;
};

bool RecordCounts::State::read(TenantId tenant, RecordId after, std::uint64_t begun) {
    const auto finish = [this, tenant, begun](const storage::Outcome& outcome,
                                              const std::vector<RecordMark>& marks) {
        took(tenant, begun, outcome, marks);
    };
    return engine.submit(tenant, storage::Work::report,
                         std::make_unique<ReadMarks>(after, options.records_per_part, finish));
}

void RecordCounts::State::took(TenantId tenant, std::uint64_t begun,
                               const storage::Outcome& outcome,
                               const std::vector<RecordMark>& marks) {
    std::vector<CountDifference> found;
    RecordId more;
    {
        const std::lock_guard lock(mutex);
        Counted& counted = tenants.at(tenant);
        const bool still = counted.begun == begun;
        for (const RecordMark& mark : marks) {
            if (still) {
                counted.counts.recorded(mark);
                counted.last = mark.id;
            }
        }
        if (still && static_cast<std::int64_t>(marks.size()) == options.records_per_part) {
            more = counted.last;
        } else if (still && !outcome.fault) {
            found = counted.counts.round();
            compared.add();
        }
    }
    tell(tenant, found);
    if (more.is_set() && read(tenant, more, begun)) {
        return;
    }
    const std::lock_guard lock(mutex);
    tenants.at(tenant).reading = false;
    --reading_count;
    none.notify_all();
}

void RecordCounts::State::tell(TenantId tenant, const std::vector<CountDifference>& found) {
    for (const CountDifference& difference : found) {
        differences.add();
        log.error("audit.counts_differ", {{"tenant", tenant},
                                          {"route", difference.route},
                                          {"served", difference.served},
                                          {"recorded", difference.recorded},
                                          {"visits_only", difference.visits_only}});
        engine.submit(tenant, storage::Work::write,
                      std::make_unique<RecordDifference>(records, difference));
        if (options.alarm) {
            options.alarm(tenant, "counts_differ " + difference.route);
        }
    }
}

RecordCounts::RecordCounts(storage::Engine& engine, Audit& records, const Clock& clock,
                           observe::Log& log, observe::Metrics& metrics, Options options)
    : state_(std::make_unique<State>(engine, records, clock, log, metrics, options)) {}

RecordCounts::~RecordCounts() = default;

void RecordCounts::answered(const http::Answered& answer) {
    const std::lock_guard lock(state_->mutex);
    auto found = state_->tenants.find(answer.caller->tenant);
    if (found == state_->tenants.end()) {
        if (state_->tenants.size() >= state_->options.tenants_count_max) {
            return;
        }
        found = state_->tenants.try_emplace(answer.caller->tenant).first;
        found->second.last = state_->began;
    }
    found->second.counts.served(answer.route);
}

void RecordCounts::compare() {
    std::vector<std::tuple<TenantId, RecordId, std::uint64_t>> due;
    {
        const std::lock_guard lock(state_->mutex);
        for (auto& [tenant, counted] : state_->tenants) {
            if (!counted.reading && !counted.counts.empty()) {
                counted.reading = true;
                ++state_->reading_count;
                due.emplace_back(tenant, counted.last, counted.begun);
            }
        }
    }
    for (const auto& [tenant, last, begun] : due) {
        if (!state_->read(tenant, last, begun)) {
            const std::lock_guard lock(state_->mutex);
            state_->tenants.at(tenant).reading = false;
            --state_->reading_count;
        }
    }
}

void RecordCounts::begin_anew(TenantId tenant, Time now) {
    const std::lock_guard lock(state_->mutex);
    if (const auto found = state_->tenants.find(tenant); found != state_->tenants.end()) {
        found->second.counts = {};
        found->second.last = RecordId(IdSource::floor_at(now.unix_ms()));
        ++found->second.begun;
    } else if (state_->tenants.size() < state_->options.tenants_count_max) {
        state_->tenants[tenant].last = RecordId(IdSource::floor_at(now.unix_ms()));
    }
}

void RecordCounts::compare_and_wait() {
    compare();
    std::unique_lock lock(state_->mutex);
    state_->none.wait(lock, [this] { return state_->reading_count == 0; });
}

}  // namespace hangu::audit
