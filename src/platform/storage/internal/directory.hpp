// Which tenant is where, who works for it, which nodes there are, and which moves are not finished:
// the engine's tables in the control database.
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
    std::int64_t owner = 0;      // number of the node that works for it; 0: nobody, or no cluster
    std::int64_t wanted_by = 0;  // the node that asked the owner to hand it over
    std::int64_t change_number = 0;
};
HANGU_STRUCT(PlaceRow, id, place, epoch, changed_at, owner, wanted_by, change_number)

struct NodeRow {
    static constexpr std::string_view kTable = "node";
    std::int64_t id = 0;  // its number, 1 to 1023: part of the ids that it makes
    std::string name;
    std::string address;
    std::string version;
    std::string instance;  // of the process, or of its data folder: who may go on as this node
    Time lease_until;
    Time beat_at;
    bool leaving = false;
};
HANGU_STRUCT(NodeRow, id, name, address, version, instance, lease_until, beat_at, leaving)

// What is counted, so that others see that something changed.
enum class Change : std::int64_t { tenants = 1, places = 2 };

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

    // --- places; every change of one is numbered
    std::vector<PlaceRow> places_behind(std::int64_t change_number);
    std::optional<PlaceRow> place(TenantId tenant);
    void add_place(PlaceRow row);
    // False: it is not of that epoch any more, somebody else has taken or moved it.
    bool change_place(PlaceRow after, std::int64_t epoch_before);

    std::int64_t changes(Change of);
    std::int64_t note_change(Change of);

    std::vector<NodeRow> nodes();
    void put_node(const NodeRow& row);
    // False: another process is this node now.
    bool beat(const NodeRow& row);
    bool forget_node(std::int64_t number);

    std::vector<MoveRow> moves();
    std::optional<MoveRow> move(TenantId tenant);
    void set_move(const MoveRow& row);
    void end_move(TenantId tenant);

 private:
    ControlTx& tx_;
};

}  // namespace hangu::storage
