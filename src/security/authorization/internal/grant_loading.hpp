// From stored grants to the rules and to what the face tells of them; and what every change of
// grants, roles and groups has to keep.
#pragma once

#include "security/authorization/internal/grant_rules.hpp"
#include "security/authorization/internal/grant_store.hpp"

#include <map>
#include <string>
#include <vector>

namespace hangu::authorization {

class GrantLoader {
 public:
    GrantLoader(const http::PermissionCatalogue& catalogue, storage::Tx& tx)
        : catalogue_(catalogue), store_(tx) {}

    // "As if": the role with other permissions, the group at other places.
    void pretend(RoleId role, const http::PermissionSet& permissions);
    void pretend(GroupId group, std::vector<std::string> node_paths);

    GrantRule rule_of(const GrantedRole& granted);
    std::vector<GrantRule> rules_of(const std::vector<GrantedRole>& granted);
    std::vector<GrantRule> rules_of(Actor actor);

 private:
    const std::vector<storage::PathRange>& places_of_group(GroupId id);

    const http::PermissionCatalogue& catalogue_;
    GrantStore store_;
    std::map<RoleId, http::PermissionSet> roles_;
    std::map<GroupId, std::vector<storage::PathRange>> groups_;
};

Grant grant_of(const GrantedRole& row);

std::vector<DutyBits> duty_bits(const http::PermissionCatalogue& catalogue, GrantStore& store);

// 422 "grants.too_many_places", 409 "grant.duties_conflict" for what was not so before.
Result<void> check_fit(const http::PermissionCatalogue& catalogue,
                       const std::vector<DutyBits>& duties, const std::vector<GrantRule>& before,
                       const std::vector<GrantRule>& after, Time now);

// What the caller may give: until when she holds it herself counts.
http::Rights may_give(http::Scope& scope, GrantLoader& loader, std::optional<Time> until);

}  // namespace hangu::authorization
