// Roles: made, changed with a look at whom it touches, removed.
#include "security/authorization/authorization.hpp"

#include "security/authorization/internal/grant_loading.hpp"
#include "security/authorization/internal/role_store.hpp"

#include <map>
#include <set>
#include <utility>

namespace hangu::authorization {

namespace {

constexpr std::string_view kOwnerName = "所有者";

Role role_of(const http::PermissionCatalogue& catalogue, const RoleRow& row, std::int64_t holders) {
    return {row.id,       row.name,
            row.built_in, catalogue.codes_of(permissions_of_text(catalogue, row.permissions)),
            holders,      row.version};
}

Result<RoleRow> editable_role(storage::Tx& tx, RoleId id) {
    std::optional<RoleRow> row = RoleStore(tx).find(id);
    if (!row) {
        return Problem::not_found("role.not_found");
    }
    if (row->built_in) {
        return Problem::forbidden("role.built_in");
    }
    return *std::move(row);
}

// Nobody could be given such a role without holding both.
Result<void> check_duties_within(const http::PermissionCatalogue& catalogue, GrantStore& store,
                                 const http::PermissionSet& before,
                                 const http::PermissionSet& after) {
    for (const DutyBits& pair : duty_bits(catalogue, store)) {
        const bool was = before.test(pair.first) && before.test(pair.second);
        if (!was && after.test(pair.first) && after.test(pair.second)) {
            http::PermissionSet both;
            both.set(pair.first).set(pair.second);
            return Problem::conflict("role.duties_conflict",
                                     text_of_words(catalogue.codes_of(both)));
        }
    }
    return {};
}

// The caller holds what changes wherever the role is granted, for as long as it is.
Result<void> check_role_ceiling(http::Scope& scope, GrantLoader& loader,
                                const std::vector<GrantedRole>& grants,
                                const http::PermissionSet& before,
                                const http::PermissionSet& after) {
    const http::PermissionSet changed = before ^ after;
    HANGU_CHECK(check_ceiling(scope.caller().rights, changed));
    for (const GrantedRole& granted : grants) {
        const GrantRule rule = loader.rule_of(granted);
        if (is_over(rule, scope.now())) {
            continue;
        }
        HANGU_CHECK(check_ceiling(scope.caller().rights, changed, rule.places));
        const http::Rights lasting = may_give(scope, loader, rule.until);
        if (!check_ceiling(lasting, after & ~before, rule.places).ok()) {
            return Problem::forbidden("grant.outlasts_giver");
        }
    }
    return {};
}

// What the edit does to everyone who holds the role; a problem if somebody must not have it.
Result<std::vector<RoleEffect>> effects_of(const http::PermissionCatalogue& catalogue,
                                           storage::Tx& tx, RoleId role,
                                           const http::PermissionSet& before,
                                           const http::PermissionSet& after) {
    GrantStore store(tx);
    const std::vector<DutyBits> duties = duty_bits(catalogue, store);
    GrantLoader now(catalogue, tx);
    now.pretend(role, before);
    GrantLoader then(catalogue, tx);
    then.pretend(role, after);
    std::vector<RoleEffect> effects;
    for (const std::int64_t id : store.holders_of(role, http::ActorKind::staff)) {
        const std::vector<GrantedRole> granted = store.of_actor(http::ActorKind::staff, id);
        const std::vector<GrantRule> rules = now.rules_of(granted);
        const std::vector<GrantRule> changed = then.rules_of(granted);
        HANGU_CHECK(check_fit(catalogue, duties, rules, changed, tx.now()));
        const http::Rights had = rights_to_come(rules, tx.now());
        const http::Rights has = rights_to_come(changed, tx.now());
        RoleEffect effect{id, had.lacking(has), has.lacking(had)};
        if (effect.gains.any() || effect.loses.any()) {
            effects.push_back(effect);
        }
    }
    return effects;
}

}  // namespace

Authorization::Authorization(const http::PermissionCatalogue& catalogue,
                             identity::Identity& identity)
    : catalogue_(catalogue), identity_(identity) {}

std::vector<Role> Authorization::roles(storage::Tx& tx) {
    std::map<RoleId, std::int64_t> holders;
    for (const RoleHolders& count : GrantStore(tx).holders()) {
        holders[count.role_id] = count.holders;
    }
    std::vector<Role> roles;
    for (const RoleRow& row : RoleStore(tx).all()) {
        roles.push_back(role_of(catalogue_, row, holders[row.id]));
    }
    return roles;
}

Result<Role> Authorization::find_role(storage::Tx& tx, RoleId id) {
    const std::optional<RoleRow> row = RoleStore(tx).find(id);
    if (!row) {
        return Problem::not_found("role.not_found");
    }
    const auto holders = GrantStore(tx).holders_of(id, http::ActorKind::staff).size();
    return role_of(catalogue_, *row, static_cast<std::int64_t>(holders));
}

Result<Role> Authorization::create_role(http::Scope& scope, std::string_view name,
                                        const std::vector<std::string>& permissions) {
    HANGU_TRY(const std::string text, text_of_codes(catalogue_, permissions));
    const http::PermissionSet set = permissions_of_text(catalogue_, text);
    HANGU_CHECK(check_ceiling(scope.caller().rights, set));
    GrantStore grants(scope.tx());
    HANGU_CHECK(check_duties_within(catalogue_, grants, {}, set));
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
    HANGU_TRY(RoleRow row, editable_role(scope.tx(), id));
    if (row.version != version) {
        return Problem::conflict("role.stale");
    }
    if (permissions) {
        HANGU_CHECK(preview_role(scope, id, *permissions));
        HANGU_TRY(row.permissions, text_of_codes(catalogue_, *permissions));
    }
    RoleStore store(scope.tx());
    if (name && *name != row.name) {
        if (store.find_by_name(*name)) {
            return Problem::conflict("role.name_taken");
        }
        row.name = std::move(*name);
    }
    if (!store.save(row)) {
        return Problem::conflict("role.stale");
    }
    forget_later(scope, GrantStore(scope.tx()).holders_of(id, http::ActorKind::staff));
    return find_role(scope.tx(), id);
}

Result<std::vector<RoleEffect>> Authorization::preview_role(
    http::Scope& scope, RoleId id, const std::vector<std::string>& permissions) {
    HANGU_TRY(const RoleRow row, editable_role(scope.tx(), id));
    HANGU_TRY(const std::string text, text_of_codes(catalogue_, permissions));
    const http::PermissionSet before = permissions_of_text(catalogue_, row.permissions);
    const http::PermissionSet after = permissions_of_text(catalogue_, text);
    GrantStore store(scope.tx());
    GrantLoader loader(catalogue_, scope.tx());
    // Neither may one give what one does not hold, nor take it from those who do.
    HANGU_CHECK(check_role_ceiling(scope, loader, store.of_role(id), before, after));
    HANGU_CHECK(check_duties_within(catalogue_, store, before, after));
    return effects_of(catalogue_, scope.tx(), id, before, after);
}

Result<void> Authorization::remove_role(http::Scope& scope, RoleId id, std::int64_t version) {
    HANGU_TRY(const RoleRow row, editable_role(scope.tx(), id));
    HANGU_CHECK(
        check_ceiling(scope.caller().rights, permissions_of_text(catalogue_, row.permissions)));
    if (GrantStore(scope.tx()).role_in_use(id)) {
        return Problem::conflict("role.in_use");
    }
    if (!RoleStore(scope.tx()).remove(id, version)) {
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

}  // namespace hangu::authorization
