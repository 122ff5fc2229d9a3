// What the API tells of grants: with the names of people and places.
#pragma once

#include "commerce/staff/staff.hpp"

#include <optional>
#include <string>
#include <vector>

namespace hangu::staff::api {

struct PlaceName {
    NodeId node_id;
    std::string node_name;
};
HANGU_STRUCT(PlaceName, node_id, node_name)

struct PersonName {
    StaffId id;
    Revealed<hangu::PersonName> name;
};
HANGU_STRUCT(PersonName, id, name)

enum class GrantState { now, later, over };
HANGU_ENUM(GrantState, now, later, over)

struct Grant {
    authorization::GrantId id;
    authorization::RoleId role_id;
    std::string role_name;
    std::optional<PlaceName> place;  // or
    std::optional<authorization::GroupId> group_id;
    std::optional<std::string> group_name;
    std::vector<PlaceName> except;
    std::optional<Time> valid_from;
    std::optional<Time> valid_until;
    GrantState state = GrantState::now;
    Time given_at;
    std::optional<PersonName> given_by;  // none: the system
    std::optional<Time> reviewed_at;
    std::optional<PersonName> reviewed_by;
    Time due_at;  // to be looked at again
};
HANGU_STRUCT(Grant, id, role_id, role_name, place, group_id, group_name, except, valid_from,
             valid_until, state, given_at, given_by, reviewed_at, reviewed_by, due_at)

Grant view_of(const Staff& service, http::Scope& scope, const authorization::Grant& grant);
std::optional<PersonName> person_of(const Staff& service, storage::Tx& tx, std::int64_t id);

}  // namespace hangu::staff::api
