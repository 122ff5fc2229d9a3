#include "security/audit/internal/count_rules.hpp"

namespace hangu::audit {

RouteCounts::Counts& RouteCounts::of(std::string_view route) {
    moved_ = true;
    const auto found = routes_.find(route);
    return found == routes_.end() ? routes_[std::string(route)] : found->second;
}

void RouteCounts::recorded(const RecordMark& mark) {
    const bool visit = mark.kind == "visit";
    const bool same_request = !visit && mark.trace == last_trace_ && mark.at == last_at_;
    last_trace_ = visit ? std::string() : mark.trace;
    last_at_ = mark.at;
    if (same_request) {
        return;
    }
    Counts& counts = of(mark.route);
    ++counts.recorded;
    counts.visits += visit ? 1 : 0;
}

std::vector<CountDifference> RouteCounts::round() {
    std::vector<CountDifference> differences;
    for (auto& [route, counts] : routes_) {
        if (counts.recorded < counts.served_before) {
            differences.push_back({route, counts.served_before, counts.recorded, false});
            counts.recorded = counts.served_before;
        }
        if (counts.visits_before > counts.served) {
            differences.push_back({route, counts.served, counts.visits_before, true});
            counts.visits = counts.served;
        }
        counts.served_before = counts.served;
        counts.visits_before = counts.visits;
    }
    if (!moved_) {
        routes_.clear();
    }
    moved_ = false;
    return differences;
}

}  // namespace hangu::audit
