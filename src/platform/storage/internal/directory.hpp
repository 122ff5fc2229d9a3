// Which tenant is where, and which moves are not finished: the engine's tables in the control
// database.
#pragma once

#include "platform/storage/move.hpp"
#include "platform/storage/tx.hpp"

#include <optional>
#include <string>
#include <vector>

namespace hangu::storage {

struct PlaceRow {
    static constexpr std::string_view kTable = "tenant_place";
    TenantId id;
    std::string place;
    std::int64_t epoch = 1;
    Time changed_at;
};
HANGU_STRUCT(PlaceRow, id, place, epoch, changed_at)

struct MoveRow {
    static constexpr std::string_view kTable = "tenant_move";
    TenantId id;
    std::string source;
    std::string target;
    MoveStage stage = MoveStage::copying;
    Time started_at;
};
HANGU_STRUCT(MoveRow, id, source, target, stage, started_at)

class Directory {
 public:
    explicit Directory(ControlTx& tx) : tx_(tx) {}

    std::vector<PlaceRow> places();
    void set_place(TenantId tenant, const std::string& place, std::int64_t epoch);

    std::vector<MoveRow> moves();
    std::optional<MoveRow> move(TenantId tenant);
    void set_move(const MoveRow& row);
    void end_move(TenantId tenant);

 private:
    ControlTx& tx_;
};

}  // namespace hangu::storage
