// What one look at the control database found.
#pragma once

#include "platform/storage/internal/node.hpp"

#include <algorithm>
#include <vector>

namespace hangu::storage {

struct Node::Round {
    bool still_us = true;
    bool leaving = false;
    bool asked_somebody = false;
    Time now;
    std::vector<TenantId> wanted;
    std::vector<TenantId> asked;
    std::vector<NodeRow> nodes;
    std::vector<PlaceRow> changed;
    std::vector<MoveRow> moves;     // if something was taken
    std::vector<PlaceRow> taken;    // ours with this commit
    std::vector<TenantId> unknown;  // wanted, and nowhere
    std::int64_t places = 0;        // changes so far
    std::int64_t tenants = 0;

    bool took(TenantId tenant) const {
        return std::any_of(taken.begin(), taken.end(),
                           [tenant](const PlaceRow& row) { return row.id == tenant; });
    }
    bool alive(std::int64_t number) const {
        return std::any_of(nodes.begin(), nodes.end(), [&](const NodeRow& node) {
            return node.id == number && node.lease_until > now;
        });
    }
};

}  // namespace hangu::storage
