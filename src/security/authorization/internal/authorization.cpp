#include "security/authorization/authorization.hpp"

#include "security/authorization/internal/grant_rules.hpp"
#include "security/authorization/internal/role_store.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace hangu::authorization {

namespace {

constexpr std::string_view kOwnerName = "所有者";
constexpr std::size_t kRolesPerActorMax = 20;

std::vector<std::string> codes_of(const http::PermissionCatalogue& catalogue, const RoleRow& row) {
    return catalogue.codes_of(permissions_of_text(catalogue, row.permissions));
}

Role role_of(const http::PermissionCatalogue& catalogue, const RoleRow& row, std::int64_t holders) {
    return {row.id, row.name, row.built_in, codes_of(catalogue, row), holders, row.version};
}

}  // namespace

Authorization::Authorization(const http::PermissionCatalogue& catalogue,
                             identity::Identity& identity)
    : catalogue_(catalogue), identity_(identity) {}

std::vector<Role> Authorization::roles(storage::Tx& tx) {
    RoleStore store(tx);
    std::map<RoleId, std::int64_t> holders;
    for (const RoleHolders& count : store.holders()) {
        holders[count.role_id] = count.holders;
    }
    std::vector<Role> roles;
    for (const RoleRow& row : store.all()) {
        roles.push_back(role_of(catalogue_, row, holders[row.id]));
    }
    return roles;
}

Result<Role> Authorization::find_role(storage::Tx& tx, RoleId id) {
    RoleStore store(tx);
    const std::optional<RoleRow> row = store.find(id);
    if (!row) {
        return Problem::not_found("role.not_found");
    }
    const auto holders = store.holders_of(id, http::ActorKind::staff).size();
    return role_of(catalogue_, *row, static_cast<std::int64_t>(holders));
}

Result<Role> Authorization::create_role(http::Scope& scope, std::string_view name,
                                        const std::vector<std::string>& permissions) {
    HANGU_TRY(const std::string text, text_of_codes(catalogue_, permissions));
    HANGU_CHECK(check_ceiling(scope.caller().permissions, permissions_of_text(catalogue_, text)));
    RoleStore store(scope.tx());
    if (store.count() >= RoleStore::kRolesCountMax) {
        return Problem::conflict("role.too_many");
    }
    const RoleRow row{scope.new_id<RoleId>(), std::string(name), false, text, 1};
    if (!store.add(row)) {
        return Problem::conflict("role.name_taken");
    }
    return role_of(catalogue_, row, 0);
}

Result<Role> Authorization::edit_role(http::Scope& scope, RoleId id,
                                      std::optional<std::string> name,
                                      std::optional<std::vector<std::string>> permissions,
                                      std::int64_t version) {
    RoleStore store(scope.tx());
    std::optional<RoleRow> row = store.find(id);
    if (!row) {
        return Problem::not_found("role.not_found");
    }
    if (row->built_in) {
        return Problem::forbidden("role.built_in");
    }
    if (row->version != version) {
        return Problem::conflict("role.stale");
    }
    if (permissions) {
        HANGU_TRY(std::string text, text_of_codes(catalogue_, *permissions));
        // Neither may one give what one does not hold, nor take it from those who do.
        const http::PermissionSet changed = permissions_of_text(catalogue_, text) ^
                                            permissions_of_text(catalogue_, row->permissions);
        HANGU_CHECK(check_ceiling(scope.caller().permissions, changed));
        row->permissions = std::move(text);
    }
    if (name && *name != row->name) {
        if (store.find_by_name(*name)) {
            return Problem::conflict("role.name_taken");
        }
        row->name = std::move(*name);
    }
    if (!store.save(*row)) {
        return Problem::conflict("role.stale");
    }
    scope.after_commit(
        [this, tenant = scope.tenant(), staff = store.holders_of(id, http::ActorKind::staff)] {
            identity_.forget(tenant, staff);
        });
    return find_role(scope.tx(), id);
}

Result<void> Authorization::remove_role(http::Scope& scope, RoleId id, std::int64_t version) {
    RoleStore store(scope.tx());
    const std::optional<RoleRow> row = store.find(id);
    if (!row) {
        return Problem::not_found("role.not_found");
    }
    if (row->built_in) {
        return Problem::forbidden("role.built_in");
    }
    HANGU_CHECK(check_ceiling(scope.caller().permissions,
                              permissions_of_text(catalogue_, row->permissions)));
    if (store.in_use(id)) {
        return Problem::conflict("role.in_use");
    }
    if (!store.remove(id, version)) {
        return Problem::conflict("role.stale");
    }
    return {};
}

RoleId Authorization::seed_owner_role(storage::Tx& tx, IdSource& ids) {
    RoleStore store(tx);
    if (const std::optional<RoleRow> owner = store.find_owner()) {
        return owner->id;
    }
    const RoleRow row{RoleId(ids.next(tx.now().unix_ms())), std::string(kOwnerName), true, "*", 1};
    HANGU_ASSERT(store.add(row));
    return row.id;
}

Result<void> Authorization::set_grants(http::Scope& scope, Actor actor, std::string_view node_path,
                                       const std::vector<RoleId>& roles) {
    return set_grants(scope, actor, std::vector<std::string>{std::string(node_path)}, roles);
}

Result<void> Authorization::set_grants(http::Scope& scope, Actor actor,
                                       const std::vector<std::string>& node_paths,
                                       const std::vector<RoleId>& roles) {
    const std::vector<std::string> places = coalesced(node_paths);
    const std::set<RoleId> wanted(roles.begin(), roles.end());
    if (places.size() > storage::DataScope::kRangesCountMax) {
        return Problem::invalid("grants.too_many_places",
                                "at most four places that do not contain each other");
    }
    if (wanted.size() > kRolesPerActorMax) {
        return Problem::invalid_field("role_ids", "field.wrong_length", "at most 20 roles");
    }
    RoleStore store(scope.tx());
    std::set<std::pair<RoleId, std::string>> before;
    for (const GrantedRole& grant : store.granted(actor.kind, actor.id)) {
        before.emplace(grant.role_id, grant.node_path);
    }
    std::set<std::pair<RoleId, std::string>> after;
    for (const RoleId role : wanted) {
        for (const std::string& place : places) {
            after.emplace(role, place);
        }
    }
    // What is given and what is taken away; what stays asks for nothing.
    std::vector<std::pair<RoleId, std::string>> changed;
    std::set_symmetric_difference(before.begin(), before.end(), after.begin(), after.end(),
                                  std::back_inserter(changed));
    for (const auto& [role_id, place] : changed) {
        const std::optional<RoleRow> role = store.find(role_id);
        if (!role) {
            return Problem::invalid_field("role_ids", "role.unknown");
        }
        HANGU_CHECK(check_ceiling(scope.caller().permissions,
                                  permissions_of_text(catalogue_, role->permissions)));
        if (!covers_subtree(scope.caller().ranges, place)) {
            return Problem::forbidden("permission.outside_scope");
        }
        if (role->built_in && before.contains({role_id, place}) && !wanted.contains(role_id)) {
            HANGU_CHECK(check_not_last_owner(scope.tx(), actor));
        }
    }
    store.remove_grants(actor.kind, actor.id);
    for (const auto& [role_id, place] : after) {
        store.add(
            GrantRow{scope.new_id<GrantId>(), actor.kind, actor.id, role_id, place, scope.now()});
    }
    if (actor.kind == http::ActorKind::staff) {
        scope.after_commit(
            [this, tenant = scope.tenant(), actor] { identity_.forget(tenant, {actor.id}); });
    }
    return {};
}

std::vector<GrantOfActor> Authorization::grants(storage::Tx& tx, Actor actor) {
    std::vector<GrantOfActor> grants;
    for (GrantedRole& granted : RoleStore(tx).granted(actor.kind, actor.id)) {
        grants.push_back(
            {granted.role_id, std::move(granted.role_name), std::move(granted.node_path)});
    }
    return grants;
}

Result<void> Authorization::check_not_last_owner(storage::Tx& tx, Actor actor) {
    RoleStore store(tx);
    const std::optional<RoleRow> owner = store.find_owner();
    if (!owner) {
        return {};
    }
    bool holds = false;
    bool others = false;
    for (const std::int64_t id : store.holders_of(owner->id, http::ActorKind::staff)) {
        const bool self = actor.kind == http::ActorKind::staff && id == actor.id;
        const Result<identity::Account> account = identity_.find(tx, identity::StaffId(id));
        holds = holds || self;
        others =
            others || (!self && account.ok() && account->state == identity::AccountState::active);
    }
    if (holds && !others) {
        return Problem::conflict("role.last_owner");
    }
    return {};
}

identity::ActorGrants Authorization::grants_of(storage::Tx& tx, http::ActorKind kind,
                                               std::int64_t actor_id) {
    identity::ActorGrants grants;
    std::vector<std::string> places;
    for (const GrantedRole& granted : RoleStore(tx).granted(kind, actor_id)) {
        grants.permissions |= permissions_of_text(catalogue_, granted.permissions);
        places.push_back(granted.node_path);
    }
    grants.ranges = ranges_of(places);
    return grants;
}

}  // namespace hangu::authorization
