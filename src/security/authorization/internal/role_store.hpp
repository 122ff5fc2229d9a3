// All SQL of the authorization module. Roles belong to the whole tenant: their lists take no
// DataScope.
#pragma once

#include "platform/storage/tx.hpp"
#include "security/authorization/authorization.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hangu::authorization {

struct GrantTag;
using GrantId = Id<GrantTag>;

struct RoleRow {
    static constexpr std::string_view kTable = "role";
    RoleId id;
    std::string name;
    bool built_in = false;
    std::string permissions;
    std::int64_t version = 1;
};
HANGU_STRUCT(RoleRow, id, name, built_in, permissions, version)

struct GrantRow {
    static constexpr std::string_view kTable = "role_grant";
    GrantId id;
    http::ActorKind actor_kind = http::ActorKind::staff;
    std::int64_t actor_id = 0;
    RoleId role_id;
    std::string node_path;
    Time created_at;
};
HANGU_STRUCT(GrantRow, id, actor_kind, actor_id, role_id, node_path, created_at)

struct GrantedRole {
    RoleId role_id;
    std::string role_name;
    bool built_in = false;
    std::string permissions;
    std::string node_path;
};
HANGU_STRUCT(GrantedRole, role_id, role_name, built_in, permissions, node_path)

struct RoleHolders {
    RoleId role_id;
    std::int64_t holders = 0;
};
HANGU_STRUCT(RoleHolders, role_id, holders)

class RoleStore {
 public:
    static constexpr std::int64_t kRolesCountMax = 200;   // per tenant
    static constexpr std::int64_t kGrantsCountMax = 400;  // per actor

    explicit RoleStore(storage::Tx& tx) : tx_(tx) {}

    std::vector<RoleRow> all();
    std::int64_t count();
    std::optional<RoleRow> find(RoleId id);
    std::optional<RoleRow> find_by_name(std::string_view name);
    std::optional<RoleRow> find_owner();
    bool add(const RoleRow& role) { return tx_.try_insert(role); }
    bool save(const RoleRow& role);  // false: another version
    bool remove(RoleId id, std::int64_t version);

    std::vector<GrantedRole> granted(http::ActorKind kind, std::int64_t actor_id);
    std::vector<RoleHolders> holders();  // staff per role
    std::vector<std::int64_t> holders_of(RoleId id, http::ActorKind kind);
    bool in_use(RoleId id);
    void add(const GrantRow& grant) { tx_.insert(grant); }
    void remove_grants(http::ActorKind kind, std::int64_t actor_id);

 private:
    storage::Tx& tx_;
};

}  // namespace hangu::authorization
