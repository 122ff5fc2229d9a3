// Groups of stores that grants point to, and pairs of separated duties.
#include "security/authorization/authorization.hpp"

#include "security/authorization/internal/grant_loading.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace hangu::authorization {

namespace {

Group group_of(GrantStore& store, const GroupRow& row) {
    Group group{row.id, row.name, {}, 0, row.version};
    for (const GroupPlaceRow& place : store.places_of_group(row.id)) {
        group.places.push_back({place.node_id, place.node_path});
    }
    group.grants_count = static_cast<std::int64_t>(store.of_group(row.id).size());
    return group;
}

void add_places(http::Scope& scope, GrantStore& store, GroupId id,
                const std::vector<GroupPlace>& places) {
    for (const GroupPlace& place : places) {
        store.add(
            GroupPlaceRow{scope.new_id<Id<GroupPlaceTag>>(), id, place.node_id, place.node_path});
    }
}

std::vector<std::string> paths_of(const std::vector<GroupPlace>& places) {
    std::vector<std::string> paths;
    for (const GroupPlace& place : places) {
        paths.push_back(place.node_path);
    }
    return paths;
}

// A group that no grant could use.
Result<void> check_size(const std::vector<GroupPlace>& places) {
    if (places_of(paths_of(places)).size() > storage::kPathRangesCountMax) {
        return Problem::invalid("grants.too_many_places",
                                "the stores stand in more than eight separate places");
    }
    return {};
}

// Who holds a grant at the group gains and loses places: the caller holds the same there.
Result<void> check_moves(const http::PermissionCatalogue& catalogue, http::Scope& scope, GroupId id,
                         const std::vector<std::string>& before,
                         const std::vector<std::string>& after) {
    const auto moved = [](const std::vector<std::string>& some,
                          const std::vector<std::string>& others) {
        return http::without(places_of(some), places_of(others));
    };
    GrantStore store(scope.tx());
    GrantLoader now(catalogue, scope.tx());
    GrantLoader then(catalogue, scope.tx());
    then.pretend(id, after);
    std::set<std::int64_t> seen;
    for (const GrantedRole& granted : store.of_group(id)) {
        const GrantRule rule = now.rule_of(granted);
        const http::Rights lasting = may_give(scope, now, rule.until);
        HANGU_CHECK(check_ceiling(scope.caller().rights, rule.permissions, moved(before, after)));
        HANGU_CHECK(check_ceiling(scope.caller().rights, rule.permissions, moved(after, before)));
        if (!check_ceiling(lasting, rule.permissions, moved(after, before)).ok()) {
            return Problem::forbidden("grant.outlasts_giver");
        }
        if (seen.insert(granted.actor_id).second) {
            const Actor actor{granted.actor_kind, granted.actor_id};
            HANGU_CHECK(check_fit(catalogue, duty_bits(catalogue, store), now.rules_of(actor),
                                  then.rules_of(actor), scope.now()));
        }
    }
    return {};
}

}  // namespace

std::vector<Group> Authorization::groups(storage::Tx& tx) {
    GrantStore store(tx);
    std::vector<Group> groups;
    for (const GroupRow& row : store.groups()) {
        groups.push_back(group_of(store, row));
    }
    return groups;
}

Result<Group> Authorization::find_group(storage::Tx& tx, GroupId id) {
    GrantStore store(tx);
    const std::optional<GroupRow> row = store.find_group(id);
    if (!row) {
        return Problem::not_found("store_group.not_found");
    }
    return group_of(store, *row);
}

Result<Group> Authorization::create_group(http::Scope& scope, std::string_view name,
                                          const std::vector<GroupPlace>& places) {
    HANGU_CHECK(check_size(places));
    GrantStore store(scope.tx());
    if (store.groups().size() >= static_cast<std::size_t>(GrantStore::kGroupsCountMax)) {
        return Problem::conflict("store_group.too_many");
    }
    const GroupRow row{scope.new_id<GroupId>(), std::string(name), 1};
    if (!store.add(row)) {
        return Problem::conflict("store_group.name_taken");
    }
    add_places(scope, store, row.id, places);
    return find_group(scope.tx(), row.id);
}

Result<Group> Authorization::edit_group(http::Scope& scope, GroupId id, std::string_view name,
                                        const std::vector<GroupPlace>& places,
                                        std::int64_t version) {
    HANGU_TRY(const Group before, find_group(scope.tx(), id));
    HANGU_CHECK(check_size(places));
    GrantStore store(scope.tx());
    if (store.has_group_named(name, id)) {
        return Problem::conflict("store_group.name_taken");
    }
    HANGU_CHECK(check_moves(catalogue_, scope, id, paths_of(before.places), paths_of(places)));
    if (!store.save(GroupRow{id, std::string(name), version})) {
        return Problem::conflict("store_group.stale");
    }
    store.remove_places(id);
    add_places(scope, store, id, places);
    std::vector<std::int64_t> staff;
    for (const GrantedRole& granted : store.of_group(id)) {
        if (granted.actor_kind == http::ActorKind::staff) {
            staff.push_back(granted.actor_id);
        }
    }
    forget_later(scope, std::move(staff));
    return find_group(scope.tx(), id);
}

Result<void> Authorization::remove_group(http::Scope& scope, GroupId id, std::int64_t version) {
    HANGU_TRY(const Group group, find_group(scope.tx(), id));
    if (group.grants_count > 0) {
        return Problem::conflict("store_group.in_use");
    }
    GrantStore store(scope.tx());
    if (!store.remove(id, version)) {
        return Problem::conflict("store_group.stale");
    }
    store.remove_places(id);
    return {};
}

std::vector<DutyPair> Authorization::duty_pairs(http::Scope& scope) {
    GrantStore store(scope.tx());
    std::vector<DutyPair> pairs;
    for (DutyPairRow& row : store.duty_pairs()) {
        pairs.push_back({row.id, std::move(row.one), std::move(row.other), row.created_at, {}});
    }
    if (pairs.empty()) {
        return pairs;
    }
    GrantLoader loader(catalogue_, scope.tx());
    for (const std::int64_t staff : store.staff_with_grants()) {
        const auto rules = loader.rules_of(Actor{http::ActorKind::staff, staff});
        for (DutyPair& pair : pairs) {
            const auto one = catalogue_.bit(pair.one);
            const auto other = catalogue_.bit(pair.other);
            if (one && other && !duties_in_conflict(rules, {{*one, *other}}, scope.now()).empty()) {
                pair.staff_in_conflict.push_back(staff);
            }
        }
    }
    return pairs;
}

Result<DutyPair> Authorization::add_duty_pair(http::Scope& scope, std::string_view one,
                                              std::string_view other) {
    Problem problem = Problem::invalid("input.invalid");
    for (const auto& [field, code] : {std::pair{"one", one}, std::pair{"other", other}}) {
        if (!catalogue_.bit(code)) {
            problem.fields.push_back({field, "permission.unknown", "no such permission"});
        }
    }
    if (one == other) {
        problem.fields.push_back({"other", "duty_pair.the_same", "two different permissions"});
    }
    if (!problem.fields.empty()) {
        return problem;
    }
    GrantStore store(scope.tx());
    if (store.duty_pairs().size() >= static_cast<std::size_t>(GrantStore::kDutyPairsCountMax)) {
        return Problem::conflict("duty_pair.too_many");
    }
    DutyPairRow row{scope.new_id<DutyPairId>(), std::string(std::min(one, other)),
                    std::string(std::max(one, other)), scope.now()};
    if (!store.add(row)) {
        return Problem::conflict("duty_pair.exists");
    }
    for (DutyPair& pair : duty_pairs(scope)) {
        if (pair.id == row.id) {
            return std::move(pair);
        }
    }
    return Problem::not_found("duty_pair.not_found");
}

Result<DutyPair> Authorization::remove_duty_pair(http::Scope& scope, DutyPairId id) {
    GrantStore store(scope.tx());
    for (DutyPairRow& row : store.duty_pairs()) {
        if (row.id == id) {
            store.remove(id);
            return DutyPair{row.id, std::move(row.one), std::move(row.other), row.created_at, {}};
        }
    }
    return Problem::not_found("duty_pair.not_found");
}

}  // namespace hangu::authorization
