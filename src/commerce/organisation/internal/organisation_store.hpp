// All SQL of nodes and stores.
#pragma once

#include "commerce/organisation/organisation.hpp"

namespace hangu::organisation {

struct NodeRow {
    static constexpr std::string_view kTable = "org_node";
    NodeId id;
    std::optional<NodeId> parent_id;
    NodeKind kind = NodeKind::region;
    std::string name;
    std::string path;
    std::int64_t depth = 0;
    std::int64_t sort = 0;
    std::optional<StoreId> store_id;
    std::int64_t last_child = 0;
    std::int64_t version = 1;
};
HANGU_STRUCT(NodeRow, id, parent_id, kind, name, path, depth, sort, store_id, last_child, version)

// path repeats the node's: a store never moves, and who may see it is asked on every call.
struct StoreRow {
    static constexpr std::string_view kTable = "store";
    StoreId id;
    NodeId node_id;
    std::string code;
    std::string name;
    std::string address;
    std::string phone;
    std::string opening_hours;
    StoreState state = StoreState::open;
    std::string path;
    std::int64_t version = 1;
    Time created_at;
};
HANGU_STRUCT(StoreRow, id, node_id, code, name, address, phone, opening_hours, state, path, version,
             created_at)

struct StoreListRow {
    StoreId id;
    NodeId node_id;
    NodeId parent_id;
    std::string parent_name;
    std::string code;
    std::string name;
    std::string address;
    std::string phone;
    std::string opening_hours;
    StoreState state = StoreState::open;
    std::int64_t version = 1;
    Time created_at;
};
HANGU_STRUCT(StoreListRow, id, node_id, parent_id, parent_name, code, name, address, phone,
             opening_hours, state, version, created_at)

struct StoreFilter {
    std::string pattern;      // LIKE over code and name; "%" takes all
    std::string region_path;  // "" takes all
};

class OrganisationStore {
 public:
    explicit OrganisationStore(storage::Tx& tx) : tx_(tx) {}

    std::optional<NodeRow> find_node(NodeId id);
    std::optional<NodePlace> find_by_path(std::string_view path);
    std::optional<NodePlace> find_headquarters();
    std::vector<NodeRow> nodes_within(const storage::DataScope& within);
    // Takes the next label under the parent: atomic, never the same twice.
    std::int64_t take_label(NodeId parent);
    void insert(const NodeRow& row) { tx_.insert(row); }
    bool rename_node(NodeId id, std::string_view name, std::int64_t version);

    std::optional<StorePlace> find_place(StoreId id);
    std::optional<StorePlace> find_place_by_code(std::string_view code);
    std::vector<StorePlace> places_within(const storage::DataScope& within);
    std::vector<StorePlace> two_places_within(const storage::DataScope& within);
    std::optional<StoreListRow> find_store(StoreId id);
    std::vector<StoreListRow> stores_within(const storage::DataScope& within,
                                            const StoreFilter& filter, std::string_view after_code,
                                            std::int64_t limit);
    std::int64_t count_within(const storage::DataScope& within, const StoreFilter& filter);
    bool insert(const StoreRow& row) { return tx_.try_insert(row); }
    bool save_store(const StoreListRow& row, std::int64_t version_before);
    void rename_node_of(NodeId id, std::string_view name);

 private:
    storage::Tx& tx_;
};

std::vector<storage::StatementInfo> organisation_statements();

}  // namespace hangu::organisation
