#include "app/internal/archiving.hpp"
#include "base/json.hpp"
#include "security/audit/archive.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hangu::app {

namespace {

constexpr int kBundlesPerTurn = 40;

// Moves a tenant's old audit records into bundles, one of 256 per transaction, and goes on while
// there are more; a turn ends after `bundles_left`, so that a lane is never long away.
class ArchiveRecords final : public storage::Job {
 public:
    ArchiveRecords(House& house, TenantId tenant, Time before, int bundles_left)
        : house_(house), tenant_(tenant), before_(before), bundles_left_(bundles_left) {}
    storage::Decision body(storage::Tx& tx) override {
        step_ = audit::archive_oldest(tx, *house_.audit, before_);
        return step_.ok() && step_->records > 0 ? storage::Decision::commit
                                                : storage::Decision::roll_back;
    }
    void done(const storage::Outcome& outcome) override {
        if (!step_.ok()) {
            house_.log.error("audit.archive_refused",
                             {{"tenant", tenant_}, {"code", step_.problem().code}});
        } else if (outcome.committed && step_->more && bundles_left_ > 1) {
            house_.engine->submit(
                tenant_, storage::Work::write,
                std::make_unique<ArchiveRecords>(house_, tenant_, before_, bundles_left_ - 1));
        }
    }

 private:
    House& house_;
    TenantId tenant_;
    Time before_;
    int bundles_left_;
    Result<audit::ArchiveStep> step_ = audit::ArchiveStep{};
};

struct Archived {
    std::int64_t moved = 0;
    audit::ArchiveStatus archive;
};
HANGU_STRUCT(Archived, moved, archive)

Result<Time> time_of(const Arguments& arguments, std::string_view flag, Time fallback) {
    if (!arguments.has(flag)) {
        return fallback;
    }
    const std::optional<Time> time = parse_time(arguments.value(flag));
    if (!time) {
        return Problem::invalid(
            "usage", fmt::format("--{} is a moment such as 2026-11-22T00:00:00.000Z", flag));
    }
    return *time;
}

Result<std::shared_ptr<const tenant::Tenant>> tenant_of(House& house, const Arguments& arguments) {
    HANGU_TRY(const std::string code, arguments.required("tenant"));
    return house.tenant_by_code(code);
}

}  // namespace

std::unique_ptr<storage::Job> archive_job(House& house, TenantId tenant, Time before) {
    return std::make_unique<ArchiveRecords>(house, tenant, before, kBundlesPerTurn);
}

Result<void> audit_archive(House& house, const Arguments& arguments, Output& output) {
    HANGU_TRY(const auto found, tenant_of(house, arguments));
    const std::int64_t days = house.settings.snapshot()->get(kAuditOnlineDays);
    const Time now = house.clock.now();
    HANGU_TRY(const Time asked, time_of(arguments, "before", now.plus_ms(-days * kDayMs)));
    const Time before = std::min(asked, now);  // a later moment means everything there is
    house.audit_log->sequence_now(found->id);
    Archived archived;
    bool more = true;
    while (more && !output.stop_asked()) {
        const auto step = [&](storage::Tx& tx) {
            return audit::archive_oldest(tx, *house.audit, before);
        };
        HANGU_TRY(const audit::ArchiveStep moved,
                  house.engine->run(found->id, storage::Work::write, step));
        archived.moved += moved.records;
        more = moved.more;
    }
    house.audit_log->sequence_now(found->id);
    const auto read = [](storage::Tx& tx) -> Result<audit::ArchiveStatus> {
        return audit::archive_status(tx);
    };
    HANGU_TRY(archived.archive, house.engine->run(found->id, storage::Work::report, read));
    output.line(arguments.json()
                    ? json::to_text(archived)
                    : fmt::format("{} records moved; {} archived in {} bundles, {} bytes.",
                                  archived.moved, archived.archive.records,
                                  archived.archive.bundles, archived.archive.bytes));
    return {};
}

}  // namespace hangu::app
