#include "app/internal/tenant_moves.hpp"

#include <chrono>

namespace hangu::app {

Result<void> TenantMoves::begin(TenantId tenant, const std::string& target) {
    const std::lock_guard lock(mutex_);
    if (state_.running) {
        return state_.tenant == tenant && state_.target == target
                   ? Result<void>()
                   : Problem::conflict("move.busy", "another tenant is being moved");
    }
    if (thread_.joinable()) {
        thread_.join();
    }
    state_ = State{};
    state_.tenant = tenant;
    state_.target = target;
    state_.running = true;
    cancelled_ = false;
    thread_ = std::thread([this, tenant, target] { run(tenant, target); });
    return {};
}

void TenantMoves::run(TenantId tenant, std::string target) {
    std::string source;
    const storage::MoveWatch watch{
        [this](const storage::MoveProgress& progress) {
            const std::lock_guard lock(mutex_);
            state_.stage = progress.stage;
            state_.table = progress.table;
            state_.rows_read = progress.rows_read;
            state_.rows_written = progress.rows_written;
        },
        [this] {
            const std::lock_guard lock(mutex_);
            return cancelled_;
        },
        [&](std::string_view from) {
            // A crash behind the decision must not leave a move that
            // nobody wrote down.
            source = from;
            record(tenant, "tenant.move_begun", {{"place", source, target}});
        }};
    Result<storage::MoveReport> ended = Problem::unavailable("move.failed");
    try {
        ended = house_.engine->move_tenant(tenant, target, watch);
        if (ended.ok()) {
            record(tenant, "tenant.moved",
                   {{"place", source, target},
                    {"rows", "", std::to_string(ended->rows)},
                    {"digest", "", ended->digest}});
            house_.log.info(
                "tenant.moved",
                {{"tenant", tenant}, {"rows", ended->rows}, {"paused_us", ended->paused_us}});
        }
    } catch (const std::exception& fault) {
        house_.log.error("move.failed", {{"tenant", tenant}, {"what", fault.what()}});
        ended = Problem::unavailable("move.failed", fault.what());
    }
    const std::lock_guard lock(mutex_);
    state_.ended = std::move(ended);
    state_.running = false;
    ended_.notify_all();
}

// In the tenant's own log, where its owner sees it.
void TenantMoves::record(TenantId tenant, std::string_view action,
                         std::vector<http::AuditField> fields) {
    const std::shared_ptr<const tenant::Tenant> found = house_.tenants->find(tenant);
    HANGU_ASSERT(found != nullptr);
    const http::Caller system = house_.system_of(*found, "operator");
    const Result<void> recorded = http::run_use_case(
        *house_.engine, house_.world, system, storage::Work::write, [&](http::Scope& scope) {
            scope.audit({.action = action,
                         .subject_kind = "tenant",
                         .subject_id = found->id.text(),
                         .subject_label = found->code,
                         .fields = fields});
            return Result<void>();
        });
    HANGU_ASSERT(recorded.ok());
}

TenantMoves::State TenantMoves::look(std::int64_t wait_ms) {
    std::unique_lock lock(mutex_);
    ended_.wait_for(lock, std::chrono::milliseconds(wait_ms), [this] { return !state_.running; });
    return state_;
}

void TenantMoves::forget_end() {
    const std::lock_guard lock(mutex_);
    state_.ended.reset();
}

void TenantMoves::cancel() {
    const std::lock_guard lock(mutex_);
    cancelled_ = true;
}

void TenantMoves::stop() {
    cancel();
    if (thread_.joinable()) {
        thread_.join();
    }
}

}  // namespace hangu::app
