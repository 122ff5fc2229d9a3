// Keys of applications (open API), the gate of the application realm, and the gate that asks
// several.
#pragma once

#include "base/id.hpp"
#include "base/randomness.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "platform/http/gate.hpp"
#include "platform/http/permission.hpp"
#include "platform/http/scope.hpp"
#include "platform/storage/engine.hpp"
#include "security/identity/caller_cache.hpp"
#include "security/tenant/tenant.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hangu::open_api {

struct AppKeyTag;
using AppKeyId = Id<AppKeyTag>;

enum class KeyState { active, revoked };
HANGU_ENUM(KeyState, active, revoked)

struct Key {
    AppKeyId id;
    std::string name;
    std::string prefix;  // the key's text without its secret part, to tell keys apart
    std::vector<std::string> permissions;
    std::string node_path;
    KeyState state = KeyState::active;
    std::optional<Time> last_used_at;
    Time created_at;
    std::int64_t version = 1;
};

struct NewKey {
    Key key;
    std::string secret;  // "hgk_<tenant>_<key>_<43 characters>"; shown once, stored hashed
};

struct KeyList {
    std::vector<Key> items;
    std::optional<AppKeyId> next;
    std::int64_t total = 0;
};

// Port: where a node of the organisation stands (organisation). "org_node.not_found".
class NodePaths {
 public:
    virtual ~NodePaths() = default;
    virtual Result<std::string> path_of_node(storage::Tx& tx, std::int64_t node_id) = 0;
};

class OpenApi final : public http::Gate {
 public:
    OpenApi(storage::Engine& engine, tenant::Tenants& tenants, http::World& world,
            std::size_t callers_count_max = 10'000);

    void set_node_paths(NodePaths& paths) { node_paths_ = &paths; }
    NodePaths* node_paths() { return node_paths_; }

    // Callers ask their own permission first. The creator gives only what she holds:
    // "role.ceiling", and only inside her places: "permission.outside_scope".
    Result<NewKey> create(http::Scope& scope, std::string_view name,
                          const std::vector<std::string>& permissions, std::string_view node_path);
    // Refused from the next request on, as soon as this is committed. Repeatable.
    Result<Key> revoke(http::Scope& scope, AppKeyId id);
    Result<Key> find(storage::Tx& tx, AppKeyId id);  // "app_key.not_found"
    KeyList list(storage::Tx& tx, const storage::DataScope& places, AppKeyId before,
                 std::size_t count_max);

    // Active keys that this person made and that allow what `still` does not: revoked, as above.
    std::vector<Key> end_keys_of(http::Scope& scope, std::int64_t staff, const http::Rights& still);
    std::int64_t count_keys_of(storage::Tx& tx, std::int64_t staff);

    // Writes "last used", at most once per 5 minutes and key; never waits. For a job of 30 seconds.
    void flush_last_used();
    // What is remembered of the tenant's keys: another node may have changed them.
    void forget(TenantId tenant) { callers_.forget(tenant); }

    // --- http::Gate of the application realm (Authorization: Bearer hgk_…)
    std::optional<http::Credential> credential(const http::Request& request) const override;
    std::shared_ptr<const http::Caller> known(const http::Credential& credential,
                                              Time now) override;
    Result<std::shared_ptr<const http::Caller>> recognise(
        storage::Tx& tx, const http::Credential& credential) override;

 private:
    storage::Engine& engine_;
    tenant::Tenants& tenants_;
    http::World& world_;
    NodePaths* node_paths_ = nullptr;
    identity::CallerCache callers_;
};

// Asks the gate of the credential's realm; the first gate that finds a credential decides the
// realm.
class Gates final : public http::Gate {
 public:
    using RealmGate = std::pair<http::Realm, http::Gate*>;

    explicit Gates(std::vector<RealmGate> gates) : gates_(std::move(gates)) {}

    std::optional<http::Credential> credential(const http::Request& request) const override;
    std::shared_ptr<const http::Caller> known(const http::Credential& credential,
                                              Time now) override;
    Result<std::shared_ptr<const http::Caller>> recognise(
        storage::Tx& tx, const http::Credential& credential) override;

 private:
    http::Gate* gate_of(http::Realm realm) const;

    std::vector<RealmGate> gates_;
};

}  // namespace hangu::open_api
