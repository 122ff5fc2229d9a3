#include "security/head_log/head_log.hpp"

#include "base/text.hpp"
#include "platform/crypto/ed25519.hpp"
#include "security/audit/note_rules.hpp"
#include "security/head_log/internal/head_rules.hpp"
#include "security/head_log/internal/head_store.hpp"

#include <algorithm>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <utility>

namespace hangu::head_log {

namespace {

using audit::Digest;
using storage::ControlTx;

// Not a tenant: under this id the log's own keys are kept among the wrapped ones.
const TenantId kOwner(1);
constexpr std::int64_t kEntriesPerRead = 10'000;
constexpr std::size_t kChangedShownMax = 100;

// A tenant's log beside its last entry.
struct Sight {
    std::optional<Entry> before;
    Standing standing = Standing::none;
    std::optional<audit::LogHead> head;
};

// Looks at one tenant on a report reader, which may also ask the control database.
class LookJob final : public storage::Job {
 public:
    using Look = std::function<Sight(storage::Tx&)>;
    using Finish = std::function<void(const std::optional<Sight>&)>;

    LookJob(Look look, Finish finish) : look_(std::move(look)), finish_(std::move(finish)) {}
    ~LookJob() override {
        if (finish_) {
            finish_(std::nullopt);  // never ran
        }
    }
    LookJob(const LookJob&) = delete;
    LookJob& operator=(const LookJob&) = delete;

    storage::Decision body(storage::Tx& tx) override {
        sight_ = look_(tx);
        return storage::Decision::roll_back;
    }
    void done(const storage::Outcome& outcome) override {
        std::exchange(finish_, nullptr)(outcome.fault ? std::nullopt : sight_);
    }

 private:
    Look look_;
    Finish finish_;
    std::optional<Sight> sight_;
};

}  // namespace

struct HeadLog::State {
    State(storage::Engine& to, crypto::KeyRing& ring_of, crypto::KeyStore& keys_of,
          audit::AuditLog& from, const Clock& time, observe::Log& log_to, observe::Metrics& metrics,
          Options given)
        : engine(to),
          ring(ring_of),
          keys(keys_of),
          logs(from),
          clock(time),
          log(log_to),
          options(given),
          entered(metrics.counter("audit_heads_entered_total",
                                  "Heads of tenants' logs entered in the log of heads.")),
          faults(metrics.counter("audit_heads_faults_total",
                                 "Tenants' logs that were not what the log of heads says.")) {}

    Sight look(storage::Tx& tx);
    void seen(TenantId tenant, const Sight& sight);
    void finished(TenantId tenant, const std::optional<Sight>& sight);
    std::vector<TenantId> take_due(bool all);
    void append(TenantId tenant, const audit::LogHead& head);
    Secret seed();
    audit::NoteKey key(const Secret& seed);

    storage::Engine& engine;
    crypto::KeyRing& ring;
    crypto::KeyStore& keys;
    audit::AuditLog& logs;
    const Clock& clock;
    observe::Log& log;
    const Options options;
    observe::Counter& entered;
    observe::Counter& faults;

    std::mutex mutex;
    std::set<TenantId> grown;    // since their last entry
    std::set<TenantId> running;  // being looked at
    std::set<TenantId> refused;  // not what was entered: said once, never entered again
    std::map<TenantId, Time> entered_at;
    std::condition_variable none;
    std::mutex seed_mutex;
};

Secret HeadLog::State::seed() {
    const std::lock_guard lock(seed_mutex);
    const auto own = keys.load(kOwner).empty() ? ring.create(kOwner) : ring.open(kOwner);
    return own->derived("head_log/1");
}

audit::NoteKey HeadLog::State::key(const Secret& seed) {
    return {std::string(kOrigin), crypto::ed25519_public_key(seed)};
}

Sight HeadLog::State::look(storage::Tx& tx) {
    const TenantId tenant = tx.tenant();
    Sight sight;
    sight.before = engine.control(
        [tenant](ControlTx& control) { return HeadStore(control).newest_of(tenant); });
    sight.head = audit::log_head(tx);
    if (sight.before) {
        sight.standing =
            standing_of(audit::compare_head(tx, sight.before->size, sight.before->root));
    }
    return sight;
}

// Not on a loop.
void HeadLog::State::seen(TenantId tenant, const Sight& sight) {
    if (sight.standing == Standing::log_shorter || sight.standing == Standing::history_changed) {
        faults.add();
        log.error("audit.head_put_back", {{"tenant", tenant},
                                          {"standing", enum_text(sight.standing)},
                                          {"entered_size", sight.before->size},
                                          {"mend", "run hangu audit verify --all"}});
        if (options.alarm) {
            options.alarm(tenant, std::string(enum_text(sight.standing)));
        }
        const std::lock_guard lock(mutex);
        refused.insert(tenant);
        return;
    }
    if (sight.head && (!sight.before || sight.head->size > sight.before->size)) {
        append(tenant, *sight.head);
    }
}

void HeadLog::State::finished(TenantId tenant, const std::optional<Sight>& sight) {
    if (sight) {
        seen(tenant, *sight);
    }
    const std::lock_guard lock(mutex);
    running.erase(tenant);
    if (!sight) {
        grown.insert(tenant);  // the queue was full, or the file could not be read
    }
    none.notify_all();
}

std::vector<TenantId> HeadLog::State::take_due(bool all) {
    const std::vector<TenantId> more = logs.take_sequenced();
    const Time now = clock.now();
    std::vector<TenantId> due;
    const std::lock_guard lock(mutex);
    grown.insert(more.begin(), more.end());
    // Another node enters the heads of the tenants that it works for.
    std::erase_if(grown, [this](TenantId tenant) { return !engine.works_for(tenant); });
    for (const TenantId tenant : grown) {
        const auto before = entered_at.find(tenant);
        const bool waits = !all && before != entered_at.end() &&
                           now.unix_ms() - before->second.unix_ms() < options.interval_ms;
        if (!waits && !running.contains(tenant)) {
            due.push_back(tenant);
        }
    }
    for (const TenantId tenant : due) {
        grown.erase(tenant);
    }
    std::erase_if(due, [this](TenantId tenant) { return refused.contains(tenant); });
    running.insert(due.begin(), due.end());
    return due;
}

void HeadLog::State::append(TenantId tenant, const audit::LogHead& head) {
    const Secret secret = seed();
    const Time now = clock.now();
    engine.control([&](ControlTx& tx) {
        HeadStore store(tx);
        const std::optional<HeadCheckpointRow> last = store.newest_checkpoint();
        const std::int64_t size = last ? last->id : 0;
        HeadTiles tiles(store);
        audit::TileAppender appender(tiles, size);
        const Entry entry{size, tenant, head.size, from_hex(head.root).value_or(""), now};
        appender.add(leaf_of(entry).view());
        store.add(entry);
        for (const auto& [id, hashes] : appender.changed()) {
            store.put_tile(id, hashes);
        }
        const Digest root = audit::tree_root(appender, appender.size());
        const std::string text =
            audit::checkpoint_text({std::string(kOrigin), appender.size(), root, now});
        const std::string note = audit::note_text(
            text, {audit::signature_line(key(secret), crypto::ed25519_sign(secret, text))});
        if (last && last->at.unix_ms() / kHourMs == now.unix_ms() / kHourMs) {
            store.forget_checkpoint(last->id);
        }
        store.add(HeadCheckpointRow{appender.size(), now, {std::string(root.view())}, note});
        return true;
    });
    entered.add();
    const std::lock_guard lock(mutex);
    entered_at[tenant] = now;
}

HeadLog::HeadLog(storage::Engine& engine, crypto::KeyRing& ring, crypto::KeyStore& keys,
                 audit::AuditLog& logs, const Clock& clock, observe::Log& log,
                 observe::Metrics& metrics, Options options)
    : state_(std::make_unique<State>(engine, ring, keys, logs, clock, log, metrics, options)) {}

HeadLog::~HeadLog() = default;

void HeadLog::enter() {
    State* state = state_.get();
    for (const TenantId tenant : state->take_due(false)) {
        auto look = [state](storage::Tx& tx) { return state->look(tx); };
        auto finish = [state, tenant](const std::optional<Sight>& sight) {
            state->finished(tenant, sight);
        };
        state->engine.submit(tenant, storage::Work::report,
                             std::make_unique<LookJob>(std::move(look), std::move(finish)));
    }
}

void HeadLog::enter_and_wait() {
    State& state = *state_;
    {
        std::unique_lock lock(state.mutex);
        state.none.wait(lock, [&state] { return state.running.empty(); });
    }
    for (const TenantId tenant : state.take_due(true)) {
        const auto look = [&state](storage::Tx& tx) -> Result<Sight> { return state.look(tx); };
        const Result<Sight> sight = state.engine.run(tenant, storage::Work::report, look);
        state.finished(tenant, sight.ok() ? std::optional(*sight) : std::nullopt);
    }
}

Standing HeadLog::standing(TenantId tenant) {
    State& state = *state_;
    if (!state.engine.has_tenant(tenant)) {
        return Standing::missing;
    }
    const auto look = [&state](storage::Tx& tx) -> Result<Sight> { return state.look(tx); };
    return state.engine.run(tenant, storage::Work::report, look)->standing;
}

std::vector<TenantId> HeadLog::tenants() {
    return state_->engine.control([](ControlTx& tx) { return HeadStore(tx).tenants(); });
}

// Leaves against tiles, tiles against each other by the root, root against the signed head.
Checked HeadLog::check(const std::optional<std::string>& kept) {
    State& state = *state_;
    const audit::NoteKey key = state.key(state.seed());
    Checked checked;
    checked.verifier = key.verifier();
    state.engine.control([&](ControlTx& tx) {
        HeadStore store(tx);
        const std::optional<HeadCheckpointRow> head = store.newest_checkpoint();
        checked.size = head ? head->id : 0;
        checked.checkpoint = head ? head->note : "";
        HeadTiles tiles(store);
        std::int64_t number = 0;
        for (std::vector<Entry> entries = store.from(0, kEntriesPerRead); !entries.empty();
             entries = store.from(number, kEntriesPerRead)) {
            for (const Entry& entry : entries) {
                const bool good =
                    entry.number == number && number < checked.size && is_leaf(tiles, entry);
                if (!good && checked.changed.size() < kChangedShownMax) {
                    checked.changed.push_back(number);
                }
                number = entry.number + 1;
            }
        }
        const Digest root = audit::tree_root(tiles, checked.size);
        checked.root = to_hex(root.view());
        checked.tree_good = number == checked.size &&
                            (!head || (is_signed_head(head->note, key, checked.size, root)));
        if (kept) {
            checked.since = compare(tiles, checked.size, root, key, *kept);
        }
        return true;
    });
    return checked;
}

}  // namespace hangu::head_log
