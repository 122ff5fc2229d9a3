// The face, and the thread that delivers.
#include "security/delivery/delivery.hpp"

#include "security/delivery/internal/delivery_rules.hpp"
#include "security/delivery/internal/delivery_state.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

namespace hangu::delivery {

namespace {

constexpr std::size_t kQueueCountMax = 8192;
constexpr std::int64_t kAgainMs = 5 * kSecondMs;  // after a fault, as of a shard that is away

}  // namespace

Deliveries::State::State(const Services& given)
    : engine(given.engine),
      world(given.world),
      notify(given.notify),
      carrier(given.carrier),
      event_names(given.event_names),
      delivered(given.metrics.counter("hangu_events_delivered_total",
                                      "Events that a destination's queue has taken.")),
      refused(given.metrics.counter("hangu_events_refused_total",
                                    "Attempts to deliver an event that were refused.")),
      dead(given.metrics.counter("hangu_events_dead_total",
                                 "Events that were given up until somebody looks.")),
      lane_(std::make_unique<runtime::Lane<std::function<void()>>>(
          "delivery", kQueueCountMax, 1, [this](std::vector<std::function<void()>>& jobs) {
              for (const std::function<void()>& job : jobs) {
                  job();
                  ended();
              }
          })) {}

Deliveries::State::~State() = default;

bool Deliveries::State::may_name(std::string_view pattern) const {
    return is_pattern(pattern) &&
           std::any_of(event_names.begin(), event_names.end(),
                       [pattern](std::string_view name) { return matches(pattern, name); });
}

bool Deliveries::State::push(std::function<void()> work) {
    {
        const std::lock_guard lock(mutex);
        ++outstanding_;
    }
    if (!lane_->push(std::move(work))) {
        ended();
        return false;
    }
    return true;
}

void Deliveries::State::ended() {
    const std::lock_guard lock(mutex);
    if (--outstanding_ == 0) {
        settled_.notify_all();
    }
}

void Deliveries::State::ring(TenantId tenant) {
    {
        const std::lock_guard lock(mutex);
        if (quiet_.contains(tenant)) {
            return;
        }
    }
    wake(tenant);
}

void Deliveries::State::wake(TenantId tenant) {
    {
        const std::lock_guard lock(mutex);
        if (stopping || carrier == nullptr || !queued_.insert(tenant).second) {
            return;
        }
    }
    if (!push([this, tenant] { look(tenant); })) {
        const std::lock_guard lock(mutex);
        queued_.erase(tenant);
        due.try_emplace(tenant, world.clock->now());  // the sweep finds it again
    }
}

void Deliveries::State::due_at(TenantId tenant, Time at) {
    const std::lock_guard lock(mutex);
    const auto [it, fresh] = due.try_emplace(tenant, at);
    if (!fresh) {
        it->second = std::min(it->second, at);
    }
}

void Deliveries::State::look(TenantId tenant) {
    {
        const std::lock_guard lock(mutex);
        queued_.erase(tenant);  // what happens from here on wants another look
        due.erase(tenant);
        quiet_.erase(tenant);
        if (stopping) {
            return;
        }
    }
    try {
        const Looked looked = deliver_due(*this, tenant);
        if (!looked.any) {
            // Whoever makes a destination wakes it after the commit, so after this.
            const std::lock_guard lock(mutex);
            quiet_.insert(tenant);
            return;
        }
        if (looked.more) {
            wake(tenant);
        } else if (looked.next_at) {
            due_at(tenant, *looked.next_at);
        }
    } catch (const storage::NoSuchTenant&) {
        return;  // it went elsewhere, and is delivered from there
    } catch (const std::exception& fault) {
        world.log->error("delivery.failed", {{"why", fault.what()}});
        due_at(tenant, world.clock->now().plus_ms(kAgainMs));
    }
}

void Deliveries::State::remove_queue(const std::string& queue) {
    if (carrier != nullptr) {
        push([this, queue] { carrier->remove(queue); });
    }
}

void Deliveries::State::stop() {
    bool stopped_before = false;
    {
        const std::lock_guard lock(mutex);
        stopped_before = std::exchange(stopping, true);
    }
    if (carrier != nullptr && !stopped_before) {  // by then the carrier may be gone
        carrier->stop();
    }
    settle_and_wait();
    lane_->stop();
}

void Deliveries::State::settle_and_wait() {
    std::unique_lock lock(mutex);
    settled_.wait(lock, [this] { return outstanding_ == 0; });
}

Deliveries::Deliveries(const Services& services) : state_(std::make_shared<State>(services)) {
    const std::weak_ptr<State> weak = state_;
    state_->world.hub->follow([weak](TenantId tenant, const std::vector<events::Event>&) {
        if (const std::shared_ptr<State> state = weak.lock()) {
            state->ring(tenant);
        }
    });
}

Deliveries::~Deliveries() {
    stop();
}

void Deliveries::set_places(Places& places) {
    state_->places = &places;
}

void Deliveries::set_freshness(notify::Freshness& freshness) {
    state_->freshness = &freshness;
}

void Deliveries::look_at(TenantId tenant) {
    state_->wake(tenant);
}

void Deliveries::sweep() {
    const Time now = state_->world.clock->now();
    std::vector<TenantId> ready;
    {
        const std::lock_guard lock(state_->mutex);
        for (const auto& [tenant, at] : state_->due) {
            if (at <= now) {
                ready.push_back(tenant);
            }
        }
    }
    for (const TenantId tenant : ready) {
        state_->wake(tenant);
    }
}

events::EventId Deliveries::done_up_to(storage::Tx& tx) {
    constexpr events::EventId kAll{std::numeric_limits<std::int64_t>::max()};
    return DestinationStore(tx).first_position().value_or(kAll);
}

std::int64_t Deliveries::forget_old(storage::Tx& tx) {
    const std::int64_t days = state_->settings()->get(kEventsKeptDaysMax);
    const events::EventId floor(IdSource::floor_at(tx.now().plus_ms(-days * kDayMs).unix_ms()) - 1);
    DestinationStore store(tx);
    std::int64_t count = 0;
    for (const DestinationRow& row : store.all()) {
        const std::vector<events::Event> next = events::since(tx, row.position, 1);
        if (next.empty() || next.front().id > floor) {
            continue;
        }
        const std::string words = fmt::format("events before {} were not delivered and are gone",
                                              time_text(tx.now().plus_ms(-days * kDayMs)));
        HANGU_ASSERT(store.set_position(row.id, floor, words, row.version));
        notify::Notice notice;
        notice.kind = kDestinationFailing;
        notice.parameters = {{"destination", row.name}, {"reason", words}};
        notice.key = row.id.text();
        // The bell rings with the next thing that happens: a sweep has no commit of its own.
        static_cast<void>(state_->notify.tell(tx, notice));
        ++count;
    }
    return count;
}

void Deliveries::settle_and_wait() {
    state_->settle_and_wait();
}

void Deliveries::stop() {
    state_->stop();
}

}  // namespace hangu::delivery
