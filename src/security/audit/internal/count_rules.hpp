// When counts of requests and of records do not agree. Pure.
//
// A record may be written before its request counts as answered, and a visit seconds after. So what
// was served until one round is compared with what was recorded until the next, and the other way
// round: then neither order nor delay looks like a difference.
#pragma once

#include "security/audit/internal/audit_store.hpp"
#include "security/audit/record_counts.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace hangu::audit {

class RouteCounts {
 public:
    void served(std::string_view route) { ++of(route).served; }
    // Records in the order of their ids. Several acts of one request count once.
    void recorded(const RecordMark& mark);
    // Ends a round; each difference is told once, and is the base from then on. When nothing came
    // since the last one, everything is settled and forgotten.
    std::vector<CountDifference> round();
    bool empty() const { return routes_.empty(); }

 private:
    struct Counts {
        std::int64_t served = 0;
        std::int64_t recorded = 0;
        std::int64_t visits = 0;
        std::int64_t served_before = 0;  // at the end of the last round
        std::int64_t visits_before = 0;
    };
    Counts& of(std::string_view route);

    std::map<std::string, Counts, std::less<>> routes_;
    bool moved_ = false;  // since the last round
    std::string last_trace_;
    Time last_at_;
};

}  // namespace hangu::audit
