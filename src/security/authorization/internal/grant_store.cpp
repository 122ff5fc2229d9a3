#include "security/authorization/internal/grant_store.hpp"

namespace hangu::authorization {

namespace {

using http::ActorKind;
using storage::Statement;

#define HANGU_GRANT_COLUMNS                                                                \
    "select g.id, g.actor_kind, g.actor_id, g.role_id, g.node_path, g.created_at,"         \
    " g.except_paths, g.group_id, g.valid_from, g.valid_until, g.given_by, g.checked_at,"  \
    " g.reviewed_by, r.name as role_name, r.built_in, r.permissions, p.name as group_name" \
    " from role_grant g join role r on r.tenant_id = g.tenant_id and r.id = g.role_id"     \
    " left join store_group p on p.tenant_id = g.tenant_id and p.id = g.group_id"          \
    " where g.tenant_id = ?1"

constexpr Statement<GrantedRole(ActorKind, std::int64_t, std::int64_t)> kOfActor{
    "role_grant.of_actor",
    HANGU_GRANT_COLUMNS " and g.actor_kind = ?2 and g.actor_id = ?3 order by g.id limit ?4"};
constexpr Statement<GrantedRole(RoleId, std::int64_t)> kOfRole{
    "role_grant.of_role", HANGU_GRANT_COLUMNS " and g.role_id = ?2 order by g.id limit ?3"};
constexpr Statement<GrantedRole(GroupId, std::int64_t)> kOfGroup{
    "role_grant.of_group", HANGU_GRANT_COLUMNS " and g.group_id = ?2 order by g.id limit ?3"};
constexpr Statement<GrantedRole(GrantId)> kFind{"role_grant.find",
                                                HANGU_GRANT_COLUMNS " and g.id = ?2"};
constexpr Statement<GrantedRole(Time, GrantId, std::int64_t)> kUnchecked{
    "role_grant.unchecked", HANGU_GRANT_COLUMNS
    " and g.actor_kind = 'staff' and g.checked_at >= ?2"
    " and (g.checked_at > ?2 or g.id > ?3) order by g.checked_at, g.id limit ?4"};
constexpr Statement<RoleHolders()> kHolders{
    "role_grant.holders",
    "select role_id, count(distinct actor_id) as holders from role_grant"
    " where tenant_id = ?1 and actor_kind = 'staff' group by role_id",
    {"counts the staff of every role; as many rows as staff have roles"}};
constexpr Statement<std::int64_t(RoleId, ActorKind)> kHoldersOf{
    "role_grant.holders_of",
    "select distinct actor_id from role_grant"
    " where tenant_id = ?1 and role_id = ?2 and actor_kind = ?3"};
constexpr Statement<std::int64_t()> kStaffWithGrants{
    "role_grant.staff",
    "select distinct actor_id from role_grant where tenant_id = ?1 and actor_kind = 'staff'"};
constexpr Statement<std::int64_t(RoleId)> kInUse{
    "role_grant.in_use", "select id from role_grant where tenant_id = ?1 and role_id = ?2 limit 1"};
constexpr Statement<void(GrantId)> kRemove{
    "role_grant.remove", "delete from role_grant where tenant_id = ?1 and id = ?2"};
constexpr Statement<void(GrantId, Time, std::int64_t)> kMarkChecked{
    "role_grant.mark_checked",
    "update role_grant set checked_at = ?3, reviewed_by = ?4 where tenant_id = ?1 and id = ?2"};

constexpr Statement<GroupRow(std::int64_t)> kGroups{
    "store_group.all",
    "select id, name, version from store_group where tenant_id = ?1 order by name limit ?2",
    {"a tenant has 200 groups at most"}};
constexpr Statement<GroupRow(GroupId)> kFindGroup{
    "store_group.find",
    "select id, name, version from store_group where tenant_id = ?1 and id = ?2"};
constexpr Statement<std::int64_t(std::string_view, GroupId)> kGroupNamed{
    "store_group.named",
    "select id from store_group where tenant_id = ?1 and name = ?2 and id <> ?3"};
constexpr Statement<GroupPlaceRow(GroupId)> kPlaces{
    "store_group_place.of_group",
    "select id, group_id, node_id, node_path from store_group_place"
    " where tenant_id = ?1 and group_id = ?2 order by node_id"};
constexpr Statement<void(GroupId, std::string_view, std::int64_t)> kSaveGroup{
    "store_group.save",
    "update store_group set name = ?3, version = version + 1"
    " where tenant_id = ?1 and id = ?2 and version = ?4"};
constexpr Statement<void(GroupId, std::int64_t)> kRemoveGroup{
    "store_group.remove",
    "delete from store_group where tenant_id = ?1 and id = ?2 and version = ?3"};
constexpr Statement<void(GroupId)> kRemovePlaces{
    "store_group_place.remove",
    "delete from store_group_place where tenant_id = ?1 and group_id = ?2"};

constexpr Statement<DutyPairRow(std::int64_t)> kDutyPairs{
    "duty_pair.all",
    "select id, one, other, created_at from duty_pair where tenant_id = ?1"
    " order by one, other limit ?2",
    {"a tenant has 100 pairs at most"}};
constexpr Statement<void(DutyPairId)> kRemoveDutyPair{
    "duty_pair.remove", "delete from duty_pair where tenant_id = ?1 and id = ?2"};

using storage::ColumnType;
using storage::DataClass;
using storage::Level;

constexpr storage::Column kGrantColumns[] = {
    {"id", ColumnType::integer, DataClass::key, Level::internal},
    {"actor_kind", ColumnType::text, DataClass::technical, Level::internal},
    {"actor_id", ColumnType::integer, DataClass::key, Level::internal},
    {"role_id", ColumnType::integer, DataClass::key, Level::internal},
    {"node_path", ColumnType::text, DataClass::business, Level::internal},
    {"created_at", ColumnType::integer, DataClass::technical, Level::internal},
    {"except_paths", ColumnType::text, DataClass::business, Level::internal},
    {"group_id", ColumnType::integer, DataClass::key, Level::internal, true},
    {"valid_from", ColumnType::integer, DataClass::business, Level::internal, true},
    {"valid_until", ColumnType::integer, DataClass::business, Level::internal, true},
    {"given_by", ColumnType::integer, DataClass::key, Level::internal},
    {"checked_at", ColumnType::integer, DataClass::technical, Level::internal},
    {"reviewed_by", ColumnType::integer, DataClass::key, Level::internal, true},
};
constexpr storage::Column kGroupColumns[] = {
    {"id", ColumnType::integer, DataClass::key, Level::internal},
    {"name", ColumnType::text, DataClass::business, Level::internal},
    {"version", ColumnType::integer, DataClass::technical, Level::internal},
};
constexpr storage::Column kGroupPlaceColumns[] = {
    {"id", ColumnType::integer, DataClass::key, Level::internal},
    {"group_id", ColumnType::integer, DataClass::key, Level::internal},
    {"node_id", ColumnType::integer, DataClass::key, Level::internal},
    {"node_path", ColumnType::text, DataClass::business, Level::internal},
};
constexpr storage::Column kDutyPairColumns[] = {
    {"id", ColumnType::integer, DataClass::key, Level::internal},
    {"one", ColumnType::text, DataClass::technical, Level::internal},
    {"other", ColumnType::text, DataClass::technical, Level::internal},
    {"created_at", ColumnType::integer, DataClass::technical, Level::internal},
};

}  // namespace

std::vector<GrantedRole> GrantStore::of_actor(ActorKind kind, std::int64_t actor_id) {
    return tx_.list(kOfActor, kind, actor_id, kGrantsPerActorMax);
}

std::vector<GrantedRole> GrantStore::of_role(RoleId id) {
    return tx_.list(kOfRole, id, kGrantsOfRoleMax);
}

std::vector<GrantedRole> GrantStore::of_group(GroupId id) {
    return tx_.list(kOfGroup, id, kGrantsOfRoleMax);
}

std::optional<GrantedRole> GrantStore::find(GrantId id) {
    return tx_.find(kFind, id);
}

std::vector<GrantedRole> GrantStore::unchecked_longest(ReviewPoint after, std::int64_t limit) {
    return tx_.list(kUnchecked, after.checked_at, after.id, limit);
}

std::vector<RoleHolders> GrantStore::holders() {
    return tx_.list(kHolders);
}

std::vector<std::int64_t> GrantStore::holders_of(RoleId id, ActorKind kind) {
    return tx_.list(kHoldersOf, id, kind);
}

std::vector<std::int64_t> GrantStore::staff_with_grants() {
    return tx_.list(kStaffWithGrants);
}

bool GrantStore::role_in_use(RoleId id) {
    return tx_.find(kInUse, id).has_value();
}

void GrantStore::remove(GrantId id) {
    tx_.run(kRemove, id);
}

void GrantStore::mark_checked(GrantId id, std::int64_t by) {
    tx_.run(kMarkChecked, id, tx_.now(), by);
}

std::vector<GroupRow> GrantStore::groups() {
    return tx_.list(kGroups, kGroupsCountMax + 1);
}

std::optional<GroupRow> GrantStore::find_group(GroupId id) {
    return tx_.find(kFindGroup, id);
}

std::vector<GroupPlaceRow> GrantStore::places_of_group(GroupId id) {
    return tx_.list(kPlaces, id);
}

bool GrantStore::has_group_named(std::string_view name, GroupId but) {
    return tx_.find(kGroupNamed, name, but).has_value();
}

bool GrantStore::save(const GroupRow& group) {
    return tx_.run(kSaveGroup, group.id, group.name, group.version) == 1;
}

bool GrantStore::remove(GroupId id, std::int64_t version) {
    return tx_.run(kRemoveGroup, id, version) == 1;
}

void GrantStore::remove_places(GroupId id) {
    tx_.run(kRemovePlaces, id);
}

std::vector<DutyPairRow> GrantStore::duty_pairs() {
    return tx_.list(kDutyPairs, kDutyPairsCountMax + 1);
}

bool GrantStore::remove(DutyPairId id) {
    return tx_.run(kRemoveDutyPair, id) == 1;
}

std::vector<storage::Table> grant_tables() {
    return {{"role_grant", kGrantColumns},
            {"store_group", kGroupColumns},
            {"store_group_place", kGroupPlaceColumns},
            {"duty_pair", kDutyPairColumns}};
}

std::vector<storage::StatementInfo> grant_statements() {
    using storage::info;
    using storage::insert_info;
    return {insert_info<GrantRow>(),
            insert_info<GroupRow>(),
            insert_info<GroupPlaceRow>(),
            insert_info<DutyPairRow>(),
            info(kOfActor),
            info(kOfRole),
            info(kOfGroup),
            info(kFind),
            info(kUnchecked),
            info(kHolders),
            info(kHoldersOf),
            info(kStaffWithGrants),
            info(kInUse),
            info(kRemove),
            info(kMarkChecked),
            info(kGroups),
            info(kFindGroup),
            info(kGroupNamed),
            info(kPlaces),
            info(kSaveGroup),
            info(kRemoveGroup),
            info(kRemovePlaces),
            info(kDutyPairs),
            info(kRemoveDutyPair)};
}

}  // namespace hangu::authorization
