#include "security/audit/internal/visit_buffer.hpp"

namespace hangu::audit {

std::optional<std::vector<Visit>> VisitBuffer::add(TenantId tenant, Visit visit) {
    const std::lock_guard lock(mutex_);
    if (count_ >= options_.visits_count_max) {
        ++dropped_;
        return std::nullopt;
    }
    std::vector<Visit>& visits = waiting_[tenant];
    visits.push_back(std::move(visit));
    ++count_;
    std::vector<Visit> due;
    if (visits.size() >= options_.visits_per_tenant_count_max) {
        count_ -= visits.size();
        due.swap(visits);
        visits.reserve(due.size());
    }
    return due;
}

std::vector<std::pair<TenantId, std::vector<Visit>>> VisitBuffer::take(Time now, bool all) {
    std::vector<std::pair<TenantId, std::vector<Visit>>> taken;
    const std::lock_guard lock(mutex_);
    for (auto it = waiting_.begin(); it != waiting_.end();) {
        if (!all && taken.size() >= options_.flush_tenants_count_max) {
            break;
        }
        std::vector<Visit>& visits = it->second;
        const bool due = all || visits.size() >= options_.flush_at_once_count_min ||
                         now.unix_ms() - visits.front().at.unix_ms() >= options_.visit_wait_ms_max;
        if (!due) {
            ++it;
            continue;
        }
        count_ -= visits.size();
        taken.emplace_back(it->first, std::move(visits));
        it = waiting_.erase(it);
    }
    return taken;
}

std::uint64_t VisitBuffer::take_dropped_count() {
    const std::lock_guard lock(mutex_);
    return std::exchange(dropped_, 0);
}

}  // namespace hangu::audit
