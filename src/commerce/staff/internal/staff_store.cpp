#include "commerce/staff/internal/staff_store.hpp"

namespace hangu::staff {

namespace {

using storage::BlindProbe;
using storage::DataScope;
using storage::Statement;
using Path = std::string_view;

#define HANGU_STAFF_COLUMNS                                                            \
    "select s.id as id, s.node_id as node_id, s.path as path, n.name as node_name,"    \
    " s.phone as phone, s.version as version, s.created_at as created_at from staff s" \
    " join org_node n on n.tenant_id = s.tenant_id and n.id = s.node_id"

constexpr Statement<StaffListRow(StaffId)> kFind{
    "staff.find", HANGU_STAFF_COLUMNS " where s.tenant_id = ?1 and s.id = ?2"};

constexpr Statement<StaffId(BlindProbe)> kOwnerOfPhone{
    "staff.owner_of_phone", "select id from staff where tenant_id = ?1 and phone_blind = ?2"};

constexpr Statement<StaffListRow(DataScope, Path, Path, StaffId, std::int64_t)> kList{
    "staff.list",
    HANGU_STAFF_COLUMNS " where +s.tenant_id = ?1 and " HANGU_WITHIN_SCOPE(
        "s.path") " and s.path >= ?18 and s.path < ?19 and s.id < ?20 order by s.id desc limit "
                  "?21"};

constexpr Statement<std::int64_t(DataScope, Path, Path)> kCount{
    "staff.count", "select count(*) from staff s where s.tenant_id = ?1 and " HANGU_WITHIN_SCOPE(
                       "s.path") " and s.path >= ?18 and s.path < ?19"};

constexpr Statement<void(StaffId, NodeId, std::string_view, std::int64_t)> kSave{
    "staff.save",
    "update staff set node_id = ?3, path = ?4, version = version + 1"
    " where tenant_id = ?1 and id = ?2 and version = ?5"};

#undef HANGU_STAFF_COLUMNS

}  // namespace

std::optional<StaffListRow> StaffStore::find(StaffId id) {
    return tx_.find(kFind, id);
}

std::optional<StaffId> StaffStore::owner_of(const Phone& phone) {
    return tx_.find(kOwnerOfPhone, storage::probe("staff.phone_blind", phone));
}

std::vector<StaffListRow> StaffStore::list(const DataScope& within, std::string_view node_path,
                                           StaffId before, std::int64_t limit) {
    return tx_.list(kList, within, node_path, std::string(node_path) + "~", before, limit);
}

std::int64_t StaffStore::count(const DataScope& within, std::string_view node_path) {
    return tx_.find(kCount, within, node_path, std::string(node_path) + "~").value();
}

bool StaffStore::save(StaffId id, NodeId node, std::string_view path, std::int64_t version) {
    return tx_.run(kSave, id, node, path, version) == 1;
}

std::vector<storage::StatementInfo> staff_statements() {
    using storage::info;
    return {info(kFind),  info(kOwnerOfPhone), info(kList),
            info(kCount), info(kSave),         storage::insert_info<StaffRow>()};
}

}  // namespace hangu::staff
