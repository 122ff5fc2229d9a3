// Grants: given, taken away, explained and reviewed.
#include "security/authorization/authorization.hpp"

#include "security/authorization/internal/grant_loading.hpp"
#include "security/authorization/internal/role_store.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace hangu::authorization {

namespace {

constexpr std::size_t kRolesPerActorMax = 20;
constexpr std::size_t kExceptCountMax = 7;  // a subtree without seven is at most eight ranges
constexpr std::size_t kReviewBatch = 200;

Result<void> check_wish(const GrantWish& wish, GrantStore& store, Time now) {
    if (wish.from && wish.until && *wish.until <= *wish.from) {
        return Problem::invalid_field("valid_until", "grant.ends_before_it_begins");
    }
    if (wish.until && *wish.until <= now) {
        return Problem::invalid_field("valid_until", "grant.already_over");
    }
    if (wish.place.group_id && !store.find_group(*wish.place.group_id)) {
        return Problem::invalid_field("group_id", "store_group.unknown");
    }
    if (wish.place.except.size() > kExceptCountMax) {
        return Problem::invalid("grants.too_many_places", "at most seven exceptions");
    }
    for (const std::string& except : wish.place.except) {
        if (wish.place.group_id || except == wish.place.node_path ||
            !is_below(except, wish.place.node_path)) {
            return Problem::invalid_field("except_node_ids", "grant.except_not_below");
        }
    }
    return {};
}

GrantedRole as_granted(const GrantWish& wish, const RoleRow& role) {
    GrantedRole granted;
    granted.role_id = role.id;
    granted.node_path = wish.place.node_path;
    granted.except_paths = text_of_words(wish.place.except);
    granted.group_id = wish.place.group_id;
    granted.valid_from = wish.from;
    granted.valid_until = wish.until;
    granted.built_in = role.built_in;
    granted.permissions = role.permissions;
    return granted;
}

GrantRow new_row(http::Scope& scope, Actor actor, const GrantWish& wish) {
    GrantRow row;
    row.id = scope.new_id<GrantId>();
    row.actor_kind = actor.kind;
    row.actor_id = actor.id;
    row.role_id = wish.role_id;
    row.node_path = wish.place.node_path;
    row.created_at = scope.now();
    row.except_paths = text_of_words(wish.place.except);
    row.group_id = wish.place.group_id;
    row.valid_from = wish.from;
    row.valid_until = wish.until;
    const http::Caller& caller = scope.caller();
    row.given_by = caller.kind == http::ActorKind::staff ? caller.actor_id : 0;
    row.checked_at = scope.now();
    return row;
}

// The same wish twice is one.
std::vector<GrantWish> distinct(const std::vector<GrantWish>& wishes) {
    std::vector<GrantWish> kept;
    for (GrantWish wish : wishes) {
        std::sort(wish.place.except.begin(), wish.place.except.end());
        if (wish.place.group_id) {
            wish.place.node_path.clear();
        }
        if (std::find(kept.begin(), kept.end(), wish) == kept.end()) {
            kept.push_back(std::move(wish));
        }
    }
    return kept;
}

// A change of one person's grants: what goes, what comes, what she may do before and after.
struct Change {
    std::vector<GrantedRole> before;
    std::vector<GrantedRole> removed;
    std::vector<GrantWish> added;
    std::vector<GrantedRole> after;
};

Result<Change> change_of(http::Scope& scope, Actor actor, const std::vector<GrantWish>& wishes) {
    GrantStore store(scope.tx());
    RoleStore roles(scope.tx());
    Change change;
    change.before = store.of_actor(actor.kind, actor.id);
    std::vector<GrantWish> wanted = distinct(wishes);
    for (const GrantedRole& old : change.before) {
        const auto same = std::find(wanted.begin(), wanted.end(), grant_of(old).what);
        if (same == wanted.end()) {
            change.removed.push_back(old);
        } else {
            change.after.push_back(old);
            wanted.erase(same);
        }
    }
    for (GrantWish& wish : wanted) {
        const std::optional<RoleRow> role = roles.find(wish.role_id);
        if (!role) {
            return Problem::invalid_field("role_ids", "role.unknown");
        }
        HANGU_CHECK(check_wish(wish, store, scope.now()));
        change.after.push_back(as_granted(wish, *role));
        change.added.push_back(std::move(wish));
    }
    std::set<RoleId> held;
    for (const GrantedRole& granted : change.after) {
        held.insert(granted.role_id);
    }
    if (held.size() > kRolesPerActorMax) {
        return Problem::invalid_field("role_ids", "field.wrong_length", "at most 20 roles");
    }
    if (change.after.size() > static_cast<std::size_t>(GrantStore::kGrantsPerActorMax)) {
        return Problem::invalid("grants.too_many", "at most 100 grants per person");
    }
    return change;
}

// The caller holds what she gives or takes, there; and what she gives, for as long.
Result<void> check_may_change(http::Scope& scope, GrantLoader& loader, const GrantedRole& granted,
                              const http::PermissionSet& by, bool gives) {
    const GrantRule rule = loader.rule_of(granted);
    if (is_over(rule, scope.now())) {
        return {};  // it says nothing any more
    }
    HANGU_CHECK(check_ceiling(scope.caller().rights, rule.permissions | by, rule.places));
    if (gives &&
        !check_ceiling(may_give(scope, loader, rule.until), rule.permissions, rule.places).ok()) {
        return Problem::forbidden("grant.outlasts_giver");
    }
    return {};
}

bool keeps_owner(const std::vector<GrantedRole>& grants) {
    return std::any_of(grants.begin(), grants.end(), [](const GrantedRole& one) {
        return one.built_in && !one.group_id && one.node_path.empty() && !one.valid_until &&
               !one.valid_from && one.except_paths.empty();
    });
}

}  // namespace

void Authorization::forget_later(http::Scope& scope, std::vector<std::int64_t> staff) {
    scope.after_commit([this, tenant = scope.tenant(), staff = std::move(staff)] {
        identity_.forget(tenant, staff);
    });
}

Result<void> Authorization::set_grants(http::Scope& scope, Actor actor,
                                       const std::vector<GrantWish>& wishes, http::Permission by) {
    HANGU_TRY(const Change change, change_of(scope, actor, wishes));
    GrantLoader loader(catalogue_, scope.tx());
    const http::PermissionSet asked = catalogue_.set_of({std::string(by.code)});
    for (const GrantedRole& removed : change.removed) {
        HANGU_CHECK(check_may_change(scope, loader, removed, asked, false));
    }
    const std::size_t kept = change.after.size() - change.added.size();
    for (std::size_t i = kept; i < change.after.size(); ++i) {
        HANGU_CHECK(check_may_change(scope, loader, change.after[i], asked, true));
    }
    if (keeps_owner(change.before) && !keeps_owner(change.after)) {
        HANGU_CHECK(check_not_last_owner(scope.tx(), actor));
    }
    GrantStore store(scope.tx());
    HANGU_CHECK(check_fit(catalogue_, duty_bits(catalogue_, store), loader.rules_of(change.before),
                          loader.rules_of(change.after), scope.now()));
    for (const GrantedRole& removed : change.removed) {
        store.remove(removed.id);
    }
    for (const GrantWish& wish : change.added) {
        store.add(new_row(scope, actor, wish));
    }
    if (actor.kind == http::ActorKind::staff) {
        forget_later(scope, {actor.id});
    }
    return {};
}

std::vector<Grant> Authorization::grants(storage::Tx& tx, Actor actor) {
    std::vector<Grant> grants;
    for (const GrantedRole& granted : GrantStore(tx).of_actor(actor.kind, actor.id)) {
        grants.push_back(grant_of(granted));
    }
    return grants;
}

Result<Grant> Authorization::find_grant(storage::Tx& tx, GrantId id) {
    const std::optional<GrantedRole> row = GrantStore(tx).find(id);
    if (!row) {
        return Problem::not_found("grant.not_found");
    }
    return grant_of(*row);
}

// An owner who counts owns the whole house, for ever, and may sign in.
Result<void> Authorization::check_not_last_owner(storage::Tx& tx, Actor actor) {
    GrantStore store(tx);
    const std::optional<RoleRow> owner = RoleStore(tx).find_owner();
    if (!owner || actor.kind != http::ActorKind::staff) {
        return {};
    }
    bool holds = false;
    bool others = false;
    for (const std::int64_t id : store.holders_of(owner->id, http::ActorKind::staff)) {
        if (!keeps_owner(store.of_actor(http::ActorKind::staff, id))) {
            continue;
        }
        const Result<identity::Account> account = identity_.find(tx, identity::StaffId(id));
        holds = holds || id == actor.id;
        others = others || (id != actor.id && account.ok() &&
                            account->state == identity::AccountState::active);
    }
    if (holds && !others) {
        return Problem::conflict("role.last_owner");
    }
    return {};
}

Result<void> Authorization::check_not_above(http::Scope& scope, Actor actor) {
    GrantLoader loader(catalogue_, scope.tx());
    const http::Rights theirs = rights_to_come(loader.rules_of(actor), scope.now());
    if (scope.caller().rights.lacking(theirs).any()) {
        return Problem::forbidden("role.ceiling");
    }
    return {};
}

std::vector<Reason> Authorization::explain(http::Scope& scope, Actor actor,
                                           http::Permission permission,
                                           std::string_view node_path) {
    const std::optional<std::size_t> bit = catalogue_.bit(permission.code);
    HANGU_ASSERT(bit.has_value());
    GrantLoader loader(catalogue_, scope.tx());
    std::vector<Reason> reasons;
    for (const GrantedRole& granted : GrantStore(scope.tx()).of_actor(actor.kind, actor.id)) {
        const GrantRule rule = loader.rule_of(granted);
        const http::Rights rights = http::Rights::compile({{rule.permissions, rule.places}});
        Reason reason{grant_of(granted), Verdict::gives};
        if (!rule.permissions.test(*bit)) {
            reason.verdict = Verdict::lacks;
        } else if (!rights.holds(*bit, node_path)) {
            reason.verdict = Verdict::elsewhere;
        } else if (is_over(rule, scope.now())) {
            reason.verdict = Verdict::over;
        } else if (!holds_at(rule, scope.now())) {
            reason.verdict = Verdict::not_yet;
        }
        reasons.push_back(std::move(reason));
    }
    std::stable_sort(reasons.begin(), reasons.end(),
                     [](const Reason& a, const Reason& b) { return a.verdict < b.verdict; });
    return reasons;
}

std::vector<Grant> Authorization::to_review(storage::Tx& tx, std::optional<ReviewPoint> after,
                                            std::size_t count_max,
                                            const std::function<bool(const Grant&)>& shown) {
    GrantStore store(tx);
    ReviewPoint point = after.value_or(ReviewPoint{});
    std::vector<Grant> found;
    while (found.size() < count_max) {
        const std::vector<GrantedRole> rows = store.unchecked_longest(point, kReviewBatch);
        for (const GrantedRole& row : rows) {
            point = {row.checked_at, row.id};
            Grant grant = grant_of(row);
            if (found.size() < count_max && shown(grant)) {
                found.push_back(std::move(grant));
            }
        }
        if (rows.size() < kReviewBatch) {
            break;
        }
    }
    return found;
}

bool Authorization::is_within(http::Scope& scope, http::Permission permission, const Grant& grant) {
    const std::optional<std::size_t> bit = catalogue_.bit(permission.code);
    HANGU_ASSERT(bit.has_value());
    GrantLoader loader(catalogue_, scope.tx());
    const std::optional<GrantedRole> row = GrantStore(scope.tx()).find(grant.id);
    if (!row) {
        return false;
    }
    http::PermissionSet asked;
    asked.set(*bit);
    return check_ceiling(scope.caller().rights, asked, loader.rule_of(*row).places).ok();
}

Result<Grant> Authorization::keep(http::Scope& scope, GrantId id) {
    HANGU_CHECK(find_grant(scope.tx(), id));
    const http::Caller& caller = scope.caller();
    GrantStore(scope.tx())
        .mark_checked(id, caller.kind == http::ActorKind::staff ? caller.actor_id : 0);
    return find_grant(scope.tx(), id);
}

Result<Grant> Authorization::take_away(http::Scope& scope, GrantId id, http::Permission by) {
    HANGU_TRY(Grant grant, find_grant(scope.tx(), id));
    std::vector<GrantWish> rest;
    for (const Grant& one : grants(scope.tx(), grant.actor)) {
        if (one.id != id) {
            rest.push_back(one.what);
        }
    }
    HANGU_CHECK(set_grants(scope, grant.actor, rest, by));
    return grant;
}

identity::ActorGrants Authorization::grants_of(storage::Tx& tx, http::ActorKind kind,
                                               std::int64_t actor_id) {
    GrantLoader loader(catalogue_, tx);
    const std::vector<GrantedRole> granted = GrantStore(tx).of_actor(kind, actor_id);
    const std::vector<GrantRule> rules = loader.rules_of(granted);
    identity::ActorGrants grants;
    grants.rights = rights_at(rules, tx.now());
    grants.changes_at = changes_at(rules, tx.now());
    for (std::size_t i = 0; i < granted.size(); ++i) {
        std::vector<std::string>& places = grants.places;
        const bool shown = holds_at(rules[i], tx.now()) && !granted[i].group_id;
        if (shown &&
            std::find(places.begin(), places.end(), granted[i].node_path) == places.end()) {
            places.push_back(granted[i].node_path);
        }
    }
    return grants;
}

}  // namespace hangu::authorization
