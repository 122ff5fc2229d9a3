#include "commerce/organisation/internal/organisation_store.hpp"

namespace hangu::organisation {

namespace {

using storage::DataScope;
using storage::Statement;

constexpr Statement<NodeRow(NodeId)> kFindNode{
    "org.find",
    "select id, parent_id, kind, name, path, depth, sort, store_id, last_child, version"
    " from org_node where tenant_id = ?1 and id = ?2"};

constexpr Statement<NodePlace(std::string_view)> kFindByPath{
    "org.find_by_path",
    "select id, kind, name, path, depth from org_node where tenant_id = ?1 and path = ?2"};

constexpr Statement<NodePlace()> kFindHeadquarters{
    "org.find_headquarters",
    "select id, kind, name, path, depth from org_node"
    " where tenant_id = ?1 and path = ''"};

constexpr Statement<NodeRow(DataScope)> kNodesWithin{
    "org.list",
    "select id, parent_id, kind, name, path, depth, sort, store_id, last_child, version"
    " from org_node where tenant_id = ?1 and " HANGU_WITHIN_SCOPE("path") " order by path"};

constexpr Statement<void(NodeId)> kTakeLabel{
    "org.take_label",
    "update org_node set last_child = last_child + 1 where tenant_id = ?1 and id = ?2"};

constexpr Statement<std::int64_t(NodeId)> kLabelTaken{
    "org.label_taken", "select last_child from org_node where tenant_id = ?1 and id = ?2"};

constexpr Statement<void(NodeId, std::string_view, std::int64_t)> kRenameNode{
    "org.rename",
    "update org_node set name = ?3, version = version + 1"
    " where tenant_id = ?1 and id = ?2 and version = ?4"};

constexpr Statement<void(NodeId, std::string_view)> kRenameNodeOf{
    "org.rename_with_store",
    "update org_node set name = ?3, version = version + 1 where tenant_id = ?1 and id = ?2"};

constexpr Statement<StorePlace(StoreId)> kFindPlace{
    "store.find_place",
    "select id, node_id, code, name, path, state from store where tenant_id = ?1 and id = ?2"};

constexpr Statement<StorePlace(std::string_view)> kFindPlaceByCode{
    "store.find_place_by_code",
    "select id, node_id, code, name, path, state from store where tenant_id = ?1 and code = ?2"};

constexpr Statement<StorePlace(DataScope)> kPlacesWithin{
    "store.places",
    "select id, node_id, code, name, path, state from store"
    " where tenant_id = ?1 and " HANGU_WITHIN_SCOPE("path") " order by code"};

constexpr Statement<StorePlace(DataScope)> kTwoPlacesWithin{
    "store.two_places",
    "select id, node_id, code, name, path, state from store"
    " where tenant_id = ?1 and " HANGU_WITHIN_SCOPE("path") " order by code limit 2"};

#define HANGU_STORE_COLUMNS                                                              \
    "select s.id as id, s.node_id as node_id, p.id as parent_id, p.name as parent_name," \
    " s.code as code, s.name as name, s.address as address, s.phone as phone,"           \
    " s.opening_hours as opening_hours, s.state as state, s.version as version,"         \
    " s.created_at as created_at from store s"                                           \
    " join org_node n on n.tenant_id = s.tenant_id and n.id = s.node_id"                 \
    " join org_node p on p.tenant_id = s.tenant_id and p.id = n.parent_id"
#define HANGU_STORE_FILTER                                            \
    " and (s.code like ?18 escape '!' or s.name like ?18 escape '!')" \
    " and s.path >= ?19 and s.path < ?20"

constexpr Statement<StoreListRow(StoreId)> kFindStore{
    "store.find", HANGU_STORE_COLUMNS " where s.tenant_id = ?1 and s.id = ?2"};

constexpr Statement<StoreListRow(DataScope, std::string_view, std::string_view, std::string_view,
                                 std::string_view, std::int64_t)>
    kStoresWithin{"store.list",
                  HANGU_STORE_COLUMNS " where s.tenant_id = ?1 and " HANGU_WITHIN_SCOPE("s.path")
                      HANGU_STORE_FILTER " and s.code > ?21 order by s.code limit ?22"};

constexpr Statement<std::int64_t(DataScope, std::string_view, std::string_view, std::string_view)>
    kCountWithin{"store.count",
                 "select count(*) from store s where s.tenant_id = ?1"
                 " and " HANGU_WITHIN_SCOPE("s.path") HANGU_STORE_FILTER};

constexpr Statement<void(StoreId, std::string_view, std::string_view, std::string_view,
                         std::string_view, StoreState, std::int64_t)>
    kSaveStore{"store.save",
               "update store set name = ?3, address = ?4, phone = ?5, opening_hours = ?6,"
               " state = ?7, version = version + 1"
               " where tenant_id = ?1 and id = ?2 and version = ?8"};

#undef HANGU_STORE_COLUMNS
#undef HANGU_STORE_FILTER

}  // namespace

std::optional<NodeRow> OrganisationStore::find_node(NodeId id) {
    return tx_.find(kFindNode, id);
}

std::optional<NodePlace> OrganisationStore::find_by_path(std::string_view path) {
    return tx_.find(kFindByPath, path);
}

std::optional<NodePlace> OrganisationStore::find_headquarters() {
    return tx_.find(kFindHeadquarters);
}

std::vector<NodeRow> OrganisationStore::nodes_within(const DataScope& within) {
    return tx_.list(kNodesWithin, within);
}

std::int64_t OrganisationStore::take_label(NodeId parent) {
    HANGU_ASSERT(tx_.run(kTakeLabel, parent) == 1);
    return tx_.find(kLabelTaken, parent).value();
}

bool OrganisationStore::rename_node(NodeId id, std::string_view name, std::int64_t version) {
    return tx_.run(kRenameNode, id, name, version) == 1;
}

void OrganisationStore::rename_node_of(NodeId id, std::string_view name) {
    tx_.run(kRenameNodeOf, id, name);
}

std::optional<StorePlace> OrganisationStore::find_place(StoreId id) {
    return tx_.find(kFindPlace, id);
}

std::optional<StorePlace> OrganisationStore::find_place_by_code(std::string_view code) {
    return tx_.find(kFindPlaceByCode, code);
}

std::vector<StorePlace> OrganisationStore::places_within(const DataScope& within) {
    return tx_.list(kPlacesWithin, within);
}

std::vector<StorePlace> OrganisationStore::two_places_within(const DataScope& within) {
    return tx_.list(kTwoPlacesWithin, within);
}

std::optional<StoreListRow> OrganisationStore::find_store(StoreId id) {
    return tx_.find(kFindStore, id);
}

std::vector<StoreListRow> OrganisationStore::stores_within(const DataScope& within,
                                                           const StoreFilter& filter,
                                                           std::string_view after_code,
                                                           std::int64_t limit) {
    return tx_.list(kStoresWithin, within, filter.pattern, filter.region_path,
                    filter.region_path + "~", after_code, limit);
}

std::int64_t OrganisationStore::count_within(const DataScope& within, const StoreFilter& filter) {
    return tx_
        .find(kCountWithin, within, filter.pattern, filter.region_path, filter.region_path + "~")
        .value();
}

bool OrganisationStore::save_store(const StoreListRow& row, std::int64_t version_before) {
    return tx_.run(kSaveStore, row.id, row.name, row.address, row.phone, row.opening_hours,
                   row.state, version_before) == 1;
}

std::vector<storage::StatementInfo> organisation_statements() {
    return {storage::info(kFindNode),         storage::info(kFindByPath),
            storage::info(kFindHeadquarters), storage::info(kNodesWithin),
            storage::info(kTakeLabel),        storage::info(kLabelTaken),
            storage::info(kRenameNode),       storage::info(kRenameNodeOf),
            storage::info(kFindPlace),        storage::info(kFindPlaceByCode),
            storage::info(kPlacesWithin),     storage::info(kFindStore),
            storage::info(kStoresWithin),     storage::info(kCountWithin),
            storage::info(kSaveStore),        storage::info(kTwoPlacesWithin),
            storage::insert_info<NodeRow>(),  storage::insert_info<StoreRow>()};
}

}  // namespace hangu::organisation
