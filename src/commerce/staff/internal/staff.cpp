#include "commerce/staff/staff.hpp"

#include "commerce/staff/internal/staff_store.hpp"
#include "commerce/staff/module.hpp"

#include <algorithm>

namespace hangu::staff {

namespace {

using authorization::Actor;
using authorization::GrantWish;
using authorization::RoleId;
using identity::Account;
using identity::AccountState;
using organisation::NodePlace;

Result<StaffListRow> find_row(storage::Tx& tx, StaffId id) {
    std::optional<StaffListRow> row = StaffStore(tx).find(id);
    if (!row) {
        return Problem::not_found("staff.not_found");
    }
    return *std::move(row);
}

std::vector<RoleId> roles_of(authorization::Authorization& authorization, storage::Tx& tx,
                             StaffId id) {
    std::vector<RoleId> roles;
    for (const authorization::Grant& grant : authorization.grants(tx, actor_of(id))) {
        if (std::find(roles.begin(), roles.end(), grant.what.role_id) == roles.end()) {
            roles.push_back(grant.what.role_id);
        }
    }
    return roles;
}

// A role at the place where she works, for good: it goes with her.
GrantWish at_home(RoleId role, std::string_view path) {
    return {role, {std::string(path), {}, std::nullopt}, std::nullopt, std::nullopt};
}

std::vector<GrantWish> all_at_home(const std::vector<RoleId>& roles, std::string_view path) {
    std::vector<GrantWish> wishes;
    for (const RoleId role : roles) {
        wishes.push_back(at_home(role, path));
    }
    return wishes;
}

// Her grants when the roles at her own place (or those she has there) hold at `path`; what she has
// elsewhere, or for a while, stays.
std::vector<GrantWish> moved_home(const std::vector<authorization::Grant>& grants,
                                  std::string_view home,
                                  const std::optional<std::vector<RoleId>>& roles,
                                  std::string_view path) {
    std::vector<GrantWish> wishes;
    for (const authorization::Grant& grant : grants) {
        const bool is_home = grant.what == at_home(grant.what.role_id, home);
        if (!is_home) {
            wishes.push_back(grant.what);
        } else if (!roles) {
            wishes.push_back(at_home(grant.what.role_id, path));
        }
    }
    for (const RoleId role : roles.value_or(std::vector<RoleId>())) {
        wishes.push_back(at_home(role, path));
    }
    return wishes;
}

std::string roles_text(authorization::Authorization& authorization, storage::Tx& tx, StaffId id) {
    std::string text;
    for (const RoleId role : roles_of(authorization, tx, id)) {
        const Result<authorization::Role> found = authorization.find_role(tx, role);
        text += text.empty() ? "" : ", ";
        text += found.ok() ? found->name : role.text();
    }
    return text;
}

void note(std::vector<http::AuditField>& fields, std::string name, std::string before,
          std::string after) {
    if (before != after) {
        fields.push_back({std::move(name), std::move(before), std::move(after)});
    }
}

// "Cashier @ 0001/; Manager @ group Airport until 2026-…"
std::string grants_text(storage::Tx& tx, authorization::Authorization& authorization, StaffId id) {
    std::string text;
    for (const authorization::Grant& grant : authorization.grants(tx, actor_of(id))) {
        const authorization::GrantPlace& place = grant.what.place;
        text += text.empty() ? "" : "; ";
        text += grant.role_name + " @ ";
        text += place.group_id ? "group " + grant.group_name : "/" + place.node_path;
        for (const std::string& except : place.except) {
            text += " -" + except;
        }
        text += grant.what.from ? " from " + time_text(*grant.what.from) : "";
        text += grant.what.until ? " until " + time_text(*grant.what.until) : "";
    }
    return text;
}

void note_ended(std::vector<http::AuditField>& fields, const Ended& ended) {
    fields.push_back({"ended_sessions", "", std::to_string(ended.sessions)});
    fields.push_back({"ended_grants", "", std::to_string(ended.grants)});
    fields.push_back({"ended_keys", "", std::to_string(ended.keys)});
}

// From where to where an account may go.
bool may_become(AccountState from, AccountState to) {
    switch (to) {
        case AccountState::active:
            return from == AccountState::suspended;
        case AccountState::suspended:
            return from == AccountState::active;
        case AccountState::left:
            return from != AccountState::left;
    }
    return false;
}

std::string_view action_of(AccountState to) {
    switch (to) {
        case AccountState::active:
            return "staff.resumed";
        case AccountState::suspended:
            return "staff.suspended";
        case AccountState::left:
            break;
    }
    return "staff.left";
}

}  // namespace

Result<StaffMade> Staff::create(http::Scope& scope, const NewStaff& staff) const {
    HANGU_TRY(const NodePlace node, organisation_.node(scope.tx(), staff.node_id));
    StaffStore store(scope.tx());
    if (staff.phone && store.owner_of(*staff.phone)) {
        return Problem::conflict("staff.phone_taken");
    }
    StaffRow row;
    row.id = scope.new_id<StaffId>();
    row.node_id = node.id;
    row.path = node.path;
    if (staff.phone) {
        row.phone = Sealed(*staff.phone);
        row.phone_blind = Blind<Phone>(*staff.phone);
    }
    row.created_at = scope.now();
    HANGU_TRY(const Account account, identity_.create_account(scope, row.id, staff.login_name,
                                                              PersonName(staff.name.str())));
    store.insert(row);
    HANGU_CHECK(authorization_.set_grants(scope, actor_of(row.id),
                                          all_at_home(staff.role_ids, node.path), kMayEdit));
    HANGU_TRY(identity::SignInLink link, identity_.make_sign_in_link(scope, row.id));
    scope.audit({"staff.created",
                 "staff",
                 row.id.text(),
                 account.login_name,
                 {{"name", "", account.name.masked().text()},
                  {"node", "", node.name},
                  {"roles", "", roles_text(authorization_, scope.tx(), row.id)}},
                 node.path});
    return StaffMade{row.id, std::move(link)};
}

Result<identity::SignInLink> Staff::create_owner(http::Scope& scope, std::string_view login_name,
                                                 std::string_view name) const {
    HANGU_TRY(const NodePlace top, organisation_.headquarters(scope.tx()));
    for (const authorization::Role& role : authorization_.roles(scope.tx())) {
        if (role.built_in) {
            const NewStaff owner{Text<1, 40>(std::string(name)),
                                 std::string(login_name),
                                 std::nullopt,
                                 top.id,
                                 {role.id}};
            HANGU_TRY(StaffMade made, create(scope, owner));
            return std::move(made.link);
        }
    }
    return Problem::not_found("role.not_found");
}

Result<void> Staff::change(http::Scope& scope, StaffId id, std::int64_t version,
                           const StaffChange& change) const {
    HANGU_TRY(const StaffListRow row, find_row(scope.tx(), id));
    HANGU_TRY(const Account before, identity_.find(scope.tx(), id));
    NodeId node_id = row.node_id;
    std::string path = row.path;
    std::vector<http::AuditField> fields;
    if (change.node_id) {
        HANGU_TRY(const NodePlace node, organisation_.node(scope.tx(), *change.node_id));
        note(fields, "node", row.node_name, node.name);
        node_id = node.id;
        path = node.path;
    }
    if (!StaffStore(scope.tx()).save(id, node_id, path, version)) {
        return Problem::conflict("staff.stale");
    }
    if (change.name && !before.name.same_as(PersonName(change.name->str()))) {
        HANGU_TRY(const Account after, identity_.rename(scope, id, PersonName(change.name->str())));
        note(fields, "name", before.name.masked().text(), after.name.masked().text());
    }
    if (change.role_ids || path != row.path) {
        const std::string roles_before = roles_text(authorization_, scope.tx(), id);
        const std::vector<GrantWish> wishes = moved_home(
            authorization_.grants(scope.tx(), actor_of(id)), row.path, change.role_ids, path);
        HANGU_CHECK(authorization_.set_grants(scope, actor_of(id), wishes, kMayEdit));
        note(fields, "roles", roles_before, roles_text(authorization_, scope.tx(), id));
    }
    scope.audit({"staff.edited", "staff", id.text(), before.login_name, std::move(fields), path});
    return {};
}

Result<void> Staff::set_state(http::Scope& scope, StaffId id, std::int64_t version,
                              AccountState state) const {
    HANGU_TRY(const StaffListRow row, find_row(scope.tx(), id));
    HANGU_TRY(const Account before, identity_.find(scope.tx(), id));
    if (row.version != version) {
        return Problem::conflict("staff.stale");
    }
    if (!may_become(before.state, state)) {
        return Problem::conflict("staff.wrong_state");
    }
    if (state != AccountState::active) {
        HANGU_CHECK(authorization_.check_not_last_owner(scope.tx(), actor_of(id)));
    }
    if (!StaffStore(scope.tx()).save(id, row.node_id, row.path, version)) {
        return Problem::conflict("staff.stale");
    }
    Ended ended = holdings(scope, id);
    HANGU_CHECK(identity_.set_state(scope, id, state));
    std::vector<http::AuditField> fields = {
        {"state", std::string(enum_text(before.state)), std::string(enum_text(state))}};
    if (state == AccountState::left) {
        HANGU_CHECK(authorization_.set_grants(scope, actor_of(id), {}, kMaySuspend));
        ended.keys = end_keys(scope, id);
        note_ended(fields, ended);
    }
    scope.audit(
        {action_of(state), "staff", id.text(), before.login_name, std::move(fields), row.path});
    return {};
}

Result<void> Staff::set_grants(http::Scope& scope, StaffId id, std::int64_t version,
                               const std::vector<GrantWish>& wishes) const {
    HANGU_TRY(const StaffListRow row, find_row(scope.tx(), id));
    HANGU_TRY(const Account account, identity_.find(scope.tx(), id));
    if (account.state == AccountState::left) {
        return Problem::conflict("staff.wrong_state");
    }
    if (!StaffStore(scope.tx()).save(id, row.node_id, row.path, version)) {
        return Problem::conflict("staff.stale");
    }
    const std::string before = grants_text(scope.tx(), authorization_, id);
    HANGU_CHECK(authorization_.set_grants(scope, actor_of(id), wishes, kMayEdit));
    scope.audit({"staff.grants_set",
                 "staff",
                 id.text(),
                 account.login_name,
                 {{"grants", before, grants_text(scope.tx(), authorization_, id)}},
                 row.path});
    return {};
}

Result<Ended> Staff::transfer(http::Scope& scope, StaffId id, std::int64_t version, NodeId node_id,
                              const std::vector<RoleId>& role_ids) const {
    HANGU_TRY(const StaffListRow row, find_row(scope.tx(), id));
    HANGU_TRY(const Account account, identity_.find(scope.tx(), id));
    HANGU_TRY(const NodePlace node, organisation_.node(scope.tx(), node_id));
    if (account.state != AccountState::active) {
        return Problem::conflict("staff.not_active");
    }
    if (!StaffStore(scope.tx()).save(id, node.id, node.path, version)) {
        return Problem::conflict("staff.stale");
    }
    Ended ended = holdings(scope, id);
    const std::string before = grants_text(scope.tx(), authorization_, id);
    // What she had ends even where it would be given again: nothing is carried over unseen.
    HANGU_CHECK(
        authorization_.set_grants(scope, actor_of(id), all_at_home(role_ids, node.path), kMayEdit));
    identity_.end_sessions(scope, id);
    ended.keys = end_keys(scope, id);
    std::vector<http::AuditField> fields = {
        {"node", row.node_name, node.name},
        {"grants", before, grants_text(scope.tx(), authorization_, id)}};
    note_ended(fields, ended);
    scope.audit({"staff.transferred", "staff", id.text(), account.login_name, std::move(fields),
                 node.path});
    return ended;
}

Ended Staff::holdings(http::Scope& scope, StaffId id) const {
    Ended held;
    held.sessions = identity_.count_sessions(scope, id);
    held.grants = static_cast<std::int64_t>(authorization_.grants(scope.tx(), actor_of(id)).size());
    held.keys = open_api_ == nullptr ? 0 : open_api_->count_keys_of(scope.tx(), id.value());
    return held;
}

// Keys that she made and knows: they do not outlive her right to make them.
std::int64_t Staff::end_keys(http::Scope& scope, StaffId id) const {
    if (open_api_ == nullptr) {
        return 0;
    }
    const identity::ActorGrants left =
        authorization_.grants_of(scope.tx(), http::ActorKind::staff, id.value());
    std::int64_t ended = 0;
    for (const open_api::Key& key : open_api_->end_keys_of(scope, id.value(), left.rights)) {
        scope.audit({"app_key.revoked",
                     "app_key",
                     key.id.text(),
                     key.name,
                     {{"state", "active", "revoked"}},
                     key.node_path});
        ++ended;
    }
    return ended;
}

Result<identity::SignInLink> Staff::invite(http::Scope& scope, StaffId id) const {
    HANGU_TRY(const StaffListRow row, find_row(scope.tx(), id));
    HANGU_TRY(const Account account, identity_.find(scope.tx(), id));
    if (account.state != AccountState::active) {
        return Problem::conflict("staff.not_active");
    }
    HANGU_TRY(identity::SignInLink link, identity_.make_sign_in_link(scope, id));
    scope.audit({"staff.invited",
                 "staff",
                 id.text(),
                 account.login_name,
                 {{"expires_at", "", time_text(link.expires_at)}},
                 row.path});
    return link;
}

Result<void> Staff::check_ceiling(http::Scope& scope, StaffId id) const {
    return authorization_.check_not_above(scope, actor_of(id));
}

std::string PhoneBook::phone_tail_of(storage::Tx& tx, identity::StaffId account) {
    constexpr std::size_t kTailDigits = 4;
    const std::optional<StaffListRow> row = StaffStore(tx).find(account);
    const std::string masked = row ? row->phone.masked().text() : "";
    return masked.size() < kTailDigits ? "" : masked.substr(masked.size() - kTailDigits);
}

std::optional<identity::StaffId> PhoneBook::owner_of(storage::Tx& tx, const Phone& phone) {
    return StaffStore(tx).owner_of(phone);
}

std::string PlaceNames::place_name(storage::Tx& tx, std::string_view path) {
    if (path.empty()) {
        const Result<NodePlace> top = organisation_.headquarters(tx);
        return top.ok() ? top->name : "";
    }
    const std::optional<NodePlace> node = organisation_.find_node_by_path(tx, path);
    return node ? node->name : std::string(path);
}

}  // namespace hangu::staff
