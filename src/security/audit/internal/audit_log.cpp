#include "security/audit/audit_log.hpp"

#include "security/audit/internal/append_batch.hpp"
#include "security/audit/internal/log_monitor.hpp"

#include <condition_variable>
#include <functional>
#include <unordered_set>
#include <utility>

namespace hangu::audit {

namespace {

constexpr std::int64_t kPauseMs = 10'000;  // of a tenant whose database refused

// One batch of one tenant. Says how it went, also when it never ran.
class AppendJob final : public storage::Job {
 public:
    using Finish = std::function<void(const storage::Outcome&, const Appended&)>;

    AppendJob(Randomness& randomness, std::int64_t count_max, Finish finish)
        : randomness_(randomness), count_max_(count_max), finish_(std::move(finish)) {}
    ~AppendJob() override {
        if (finish_) {
            finish_(storage::Outcome{}, Appended{.more = true});  // the queue was full
        }
    }
    AppendJob(const AppendJob&) = delete;
    AppendJob& operator=(const AppendJob&) = delete;

    storage::Decision body(storage::Tx& tx) override {
        appended_ = append_batch(tx, randomness_, count_max_);
        return appended_.count > 0 ? storage::Decision::commit : storage::Decision::roll_back;
    }
    void done(const storage::Outcome& outcome) override {
        std::exchange(finish_, nullptr)(outcome, appended_);
    }

 private:
    Randomness& randomness_;
    std::int64_t count_max_;
    Finish finish_;
    Appended appended_;
};

// Reads a part of a log on a report reader.
class WatchJob final : public storage::Job {
 public:
    using Finish = std::function<void(const std::optional<LogCheck>&)>;

    WatchJob(LogMonitor::Part part, Finish finish) : part_(part), finish_(std::move(finish)) {}
    ~WatchJob() override {
        if (finish_) {
            finish_(std::nullopt);  // never ran
        }
    }
    WatchJob(const WatchJob&) = delete;
    WatchJob& operator=(const WatchJob&) = delete;

    storage::Decision body(storage::Tx& tx) override {
        const std::optional<CheckpointRow> head = LogStore(tx).newest_checkpoint();
        const std::int64_t from = part_.sample && head ? part_.from % head->id : part_.from;
        check_ = check_log(tx, from, part_.records_max);
        return storage::Decision::roll_back;
    }
    void done(const storage::Outcome& outcome) override {
        std::exchange(finish_, nullptr)(outcome.fault ? std::nullopt : check_);
    }

 private:
    LogMonitor::Part part_;
    Finish finish_;
    std::optional<LogCheck> check_;
};

// The finding becomes a record of the log it was found in.
class AlarmJob final : public storage::Job {
 public:
    AlarmJob(Audit& records, http::AuditFact fact) : records_(records), fact_(std::move(fact)) {}

    storage::Decision body(storage::Tx& tx) override {
        http::Caller monitor;
        monitor.kind = http::ActorKind::system;
        monitor.tenant = tx.tenant();
        monitor.actor_name = "monitor";
        records_.record(tx, {&monitor, "system", "", ""}, {fact_});
        return storage::Decision::commit;
    }
    void done(const storage::Outcome&) override {}

 private:
    Audit& records_;
    http::AuditFact fact_;
};

http::AuditFact alarm_of(const LogCheck& check) {
    const LogFault& first = check.faults.front();
    const std::string sequence = first.sequence ? std::to_string(*first.sequence) : "";
    return {
        .action = "audit.damage_found",
        .subject_kind = "audit_record",
        .subject_id = first.record_id.value_or(""),
        .subject_label = std::string(enum_text(first.kind)),
        .fields = {{"faults", "", std::to_string(check.faults_count)}, {"sequence", "", sequence}}};
}

}  // namespace

struct AuditLog::State {
    State(storage::Engine& to, Audit& from, Randomness& random, const Clock& time,
          observe::Log& log_to, observe::Metrics& metrics, Options given)
        : engine(to),
          records(from),
          randomness(random),
          clock(time),
          log(log_to),
          options(given),
          appended(metrics.counter("audit_sequenced_total", "Records put into the Merkle logs.")),
          checkpoints(metrics.counter("audit_checkpoints_total", "Checkpoints signed.")),
          damaged(metrics.counter("audit_log_damaged_total",
                                  "Times a log was not the one that was signed.")),
          lag(metrics.histogram("audit_sequencer_lag_seconds",
                                "From a record to the signed checkpoint that holds it: the oldest "
                                "of each batch.")),
          waiting(metrics.gauge("audit_sequencer_waiting_tenants",
                                "Tenants with records that no checkpoint holds yet.")),
          watched(metrics.counter("audit_watched_records_total",
                                  "Records read against their log by the monitor.")),
          faults(metrics.counter("audit_watch_faults_total",
                                 "Records and hashes the monitor found changed.")),
          monitor(random, given) {}

    void submit_waiting();
    void submit(TenantId tenant);
    void finished(TenantId tenant, const storage::Outcome& outcome, const Appended& batch);
    void watched_part(const LogMonitor::Part& part, const std::optional<LogCheck>& check);

    storage::Engine& engine;
    Audit& records;
    Randomness& randomness;
    const Clock& clock;
    observe::Log& log;
    const Options options;
    observe::Counter& appended;
    observe::Counter& checkpoints;
    observe::Counter& damaged;
    observe::Histogram& lag;
    observe::Gauge& waiting;
    observe::Counter& watched;
    observe::Counter& faults;
    LogMonitor monitor;

    std::mutex mutex;
    std::condition_variable none;
    std::unordered_set<TenantId> to_do;
    std::unordered_set<TenantId> running;
    std::unordered_set<TenantId> grown;   // since somebody asked
    std::unordered_set<TenantId> paused;  // failed, and waits for a while
    Time failed_at;
    std::uint64_t finished_count = 0;
};

void AuditLog::State::submit(TenantId tenant) {
    auto finish = [this, tenant](const storage::Outcome& outcome, const Appended& batch) {
        finished(tenant, outcome, batch);
    };
    engine.submit(
        tenant, storage::Work::write,
        std::make_unique<AppendJob>(randomness, options.batch_count_max, std::move(finish)));
}

void AuditLog::State::submit_waiting() {
    std::vector<TenantId> now;
    {
        const std::vector<TenantId> written = records.take_written();
        const std::lock_guard lock(mutex);
        to_do.insert(written.begin(), written.end());
        if (!paused.empty() && clock.now().unix_ms() - failed_at.unix_ms() >= kPauseMs) {
            to_do.insert(paused.begin(), paused.end());
            paused.clear();
        }
        for (auto it = to_do.begin(); it != to_do.end();) {
            if (running.contains(*it)) {
                ++it;
                continue;
            }
            running.insert(*it);
            now.push_back(*it);
            it = to_do.erase(it);
        }
        waiting.set(static_cast<double>(to_do.size() + running.size()));
    }
    for (const TenantId tenant : now) {
        submit(tenant);
    }
}

void AuditLog::State::finished(TenantId tenant, const storage::Outcome& outcome,
                               const Appended& batch) {
    if (storage::is_elsewhere(outcome.fault)) {
        const std::lock_guard lock(mutex);  // the node that works for it does this
        running.erase(tenant);
        none.notify_all();
        return;
    }
    const bool failed = !outcome.committed && (batch.count > 0 || outcome.fault != nullptr);
    if (outcome.committed && batch.count > 0) {
        appended.add(static_cast<double>(batch.count));
        checkpoints.add();
        lag.observe(static_cast<double>(clock.now().unix_ms() - batch.oldest_at.unix_ms()) / 1e3);
    }
    if (batch.damaged) {
        damaged.add();
        log.error("audit.log_damaged",
                  {{"tenant", tenant}, {"mend", "run hangu audit verify --tenant"}});
    }
    if (failed) {
        log.warning("audit.sequencing_failed", {{"tenant", tenant}});
    }
    const std::lock_guard lock(mutex);
    running.erase(tenant);
    finished_count += outcome.committed ? 1 : 0;
    if (outcome.committed && batch.count > 0) {
        grown.insert(tenant);
    }
    if (failed) {
        failed_at = clock.now();
        paused.insert(tenant);
    } else if (batch.more && !batch.damaged) {
        to_do.insert(tenant);
    }
    none.notify_all();
}

void AuditLog::State::watched_part(const LogMonitor::Part& part,
                                   const std::optional<LogCheck>& check) {
    const bool first = monitor.finished(part, check);
    if (!check) {
        return;
    }
    watched.add(static_cast<double>(check->records));
    faults.add(static_cast<double>(check->faults_count));
    if (first) {
        log.error("audit.damage_found", {{"tenant", part.tenant},
                                         {"kind", enum_text(check->faults.front().kind)},
                                         {"sequence", check->faults.front().sequence.value_or(-1)},
                                         {"faults", check->faults_count},
                                         {"mend", "run hangu audit verify --tenant"}});
        engine.submit(part.tenant, storage::Work::write,
                      std::make_unique<AlarmJob>(records, alarm_of(*check)));
        if (options.alarm) {
            options.alarm(part.tenant, std::string(enum_text(check->faults.front().kind)));
        }
    }
}

AuditLog::AuditLog(storage::Engine& engine, Audit& records, Randomness& randomness,
                   const Clock& clock, observe::Log& log, observe::Metrics& metrics,
                   Options options)
    : state_(std::make_unique<State>(engine, records, randomness, clock, log, metrics, options)) {}

AuditLog::~AuditLog() = default;

void AuditLog::sequence() {
    state_->submit_waiting();
}

void AuditLog::look_at(TenantId tenant) {
    const std::lock_guard lock(state_->mutex);
    state_->to_do.insert(tenant);
}

std::vector<TenantId> AuditLog::take_sequenced() {
    const std::lock_guard lock(state_->mutex);
    std::vector<TenantId> all(state_->grown.begin(), state_->grown.end());
    state_->grown.clear();
    return all;
}

// Ends when nothing waits, or when nothing could be written any more: the next start looks again.
void AuditLog::sequence_and_wait() {
    std::uint64_t before = 0;
    do {
        {
            const std::lock_guard lock(state_->mutex);
            before = state_->finished_count;
        }
        state_->submit_waiting();
        std::unique_lock lock(state_->mutex);
        state_->none.wait(lock, [this] { return state_->running.empty(); });
        if (state_->to_do.empty() || state_->finished_count == before) {
            return;
        }
    } while (true);
}

void AuditLog::sequence_now(TenantId tenant) {
    Appended batch;
    do {
        const auto append = [&](storage::Tx& tx) -> Result<> {
            batch = append_batch(tx, state_->randomness, state_->options.batch_count_max);
            return {};
        };
        static_cast<void>(state_->engine.run(tenant, storage::Work::write, append));
        state_->appended.add(static_cast<double>(batch.count));
        state_->checkpoints.add(batch.count > 0 ? 1 : 0);
        if (batch.count > 0) {
            const std::lock_guard lock(state_->mutex);
            state_->grown.insert(tenant);
        }
    } while (batch.more && !batch.damaged);
}

void AuditLog::watch(const std::vector<TenantId>& tenants) {
    const auto part = state_->monitor.next(tenants, state_->clock.now());
    if (!part) {
        return;
    }
    auto finish = [state = state_.get(), part = *part](const std::optional<LogCheck>& check) {
        state->watched_part(part, check);
    };
    state_->engine.submit(part->tenant, storage::Work::report,
                          std::make_unique<WatchJob>(*part, std::move(finish)));
}

}  // namespace hangu::audit
