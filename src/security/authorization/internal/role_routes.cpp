// GET /permissions and the routes of roles.
#include "security/authorization/internal/role_routes.hpp"
#include "security/authorization/internal/grant_rules.hpp"
#include "security/authorization/module.hpp"

#include "base/text.hpp"

#include <map>
#include <utility>

namespace hangu::authorization {

namespace {

using http::Scope;

constexpr http::Permission kMayEdit{"role.edit"};
constexpr std::size_t kCodesCountMax = http::kPermissionsCountMax;

using Code = Text<1, 64>;
using RoleName = Text<1, 40>;
using Version = Number<1, 1'000'000'000>;

struct PermissionView {
    std::string code;
    http::PermissionKind kind = http::PermissionKind::menu;
    std::string name_zh;
    std::string name_en;
    std::vector<PermissionView> children;
};
HANGU_STRUCT(PermissionView, code, kind, name_zh, name_en, children)

struct PermissionTree {
    std::vector<PermissionView> items;
};
HANGU_STRUCT(PermissionTree, items)

struct RoleView {
    RoleId id;
    std::string name;
    bool built_in = false;
    std::vector<std::string> permissions;
    std::int64_t staff_count = 0;
    std::int64_t version = 1;
};
HANGU_STRUCT(RoleView, id, name, built_in, permissions, staff_count, version)

struct RoleList {
    std::vector<RoleView> items;
};
HANGU_STRUCT(RoleList, items)

struct CreateRole {
    RoleName name;
    List<Code, 0, kCodesCountMax> permissions;
};
HANGU_STRUCT(CreateRole, name, permissions)

struct EditRole {
    RoleId role_id;
    std::optional<RoleName> name;
    std::optional<List<Code, 0, kCodesCountMax>> permissions;
    Version version;
};
HANGU_STRUCT(EditRole, role_id, name, permissions, version)

struct RemoveRole {
    RoleId role_id;
    Version version;
};
HANGU_STRUCT(RemoveRole, role_id, version)

RoleView view_of(Role role) {
    return {role.id,          std::move(role.name), role.built_in, std::move(role.permissions),
            role.staff_count, role.version};
}

template <class Codes>
std::vector<std::string> texts_of(const Codes& codes) {
    std::vector<std::string> texts;
    for (const Code& code : codes) {
        texts.push_back(code.str());
    }
    return texts;
}

std::vector<PermissionView> children_of(const std::vector<http::PermissionNode>& nodes,
                                        std::string_view parent) {
    std::vector<PermissionView> children;
    for (const http::PermissionNode& node : nodes) {
        if (node.parent == parent) {
            children.push_back({std::string(node.code), node.kind, std::string(node.name_zh),
                                std::string(node.name_en), children_of(nodes, node.code)});
        }
    }
    return children;
}

std::string joined(const std::vector<std::string>& codes) {
    std::string text;
    for (const std::string& code : codes) {
        text += text.empty() ? "" : " ";
        text += code;
    }
    return text;
}

void record(Scope& scope, std::string_view action, const Role& role,
            std::vector<http::AuditField> fields) {
    http::AuditFact fact;
    fact.action = action;
    fact.subject_kind = "role";
    fact.subject_id = role.id.text();
    fact.subject_label = role.name;
    fact.fields = std::move(fields);
    scope.audit(std::move(fact));
}

Result<RoleList> list_roles(Authorization& authorization, Scope& scope) {
    HANGU_CHECK(scope.authorize(kMayView));
    RoleList list;
    for (Role& role : authorization.roles(scope.tx())) {
        list.items.push_back(view_of(std::move(role)));
    }
    return list;
}

Result<http::Created<RoleView>> create_role(Authorization& authorization, Scope& scope,
                                            const CreateRole& input) {
    HANGU_CHECK(scope.authorize(kMayEdit));
    HANGU_TRY(Role role,
              authorization.create_role(scope, input.name.str(), texts_of(input.permissions)));
    record(scope, "role.created", role, {{"permissions", "", joined(role.permissions)}});
    return http::Created<RoleView>{view_of(std::move(role))};
}

Result<RoleView> edit_role(Authorization& authorization, Scope& scope, const EditRole& input) {
    HANGU_CHECK(scope.authorize(kMayEdit));
    HANGU_TRY(const Role before, authorization.find_role(scope.tx(), input.role_id));
    std::optional<std::string> name;
    if (input.name) {
        name = input.name->str();
    }
    std::optional<std::vector<std::string>> permissions;
    if (input.permissions) {
        permissions = texts_of(*input.permissions);
    }
    HANGU_TRY(Role after, authorization.edit_role(scope, input.role_id, std::move(name),
                                                  std::move(permissions), input.version));
    std::vector<http::AuditField> fields;
    if (after.name != before.name) {
        fields.push_back({"name", before.name, after.name});
    }
    if (after.permissions != before.permissions) {
        fields.push_back({"permissions", joined(before.permissions), joined(after.permissions)});
    }
    record(scope, "role.edited", after, std::move(fields));
    return view_of(std::move(after));
}

Result<http::NoContent> remove_role(Authorization& authorization, Scope& scope,
                                    const RemoveRole& input) {
    HANGU_CHECK(scope.authorize(kMayEdit));
    HANGU_TRY(const Role role, authorization.find_role(scope.tx(), input.role_id));
    HANGU_CHECK(authorization.remove_role(scope, input.role_id, input.version));
    record(scope, "role.removed", role, {{"permissions", joined(role.permissions), ""}});
    return http::NoContent{};
}

template <class Output, class F>
http::RouteEntry without_input(const http::Route& route, F handler) {
    http::RouteEntry entry;
    entry.route = route;
    entry.output_schema = [](json::Schemas& schemas) {
        return json::Codec<Output>::schema(schemas);
    };
    entry.handle = [handler](Scope& scope, const http::Request&,
                             const http::PathParameters&) -> Result<http::Response> {
        HANGU_TRY(const Output output, handler(scope));
        return http::json_response(200, json::to_text(output));
    };
    return entry;
}

// How many people of each permission are listed by name; the count is whole.
constexpr std::size_t kPeopleShownMax = 20;

struct PreviewRole {
    RoleId role_id;
    List<Code, 0, kCodesCountMax> permissions;
};
HANGU_STRUCT(PreviewRole, role_id, permissions)

struct EffectSide {
    std::int64_t people_count = 0;
    std::vector<PersonView> people;  // some of them
};
HANGU_STRUCT(EffectSide, people_count, people)

struct EffectView {
    std::string permission;
    EffectSide gain;
    EffectSide lose;
};
HANGU_STRUCT(EffectView, permission, gain, lose)

struct RolePreview {
    std::int64_t people_count = 0;  // whose rights change at all
    std::vector<EffectView> changes;
};
HANGU_STRUCT(RolePreview, people_count, changes)

Result<RolePreview> preview_role(Authorization& authorization, Scope& scope,
                                 const PreviewRole& input) {
    HANGU_CHECK(scope.authorize(kMayEdit));
    HANGU_TRY(const std::vector<RoleEffect> effects,
              authorization.preview_role(scope, input.role_id, texts_of(input.permissions)));
    RolePreview preview;
    preview.people_count = static_cast<std::int64_t>(effects.size());
    const http::PermissionCatalogue& catalogue = authorization.catalogue();
    for (const std::string& code : catalogue.codes_of(catalogue.all())) {
        const std::size_t bit = catalogue.bit(code).value();
        EffectView view{code, {}, {}};
        const auto note = [&](EffectSide& side, const RoleEffect& effect) {
            if (++side.people_count <= static_cast<std::int64_t>(kPeopleShownMax)) {
                side.people.push_back(person_view(authorization, scope.tx(), effect.staff_id));
            }
        };
        for (const RoleEffect& effect : effects) {
            if (effect.gains.test(bit)) {
                note(view.gain, effect);
            }
            if (effect.loses.test(bit)) {
                note(view.lose, effect);
            }
        }
        if (view.gain.people_count + view.lose.people_count > 0) {
            preview.changes.push_back(std::move(view));
        }
    }
    return preview;
}

}  // namespace

PersonView person_view(Authorization& authorization, storage::Tx& tx, std::int64_t staff) {
    PersonView view;
    view.id = identity::StaffId(staff);
    const Result<identity::Account> account = authorization.identity().find(tx, view.id);
    if (account.ok()) {
        view.name_masked = account->name.masked();
    }
    return view;
}

http::Route role_route(std::string_view name, std::string_view method, std::string_view path,
                       http::Permission permission, std::string_view summary) {
    http::Route made;
    made.name = name;
    made.method = method;
    made.path = path;
    made.permission = permission;
    made.guard = permission.code.empty() ? http::Guard::signed_in : http::Guard::tenant;
    made.work = method == "GET" ? http::Work::read : http::Work::write;
    made.summary = summary;
    made.tag = "roles";
    return made;
}

std::vector<http::PermissionNode> permissions() {
    using http::PermissionKind;
    return {
        {PermissionKind::page, "role.view", "organisation", "角色", "Roles"},
        {PermissionKind::button, "role.edit", "role.view", "编辑角色", "Edit roles"},
        {PermissionKind::button, "role.duties", "role.view", "设置互斥职责", "Separate duties"}};
}

void add_routes(http::Routes& routes, Authorization& authorization) {
    Authorization* self = &authorization;
    routes.add_entry(without_input<PermissionTree>(
        role_route("permission.list", "GET", "/api/v1/permissions", {},
                   "All permissions as the tree of menus, pages and buttons"),
        [self](Scope&) -> Result<PermissionTree> {
            return PermissionTree{children_of(self->catalogue().nodes(), "")};
        }));
    routes.add_entry(without_input<RoleList>(
        role_route("role.list", "GET", "/api/v1/roles", kMayView, "Roles, and how many hold them"),
        [self](Scope& scope) { return list_roles(*self, scope); }));
    routes.add_with<http::Created<RoleView>, CreateRole>(
        role_route("role.create", "POST", "/api/v1/roles", kMayEdit, "Make a role"),
        [self](Scope& scope, const CreateRole& input) { return create_role(*self, scope, input); });
    routes.add_with<RoleView, EditRole>(
        role_route("role.edit", "PATCH", "/api/v1/roles/{role_id}", kMayEdit, "Change a role"),
        [self](Scope& scope, const EditRole& input) { return edit_role(*self, scope, input); });
    http::Route preview =
        role_route("role.preview", "POST", "/api/v1/roles/{role_id}/preview", kMayEdit,
                   "Who would gain and lose what by an edit; nothing is changed");
    preview.work = http::Work::read;
    routes.add_with<RolePreview, PreviewRole>(preview,
                                              [self](Scope& scope, const PreviewRole& input) {
                                                  return preview_role(*self, scope, input);
                                              });
    routes.add_with<http::NoContent, RemoveRole>(
        role_route("role.remove", "DELETE", "/api/v1/roles/{role_id}", kMayEdit,
                   "Remove a role that nobody holds"),
        [self](Scope& scope, const RemoveRole& input) { return remove_role(*self, scope, input); });
    add_duty_routes(routes, authorization);
}

}  // namespace hangu::authorization
