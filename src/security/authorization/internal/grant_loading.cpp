#include "security/authorization/internal/grant_loading.hpp"

#include <algorithm>

namespace hangu::authorization {

namespace {

// A group's places change under the caller's hand: they count as they are, at the moment.
std::vector<std::string> paths_of(const std::vector<GroupPlaceRow>& rows) {
    std::vector<std::string> paths;
    for (const GroupPlaceRow& row : rows) {
        paths.push_back(row.node_path);
    }
    return paths;
}

}  // namespace

void GrantLoader::pretend(RoleId role, const http::PermissionSet& permissions) {
    roles_[role] = permissions;
}

void GrantLoader::pretend(GroupId group, std::vector<std::string> node_paths) {
    groups_[group] = places_of(node_paths);
}

const std::vector<storage::PathRange>& GrantLoader::places_of_group(GroupId id) {
    const auto [found, is_new] = groups_.try_emplace(id);
    if (is_new) {
        found->second = places_of(paths_of(store_.places_of_group(id)));
    }
    return found->second;
}

GrantRule GrantLoader::rule_of(const GrantedRole& granted) {
    const auto [role, is_new] = roles_.try_emplace(granted.role_id);
    if (is_new) {
        role->second = permissions_of_text(catalogue_, granted.permissions);
    }
    GrantRule rule;
    rule.permissions = role->second;
    rule.places = granted.group_id
                      ? places_of_group(*granted.group_id)
                      : places_of(granted.node_path, words_of_text(granted.except_paths));
    rule.from = granted.valid_from;
    rule.until = granted.valid_until;
    rule.built_in = granted.built_in;
    return rule;
}

std::vector<GrantRule> GrantLoader::rules_of(const std::vector<GrantedRole>& granted) {
    std::vector<GrantRule> rules;
    for (const GrantedRole& one : granted) {
        rules.push_back(rule_of(one));
    }
    return rules;
}

std::vector<GrantRule> GrantLoader::rules_of(Actor actor) {
    return rules_of(store_.of_actor(actor.kind, actor.id));
}

Grant grant_of(const GrantedRole& row) {
    Grant grant;
    grant.id = row.id;
    grant.actor = {row.actor_kind, row.actor_id};
    grant.role_name = row.role_name;
    grant.group_name = row.group_name.value_or("");
    grant.what = {row.role_id,
                  {row.node_path, words_of_text(row.except_paths), row.group_id},
                  row.valid_from,
                  row.valid_until};
    grant.given_at = row.created_at;
    grant.given_by = row.given_by;
    grant.checked_at = row.checked_at;
    grant.reviewed_by = row.reviewed_by;
    return grant;
}

std::vector<DutyBits> duty_bits(const http::PermissionCatalogue& catalogue, GrantStore& store) {
    std::vector<DutyBits> pairs;
    for (const DutyPairRow& row : store.duty_pairs()) {
        const auto one = catalogue.bit(row.one);
        const auto other = catalogue.bit(row.other);
        if (one && other) {  // a permission of an earlier version is no duty any more
            pairs.emplace_back(*one, *other);
        }
    }
    return pairs;
}

Result<void> check_fit(const http::PermissionCatalogue& catalogue,
                       const std::vector<DutyBits>& duties, const std::vector<GrantRule>& before,
                       const std::vector<GrantRule>& after, Time now) {
    if (rights_to_come(after, now).too_many_places().any() ||
        rights_at(after, now).too_many_places().any()) {
        return Problem::invalid("grants.too_many_places",
                                "a permission would hold in more than eight separate places");
    }
    const std::vector<DutyBits> known = duties_in_conflict(before, duties, now);
    for (const DutyBits& pair : duties_in_conflict(after, duties, now)) {
        if (std::find(known.begin(), known.end(), pair) == known.end()) {
            http::PermissionSet both;
            both.set(pair.first).set(pair.second);
            return Problem::conflict("grant.duties_conflict",
                                     text_of_words(catalogue.codes_of(both)));
        }
    }
    return {};
}

http::Rights may_give(http::Scope& scope, GrantLoader& loader, std::optional<Time> until) {
    const http::Caller& caller = scope.caller();
    if (caller.rights_until == http::kNever || caller.kind != http::ActorKind::staff) {
        return caller.rights;
    }
    return rights_lasting(loader.rules_of(Actor{caller.kind, caller.actor_id}), scope.now(), until);
}

}  // namespace hangu::authorization
