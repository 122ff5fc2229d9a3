// All SQL of staff.
#pragma once

#include "commerce/staff/staff.hpp"

namespace hangu::staff {

struct StaffRow {
    static constexpr std::string_view kTable = "staff";
    StaffId id;
    NodeId node_id;
    std::string path;
    Sealed<Phone> phone;
    Blind<Phone> phone_blind;
    std::int64_t version = 1;
    Time created_at;
};
HANGU_STRUCT(StaffRow, id, node_id, path, phone, phone_blind, version, created_at)

struct StaffListRow {
    static constexpr std::string_view kTable = "staff";
    StaffId id;
    NodeId node_id;
    std::string path;
    std::string node_name;
    Sealed<Phone> phone;
    std::int64_t version = 1;
    Time created_at;
};
HANGU_STRUCT(StaffListRow, id, node_id, path, node_name, phone, version, created_at)

class StaffStore {
 public:
    explicit StaffStore(storage::Tx& tx) : tx_(tx) {}

    std::optional<StaffListRow> find(StaffId id);
    std::optional<StaffId> owner_of(const Phone& phone);
    // Newest first, below `node_path` ("" : all).
    std::vector<StaffListRow> list(const storage::DataScope& within, std::string_view node_path,
                                   StaffId before, std::int64_t limit);
    std::int64_t count(const storage::DataScope& within, std::string_view node_path);
    void insert(const StaffRow& row) { tx_.insert(row); }
    bool save(StaffId id, NodeId node, std::string_view path, std::int64_t version);

 private:
    storage::Tx& tx_;
};

inline authorization::Actor actor_of(StaffId id) {
    return {http::ActorKind::staff, id.value()};
}

std::vector<storage::StatementInfo> staff_statements();

}  // namespace hangu::staff
