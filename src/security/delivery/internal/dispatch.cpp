// Events on their way to the queues of a tenant: read in one transaction, carried outside of any,
// and what came of it written in a second one. A crash in between sends some again, with the same
// ids; it loses none.
#include "security/delivery/internal/delivery_rules.hpp"
#include "security/delivery/internal/delivery_state.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

namespace hangu::delivery {

namespace {

using events::Event;
using events::Receipt;
using events::Verdict;

constexpr std::size_t kBatch = events::Carrier::kEventsCountMax;
constexpr std::int64_t kDueMax = 64;
constexpr std::int64_t kTellAfterAttempts = 8;  // about two minutes after it was reached last

// One destination with what it may get now.
struct Load {
    DestinationRow destination;
    std::vector<ParcelRow> due;
    std::vector<Event> fresh;             // after the position, wanted or not
    std::set<std::string> held_subjects;  // of fresh: an earlier one has not arrived
    bool full = false;                    // so many have not arrived that nothing new is begun
};

enum class Fate { skipped, delivered, refused, dead, held, unreached };

struct Outcome {
    Fate fate = Fate::skipped;
    std::string words;
};

struct Carried {
    std::vector<Outcome> due;
    std::vector<Outcome> fresh;
    bool reached = true;
    std::string words;  // why not
};

bool wants_event(const DestinationRow& row, const Event& event) {
    return wants(row.patterns, row.org_path, event);
}

Load load_of(storage::Tx& tx, const DestinationRow& row) {
    DestinationStore store(tx);
    Load load{row, store.due(row.id, kDueMax), {}, {}, false};
    const std::int64_t parked = store.count(row.id, ParcelState::waiting) +
                                store.count(row.id, ParcelState::held) +
                                store.count(row.id, ParcelState::dead);
    load.full = parked >= DestinationStore::kParcelsCountMax;
    if (load.full) {
        return load;
    }
    load.fresh = events::since(tx, row.position, kBatch);
    std::set<std::string> asked;
    for (const Event& event : load.fresh) {
        if (parked > 0 && !event.subject.empty() && wants_event(row, event) &&
            asked.insert(event.subject).second && store.is_parked(row.id, event.subject)) {
            load.held_subjects.insert(event.subject);
        }
    }
    return load;
}

Fate fate_of(Verdict verdict) {
    switch (verdict) {
        case Verdict::delivered:
            return Fate::delivered;
        case Verdict::refused:
            return Fate::refused;
        case Verdict::never:
            return Fate::dead;
        case Verdict::unreached:
            break;
    }
    return Fate::unreached;
}

// Carries `events` and writes their fates to the same places of `outcomes`.
void carry(Deliveries::State& state, TenantId tenant, const std::string& queue,
           const std::vector<const Event*>& events, const std::vector<std::size_t>& places,
           std::vector<Outcome>& outcomes, Carried& carried) {
    const std::vector<Receipt> receipts = state.carrier->carry(tenant, queue, events);
    HANGU_ASSERT(receipts.size() == events.size());
    for (std::size_t i = 0; i < receipts.size(); ++i) {
        outcomes[places[i]] = {fate_of(receipts[i].verdict), receipts[i].words};
        if (receipts[i].verdict == Verdict::unreached) {
            carried.reached = false;
            carried.words = receipts[i].words;
        }
    }
}

void carry_due(Deliveries::State& state, TenantId tenant, const std::string& queue,
               const Load& load, Carried& carried) {
    std::vector<Event> copies;
    for (const ParcelRow& row : load.due) {
        copies.push_back(row.event());
    }
    std::vector<const Event*> events;
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < copies.size(); ++i) {
        events.push_back(&copies[i]);
        places.push_back(i);
    }
    carried.due.assign(copies.size(), {Fate::unreached, ""});
    if (!events.empty()) {
        carry(state, tenant, queue, events, places, carried.due, carried);
    }
}

// Wave by wave: an event is sent when the ones of its subject before it have arrived.
void carry_fresh(Deliveries::State& state, TenantId tenant, const std::string& queue,
                 const Load& load, Carried& carried) {
    std::vector<const Event*> wanted;
    std::vector<std::size_t> places;
    carried.fresh.assign(load.fresh.size(), {});
    for (std::size_t i = 0; i < load.fresh.size(); ++i) {
        if (wants_event(load.destination, load.fresh[i])) {
            wanted.push_back(&load.fresh[i]);
            places.push_back(i);
            carried.fresh[i].fate = Fate::unreached;
        }
    }
    std::set<std::string> held = load.held_subjects;
    for (const std::vector<std::size_t>& wave : waves_of(wanted)) {
        std::vector<const Event*> now;
        std::vector<std::size_t> now_places;
        for (const std::size_t at : wave) {
            if (held.contains(wanted[at]->subject)) {
                carried.fresh[places[at]].fate = Fate::held;
            } else {
                now.push_back(wanted[at]);
                now_places.push_back(places[at]);
            }
        }
        if (!carried.reached) {
            return;
        }
        if (!now.empty()) {
            carry(state, tenant, queue, now, now_places, carried.fresh, carried);
        }
        for (std::size_t i = 0; i < now.size(); ++i) {
            const Fate fate = carried.fresh[now_places[i]].fate;
            if (!now[i]->subject.empty() && (fate == Fate::refused || fate == Fate::dead)) {
                held.insert(now[i]->subject);
            }
        }
    }
}

ParcelRow parcel_of(Deliveries::State& state, const DestinationRow& destination, const Event& event,
                    Time now) {
    ParcelRow row;
    row.id = state.new_id<ParcelId>(now);
    row.destination_id = destination.id;
    row.event_id = event.id;
    row.name = event.name;
    row.org_path = event.org_path;
    row.permission = event.permission;
    row.payload = event.payload;
    row.at = event.at;
    row.subject = event.subject;
    row.next_at = now;
    row.parked_at = now;
    return row;
}

// Writes what came of it into the second transaction.
class Bookkeeping {
 public:
    Bookkeeping(Deliveries::State& state, storage::Tx& tx, DestinationRow& row)
        : state_(state),
          tx_(tx),
          store_(tx),
          row_(row),
          attempts_max_(state.settings()->get(kAttemptsMax)) {}

    void put_due(const ParcelRow& parcel, const Outcome& outcome) {
        const std::int64_t attempts = parcel.attempts + 1;
        switch (outcome.fate) {
            case Fate::delivered:
                store_.remove(parcel);
                arrived(parcel.event_id);
                break;
            case Fate::refused:
                ++refused_count;
                if (attempts < attempts_max_) {
                    store_.postpone(parcel.id, attempts, again(attempts), outcome.words);
                    break;
                }
                [[fallthrough]];
            case Fate::dead:
                store_.bury(parcel.id, attempts, outcome.words);
                died(outcome.words);
                break;
            default:
                break;
        }
    }

    // False: not known, so this one and what comes after it are to be read again.
    bool put_fresh(const Event& event, const Outcome& outcome) {
        if (outcome.fate == Fate::unreached) {
            return false;
        }
        row_.position = event.id;
        if (outcome.fate == Fate::delivered) {
            arrived(event.id);
        }
        if (outcome.fate == Fate::skipped || outcome.fate == Fate::delivered) {
            return true;
        }
        ParcelRow parcel = parcel_of(state_, row_, event, tx_.now());
        parcel.words = outcome.words;
        if (outcome.fate == Fate::held) {
            parcel.state = ParcelState::held;
        } else if (outcome.fate == Fate::dead || attempts_max_ <= 1) {
            parcel.attempts = 1;
            parcel.state = ParcelState::dead;
            died(outcome.words);
        } else {
            ++refused_count;
            parcel.attempts = 1;
            parcel.next_at = again(1);
        }
        store_.add(parcel);
        return true;
    }

    int delivered_count = 0;
    int refused_count = 0;
    int dead_count = 0;
    std::string dead_words;

 private:
    void arrived(events::EventId id) {
        ++delivered_count;
        row_.delivered_id = std::max(row_.delivered_id, id);
        row_.delivered_at = tx_.now();
    }
    void died(const std::string& words) {
        ++dead_count;
        dead_words = words;
    }
    Time again(std::int64_t attempts) {
        return next_try(attempts, state_.world.randomness->number(), tx_.now());
    }

    Deliveries::State& state_;
    storage::Tx& tx_;
    DestinationStore store_;
    DestinationRow& row_;
    std::int64_t attempts_max_;
};

void tell_failing(Deliveries::State& state, storage::Tx& tx, const DestinationRow& row,
                  const std::string& words, notify::AfterCommit& after) {
    notify::Notice notice;
    notice.kind = kDestinationFailing;
    notice.parameters = {{"destination", row.name}, {"reason", words}};
    notice.org_path = row.org_path;
    notice.key = row.id.text();
    after = state.notify.tell(tx, notice);
}

// How the destination fares, after `carried`.
void put_state(Deliveries::State& state, storage::Tx& tx, const Load& load, const Carried& carried,
               DestinationRow& row, notify::AfterCommit& after) {
    if (carried.reached) {
        row.attempts = 0;
        row.next_at = tx.now();
        row.words = load.full ? "too many events have not arrived; nothing new is begun" : "";
        return;
    }
    ++row.attempts;
    row.next_at = next_reach(row.attempts, state.world.randomness->number(), tx.now());
    row.failed_at = tx.now();
    row.words = carried.words;
    if (row.attempts == kTellAfterAttempts) {
        tell_failing(state, tx, row, carried.words, after);
    }
}

// False: it was set to another position meanwhile, or is gone; what was carried is not written
// down.
bool write_down(Deliveries::State& state, TenantId tenant, const Load& load,
                const Carried& carried) {
    notify::AfterCommit after;
    std::array<int, 3> counts{};
    const Result<void> done =
        state.engine.run(tenant, storage::Work::write, [&](storage::Tx& tx) -> Result<void> {
            after = nullptr;
            DestinationStore store(tx);
            std::optional<DestinationRow> row = store.find(load.destination.id);
            if (!row || row->turn != load.destination.turn) {
                return Problem::conflict("destination.stale");
            }
            Bookkeeping books(state, tx, *row);
            for (std::size_t i = 0; i < load.due.size(); ++i) {
                books.put_due(load.due[i], carried.due[i]);
            }
            for (std::size_t i = 0; i < load.fresh.size(); ++i) {
                if (!books.put_fresh(load.fresh[i], carried.fresh[i])) {
                    break;
                }
            }
            put_state(state, tx, load, carried, *row, after);
            if (books.dead_count > 0) {
                row->failed_at = tx.now();
                row->words = books.dead_words;
                tell_failing(state, tx, *row, books.dead_words, after);
            }
            store.note(*row);
            counts = {books.delivered_count, books.refused_count, books.dead_count};
            return {};
        });
    if (!done.ok()) {
        return false;
    }
    if (after) {
        after();
    }
    state.delivered.add(counts[0]);
    state.refused.add(counts[1]);
    state.dead.add(counts[2]);
    return true;
}

// Most commits concern nobody here, or find the last look still right.
bool nothing_new(const Load& load, const Carried& carried) {
    return load.due.empty() && load.fresh.empty() && !load.full && carried.reached &&
           load.destination.attempts == 0 && load.destination.words.empty();
}

Carried carry_load(Deliveries::State& state, TenantId tenant, const Load& load) {
    const std::string queue = queue_of(tenant, load.destination.id);
    Carried carried;
    carried.due.assign(load.due.size(), {Fate::unreached, ""});
    carried.fresh.assign(load.fresh.size(), {Fate::unreached, ""});
    const Result<void> ready = state.carrier->prepare(queue);
    if (!ready.ok()) {
        carried.reached = false;
        carried.words = ready.problem().detail;
        return carried;
    }
    carry_due(state, tenant, queue, load, carried);
    if (carried.reached) {
        carry_fresh(state, tenant, queue, load, carried);
    }
    return carried;
}

void sooner(std::optional<Time>& next, std::optional<Time> at) {
    if (at && (!next || *at < *next)) {
        next = at;
    }
}

struct Loads {
    std::vector<Load> loads;
    Looked looked;
};

Loads read_loads(Deliveries::State& state, TenantId tenant) {
    Loads read;
    const Result<void> done =
        state.engine.run(tenant, storage::Work::read, [&](storage::Tx& tx) -> Result<void> {
            read = Loads();
            for (const DestinationRow& row : DestinationStore(tx).all()) {
                read.looked.any = true;
                if (row.active && row.next_at <= tx.now()) {
                    read.loads.push_back(load_of(tx, row));
                } else if (row.active) {
                    sooner(read.looked.next_at, row.next_at);
                }
            }
            return {};
        });
    HANGU_ASSERT(done.ok());
    return read;
}

// When a destination that was just looked at is to be looked at again.
std::optional<Time> next_look(Deliveries::State& state, TenantId tenant, DestinationId id) {
    std::optional<Time> next;
    const Result<void> done =
        state.engine.run(tenant, storage::Work::read, [&](storage::Tx& tx) -> Result<void> {
            DestinationStore store(tx);
            const std::optional<DestinationRow> row = store.find(id);
            next = row && row->active ? store.next_at(id) : std::nullopt;
            if (row && row->active && row->attempts > 0) {
                next = std::max(next.value_or(row->next_at), row->next_at);
            }
            return {};
        });
    HANGU_ASSERT(done.ok());
    return next;
}

}  // namespace

std::string queue_of(TenantId tenant, DestinationId destination) {
    return fmt::format("hangu.{}.{}", tenant.text(), destination.text());
}

Looked deliver_due(Deliveries::State& state, TenantId tenant) {
    const Loads read = read_loads(state, tenant);
    Looked looked = read.looked;
    for (const Load& load : read.loads) {
        const Carried carried = carry_load(state, tenant, load);
        const bool written = nothing_new(load, carried) || write_down(state, tenant, load, carried);
        const std::optional<Time> next = next_look(state, tenant, load.destination.id);
        sooner(looked.next_at, next);
        looked.more = looked.more || !written || (carried.reached && load.fresh.size() == kBatch) ||
                      (carried.reached && next && *next <= state.world.clock->now());
    }
    return looked;
}

}  // namespace hangu::delivery
