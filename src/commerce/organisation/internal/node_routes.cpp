#include "commerce/organisation/internal/organisation_store.hpp"
#include "commerce/organisation/internal/routes.hpp"
#include "commerce/organisation/module.hpp"

namespace hangu::organisation {

struct OrgNode {
    NodeId id;
    std::optional<NodeId> parent_id;
    NodeKind kind = NodeKind::region;
    std::string name;
    std::int64_t depth = 0;
    std::int64_t sort = 0;
    std::optional<StoreId> store_id;
    std::int64_t version = 0;
};
HANGU_STRUCT(OrgNode, id, parent_id, kind, name, depth, sort, store_id, version)

struct OrgNodeList {
    std::vector<OrgNode> items;
};
HANGU_STRUCT(OrgNodeList, items)

struct OrgCreateInput {
    NodeId parent_id;
    Text<1, 60> name;
};
HANGU_STRUCT(OrgCreateInput, parent_id, name)

struct OrgRenameInput {
    NodeId node_id;
    Text<1, 60> name;
    Number<1, INT64_MAX> version;
};
HANGU_STRUCT(OrgRenameInput, node_id, name, version)

namespace {

OrgNode view_of(const NodeRow& row) {
    return {row.id,    row.parent_id, row.kind,     row.name,
            row.depth, row.sort,      row.store_id, row.version};
}

Result<OrgNodeList> list_nodes(http::Scope& scope) {
    HANGU_TRY(const storage::DataScope within, scope.within(kMayViewOrg));
    OrgNodeList list;
    for (const NodeRow& row : OrganisationStore(scope.tx()).nodes_within(within)) {
        list.items.push_back(view_of(row));
    }
    return list;
}

Result<http::Created<OrgNode>> create_node(const Organisation& organisation, http::Scope& scope,
                                           const OrgCreateInput& input) {
    HANGU_TRY(const NodePlace parent, organisation.node(scope.tx(), input.parent_id));
    HANGU_CHECK(scope.authorize(kMayEditOrg, parent.path));
    HANGU_TRY(const NodePlace made, organisation.create_region(scope, input.parent_id, input.name));
    return http::Created<OrgNode>{
        view_of(OrganisationStore(scope.tx()).find_node(made.id).value())};
}

Result<OrgNode> rename_node(http::Scope& scope, const OrgRenameInput& input) {
    OrganisationStore store(scope.tx());
    const std::optional<NodeRow> before = store.find_node(input.node_id);
    if (!before) {
        return Problem::not_found("org.not_found");
    }
    HANGU_CHECK(scope.authorize(kMayEditOrg, before->path));
    if (before->kind == NodeKind::store) {
        return Problem::invalid_field("node_id", "org.is_store", "a store is renamed as a store");
    }
    if (!store.rename_node(input.node_id, input.name, input.version)) {
        return Problem::conflict("org.stale");
    }
    scope.audit({"org.renamed",
                 "org_node",
                 before->id.text(),
                 input.name.str(),
                 {{"name", before->name, input.name.str()}},
                 before->path});
    return view_of(store.find_node(input.node_id).value());
}

}  // namespace

void add_node_routes(http::Routes& routes, const Organisation& organisation) {
    routes.add({.name = "org.list",
                .method = "GET",
                .path = "/api/v1/org-nodes",
                .permission = kMayViewOrg,
                .work = http::Work::read,
                .summary = "The nodes of the organisation that the caller may see",
                .tag = "organisation"},
               list_nodes);
    routes.add_with<http::Created<OrgNode>, OrgCreateInput>(
        {.name = "org.create",
         .method = "POST",
         .path = "/api/v1/org-nodes",
         .permission = kMayEditOrg,
         .summary = "Make a region",
         .tag = "organisation"},
        [&organisation](http::Scope& scope, const OrgCreateInput& input) {
            return create_node(organisation, scope, input);
        });
    routes.add({.name = "org.rename",
                .method = "PATCH",
                .path = "/api/v1/org-nodes/{node_id}",
                .permission = kMayEditOrg,
                .summary = "Rename headquarters or a region",
                .tag = "organisation"},
               rename_node);
}

}  // namespace hangu::organisation
