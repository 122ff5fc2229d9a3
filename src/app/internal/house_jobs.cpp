// Work of the house that has to happen now and then.
#include "app/house.hpp"

#include "app/events_between_nodes.hpp"
#include "app/internal/archiving.hpp"
#include "app/internal/file_house.hpp"
#include "app/internal/telling.hpp"
#include "app/internal/tenant_moves.hpp"
#include "app/internal/upgrades.hpp"
#include "app/platform_realm.hpp"

namespace hangu::app {

namespace {

constexpr std::int64_t kRetentionRows = 5000;  // per tenant and sweep

// Closes what nobody decided in time, as the system and with its record.
class ExpireApprovals final : public storage::Job {
 public:
    ExpireApprovals(http::World& world, approval::Approvals& approvals, http::Caller caller)
        : world_(world), approvals_(approvals), caller_(std::move(caller)) {}
    storage::Decision body(storage::Tx& tx) override {
        const http::RequestFacts facts{&caller_, "system", "", ""};
        scope_ =
            std::make_unique<http::Scope>(world_, tx, caller_, world_.settings->snapshot(), facts);
        const Result<std::int64_t> closed = approvals_.expire_due(*scope_);
        if (!closed.ok() || *closed == 0) {
            scope_.reset();
            return storage::Decision::roll_back;
        }
        scope_->finish();
        return storage::Decision::commit;
    }
    void done(const storage::Outcome& outcome) override {
        if (outcome.committed && scope_) {
            scope_->committed();
        }
    }

 private:
    http::World& world_;
    approval::Approvals& approvals_;
    http::Caller caller_;
    std::unique_ptr<http::Scope> scope_;
};

}  // namespace

void House::settle_and_wait() {
    const auto nothing = [](storage::Tx&) -> Result<void> { return {}; };
    const auto pass_lanes = [&] {
        for (const auto& tenant : own_tenants()) {
            HANGU_ASSERT(engine->run(tenant->id, storage::Work::read, nothing).ok());
        }
    };
    pass_lanes();
    telling_->settle_and_wait();
    pass_lanes();  // the platform's own people are told in a transaction of theirs
    notify->settle_and_wait();
    deliveries->settle_and_wait();
}

void House::start_jobs(runtime::Runtime& runtime) {
    runtime.every(1000, [this] {
        audit->flush_visits();
        protection->tidy_up();
        platform->protection.tidy_up();
    });
    runtime.every(500, [this] {
        look_at_logs();
        audit_log->sequence();
    });
    runtime.every(2'000, [this] {
        std::vector<TenantId> all;
        for (const auto& one : own_tenants()) {
            all.push_back(one->id);
        }
        audit_log->watch(all);
    });
    runtime.every(10'000, [this] { head_log->enter(); });
    runtime.every(30'000, [this] {
        identity->flush_last_seen();
        platform->identity.flush_last_seen();
        open_api->flush_last_used();
    });
    runtime.every(1000, [this] {
        look_at_sending();
        notify->sweep();
        deliveries->sweep();
    });
    runtime.every(2'000, [this] {
        sweep_retention();
        expire_approvals();
    });
    runtime.every(60'000, [this] {
        record_counts->compare();
        files->sweep();
    });
    if (events_between_nodes_) {
        events_between_nodes_->start();
    }
    if (engine->clustered()) {
        platform_bell_ = std::make_unique<runtime::Lane<int>>(
            "platform-bell", 1, 1, [this](std::vector<int>&) { ring_for_the_platform(); });
        runtime.every(2'000, [this] { platform_bell_->push(0); });
    }
    runtime.every(15'000, [this] { upgrades->look_after(); });
}

void House::finish_jobs() {
    if (events_between_nodes_) {
        events_between_nodes_->stop();
    }
    shared->stop();  // nobody waits for an answer any more
    moves->stop();
    platform_bell_.reset();
    upgrades->stop();
    deliveries->stop();
    files->stop();
    notify->stop();
    identity->flush_last_seen();
    open_api->flush_last_used();
    audit->flush_visits_and_wait();
    record_counts->compare_and_wait();
    audit_log->sequence_and_wait();
}

// One tenant at a time, as below. A request that ran out is refused from that moment on; this
// writes it down.
void House::expire_approvals() {
    const auto all = own_tenants();
    if (all.empty()) {
        return;
    }
    const tenant::Tenant& one = *all[next_expired_++ % all.size()];
    http::Caller system = system_of(one, "approvals");
    engine->submit(one.id, storage::Work::write,
                   std::make_unique<ExpireApprovals>(world, *approvals, std::move(system)));
}

// After a crash nobody knows whose last records no checkpoint holds: once through all tenants, a
// few at a time, so that the start is not felt.
void House::look_at_logs() {
    constexpr std::size_t kTenantsPerTurn = 10;
    const auto all = own_tenants();
    for (std::size_t i = 0; i < kTenantsPerTurn && next_looked_at_ < all.size(); ++i) {
        audit_log->look_at(all[next_looked_at_++]->id);
    }
}

// What waited to be sent when the process ended, in the same way.
void House::look_at_sending() {
    constexpr std::size_t kTenantsPerTurn = 20;
    const auto all = own_tenants();
    for (std::size_t i = 0; i < kTenantsPerTurn && next_sent_ < all.size(); ++i) {
        notify->look_at(all[next_sent_]->id);
        deliveries->look_at(all[next_sent_++]->id);
    }
}

// One tenant at a time, so that the sweep is never felt. A full round of 1,000 tenants takes half
// an hour.
void House::sweep_retention() {
    const auto all = own_tenants();
    if (all.empty()) {
        return;
    }
    class Sweep final : public storage::Job {
     public:
        Sweep(House& house, Time events_before, Time answers_before)
            : house_(house), events_before_(events_before), answers_before_(answers_before) {}
        storage::Decision body(storage::Tx& tx) override {
            const std::int64_t gone = house_.deliveries->forget_old(tx) + forget_events(tx) +
                                      http::forget_answers_before(tx, answers_before_) +
                                      house_.protection->forget_old(tx) +
                                      house_.notify->forget_old(tx);
            return gone > 0 ? storage::Decision::commit : storage::Decision::roll_back;
        }
        void done(const storage::Outcome&) override {}

     private:
        std::int64_t forget_events(storage::Tx& tx) {
            return events::forget_before(tx, events_before_, house_.deliveries->done_up_to(tx),
                                         kRetentionRows);
        }

        House& house_;
        Time events_before_;
        Time answers_before_;
    };
    const Time now = clock.now();
    const std::int64_t days = settings.snapshot()->get(kEventsKeptDays);
    const std::int64_t online = settings.snapshot()->get(kAuditOnlineDays);
    const TenantId swept = all[next_swept_++ % all.size()]->id;
    engine->submit(swept, storage::Work::write,
                   archive_job(*this, swept, now.plus_ms(-online * kDayMs)));
    engine->submit(
        swept, storage::Work::write,
        std::make_unique<Sweep>(*this, now.plus_ms(-days * kDayMs), now.plus_ms(-kDayMs)));
}

}  // namespace hangu::app
