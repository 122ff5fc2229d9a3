// SQL of destinations and of the events that did not arrive at their first try.
#pragma once

#include "platform/events/events.hpp"
#include "platform/storage/tx.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hangu::delivery {

struct DestinationTag;
using DestinationId = Id<DestinationTag>;
struct ParcelTag;
using ParcelId = Id<ParcelTag>;
struct NodeTag;
using NodeId = Id<NodeTag>;

struct DestinationRow {
    static constexpr std::string_view kTable = "event_destination";
    DestinationId id;
    std::string name;
    std::string patterns;  // separated by blanks
    NodeId node_id;        // 0: the whole merchant
    std::string org_path;
    bool active = true;
    events::EventId position;   // everything up to here is dealt with
    std::int64_t turn = 1;      // how often the position was set by hand
    std::int64_t attempts = 0;  // in vain, one after another, to reach the far side
    Time next_at;               // not before
    events::EventId delivered_id;
    std::optional<Time> delivered_at;
    std::optional<Time> failed_at;
    std::string words;  // why, the last time
    Time created_at;
    std::int64_t version = 1;
};
HANGU_STRUCT(DestinationRow, id, name, patterns, node_id, org_path, active, position, turn,
             attempts, next_at, delivered_id, delivered_at, failed_at, words, created_at, version)

enum class ParcelState { waiting, held, dead };
HANGU_ENUM(ParcelState, waiting, held, dead)

struct ParcelRow {
    static constexpr std::string_view kTable = "event_parcel";
    ParcelId id;
    DestinationId destination_id;
    events::EventId event_id;
    std::string name;
    std::string org_path;
    std::string permission;
    std::string payload;
    Time at;
    std::string subject;
    ParcelState state = ParcelState::waiting;
    std::int64_t attempts = 0;
    Time next_at;
    Time parked_at;
    std::string words;

    events::Event event() const {
        return {event_id, name, org_path, permission, payload, at, subject};
    }
};
HANGU_STRUCT(ParcelRow, id, destination_id, event_id, name, org_path, permission, payload, at,
             subject, state, attempts, next_at, parked_at, words)

class DestinationStore {
 public:
    static constexpr std::size_t kDestinationsCountMax = 10;
    static constexpr std::int64_t kParcelsCountMax = 1'000;  // of one destination
    static constexpr std::int64_t kParcelsShownMax = 200;

    explicit DestinationStore(storage::Tx& tx) : tx_(tx) {}

    void add(const DestinationRow& row) { tx_.insert(row); }
    std::vector<DestinationRow> all();
    std::optional<DestinationRow> find(DestinationId id);
    // Name, patterns and whether it is in use. False: it was changed meanwhile.
    bool edit(const DestinationRow& row);
    // Back to `position`, at once. False: it was changed meanwhile.
    bool set_position(DestinationId id, events::EventId position, const std::string& words,
                      std::int64_t version);
    // What came of a look; the rest of the row belongs to people.
    void note(const DestinationRow& row);
    void remove(DestinationId id);  // with its parcels
    std::optional<events::EventId> first_position();

    void add(const ParcelRow& row) { tx_.insert(row); }
    std::optional<ParcelRow> find(ParcelId id);
    std::vector<ParcelRow> due(DestinationId id, std::int64_t count_max);
    std::vector<ParcelRow> parcels(DestinationId id);  // the oldest
    std::vector<ParcelRow> dead(DestinationId id);
    std::int64_t count(DestinationId id, ParcelState state);
    bool is_parked(DestinationId id, const std::string& subject);
    void forget_after(DestinationId id, events::EventId position);  // its parcels come again
    void remove(const ParcelRow& row);                              // and lets the next one go
    void postpone(ParcelId id, std::int64_t attempts, Time until, const std::string& words);
    void bury(ParcelId id, std::int64_t attempts, const std::string& words);
    bool revive(ParcelId id);  // false: it is not dead
    std::optional<Time> next_at(DestinationId id);

 private:
    storage::Tx& tx_;
};

void add_destination_tables(storage::Part& part);

}  // namespace hangu::delivery
