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
};

constexpr Column kMoveColumns[] = {
    {"id", ColumnType::integer, DataClass::key, Level::internal},
    {"source", ColumnType::text, DataClass::technical, Level::internal},
    {"target", ColumnType::text, DataClass::technical, Level::internal},
    {"stage", ColumnType::text, DataClass::technical, Level::internal},
    {"started_at", ColumnType::integer, DataClass::technical, Level::internal},
};

constexpr ControlStatement<PlaceRow()> kPlaces{"tenant_place.all",
                                               "select id, place, epoch, changed_at"
                                               " from tenant_place",
                                               {"read once, at the start"}};
constexpr ControlStatement<void(TenantId)> kForgetPlace{"tenant_place.forget",
                                                        "delete from tenant_place where id = ?1"};
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
    return {"storage",
            sql_files(),
            {{"tenant_place", kPlaceColumns, true}, {"tenant_move", kMoveColumns, true}},
            {insert_info<PlaceRow>(true), insert_info<MoveRow>(true), info(kPlaces),
             info(kForgetPlace), info(kMoves), info(kMove), info(kEndMove)}};
}

std::vector<PlaceRow> Directory::places() {
    return tx_.list(kPlaces);
}

void Directory::set_place(TenantId tenant, const std::string& place, std::int64_t epoch) {
    tx_.run(kForgetPlace, tenant);
    tx_.insert(PlaceRow{tenant, place, epoch, tx_.now()});
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
