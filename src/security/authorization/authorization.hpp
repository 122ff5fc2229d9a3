// Roles and grants: who may do what, where. A role is a set of permissions; a grant gives a role to
// an actor at a node of the organisation and everything below it.
//
// First form: an actor's roles hold at all of her places alike (set_grants gives all roles at all
// places), so one permission set and up to four path ranges say everything, without loss.
#pragma once

#include "base/id.hpp"
#include "base/result.hpp"
#include "platform/http/permission.hpp"
#include "platform/http/scope.hpp"
#include "platform/storage/tx.hpp"
#include "security/identity/identity.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hangu::authorization {

struct RoleTag;
using RoleId = Id<RoleTag>;

struct Role {
    RoleId id;
    std::string name;
    bool built_in = false;
    std::vector<std::string> permissions;  // codes; of the owner role: all there are
    std::int64_t staff_count = 0;          // staff who hold it
    std::int64_t version = 1;
};

struct Actor {
    http::ActorKind kind = http::ActorKind::staff;
    std::int64_t id = 0;
};

struct GrantOfActor {
    RoleId role_id;
    std::string role_name;
    std::string node_path;
};

class Authorization final : public identity::GrantSource {
 public:
    Authorization(const http::PermissionCatalogue& catalogue, identity::Identity& identity);

    // --- roles
    std::vector<Role> roles(storage::Tx& tx);
    Result<Role> find_role(storage::Tx& tx, RoleId id);  // "role.not_found"
    // "role.name_taken", "role.ceiling", "role.built_in", "role.stale", "role.in_use".
    Result<Role> create_role(http::Scope& scope, std::string_view name,
                             const std::vector<std::string>& permissions);
    Result<Role> edit_role(http::Scope& scope, RoleId id, std::optional<std::string> name,
                           std::optional<std::vector<std::string>> permissions,
                           std::int64_t version);
    Result<void> remove_role(http::Scope& scope, RoleId id, std::int64_t version);
    // The built-in owner role; makes it where it is missing. For tenant creation; repeatable.
    RoleId seed_owner_role(storage::Tx& tx, IdSource& ids);

    // --- grants
    // Replaces the actor's grants by: all these roles at each of these places. The caller must hold
    // what is given and what is taken away, at those places: "role.ceiling". 422 "role.unknown";
    // "role.last_owner" when nobody would hold the owner role; 422 "grants.too_many_places".
    // The caller asks its own permission and records its own act.
    Result<void> set_grants(http::Scope& scope, Actor actor, std::string_view node_path,
                            const std::vector<RoleId>& roles);
    Result<void> set_grants(http::Scope& scope, Actor actor,
                            const std::vector<std::string>& node_paths,
                            const std::vector<RoleId>& roles);
    std::vector<GrantOfActor> grants(storage::Tx& tx, Actor actor);
    // "role.last_owner" when the actor alone holds the owner role; ask before suspending her.
    Result<void> check_not_last_owner(storage::Tx& tx, Actor actor);

    // identity::GrantSource: the union of permissions, and of ranges (at most four; what does not
    // fit is not granted).
    identity::ActorGrants grants_of(storage::Tx& tx, http::ActorKind kind,
                                    std::int64_t actor_id) override;

    const http::PermissionCatalogue& catalogue() const { return catalogue_; }

 private:
    const http::PermissionCatalogue& catalogue_;
    identity::Identity& identity_;
};

}  // namespace hangu::authorization
