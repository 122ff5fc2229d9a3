// The routes of application keys.
#include "security/open_api/module.hpp"

#include "base/text.hpp"

#include <utility>

namespace hangu::open_api {

namespace {

using http::Scope;

constexpr http::Permission kMayView{"app_key.view"};
constexpr http::Permission kMayEdit{"app_key.edit"};
constexpr std::int64_t kLimitDefault = 20;

struct NodeTag;

struct AppKeyQuery {
    std::optional<Number<1, 100>> limit;
    std::optional<AppKeyId> cursor;
};
HANGU_STRUCT(AppKeyQuery, limit, cursor)

struct CreateAppKey {
    Text<1, 60> name;
    List<Text<1, 64>, 1, http::kPermissionsCountMax> permissions;
    std::optional<Id<NodeTag>> node_id;
};
HANGU_STRUCT(CreateAppKey, name, permissions, node_id)

struct RevokeAppKey {
    AppKeyId key_id;
};
HANGU_STRUCT(RevokeAppKey, key_id)

struct AppKeyView {
    AppKeyId id;
    std::string name;
    std::string prefix;
    std::vector<std::string> permissions;
    KeyState state = KeyState::active;
    std::optional<Time> last_used_at;
    Time created_at;
    std::int64_t version = 1;
};
HANGU_STRUCT(AppKeyView, id, name, prefix, permissions, state, last_used_at, created_at, version)

struct AppKeyPage {
    std::vector<AppKeyView> items;
    std::optional<std::string> next_cursor;
    std::int64_t total = 0;
};
HANGU_STRUCT(AppKeyPage, items, next_cursor, total)

struct CreatedAppKey {
    AppKeyView app_key;
    std::string secret;
};
HANGU_STRUCT(CreatedAppKey, app_key, secret)

AppKeyView view_of(Key key) {
    return {key.id,    std::move(key.name), std::move(key.prefix), std::move(key.permissions),
            key.state, key.last_used_at,    key.created_at,        key.version};
}

void record(Scope& scope, std::string_view action, const Key& key,
            std::vector<http::AuditField> fields) {
    http::AuditFact fact;
    fact.action = action;
    fact.subject_kind = "app_key";
    fact.subject_id = key.id.text();
    fact.subject_label = key.name;
    fact.fields = std::move(fields);
    fact.org_path = key.node_path;
    scope.audit(std::move(fact));
}

Result<AppKeyPage> list_keys(OpenApi& open_api, Scope& scope, const AppKeyQuery& query) {
    HANGU_TRY(const storage::DataScope places, scope.within(kMayView));
    const std::int64_t limit = query.limit ? std::int64_t{*query.limit} : kLimitDefault;
    KeyList list = open_api.list(scope.tx(), places, query.cursor.value_or(AppKeyId()),
                                 static_cast<std::size_t>(limit));
    AppKeyPage page;
    for (Key& key : list.items) {
        page.items.push_back(view_of(std::move(key)));
    }
    if (list.next) {
        page.next_cursor = list.next->text();
    }
    page.total = list.total;
    return page;
}

Result<http::Created<CreatedAppKey>> create_key(OpenApi& open_api, Scope& scope,
                                                const CreateAppKey& input) {
    std::string path;
    if (input.node_id) {
        HANGU_ASSERT(open_api.node_paths() != nullptr);
        HANGU_TRY(path, open_api.node_paths()->path_of_node(scope.tx(), input.node_id->value()));
    }
    HANGU_CHECK(scope.authorize(kMayEdit, path));
    std::vector<std::string> codes;
    std::string joined;
    for (const Text<1, 64>& code : input.permissions) {
        codes.push_back(code.str());
        joined += joined.empty() ? "" : " ";
        joined += code.str();
    }
    HANGU_TRY(NewKey made, open_api.create(scope, input.name.str(), codes, path));
    record(scope, "app_key.created", made.key, {{"permissions", "", joined}});
    return http::Created<CreatedAppKey>{{view_of(std::move(made.key)), std::move(made.secret)}};
}

Result<http::NoContent> revoke_key(OpenApi& open_api, Scope& scope, const RevokeAppKey& input) {
    HANGU_TRY(const Key before, open_api.find(scope.tx(), input.key_id));
    HANGU_CHECK(scope.authorize(kMayEdit, before.node_path));
    HANGU_TRY(const Key after, open_api.revoke(scope, input.key_id));
    if (before.state != after.state) {
        record(scope, "app_key.revoked", after, {{"state", "active", "revoked"}});
    }
    return http::NoContent{};
}

http::Route route(std::string_view name, std::string_view method, std::string_view path,
                  http::Permission permission, std::string_view summary) {
    http::Route made;
    made.name = name;
    made.method = method;
    made.path = path;
    made.permission = permission;
    made.guard = http::Guard::organisation;
    made.work = method == "GET" ? http::Work::read : http::Work::write;
    made.summary = summary;
    made.tag = "app keys";
    return made;
}

}  // namespace

std::vector<http::PermissionNode> permissions() {
    using http::PermissionKind;
    return {{PermissionKind::page, "app_key.view", "safety", "开放接口密钥", "API keys"},
            {PermissionKind::button, "app_key.edit", "app_key.view", "管理密钥", "Manage keys"}};
}

void add_routes(http::Routes& routes, OpenApi& open_api) {
    OpenApi* self = &open_api;
    routes.add_with<AppKeyPage, AppKeyQuery>(
        route("app_key.list", "GET", "/api/v1/app-keys", kMayView, "Keys of applications"),
        [self](Scope& scope, const AppKeyQuery& query) { return list_keys(*self, scope, query); });
    routes.add_with<http::Created<CreatedAppKey>, CreateAppKey>(
        route("app_key.create", "POST", "/api/v1/app-keys", kMayEdit,
              "Make a key; its text is shown this once"),
        [self](Scope& scope, const CreateAppKey& input) {
            return create_key(*self, scope, input);
        });
    routes.add_with<http::NoContent, RevokeAppKey>(
        route("app_key.revoke", "DELETE", "/api/v1/app-keys/{key_id}", kMayEdit,
              "Revoke a key; it is refused from the next request on"),
        [self](Scope& scope, const RevokeAppKey& input) {
            return revoke_key(*self, scope, input);
        });
}

}  // namespace hangu::open_api
