#include "commerce/staff/internal/grant_views.hpp"

#include "commerce/staff/module.hpp"

namespace hangu::staff::api {

namespace {

// A place that is no more keeps its path as its name.
PlaceName place_of(const Staff& service, storage::Tx& tx, const std::string& path) {
    if (path.empty()) {
        const Result<organisation::NodePlace> top = service.organisation().headquarters(tx);
        return top.ok() ? PlaceName{top->id, top->name} : PlaceName{};
    }
    const auto node = service.organisation().find_node_by_path(tx, path);
    return node ? PlaceName{node->id, node->name} : PlaceName{NodeId(), path};
}

GrantState state_of(const authorization::GrantWish& what, Time now) {
    if (what.until && now >= *what.until) {
        return GrantState::over;
    }
    return what.from && now < *what.from ? GrantState::later : GrantState::now;
}

}  // namespace

std::optional<PersonName> person_of(const Staff& service, storage::Tx& tx, std::int64_t id) {
    const Result<identity::Account> account = service.identity().find(tx, StaffId(id));
    if (id == 0 || !account.ok()) {
        return std::nullopt;
    }
    return PersonName{account->id, account->name.shown()};
}

Grant view_of(const Staff& service, http::Scope& scope, const authorization::Grant& grant) {
    storage::Tx& tx = scope.tx();
    Grant view;
    view.id = grant.id;
    view.role_id = grant.what.role_id;
    view.role_name = grant.role_name;
    if (grant.what.place.group_id) {
        view.group_id = grant.what.place.group_id;
        view.group_name = grant.group_name;
    } else {
        view.place = place_of(service, tx, grant.what.place.node_path);
    }
    for (const std::string& path : grant.what.place.except) {
        view.except.push_back(place_of(service, tx, path));
    }
    view.valid_from = grant.what.from;
    view.valid_until = grant.what.until;
    view.state = state_of(grant.what, scope.now());
    view.given_at = grant.given_at;
    view.given_by = person_of(service, tx, grant.given_by);
    if (grant.reviewed_by) {
        view.reviewed_at = grant.checked_at;
        view.reviewed_by = person_of(service, tx, *grant.reviewed_by);
    }
    view.due_at = grant.checked_at.plus_ms(scope.settings().get(kReviewDays) * kDayMs);
    return view;
}

}  // namespace hangu::staff::api
