#include "commerce/staff/internal/staff_routes.hpp"
#include "commerce/organisation/paging.hpp"
#include "commerce/staff/internal/staff_store.hpp"
#include "commerce/staff/module.hpp"

namespace hangu::staff {

using StaffState = identity::AccountState;

// Their own namespace: the service has the name that the API gives to a person.
namespace api {

struct StaffRole {
    authorization::RoleId id;
    std::string name;
};
HANGU_STRUCT(StaffRole, id, name)

struct Staff {
    StaffId id;
    Revealed<hangu::PersonName> name;
    std::string login_name;
    std::optional<Masked<Phone>> phone_masked;
    NodeId node_id;
    std::string node_name;
    std::vector<StaffRole> roles;
    StaffState state = StaffState::active;
    std::optional<Time> last_sign_in_at;
    std::int64_t version = 0;
    Time created_at;
};
HANGU_STRUCT(Staff, id, name, login_name, phone_masked, node_id, node_name, roles, state,
             last_sign_in_at, version, created_at)

struct StaffList {
    std::vector<Staff> items;
    std::optional<std::string> next_cursor;
    std::int64_t total = 0;
};
HANGU_STRUCT(StaffList, items, next_cursor, total)

struct StaffListInput {
    organisation::PageQuery q;
    std::optional<NodeId> node_id;
    std::optional<StaffState> state;
    organisation::PageLimit limit;
    organisation::PageCursor cursor;
};
HANGU_STRUCT(StaffListInput, q, node_id, state, limit, cursor)

using RoleIds = List<authorization::RoleId, 0, 20>;

struct StaffCreateInput {
    Text<1, 40> name;
    Text<1, 64> login_name;
    std::optional<Phone> phone;
    NodeId node_id;
    RoleIds role_ids;
};
HANGU_STRUCT(StaffCreateInput, name, login_name, phone, node_id, role_ids)

struct StaffCreated {
    Staff staff;
    std::string sign_in_link_token;
};
HANGU_STRUCT(StaffCreated, staff, sign_in_link_token)

struct StaffViewInput {
    StaffId staff_id;
};
HANGU_STRUCT(StaffViewInput, staff_id)

struct StaffEditInput {
    StaffId staff_id;
    std::optional<Text<1, 40>> name;
    std::optional<NodeId> node_id;
    std::optional<RoleIds> role_ids;
    Number<1, INT64_MAX> version;
};
HANGU_STRUCT(StaffEditInput, staff_id, name, node_id, role_ids, version)

struct StaffStateInput {
    StaffId staff_id;
    Number<1, INT64_MAX> version;
};
HANGU_STRUCT(StaffStateInput, staff_id, version)

struct StaffFactorsInput {
    StaffId staff_id;
    Text<3, 200> reason;
};
HANGU_STRUCT(StaffFactorsInput, staff_id, reason)

struct StaffTransferInput {
    StaffId staff_id;
    NodeId node_id;
    RoleIds role_ids;
    Number<1, INT64_MAX> version;
};
HANGU_STRUCT(StaffTransferInput, staff_id, node_id, role_ids, version)

struct StaffHoldings {
    std::int64_t sessions = 0;
    std::int64_t grants = 0;
    std::int64_t keys = 0;
};
HANGU_STRUCT(StaffHoldings, sessions, grants, keys)

struct StaffTransferred {
    Staff staff;
    StaffHoldings ended;
};
HANGU_STRUCT(StaffTransferred, staff, ended)

struct StaffLink {
    std::string token;
    Time expires_at;
};
HANGU_STRUCT(StaffLink, token, expires_at)

}  // namespace api

Result<StaffListRow> ask_for(http::Scope& scope, http::Permission permission, StaffId id) {
    std::optional<StaffListRow> row = StaffStore(scope.tx()).find(id);
    if (!row) {
        return Problem::not_found("staff.not_found");
    }
    HANGU_CHECK(scope.authorize(permission, row->path));
    return *std::move(row);
}

namespace {

// Names are ciphertext in identity: a search looks through this many people, the newest first.
constexpr std::int64_t kSearchRowsMax = 5000;

api::Staff view_of(const Staff& service, storage::Tx& tx, const StaffListRow& row,
                   const identity::Account& account) {
    api::Staff staff;
    staff.id = row.id;
    staff.name = account.name.shown();
    staff.login_name = account.login_name;
    if (!row.phone.empty()) {
        staff.phone_masked = row.phone.masked();
    }
    staff.node_id = row.node_id;
    staff.node_name = row.node_name;
    for (authorization::Grant& grant :
         service.authorization().grants(tx, {http::ActorKind::staff, row.id.value()})) {
        const auto same = [&grant](const api::StaffRole& role) {
            return role.id == grant.what.role_id;
        };
        if (std::none_of(staff.roles.begin(), staff.roles.end(), same)) {
            staff.roles.push_back({grant.what.role_id, std::move(grant.role_name)});
        }
    }
    staff.state = account.state;
    staff.last_sign_in_at = account.last_sign_in_at;
    staff.version = row.version;
    staff.created_at = row.created_at;
    return staff;
}

Result<api::Staff> load_view(const Staff& service, storage::Tx& tx, StaffId id) {
    const StaffListRow row = StaffStore(tx).find(id).value();
    HANGU_TRY(const identity::Account account, service.identity().find(tx, id));
    return view_of(service, tx, row, account);
}

bool matches(const api::StaffListInput& input, const identity::Account& account) {
    if (input.state && account.state != *input.state) {
        return false;
    }
    if (!input.q || input.q->empty()) {
        return true;
    }
    return account.login_name.find(input.q->str()) != std::string::npos ||
           account.name.shown().text().find(input.q->str()) != std::string::npos;
}

Result<api::StaffList> list_staff(const Staff& service, http::Scope& scope,
                                  const api::StaffListInput& input) {
    HANGU_TRY(const std::int64_t before, organisation::id_before(input.cursor));
    HANGU_TRY(const storage::DataScope within, scope.within(kMayView));
    std::string path;
    if (input.node_id) {
        HANGU_TRY(const organisation::NodePlace node,
                  service.organisation().node(scope.tx(), *input.node_id));
        path = node.path;
    }
    const bool searching = input.state || (input.q && !input.q->empty());
    StaffStore store(scope.tx());
    const std::int64_t limit = organisation::rows_of(input.limit);
    api::StaffList list;
    const StaffId from(searching ? std::numeric_limits<std::int64_t>::max() : before);
    for (const StaffListRow& row :
         store.list(within, path, from, searching ? kSearchRowsMax : limit + 1)) {
        HANGU_TRY(const identity::Account account, service.identity().find(scope.tx(), row.id));
        if (!matches(input, account)) {
            continue;
        }
        ++list.total;
        if (row.id.value() >= before || list.next_cursor) {
            continue;
        }
        if (static_cast<std::int64_t>(list.items.size()) == limit) {
            list.next_cursor = organisation::cursor_of(list.items.back().id.text());
            continue;
        }
        list.items.push_back(view_of(service, scope.tx(), row, account));
    }
    if (!searching) {
        list.total = store.count(within, path);
    }
    return list;
}

Result<api::Staff> view_staff(const Staff& service, http::Scope& scope,
                              const api::StaffViewInput& input) {
    HANGU_CHECK(ask_for(scope, kMayView, input.staff_id));
    return load_view(service, scope.tx(), input.staff_id);
}

Result<http::Created<api::StaffCreated>> create_staff(const Staff& service, http::Scope& scope,
                                                      const api::StaffCreateInput& input) {
    HANGU_TRY(const organisation::NodePlace node,
              service.organisation().node(scope.tx(), input.node_id));
    HANGU_CHECK(scope.authorize(kMayEdit, node.path));
    const NewStaff staff{input.name, input.login_name.str(), input.phone, input.node_id,
                         input.role_ids};
    HANGU_TRY(StaffMade made, service.create(scope, staff));
    HANGU_TRY(api::Staff view, load_view(service, scope.tx(), made.id));
    return http::Created<api::StaffCreated>{{std::move(view), std::move(made.link.token)}};
}

Result<api::Staff> edit_staff(const Staff& service, http::Scope& scope,
                              const api::StaffEditInput& input) {
    HANGU_CHECK(ask_for(scope, kMayEdit, input.staff_id));
    if (input.node_id) {
        HANGU_TRY(const organisation::NodePlace node,
                  service.organisation().node(scope.tx(), *input.node_id));
        HANGU_CHECK(scope.authorize(kMayEdit, node.path));
    }
    HANGU_CHECK(service.check_ceiling(scope, input.staff_id));
    StaffChange change{input.name, input.node_id, std::nullopt};
    if (input.role_ids) {
        change.role_ids = *input.role_ids;
    }
    HANGU_CHECK(service.change(scope, input.staff_id, input.version, change));
    return load_view(service, scope.tx(), input.staff_id);
}

Result<void> check_not_herself(http::Scope& scope, StaffId id) {
    const http::Caller& caller = scope.caller();
    if (caller.kind == http::ActorKind::staff && caller.actor_id == id.value()) {
        return Problem::conflict("staff.not_yourself");
    }
    return {};
}

Result<api::Staff> move_staff(const Staff& service, http::Scope& scope,
                              const api::StaffStateInput& input, StaffState state) {
    HANGU_CHECK(ask_for(scope, kMaySuspend, input.staff_id));
    HANGU_CHECK(service.check_ceiling(scope, input.staff_id));
    HANGU_CHECK(check_not_herself(scope, input.staff_id));
    HANGU_CHECK(service.set_state(scope, input.staff_id, input.version, state));
    return load_view(service, scope.tx(), input.staff_id);
}

Result<api::StaffTransferred> transfer_staff(const Staff& service, http::Scope& scope,
                                             const api::StaffTransferInput& input) {
    HANGU_CHECK(ask_for(scope, kMayEdit, input.staff_id));
    HANGU_TRY(const organisation::NodePlace node,
              service.organisation().node(scope.tx(), input.node_id));
    HANGU_CHECK(scope.authorize(kMayEdit, node.path));
    HANGU_CHECK(service.check_ceiling(scope, input.staff_id));
    HANGU_CHECK(check_not_herself(scope, input.staff_id));
    HANGU_TRY(const Ended ended, service.transfer(scope, input.staff_id, input.version,
                                                  input.node_id, input.role_ids));
    HANGU_TRY(api::Staff view, load_view(service, scope.tx(), input.staff_id));
    return api::StaffTransferred{std::move(view), {ended.sessions, ended.grants, ended.keys}};
}

Result<api::StaffHoldings> view_holdings(const Staff& service, http::Scope& scope,
                                         const api::StaffViewInput& input) {
    HANGU_CHECK(ask_for(scope, kMaySuspend, input.staff_id));
    const Ended held = service.holdings(scope, input.staff_id);
    return api::StaffHoldings{held.sessions, held.grants, held.keys};
}

Result<api::StaffLink> invite_staff(const Staff& service, http::Scope& scope,
                                    const api::StaffViewInput& input) {
    HANGU_CHECK(ask_for(scope, kMayInvite, input.staff_id));
    HANGU_CHECK(service.check_ceiling(scope, input.staff_id));
    HANGU_TRY(identity::SignInLink link, service.invite(scope, input.staff_id));
    return api::StaffLink{std::move(link.token), link.expires_at};
}

// For who lost her phone. Whoever asks this of an administrator may be somebody else: so he proves
// who he is himself, says why, and whoever is signed in as her is not any more.
Result<http::NoContent> remove_factors(const Staff& service, http::Scope& scope,
                                       const api::StaffFactorsInput& input) {
    HANGU_TRY(const StaffListRow row, ask_for(scope, kMayRemoveFactors, input.staff_id));
    HANGU_CHECK(service.check_ceiling(scope, input.staff_id));
    HANGU_CHECK(check_not_herself(scope, input.staff_id));
    HANGU_CHECK(service.identity().require_fresh(scope));
    HANGU_CHECK(service.identity().remove_second_factors(scope, input.staff_id));
    const std::int64_t ended = service.identity().end_sessions(scope, input.staff_id);
    scope.audit({"staff.factors_removed",
                 "staff",
                 input.staff_id.text(),
                 "",
                 {{"reason", "", input.reason.str()}, {"sessions", std::to_string(ended), "0"}},
                 row.path});
    return http::NoContent();
}

void add_state_route(http::Routes& routes, const Staff& service, std::string_view name,
                     std::string_view path, StaffState state, std::string_view summary) {
    routes.add_with<api::Staff, api::StaffStateInput>(
        {.name = name,
         .method = "POST",
         .path = path,
         .permission = kMaySuspend,
         .summary = summary,
         .tag = "organisation"},
        [&service, state](http::Scope& scope, const api::StaffStateInput& input) {
            return move_staff(service, scope, input, state);
        });
}

}  // namespace

void add_staff_state_routes(http::Routes& routes, const Staff& service) {
    add_state_route(routes, service, "staff.suspend", "/api/v1/staff/{staff_id}/suspend",
                    StaffState::suspended, "Suspend a person; her sessions end at once");
    add_state_route(routes, service, "staff.resume", "/api/v1/staff/{staff_id}/resume",
                    StaffState::active, "Let a suspended person work again");
    add_state_route(routes, service, "staff.leave", "/api/v1/staff/{staff_id}/leave",
                    StaffState::left, "A person leaves for good; her sessions end at once");
    routes.add_with<api::StaffTransferred, api::StaffTransferInput>(
        {.name = "staff.transfer",
         .method = "POST",
         .path = "/api/v1/staff/{staff_id}/transfer",
         .permission = kMayEdit,
         .summary = "To another place with these roles only; sessions, grants and keys end at once",
         .tag = "organisation"},
        [&service](http::Scope& scope, const api::StaffTransferInput& input) {
            return transfer_staff(service, scope, input);
        });
    routes.add_with<api::StaffHoldings, api::StaffViewInput>(
        {.name = "staff.holdings",
         .method = "GET",
         .path = "/api/v1/staff/{staff_id}/holdings",
         .permission = kMaySuspend,
         .work = http::Work::read,
         .summary = "What would end if the person left: sessions, grants, keys",
         .tag = "organisation"},
        [&service](http::Scope& scope, const api::StaffViewInput& input) {
            return view_holdings(service, scope, input);
        });
    routes.add_with<api::StaffLink, api::StaffViewInput>(
        {.name = "staff.invite",
         .method = "POST",
         .path = "/api/v1/staff/{staff_id}/sign-in-link",
         .permission = kMayInvite,
         .per_minute_max = 30,
         .summary = "A new one-time sign-in link; earlier ones end",
         .tag = "organisation"},
        [&service](http::Scope& scope, const api::StaffViewInput& input) {
            return invite_staff(service, scope, input);
        });
    routes.add_with<http::NoContent, api::StaffFactorsInput>(
        {.name = "staff.remove_factors",
         .method = "POST",
         .path = "/api/v1/staff/{staff_id}/second-factors/remove",
         .permission = kMayRemoveFactors,
         .per_minute_max = 30,
         .summary = "A person's second factors and sessions end; she sets new ones up herself",
         .tag = "organisation"},
        [&service](http::Scope& scope, const api::StaffFactorsInput& input) {
            return remove_factors(service, scope, input);
        });
}

void add_staff_routes(http::Routes& routes, const Staff& service) {
    routes.add_with<api::StaffList, api::StaffListInput>(
        {.name = "staff.list",
         .method = "GET",
         .path = "/api/v1/staff",
         .permission = kMayView,
         .work = http::Work::report,
         .summary = "Staff, newest first; q matches name and login name",
         .tag = "organisation"},
        [&service](http::Scope& scope, const api::StaffListInput& input) {
            return list_staff(service, scope, input);
        });
    routes.add_with<http::Created<api::StaffCreated>, api::StaffCreateInput>(
        {.name = "staff.create",
         .method = "POST",
         .path = "/api/v1/staff",
         .permission = kMayEdit,
         .summary = "A new person with roles and a sign-in link",
         .tag = "organisation"},
        [&service](http::Scope& scope, const api::StaffCreateInput& input) {
            return create_staff(service, scope, input);
        });
    routes.add_with<api::Staff, api::StaffViewInput>(
        {.name = "staff.view",
         .method = "GET",
         .path = "/api/v1/staff/{staff_id}",
         .permission = kMayView,
         .work = http::Work::read,
         .summary = "One person",
         .tag = "organisation"},
        [&service](http::Scope& scope, const api::StaffViewInput& input) {
            return view_staff(service, scope, input);
        });
    routes.add_with<api::Staff, api::StaffEditInput>(
        {.name = "staff.edit",
         .method = "PATCH",
         .path = "/api/v1/staff/{staff_id}",
         .permission = kMayEdit,
         .summary = "Rename a person, move her to another place, change her roles",
         .tag = "organisation"},
        [&service](http::Scope& scope, const api::StaffEditInput& input) {
            return edit_staff(service, scope, input);
        });
}

}  // namespace hangu::staff
