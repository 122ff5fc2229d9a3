// The SQL of grants, store groups and duty pairs. They belong to the whole tenant: their lists take
// no DataScope; who may see a grant is asked of its places.
#pragma once

#include "platform/storage/tx.hpp"
#include "security/authorization/authorization.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hangu::authorization {

struct GrantRow {
    static constexpr std::string_view kTable = "role_grant";
    GrantId id;
    http::ActorKind actor_kind = http::ActorKind::staff;
    std::int64_t actor_id = 0;
    RoleId role_id;
    std::string node_path;
    Time created_at;
    std::string except_paths;  // separated by spaces
    std::optional<GroupId> group_id;
    std::optional<Time> valid_from;
    std::optional<Time> valid_until;
    std::int64_t given_by = 0;
    Time checked_at;
    std::optional<std::int64_t> reviewed_by;
};
HANGU_STRUCT(GrantRow, id, actor_kind, actor_id, role_id, node_path, created_at, except_paths,
             group_id, valid_from, valid_until, given_by, checked_at, reviewed_by)

// A grant with its role.
struct GrantedRole {
    GrantId id;
    http::ActorKind actor_kind = http::ActorKind::staff;
    std::int64_t actor_id = 0;
    RoleId role_id;
    std::string node_path;
    Time created_at;
    std::string except_paths;
    std::optional<GroupId> group_id;
    std::optional<Time> valid_from;
    std::optional<Time> valid_until;
    std::int64_t given_by = 0;
    Time checked_at;
    std::optional<std::int64_t> reviewed_by;
    std::string role_name;
    bool built_in = false;
    std::string permissions;
    std::optional<std::string> group_name;
};
HANGU_STRUCT(GrantedRole, id, actor_kind, actor_id, role_id, node_path, created_at, except_paths,
             group_id, valid_from, valid_until, given_by, checked_at, reviewed_by, role_name,
             built_in, permissions, group_name)

struct RoleHolders {
    RoleId role_id;
    std::int64_t holders = 0;
};
HANGU_STRUCT(RoleHolders, role_id, holders)

struct GroupRow {
    static constexpr std::string_view kTable = "store_group";
    GroupId id;
    std::string name;
    std::int64_t version = 1;
};
HANGU_STRUCT(GroupRow, id, name, version)

struct GroupPlaceTag;
struct GroupPlaceRow {
    static constexpr std::string_view kTable = "store_group_place";
    Id<GroupPlaceTag> id;
    GroupId group_id;
    std::int64_t node_id = 0;
    std::string node_path;
};
HANGU_STRUCT(GroupPlaceRow, id, group_id, node_id, node_path)

struct DutyPairRow {
    static constexpr std::string_view kTable = "duty_pair";
    DutyPairId id;
    std::string one;
    std::string other;
    Time created_at;
};
HANGU_STRUCT(DutyPairRow, id, one, other, created_at)

class GrantStore {
 public:
    static constexpr std::int64_t kGrantsPerActorMax = 100;
    static constexpr std::int64_t kGrantsOfRoleMax = 100'000;
    static constexpr std::int64_t kGroupsCountMax = 200;  // per tenant
    static constexpr std::int64_t kDutyPairsCountMax = 100;

    explicit GrantStore(storage::Tx& tx) : tx_(tx) {}

    std::vector<GrantedRole> of_actor(http::ActorKind kind, std::int64_t actor_id);
    std::vector<GrantedRole> of_role(RoleId id);
    std::vector<GrantedRole> of_group(GroupId id);
    std::optional<GrantedRole> find(GrantId id);
    std::vector<GrantedRole> unchecked_longest(ReviewPoint after, std::int64_t limit);
    std::vector<RoleHolders> holders();  // staff per role
    std::vector<std::int64_t> holders_of(RoleId id, http::ActorKind kind);
    std::vector<std::int64_t> staff_with_grants();
    bool role_in_use(RoleId id);
    void add(const GrantRow& grant) { tx_.insert(grant); }
    void remove(GrantId id);
    void mark_checked(GrantId id, std::int64_t by);

    std::vector<GroupRow> groups();
    std::optional<GroupRow> find_group(GroupId id);
    std::vector<GroupPlaceRow> places_of_group(GroupId id);
    bool add(const GroupRow& group) { return tx_.try_insert(group); }
    bool has_group_named(std::string_view name, GroupId but);
    bool save(const GroupRow& group);  // false: another version
    bool remove(GroupId id, std::int64_t version);
    void add(const GroupPlaceRow& place) { tx_.insert(place); }
    void remove_places(GroupId id);

    std::vector<DutyPairRow> duty_pairs();
    bool add(const DutyPairRow& pair) { return tx_.try_insert(pair); }
    bool remove(DutyPairId id);

 private:
    storage::Tx& tx_;
};

std::vector<storage::Table> grant_tables();
std::vector<storage::StatementInfo> grant_statements();

}  // namespace hangu::authorization
