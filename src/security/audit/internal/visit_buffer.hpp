// Visits that wait to be written, per tenant. Bounded; what does not fit is dropped and counted.
// Thread-safe.
#pragma once

#include "base/id.hpp"
#include "security/audit/audit.hpp"

#include <cstdint>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

namespace hangu::audit {

// A visit before it has an id, an actor name sealed and a leaf: as small as it can be.
struct Visit {
    Time at;
    http::ActorKind actor_kind = http::ActorKind::nobody;
    std::int64_t actor_id = 0;
    std::string actor_name;
    std::string route;
    std::string address;
    std::string trace;
    std::string subject_id;
    std::int64_t status = 0;
};

class VisitBuffer {
 public:
    explicit VisitBuffer(const Audit::Options& options) : options_(options) {}

    // The visits of the tenant that are to be written at once, because they have become many;
    // usually none. nullopt: there is no room, the visit was dropped.
    std::optional<std::vector<Visit>> add(TenantId tenant, Visit visit);
    // The visits of tenants that have waited long enough or have many (`all`: of every tenant).
    std::vector<std::pair<TenantId, std::vector<Visit>>> take(Time now, bool all);
    std::uint64_t take_dropped_count();

 private:
    const Audit::Options options_;
    std::mutex mutex_;
    std::unordered_map<TenantId, std::vector<Visit>> waiting_;
    std::size_t count_ = 0;
    std::uint64_t dropped_ = 0;
};

}  // namespace hangu::audit
