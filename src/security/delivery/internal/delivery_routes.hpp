// The routes of this module, by file.
#pragma once

#include "platform/http/route.hpp"
#include "security/delivery/delivery.hpp"
#include "security/delivery/internal/destination_store.hpp"

namespace hangu::delivery {

inline constexpr http::Permission kMayView{"destination.view"};
inline constexpr http::Permission kMayEdit{"destination.edit"};

void add_destination_routes(http::Routes& routes, Deliveries::State& state);
void add_dead_letter_routes(http::Routes& routes, Deliveries::State& state);

// Shared by both.
Result<void> require_fresh(Deliveries::State& state, http::Scope& scope);
// One the caller may do this to: "destination.not_found" as well where she may not look.
Result<DestinationRow> destination_for(http::Scope& scope, http::Permission permission,
                                       DestinationId id);
void record(http::Scope& scope, std::string_view action, const DestinationRow& row,
            std::vector<http::AuditField> fields);
http::Route delivery_route(std::string_view name, std::string_view method, std::string_view path,
                           http::Permission permission, std::string_view summary);

}  // namespace hangu::delivery
