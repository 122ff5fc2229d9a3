// The archive of audit records: its setting, its command, and the job that fills it.
#pragma once

#include "app/commands.hpp"
#include "platform/storage/engine.hpp"

#include <memory>

namespace hangu::app {

inline constexpr settings::Key<std::int64_t> kAuditOnlineDays{"audit.online_days"};

Result<void> audit_archive(House& house, const Arguments& arguments, Output& output);

// Moves a tenant's records of before that moment, some thousands at most.
std::unique_ptr<storage::Job> archive_job(House& house, TenantId tenant, Time before);

}  // namespace hangu::app
