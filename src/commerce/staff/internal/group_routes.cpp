// Groups of stores that grants may point to.
#include "commerce/staff/internal/grant_views.hpp"
#include "commerce/staff/internal/staff_routes.hpp"
#include "commerce/staff/module.hpp"

#include <algorithm>

namespace hangu::staff {

namespace api {

struct StoreGroup {
    authorization::GroupId id;
    std::string name;
    std::vector<PlaceName> places;
    std::int64_t grants_count = 0;
    std::int64_t version = 1;
};
HANGU_STRUCT(StoreGroup, id, name, places, grants_count, version)

struct StoreGroupQuery {
    std::optional<Text<0, 40>> q;  // part of the name
};
HANGU_STRUCT(StoreGroupQuery, q)

struct StoreGroupList {
    std::vector<StoreGroup> items;
};
HANGU_STRUCT(StoreGroupList, items)

using GroupNodes = List<NodeId, 1, 200>;

struct StoreGroupCreateInput {
    Text<1, 40> name;
    GroupNodes node_ids;
};
HANGU_STRUCT(StoreGroupCreateInput, name, node_ids)

struct StoreGroupEditInput {
    authorization::GroupId group_id;
    Text<1, 40> name;
    GroupNodes node_ids;
    Number<1, INT64_MAX> version;
};
HANGU_STRUCT(StoreGroupEditInput, group_id, name, node_ids, version)

struct StoreGroupRemoveInput {
    authorization::GroupId group_id;
    Number<1, INT64_MAX> version;
};
HANGU_STRUCT(StoreGroupRemoveInput, group_id, version)

}  // namespace api

namespace {

using authorization::Group;
using authorization::GroupPlace;

api::StoreGroup view_of(const Staff& service, storage::Tx& tx, const Group& group) {
    api::StoreGroup view{group.id, group.name, {}, group.grants_count, group.version};
    for (const GroupPlace& place : group.places) {
        const auto node = service.organisation().node(tx, NodeId(place.node_id));
        view.places.push_back(
            {NodeId(place.node_id), node.ok() ? node->name : std::string(place.node_path)});
    }
    return view;
}

std::string names_of(const api::StoreGroup& group) {
    std::string text;
    for (const api::PlaceName& place : group.places) {
        text += text.empty() ? "" : ", ";
        text += place.node_name;
    }
    return text;
}

Result<void> ask_everywhere(http::Scope& scope, const std::vector<GroupPlace>& places) {
    for (const GroupPlace& place : places) {
        HANGU_CHECK(scope.authorize(kMayEditGroups, place.node_path));
    }
    return {};
}

// The stores of the group, each of them where the caller may edit groups.
Result<std::vector<GroupPlace>> places_of(const Staff& service, http::Scope& scope,
                                          const api::GroupNodes& nodes) {
    std::vector<GroupPlace> places;
    for (const NodeId id : nodes) {
        HANGU_TRY(const organisation::NodePlace node, service.organisation().node(scope.tx(), id));
        HANGU_CHECK(scope.authorize(kMayEditGroups, node.path));
        if (node.kind != organisation::NodeKind::store) {
            return Problem::invalid_field("node_ids", "store_group.not_a_store");
        }
        const GroupPlace place{id.value(), node.path};
        if (std::find(places.begin(), places.end(), place) == places.end()) {
            places.push_back(place);
        }
    }
    return places;
}

void record(http::Scope& scope, std::string_view action, const api::StoreGroup& group,
            std::vector<http::AuditField> fields) {
    scope.audit({action, "store_group", group.id.text(), group.name, std::move(fields), ""});
}

Result<api::StoreGroupList> list_groups(const Staff& service, http::Scope& scope,
                                        const api::StoreGroupQuery& query) {
    HANGU_CHECK(scope.authorize(kMayViewGroups));
    api::StoreGroupList list;
    for (const Group& group : service.authorization().groups(scope.tx())) {
        if (!query.q || group.name.find(query.q->str()) != std::string::npos) {
            list.items.push_back(view_of(service, scope.tx(), group));
        }
    }
    return list;
}

Result<http::Created<api::StoreGroup>> create_group(const Staff& service, http::Scope& scope,
                                                    const api::StoreGroupCreateInput& input) {
    HANGU_TRY(const std::vector<GroupPlace> places, places_of(service, scope, input.node_ids));
    HANGU_TRY(const Group group,
              service.authorization().create_group(scope, input.name.str(), places));
    api::StoreGroup view = view_of(service, scope.tx(), group);
    record(scope, "store_group.created", view, {{"stores", "", names_of(view)}});
    return http::Created<api::StoreGroup>{std::move(view)};
}

Result<api::StoreGroup> edit_group(const Staff& service, http::Scope& scope,
                                   const api::StoreGroupEditInput& input) {
    HANGU_TRY(const Group before, service.authorization().find_group(scope.tx(), input.group_id));
    HANGU_CHECK(ask_everywhere(scope, before.places));
    HANGU_TRY(const std::vector<GroupPlace> places, places_of(service, scope, input.node_ids));
    const std::string stores = names_of(view_of(service, scope.tx(), before));
    HANGU_TRY(const Group after,
              service.authorization().edit_group(scope, input.group_id, input.name.str(), places,
                                                 input.version));
    api::StoreGroup view = view_of(service, scope.tx(), after);
    record(scope, "store_group.edited", view,
           {{"name", before.name, after.name}, {"stores", stores, names_of(view)}});
    return view;
}

Result<http::NoContent> remove_group(const Staff& service, http::Scope& scope,
                                     const api::StoreGroupRemoveInput& input) {
    HANGU_TRY(const Group group, service.authorization().find_group(scope.tx(), input.group_id));
    HANGU_CHECK(ask_everywhere(scope, group.places));
    HANGU_CHECK(service.authorization().remove_group(scope, input.group_id, input.version));
    const api::StoreGroup view = view_of(service, scope.tx(), group);
    record(scope, "store_group.removed", view, {{"stores", names_of(view), ""}});
    return http::NoContent{};
}

}  // namespace

void add_group_routes(http::Routes& routes, const Staff& service) {
    routes.add_with<api::StoreGroupList, api::StoreGroupQuery>(
        {.name = "store_group.list",
         .method = "GET",
         .path = "/api/v1/store-groups",
         .permission = kMayViewGroups,
         .guard = http::Guard::tenant,
         .work = http::Work::read,
         .summary = "Groups of stores, and how many grants point to them",
         .tag = "organisation"},
        [&service](http::Scope& scope, const api::StoreGroupQuery& query) {
            return list_groups(service, scope, query);
        });
    routes.add_with<http::Created<api::StoreGroup>, api::StoreGroupCreateInput>(
        {.name = "store_group.create",
         .method = "POST",
         .path = "/api/v1/store-groups",
         .permission = kMayEditGroups,
         .summary = "A new group of stores",
         .tag = "organisation"},
        [&service](http::Scope& scope, const api::StoreGroupCreateInput& input) {
            return create_group(service, scope, input);
        });
    routes.add_with<api::StoreGroup, api::StoreGroupEditInput>(
        {.name = "store_group.edit",
         .method = "PATCH",
         .path = "/api/v1/store-groups/{group_id}",
         .permission = kMayEditGroups,
         .summary =
             "Rename a group, change its stores; whoever holds grants at it feels it at once",
         .tag = "organisation"},
        [&service](http::Scope& scope, const api::StoreGroupEditInput& input) {
            return edit_group(service, scope, input);
        });
    routes.add_with<http::NoContent, api::StoreGroupRemoveInput>(
        {.name = "store_group.remove",
         .method = "DELETE",
         .path = "/api/v1/store-groups/{group_id}",
         .permission = kMayEditGroups,
         .summary = "Remove a group that no grant points to",
         .tag = "organisation"},
        [&service](http::Scope& scope, const api::StoreGroupRemoveInput& input) {
            return remove_group(service, scope, input);
        });
}

}  // namespace hangu::staff
