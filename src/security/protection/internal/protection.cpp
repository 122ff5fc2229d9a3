#include "security/protection/protection.hpp"

#include "security/protection/internal/ledger_store.hpp"
#include "security/protection/internal/protection_state.hpp"

namespace hangu::protection {

namespace {

constexpr std::int64_t kForgottenPerSweep = 2'000;
constexpr std::int64_t kWatchKeptMs = 4 * kHourMs;  // longer than anything is counted

// A use case of the system on a tenant's lane, as http::run_use_case, without waiting for it.
class SystemJob final : public storage::Job {
 public:
    using Work = std::function<void(http::Scope&)>;

    SystemJob(http::World& world, http::Caller system, Work work)
        : world_(world), system_(std::move(system)), work_(std::move(work)) {}

    storage::Decision body(storage::Tx& tx) override {
        const http::RequestFacts facts{&system_, "system", "", ""};
        scope_ =
            std::make_unique<http::Scope>(world_, tx, system_, world_.settings->snapshot(), facts);
        work_(*scope_);
        scope_->finish();
        return storage::Decision::commit;
    }
    void done(const storage::Outcome& outcome) override {
        if (outcome.committed) {
            scope_->committed();
        } else {
            world_.log->error("protection.not_carried_out", {{"tenant", system_.tenant}});
        }
    }

 private:
    http::World& world_;
    const http::Caller system_;
    const Work work_;
    std::unique_ptr<http::Scope> scope_;
};

}  // namespace

Protection::State::State(const Services& services)
    : engine(services.engine),
      tenants(services.tenants),
      world(services.world),
      identity(services.identity),
      metrics(services.metrics) {}

bool Protection::State::submit(TenantId tenant, std::function<void(http::Scope&)> work) {
    http::Caller system =
        http::system_caller(tenant, "protection", *world.permissions, offset_of(tenant));
    return engine.submit(tenant, storage::Work::write,
                         std::make_unique<SystemJob>(world, std::move(system), std::move(work)));
}

void Protection::State::raise(http::Scope& scope, const Alert& alert) {
    metrics
        .counter("protection_alerts_total", "Alerts of sign-ins, attacks and refusals.",
                 {{"code", std::string(alert.code)}})
        .add();
    if (alerts != nullptr) {
        alerts->raise(scope, alert);
    }
}

Protection::Protection(const Services& services) : state_(std::make_unique<State>(services)) {}

Protection::~Protection() = default;

void Protection::set_places(const PlaceSource& places) {
    state_->places = &places;
}

void Protection::set_alerts(Alerts& alerts) {
    state_->alerts = &alerts;
}

void Protection::tidy_up() {
    std::deque<std::function<bool()>> later;
    {
        const std::lock_guard lock(state_->mutex);
        later.swap(state_->later);
        const Time before = state_->world.clock->now().plus_ms(-kWatchKeptMs);
        std::erase_if(state_->watched,
                      [before](const auto& entry) { return entry.second.last_at < before; });
    }
    for (std::function<bool()>& work : later) {
        if (!work()) {
            const std::lock_guard lock(state_->mutex);
            state_->later.push_back(std::move(work));
        }
    }
}

std::int64_t Protection::forget_old(storage::Tx& tx) {
    const std::int64_t days = state_->world.settings->snapshot()->get(kLedgerDays);
    return LedgerStore(tx).forget_before(tx.now().plus_ms(-days * kDayMs), kForgottenPerSweep);
}

}  // namespace hangu::protection
