#include "platform/storage/internal/directory.hpp"

#include "platform/storage/engine.hpp"

namespace hangu::storage {

std::span<const MigrationFile> sql_files();

namespace {

constexpr Column kPlaceColumns[] = {
    {"id", ColumnType::integer, DataClass::key, Level::internal},
    {"place", ColumnType::text, DataClass::technical, Level::internal},
    {"epoch", ColumnType::integer, DataClass::technical, Level::internal},
    {"changed_at", ColumnType::integer, DataClass::technical, Level::internal},
    {"owner", ColumnType::integer, DataClass::technical, Level::internal},
    {"wanted_by", ColumnType::integer, DataClass::technical, Level::internal},
    {"change_number", ColumnType::integer, DataClass::technical, Level::internal},
};

constexpr Column kNodeColumns[] = {
    {"id", ColumnType::integer, DataClass::key, Level::internal},
    {"name", ColumnType::text, DataClass::technical, Level::internal},
    {"address", ColumnType::text, DataClass::technical, Level::internal},
    {"version", ColumnType::text, DataClass::technical, Level::internal},
    {"instance", ColumnType::text, DataClass::technical, Level::internal},
    {"lease_until", ColumnType::integer, DataClass::technical, Level::internal},
    {"beat_at", ColumnType::integer, DataClass::technical, Level::internal},
    {"leaving", ColumnType::integer, DataClass::technical, Level::internal},
};

constexpr Column kChangeColumns[] = {
    {"id", ColumnType::integer, DataClass::key, Level::internal},
    {"number", ColumnType::integer, DataClass::technical, Level::internal},
};

constexpr Column kMoveColumns[] = {
    {"id", ColumnType::integer, DataClass::key, Level::internal},
    {"source", ColumnType::text, DataClass::technical, Level::internal},
    {"target", ColumnType::text, DataClass::technical, Level::internal},
    {"stage", ColumnType::text, DataClass::technical, Level::internal},
    {"started_at", ColumnType::integer, DataClass::technical, Level::internal},
};

constexpr ControlStatement<PlaceRow(std::int64_t)> kPlacesBehind{
    "tenant_place.behind",
    "select id, place, epoch, changed_at, owner, wanted_by, change_number from tenant_place"
    " where change_number > ?1 order by change_number"};
constexpr ControlStatement<PlaceRow(TenantId)> kPlace{
    "tenant_place.find",
    "select id, place, epoch, changed_at, owner, wanted_by, change_number from tenant_place"
    " where id = ?1"};
constexpr ControlStatement<void(TenantId, std::string, std::int64_t, Time, std::int64_t,
                                std::int64_t, std::int64_t, std::int64_t)>
    kChangePlace{"tenant_place.change",
                 "update tenant_place set place = ?2, epoch = ?3, changed_at = ?4, owner = ?5,"
                 " wanted_by = ?6, change_number = ?7 where id = ?1 and epoch = ?8"};
constexpr ControlStatement<std::int64_t(std::int64_t)> kChanges{
    "control_change.find", "select number from control_change where id = ?1"};
constexpr ControlStatement<void(std::int64_t)> kNoteChange{
    "control_change.add", "update control_change set number = number + 1 where id = ?1"};
constexpr ControlStatement<NodeRow()> kNodes{
    "node.all",
    "select id, name, address, version, instance, lease_until, beat_at, leaving from node"
    " order by name",
    {"nodes are few"}};
constexpr ControlStatement<void(std::int64_t)> kForgetNode{"node.forget",
                                                           "delete from node where id = ?1"};
constexpr ControlStatement<void(std::int64_t, std::string, Time, Time, bool)> kBeat{
    "node.beat",
    "update node set lease_until = ?3, beat_at = ?4, leaving = ?5 where id = ?1 and instance = ?2"};
constexpr ControlStatement<MoveRow()> kMoves{"tenant_move.all",
                                             "select id, source, target, stage, started_at"
                                             " from tenant_move",
                                             {"moves under way are few"}};
constexpr ControlStatement<MoveRow(TenantId)> kMove{
    "tenant_move.find",
    "select id, source, target, stage, started_at from tenant_move where id = ?1"};
constexpr ControlStatement<void(TenantId)> kEndMove{"tenant_move.end",
                                                    "delete from tenant_move where id = ?1"};

}  // namespace

Part part() {
    return {
        "storage",
        sql_files(),
        {{"tenant_place", kPlaceColumns, true},
         {"tenant_move", kMoveColumns, true},
         {"node", kNodeColumns, true},
         {"control_change", kChangeColumns, true}},
        {insert_info<PlaceRow>(true), insert_info<MoveRow>(true), insert_info<NodeRow>(true),
         info(kPlacesBehind), info(kPlace), info(kChangePlace), info(kChanges), info(kNoteChange),
         info(kNodes), info(kForgetNode), info(kBeat), info(kMoves), info(kMove), info(kEndMove)}};
}

std::vector<PlaceRow> Directory::places_behind(std::int64_t change_number) {
    return tx_.list(kPlacesBehind, change_number);
}

std::optional<PlaceRow> Directory::place(TenantId tenant) {
    return tx_.find(kPlace, tenant);
}

void Directory::add_place(PlaceRow row) {
    row.changed_at = tx_.now();
    row.change_number = note_change(Change::places);
    tx_.insert(row);
}

bool Directory::change_place(PlaceRow after, std::int64_t epoch_before) {
    after.changed_at = tx_.now();
    after.change_number = note_change(Change::places);
    return tx_.run(kChangePlace, after.id, after.place, after.epoch, after.changed_at, after.owner,
                   after.wanted_by, after.change_number, epoch_before) == 1;
}

std::int64_t Directory::changes(Change of) {
    return tx_.find(kChanges, static_cast<std::int64_t>(of)).value_or(0);
}

std::int64_t Directory::note_change(Change of) {
    tx_.run(kNoteChange, static_cast<std::int64_t>(of));
    return changes(of);
}

std::vector<NodeRow> Directory::nodes() {
    return tx_.list(kNodes);
}

void Directory::put_node(const NodeRow& row) {
    tx_.run(kForgetNode, row.id);
    tx_.insert(row);
}

bool Directory::beat(const NodeRow& row) {
    return tx_.run(kBeat, row.id, row.instance, row.lease_until, row.beat_at, row.leaving) == 1;
}

bool Directory::forget_node(std::int64_t number) {
    return tx_.run(kForgetNode, number) == 1;
}

std::vector<MoveRow> Directory::moves() {
    return tx_.list(kMoves);
}

std::optional<MoveRow> Directory::move(TenantId tenant) {
    return tx_.find(kMove, tenant);
}

void Directory::set_move(const MoveRow& row) {
    tx_.run(kEndMove, row.id);
    tx_.insert(row);
}

void Directory::end_move(TenantId tenant) {
    tx_.run(kEndMove, tenant);
}

}  // namespace hangu::storage
