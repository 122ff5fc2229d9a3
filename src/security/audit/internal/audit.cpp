#include "security/audit/audit.hpp"

#include "security/audit/internal/audit_store.hpp"
#include "security/audit/internal/record_rules.hpp"
#include "security/audit/internal/visit_buffer.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <condition_variable>
#include <unordered_set>
#include <utility>

namespace hangu::audit {

namespace {

Changes changes_of(const http::AuditFact& fact) {
    Changes changes;
    for (const http::AuditField& field : fact.fields) {
        if (changes.fields.size() == kChangedCountMax) {
            break;
        }
        changes.fields.push_back({shortened(field.name, kChangedNameBytesMax),
                                  shortened(field.before, kChangedValueBytesMax),
                                  shortened(field.after, kChangedValueBytesMax)});
    }
    return changes;
}

std::string name_of(const http::Caller* caller) {
    return caller == nullptr ? std::string() : shortened(caller->actor_name, kLabelBytesMax);
}

Record record_of(const Visit& visit) {
    Record record;
    record.kind = RecordKind::visit;
    record.at = visit.at;
    record.actor_kind = visit.actor_kind;
    record.actor_id = visit.actor_id;
    record.action = visit.route;
    record.subject_id = visit.subject_id;
    record.route = visit.route;
    record.address = visit.address;
    record.trace = visit.trace;
    record.status = visit.status;
    return record;
}

// Writes one tenant's visits. Counts itself in and out, so that shutdown can wait.
class FlushJob final : public storage::Job {
 public:
    using Write = std::function<void(storage::Tx&, const std::vector<Visit>&)>;
    using Finish = std::function<void(const storage::Outcome&, std::size_t)>;

    FlushJob(std::vector<Visit> visits, Write write, Finish finish)
        : visits_(std::move(visits)), write_(std::move(write)), finish_(std::move(finish)) {}
    ~FlushJob() override {
        if (finish_) {
            finish_(storage::Outcome{}, visits_.size());  // never ran: the queue was full
        }
    }
    FlushJob(const FlushJob&) = delete;
    FlushJob& operator=(const FlushJob&) = delete;

    storage::Decision body(storage::Tx& tx) override {
        write_(tx, visits_);
        return storage::Decision::commit;
    }
    void done(const storage::Outcome& outcome) override {
        std::exchange(finish_, nullptr)(outcome, visits_.size());
    }

 private:
    std::vector<Visit> visits_;
    Write write_;
    Finish finish_;
};

}  // namespace

struct Audit::State {
    State(storage::Engine& to, IdSource& id_source, Randomness& random, const Clock& time,
          observe::Log& log_to, observe::Metrics& metrics, Options options)
        : engine(to),
          ids(id_source),
          randomness(random),
          clock(time),
          log(log_to),
          written(metrics.counter("audit_visits_written_total", "Visits written.")),
          dropped(metrics.counter("audit_visits_dropped_total",
                                  "Visits not written: buffer full or database refused.")),
          visits(options) {}

    RecordId next_id(storage::Tx& tx);
    Record finished(storage::Tx& tx, Record record, std::string actor_name, Changes changes);
    void flush(bool all);
    void submit_visits(TenantId tenant, std::vector<Visit> part);
    void flushed(TenantId tenant, const storage::Outcome& outcome, std::size_t count);

    storage::Engine& engine;
    IdSource& ids;
    Randomness& randomness;
    const Clock& clock;
    observe::Log& log;
    observe::Counter& written;
    observe::Counter& dropped;
    VisitBuffer visits;

    std::mutex mutex;
    std::condition_variable none;
    std::size_t jobs_running = 0;

    std::mutex written_mutex;
    std::unordered_set<TenantId> written_tenants;  // since take_written
    std::unordered_set<TenantId> known_tenants;    // whose last id this run has seen
};

// Ids are taken on the lane that owns the tenant, so their order is that of the commits, which the
// Merkle log stands on. A clock that went back between two runs must not break it: the first record
// of a run looks at the last one of the run before.
RecordId Audit::State::next_id(storage::Tx& tx) {
    bool first = false;
    {
        const std::lock_guard lock(written_mutex);
        written_tenants.insert(tx.tenant());
        first = known_tenants.insert(tx.tenant()).second;
    }
    std::int64_t now_ms = tx.now().unix_ms();
    if (const auto last = first ? AuditStore(tx).last_id() : std::nullopt) {
        constexpr int kIdBitsBelowMs = 22;
        const std::int64_t ahead = (last->value() - IdSource::floor_at(now_ms)) >> kIdBitsBelowMs;
        now_ms += std::max<std::int64_t>(0, ahead + 1);
    }
    return RecordId(ids.next(now_ms));
}

// With its id and its hash, as it is to be written.
Record Audit::State::finished(storage::Tx& tx, Record record, std::string actor_name,
                              Changes changes) {
    record.id = next_id(tx);
    changes.seed = randomness.bytes(kSeedBytes);
    record.leaf_hash.bytes = leaf_hash(tx.tenant(), record, actor_name, changes).view();
    record.fields.bytes = encode_changes(changes);
    record.actor_name = Sealed<PersonName>(PersonName(std::move(actor_name)));
    return record;
}

void Audit::State::flush(bool all) {
    for (auto& [tenant, waiting] : visits.take(clock.now(), all)) {
        submit_visits(tenant, std::move(waiting));
    }
    if (const std::uint64_t count = visits.take_dropped_count(); count > 0) {
        log.warning("audit.visits_dropped", {{"count", count}, {"why", "buffer full"}});
    }
}

void Audit::State::submit_visits(TenantId tenant, std::vector<Visit> part) {
    {
        const std::lock_guard lock(mutex);
        ++jobs_running;
    }
    auto write = [this](storage::Tx& tx, const std::vector<Visit>& visits_due) {
        std::vector<Record> records;
        records.reserve(visits_due.size());
        for (const Visit& visit : visits_due) {
            Changes changes;
            changes.form = Form::whole;
            records.push_back(finished(tx, record_of(visit), visit.actor_name, std::move(changes)));
        }
        AuditStore(tx).add(records);
    };
    auto finish = [this, tenant](const storage::Outcome& outcome, std::size_t count) {
        flushed(tenant, outcome, count);
    };
    engine.submit(tenant, storage::Work::write,
                  std::make_unique<FlushJob>(std::move(part), std::move(write), std::move(finish)));
}

void Audit::State::flushed(TenantId tenant, const storage::Outcome& outcome, std::size_t count) {
    if (outcome.committed) {
        written.add(static_cast<double>(count));
    } else {
        dropped.add(static_cast<double>(count));
        log.warning(
            "audit.visits_dropped",
            {{"tenant", tenant}, {"count", count}, {"why", outcome.fault ? "fault" : "busy"}});
    }
    const std::lock_guard lock(mutex);
    --jobs_running;
    none.notify_all();
}

Audit::Audit(storage::Engine& engine, IdSource& ids, Randomness& randomness, const Clock& clock,
             observe::Log& log, observe::Metrics& metrics, Options options)
    : state_(std::make_unique<State>(engine, ids, randomness, clock, log, metrics, options)) {}

Audit::~Audit() = default;

void Audit::record(storage::Tx& tx, const http::RequestFacts& request,
                   const std::vector<http::AuditFact>& facts) {
    std::vector<Record> records;
    records.reserve(facts.size());
    for (const http::AuditFact& fact : facts) {
        Record record;
        record.kind = RecordKind::act;
        record.at = tx.now();
        if (request.caller != nullptr) {
            record.actor_kind = request.caller->kind;
            record.actor_id = request.caller->actor_id;
        }
        record.action = fact.action;
        record.subject_kind = fact.subject_kind;
        record.subject_id = shortened(fact.subject_id, kShortTextBytesMax);
        record.subject_label = shortened(fact.subject_label, kLabelBytesMax);
        record.org_path = fact.org_path;
        record.route = request.route;
        record.address = shortened(request.remote_address, kShortTextBytesMax);
        record.trace = shortened(request.trace, kShortTextBytesMax);
        records.push_back(
            state_->finished(tx, std::move(record), name_of(request.caller), changes_of(fact)));
    }
    AuditStore(tx).add(records);
}

void Audit::visit(TenantId tenant, const http::RequestFacts& request, Time at, int status,
                  std::string_view subject_id) {
    if (!tenant.is_set()) {
        return;  // nobody's: there is no database it could go to
    }
    Visit visit;
    visit.at = at;
    if (request.caller != nullptr) {
        visit.actor_kind = request.caller->kind;
        visit.actor_id = request.caller->actor_id;
        visit.actor_name = name_of(request.caller);
    }
    visit.route = request.route;
    visit.address = shortened(request.remote_address, kShortTextBytesMax);
    visit.trace = shortened(request.trace, kShortTextBytesMax);
    visit.subject_id = shortened(subject_id, kShortTextBytesMax);
    visit.status = status;
    std::optional<std::vector<Visit>> due = state_->visits.add(tenant, std::move(visit));
    if (!due) {
        state_->dropped.add();
    } else if (!due->empty()) {
        state_->submit_visits(tenant, *std::move(due));
    }
}

void Audit::flush_visits() {
    state_->flush(false);
}

std::vector<TenantId> Audit::take_written() {
    const std::lock_guard lock(state_->written_mutex);
    std::vector<TenantId> written(state_->written_tenants.begin(), state_->written_tenants.end());
    state_->written_tenants.clear();
    return written;
}

void Audit::forget(TenantId tenant) {
    const std::lock_guard lock(state_->written_mutex);
    state_->known_tenants.erase(tenant);
    state_->written_tenants.erase(tenant);
}

void Audit::flush_visits_and_wait() {
    state_->flush(true);
    std::unique_lock lock(state_->mutex);
    state_->none.wait(lock, [this] { return state_->jobs_running == 0; });
}

}  // namespace hangu::audit
