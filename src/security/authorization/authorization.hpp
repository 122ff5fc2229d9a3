// Roles and grants: who may do what, where and until when. A role is a set of permissions; a grant
// gives a role to an actor at a place, for ever or for a while. Roles and places are pairs: what
// a role allows holds at the places of its own grants and nowhere else.
#pragma once

#include "base/id.hpp"
#include "base/result.hpp"
#include "platform/http/permission.hpp"
#include "platform/http/scope.hpp"
#include "platform/storage/tx.hpp"
#include "security/identity/identity.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hangu::authorization {

struct RoleTag;
using RoleId = Id<RoleTag>;
struct GrantTag;
using GrantId = Id<GrantTag>;
struct GroupTag;
using GroupId = Id<GroupTag>;
struct DutyPairTag;
using DutyPairId = Id<DutyPairTag>;

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

    friend bool operator==(const Actor&, const Actor&) = default;
};

// Where a grant holds: at a node and below, without some subtrees; or at the stores of a group.
struct GrantPlace {
    std::string node_path;            // "" : the whole tenant; of a group ""
    std::vector<std::string> except;  // paths of nodes below it
    std::optional<GroupId> group_id;

    friend bool operator==(const GrantPlace&, const GrantPlace&) = default;
};

struct GrantWish {
    RoleId role_id;
    GrantPlace place;
    std::optional<Time> from;   // holds from this moment
    std::optional<Time> until;  // and no longer at this one

    friend bool operator==(const GrantWish&, const GrantWish&) = default;
};

struct Grant {
    GrantId id;
    Actor actor;
    std::string role_name;
    std::string group_name;  // of a group
    GrantWish what;
    Time given_at;
    std::int64_t given_by = 0;  // account; 0: the system
    Time checked_at;            // when somebody last said that it is to stay
    std::optional<std::int64_t> reviewed_by;
};

// What an edit of a role does to one person.
struct RoleEffect {
    std::int64_t staff_id = 0;
    http::PermissionSet gains;  // at some place where she had it not
    http::PermissionSet loses;
};

// Why a grant does or does not let its actor do something at a place.
enum class Verdict { gives, not_yet, over, elsewhere, lacks };
HANGU_ENUM(Verdict, gives, not_yet, over, elsewhere, lacks)
struct Reason {
    Grant grant;
    Verdict verdict = Verdict::lacks;
};

struct GroupPlace {
    std::int64_t node_id = 0;
    std::string node_path;

    friend bool operator==(const GroupPlace&, const GroupPlace&) = default;
};
struct Group {
    GroupId id;
    std::string name;
    std::vector<GroupPlace> places;
    std::int64_t grants_count = 0;
    std::int64_t version = 1;
};

// Nobody may hold both at the same place. The owner role is beyond it: she may do everything.
struct DutyPair {
    DutyPairId id;
    std::string one;
    std::string other;
    Time created_at;
    std::vector<std::int64_t> staff_in_conflict;  // who held both when it was made, and still does
};

struct ReviewPoint {  // of a page: behind which grant it goes on
    Time checked_at;
    GrantId id;
};

class Authorization final : public identity::GrantSource {
 public:
    Authorization(const http::PermissionCatalogue& catalogue, identity::Identity& identity);

    // --- roles
    std::vector<Role> roles(storage::Tx& tx);
    Result<Role> find_role(storage::Tx& tx, RoleId id);  // "role.not_found"
    // "role.name_taken", "role.ceiling", "role.built_in", "role.stale", "role.in_use",
    // "role.duties_conflict"
    Result<Role> create_role(http::Scope& scope, std::string_view name,
                             const std::vector<std::string>& permissions);
    // What changes must be held by the caller wherever the role is granted:
    // "permission.outside_scope". Nobody may come to hold two duties: "grant.duties_conflict".
    Result<Role> edit_role(http::Scope& scope, RoleId id, std::optional<std::string> name,
                           std::optional<std::vector<std::string>> permissions,
                           std::int64_t version);
    // Who would gain and lose what; nothing is written.
    Result<std::vector<RoleEffect>> preview_role(http::Scope& scope, RoleId id,
                                                 const std::vector<std::string>& permissions);
    Result<void> remove_role(http::Scope& scope, RoleId id, std::int64_t version);
    // The built-in owner role; makes it where it is missing. For tenant creation; repeatable.
    RoleId seed_owner_role(storage::Tx& tx, IdSource& ids);

    // --- grants
    // Replaces the actor's grants; those that stay keep their history. The caller must hold what is
    // given and what is taken away, there and for as long: "role.ceiling",
    // "permission.outside_scope", "grant.outlasts_giver". "role.last_owner" when nobody would hold
    // the owner role; "grant.duties_conflict"; 422 "grants.too_many_places", "role.unknown" …
    // What is given or taken must lie where the caller holds `by` too. She asks her permission for
    // the person and records the act.
    Result<void> set_grants(http::Scope& scope, Actor actor, const std::vector<GrantWish>& wishes,
                            http::Permission by);
    std::vector<Grant> grants(storage::Tx& tx, Actor actor);
    Result<Grant> find_grant(storage::Tx& tx, GrantId id);  // "grant.not_found"
    // "role.last_owner" when the actor alone holds the owner role; ask before suspending her.
    Result<void> check_not_last_owner(storage::Tx& tx, Actor actor);
    // The actor may do nothing, now or later, that the caller may not: "role.ceiling".
    Result<void> check_not_above(http::Scope& scope, Actor actor);
    // One line per grant of the actor, those that give it first.
    std::vector<Reason> explain(http::Scope& scope, Actor actor, http::Permission permission,
                                std::string_view node_path);

    // --- review
    // Grants of staff, longest unchecked first, those that `shown` agrees to.
    std::vector<Grant> to_review(storage::Tx& tx, std::optional<ReviewPoint> after,
                                 std::size_t count_max,
                                 const std::function<bool(const Grant&)>& shown);
    // Every place of the grant lies where the caller holds the permission.
    bool is_within(http::Scope& scope, http::Permission permission, const Grant& grant);
    Result<Grant> keep(http::Scope& scope, GrantId id);
    Result<Grant> take_away(http::Scope& scope, GrantId id, http::Permission by);

    // --- groups of stores. "store_group.name_taken", ".not_found", ".stale", ".in_use"
    std::vector<Group> groups(storage::Tx& tx);
    Result<Group> find_group(storage::Tx& tx, GroupId id);
    Result<Group> create_group(http::Scope& scope, std::string_view name,
                               const std::vector<GroupPlace>& places);
    // Who holds grants at the group holds them at its new places: the caller must hold them too.
    Result<Group> edit_group(http::Scope& scope, GroupId id, std::string_view name,
                             const std::vector<GroupPlace>& places, std::int64_t version);
    Result<void> remove_group(http::Scope& scope, GroupId id, std::int64_t version);

    // --- separated duties. "duty_pair.exists", "duty_pair.not_found"
    std::vector<DutyPair> duty_pairs(http::Scope& scope);
    Result<DutyPair> add_duty_pair(http::Scope& scope, std::string_view one,
                                   std::string_view other);
    Result<DutyPair> remove_duty_pair(http::Scope& scope, DutyPairId id);

    // identity::GrantSource: what holds at this moment, and until when it stays so.
    identity::ActorGrants grants_of(storage::Tx& tx, http::ActorKind kind,
                                    std::int64_t actor_id) override;

    const http::PermissionCatalogue& catalogue() const { return catalogue_; }
    identity::Identity& identity() { return identity_; }

 private:
    void forget_later(http::Scope& scope, std::vector<std::int64_t> staff);

    const http::PermissionCatalogue& catalogue_;
    identity::Identity& identity_;
};

}  // namespace hangu::authorization
