// Which part of which log is read next, so that nobody can change old records and hope that nobody
// looks. Keeps no more than a place; thread-safe.
#pragma once

#include "base/randomness.hpp"
#include "security/audit/audit_log.hpp"

#include <cstdint>
#include <mutex>
#include <optional>
#include <unordered_set>
#include <vector>

namespace hangu::audit {

class LogMonitor {
 public:
    LogMonitor(Randomness& randomness, const AuditLog::Options& options)
        : randomness_(randomness), options_(options) {}

    struct Part {
        TenantId tenant;
        std::int64_t from = 0;
        std::int64_t records_max = 0;
        bool sample = false;  // then `from` is a number by chance, to be taken modulo the size
    };
    // What to read now; nullopt: nothing, or a part is still being read.
    std::optional<Part> next(const std::vector<TenantId>& tenants, Time now);
    // How it went. True: these are the first faults of the tenant in this round.
    bool finished(const Part& part, const std::optional<LogCheck>& check);

 private:
    std::uint64_t below(std::uint64_t bound);

    Randomness& randomness_;
    const AuditLog::Options options_;
    std::mutex mutex_;
    bool reading_ = false;
    bool sample_next_ = false;
    std::optional<Time> round_began_;
    TenantId at_tenant_;  // the one that is read, or was read last
    std::int64_t at_from_ = 0;
    bool tenant_done_ = true;
    bool round_done_ = true;
    std::unordered_set<TenantId> alarmed_;
};

}  // namespace hangu::audit
