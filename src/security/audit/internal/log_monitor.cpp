#include "security/audit/internal/log_monitor.hpp"

#include "security/audit/merkle_log.hpp"

#include <algorithm>

namespace hangu::audit {

std::uint64_t LogMonitor::below(std::uint64_t bound) {
    std::uint64_t number = 0;
    for (const char byte : randomness_.bytes(sizeof number)) {
        number = (number << 8U) | static_cast<unsigned char>(byte);
    }
    return number % bound;
}

// Tenants are gone through in the order of their ids, so that the place is kept when some come or
// go meanwhile.
std::optional<LogMonitor::Part> LogMonitor::next(const std::vector<TenantId>& tenants, Time now) {
    const std::lock_guard lock(mutex_);
    if (reading_ || tenants.empty()) {
        return std::nullopt;
    }
    sample_next_ = !sample_next_;
    if (sample_next_) {
        reading_ = true;
        const TenantId tenant = tenants[below(tenants.size())];
        return Part{tenant, static_cast<std::int64_t>(below(std::uint64_t{1} << 40U)), kTileWidth,
                    true};
    }
    if (round_done_ && round_began_ &&
        now.unix_ms() - round_began_->unix_ms() < options_.watch_round_ms_min) {
        return std::nullopt;
    }
    if (round_done_) {
        round_began_ = now;
        round_done_ = false;
        at_tenant_ = TenantId();
        tenant_done_ = true;
        alarmed_.clear();
    }
    if (tenant_done_) {
        TenantId following;
        for (const TenantId one : tenants) {
            if (one > at_tenant_ && (!following.is_set() || one < following)) {
                following = one;
            }
        }
        if (!following.is_set()) {
            round_done_ = true;
            return std::nullopt;
        }
        at_tenant_ = following;
        at_from_ = 0;
        tenant_done_ = false;
    }
    reading_ = true;
    return Part{at_tenant_, at_from_, options_.watch_records_max, false};
}

bool LogMonitor::finished(const Part& part, const std::optional<LogCheck>& check) {
    const std::lock_guard lock(mutex_);
    reading_ = false;
    if (!part.sample) {
        tenant_done_ = !check || !check->next;
        at_from_ = check && check->next ? *check->next : 0;
    }
    return check && check->faults_count > 0 && alarmed_.insert(part.tenant).second;
}

}  // namespace hangu::audit
