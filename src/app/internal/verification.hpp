// The whole check of audit logs, of one tenant and of all with the log of their heads.
#pragma once

#include "app/commands.hpp"
#include "security/audit/audit_log.hpp"
#include "security/head_log/head_log.hpp"

#include <optional>
#include <string>
#include <vector>

namespace hangu::app {

struct Verified {
    std::string tenant;
    bool good = false;
    std::int64_t records = 0;
    std::int64_t erased_count = 0;
    std::int64_t faults_count = 0;
    std::vector<audit::LogFault> faults;
    std::optional<audit::LogHead> head;
    std::int64_t waiting_count = 0;
    std::optional<audit::CheckpointComparison> since;
    // Beside its last entry in the log of heads: "good" also when it never had one.
    head_log::Standing heads = head_log::Standing::none;
};
HANGU_STRUCT(Verified, tenant, good, records, erased_count, faults_count, faults, head,
             waiting_count, since, heads)

Verified verify_tenant(House& house, const tenant::Tenant& tenant, Output& output);
void print(const Verified& verified, Output& output);
Problem not_intact();

// `kept`: a checkpoint of the log of heads, "" for none.
Result<void> verify_all_tenants(House& house, const Arguments& arguments, const std::string& kept,
                                Output& output);
Result<void> print_checkpoint_of_heads(House& house, const Arguments& arguments, Output& output);

}  // namespace hangu::app
