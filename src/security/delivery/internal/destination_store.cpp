#include "security/delivery/internal/destination_store.hpp"

namespace hangu::delivery {

namespace {

using events::EventId;
using storage::Statement;

#define HANGU_DESTINATION_COLUMNS                                                       \
    "id, name, patterns, node_id, org_path, active, position, turn, attempts, next_at," \
    " delivered_id, delivered_at, failed_at, words, created_at, version"
#define HANGU_PARCEL_COLUMNS                                                                 \
    "id, destination_id, event_id, name, org_path, permission, payload, at, subject, state," \
    " attempts, next_at, parked_at, words"

constexpr Statement<DestinationRow()> kAll{
    "destination.all",
    "select " HANGU_DESTINATION_COLUMNS
    " from event_destination where tenant_id = ?1 order by id limit 10",
    {"at most ten rows"}};

constexpr Statement<DestinationRow(DestinationId)> kFind{
    "destination.find",
    "select " HANGU_DESTINATION_COLUMNS " from event_destination where tenant_id = ?1 and id = ?2"};

constexpr Statement<void(DestinationId, std::string, std::string, bool, std::int64_t)> kEdit{
    "destination.edit",
    "update event_destination set name = ?3, patterns = ?4, active = ?5, version = ?6 + 1"
    " where tenant_id = ?1 and id = ?2 and version = ?6"};

constexpr Statement<void(DestinationId, EventId, std::string, Time, std::int64_t)> kSetPosition{
    "destination.set_position",
    "update event_destination set position = ?3, words = ?4, next_at = ?5, attempts = 0,"
    " turn = turn + 1, version = ?6 + 1 where tenant_id = ?1 and id = ?2 and version = ?6"};

constexpr Statement<void(DestinationId, EventId, std::int64_t, Time, EventId, std::optional<Time>,
                         std::optional<Time>, std::string)>
    kNote{"destination.note",
          "update event_destination set position = ?3, attempts = ?4, next_at = ?5,"
          " delivered_id = ?6, delivered_at = ?7, failed_at = ?8, words = ?9"
          " where tenant_id = ?1 and id = ?2"};

constexpr Statement<void(DestinationId)> kRemove{
    "destination.remove", "delete from event_destination where tenant_id = ?1 and id = ?2"};

constexpr Statement<void(DestinationId)> kRemoveParcels{
    "event_parcel.remove_all",
    "delete from event_parcel where tenant_id = ?1 and destination_id = ?2"};

constexpr Statement<EventId()> kFirstPosition{
    "destination.first_position",
    "select position from event_destination where tenant_id = ?1 order by position limit 1",
    {"at most ten rows"}};

constexpr Statement<ParcelRow(ParcelId)> kFindParcel{
    "event_parcel.find",
    "select " HANGU_PARCEL_COLUMNS " from event_parcel where tenant_id = ?1 and id = ?2"};

constexpr Statement<ParcelRow(DestinationId, Time, std::int64_t)> kDue{
    "event_parcel.due", "select " HANGU_PARCEL_COLUMNS
                        " from event_parcel where tenant_id = ?1 and destination_id = ?2 and"
                        " state = 'waiting' and next_at <= ?3 order by next_at limit ?4"};

constexpr Statement<ParcelRow(DestinationId, std::int64_t)> kOldest{
    "event_parcel.oldest", "select " HANGU_PARCEL_COLUMNS
                           " from event_parcel where tenant_id = ?1 and destination_id = ?2"
                           " order by event_id limit ?3"};

constexpr Statement<ParcelRow(DestinationId, std::int64_t)> kDead{
    "event_parcel.dead",
    "select " HANGU_PARCEL_COLUMNS
    " from event_parcel where tenant_id = ?1 and destination_id = ?2 and state = 'dead'"
    " order by next_at limit ?3"};

constexpr Statement<std::int64_t(DestinationId, ParcelState)> kCount{
    "event_parcel.count",
    "select count(*) from event_parcel where tenant_id = ?1 and destination_id = ?2 and state = "
    "?3"};

constexpr Statement<ParcelRow(DestinationId, std::string)> kFirstOf{
    "event_parcel.first_of",
    "select " HANGU_PARCEL_COLUMNS
    " from event_parcel where tenant_id = ?1 and destination_id = ?2 and subject = ?3"
    " order by event_id limit 1"};

constexpr Statement<void(DestinationId, EventId)> kForgetAfter{
    "event_parcel.forget_after",
    "delete from event_parcel where tenant_id = ?1 and destination_id = ?2 and event_id > ?3"};

constexpr Statement<void(ParcelId)> kRemoveParcel{
    "event_parcel.remove", "delete from event_parcel where tenant_id = ?1 and id = ?2"};

constexpr Statement<void(ParcelId, Time)> kLetGo{
    "event_parcel.let_go",
    "update event_parcel set state = 'waiting', next_at = ?3"
    " where tenant_id = ?1 and id = ?2 and state = 'held'"};

constexpr Statement<void(ParcelId, std::int64_t, Time, std::string)> kPostpone{
    "event_parcel.postpone",
    "update event_parcel set attempts = ?3, next_at = ?4, words = ?5"
    " where tenant_id = ?1 and id = ?2 and state = 'waiting'"};

constexpr Statement<void(ParcelId, std::int64_t, Time, std::string)> kBury{
    "event_parcel.bury",
    "update event_parcel set state = 'dead', attempts = ?3, next_at = ?4, words = ?5"
    " where tenant_id = ?1 and id = ?2 and state = 'waiting'"};

constexpr Statement<void(ParcelId, Time)> kRevive{
    "event_parcel.revive",
    "update event_parcel set state = 'waiting', attempts = 0, next_at = ?3"
    " where tenant_id = ?1 and id = ?2 and state = 'dead'"};

constexpr Statement<Time(DestinationId)> kNext{
    "event_parcel.next",
    "select next_at from event_parcel where tenant_id = ?1 and destination_id = ?2 and"
    " state = 'waiting' order by next_at limit 1"};

using storage::ColumnType;
using storage::DataClass;
using storage::Level;

constexpr storage::Column kDestinationColumns[] = {
    {"id", ColumnType::integer, DataClass::key, Level::internal},
    {"name", ColumnType::text, DataClass::business, Level::internal},
    {"patterns", ColumnType::text, DataClass::technical, Level::internal},
    {"node_id", ColumnType::integer, DataClass::key, Level::internal},
    {"org_path", ColumnType::text, DataClass::business, Level::internal},
    {"active", ColumnType::integer, DataClass::technical, Level::internal},
    {"position", ColumnType::integer, DataClass::key, Level::internal},
    {"turn", ColumnType::integer, DataClass::technical, Level::internal},
    {"attempts", ColumnType::integer, DataClass::technical, Level::internal},
    {"next_at", ColumnType::integer, DataClass::technical, Level::internal},
    {"delivered_id", ColumnType::integer, DataClass::key, Level::internal},
    {"delivered_at", ColumnType::integer, DataClass::technical, Level::internal, true},
    {"failed_at", ColumnType::integer, DataClass::technical, Level::internal, true},
    {"words", ColumnType::text, DataClass::technical, Level::internal},
    {"created_at", ColumnType::integer, DataClass::technical, Level::internal},
    {"version", ColumnType::integer, DataClass::technical, Level::internal},
};

constexpr storage::Column kParcelColumns[] = {
    {"id", ColumnType::integer, DataClass::key, Level::internal},
    {"destination_id", ColumnType::integer, DataClass::key, Level::internal},
    {"event_id", ColumnType::integer, DataClass::key, Level::internal},
    {"name", ColumnType::text, DataClass::technical, Level::internal},
    {"org_path", ColumnType::text, DataClass::business, Level::internal},
    {"permission", ColumnType::text, DataClass::technical, Level::internal},
    {"payload", ColumnType::text, DataClass::business, Level::internal},
    {"at", ColumnType::integer, DataClass::technical, Level::internal},
    {"subject", ColumnType::text, DataClass::business, Level::internal},
    {"state", ColumnType::text, DataClass::technical, Level::internal},
    {"attempts", ColumnType::integer, DataClass::technical, Level::internal},
    {"next_at", ColumnType::integer, DataClass::technical, Level::internal},
    {"parked_at", ColumnType::integer, DataClass::technical, Level::internal},
    {"words", ColumnType::text, DataClass::technical, Level::internal},
};

}  // namespace

std::vector<DestinationRow> DestinationStore::all() {
    return tx_.list(kAll);
}

std::optional<DestinationRow> DestinationStore::find(DestinationId id) {
    return tx_.find(kFind, id);
}

bool DestinationStore::edit(const DestinationRow& row) {
    return tx_.run(kEdit, row.id, row.name, row.patterns, row.active, row.version) == 1;
}

bool DestinationStore::set_position(DestinationId id, EventId position, const std::string& words,
                                    std::int64_t version) {
    return tx_.run(kSetPosition, id, position, words, tx_.now(), version) == 1;
}

void DestinationStore::note(const DestinationRow& row) {
    tx_.run(kNote, row.id, row.position, row.attempts, row.next_at, row.delivered_id,
            row.delivered_at, row.failed_at, row.words);
}

void DestinationStore::remove(DestinationId id) {
    tx_.run(kRemoveParcels, id);
    tx_.run(kRemove, id);
}

std::optional<EventId> DestinationStore::first_position() {
    return tx_.find(kFirstPosition);
}

std::optional<ParcelRow> DestinationStore::find(ParcelId id) {
    return tx_.find(kFindParcel, id);
}

std::vector<ParcelRow> DestinationStore::due(DestinationId id, std::int64_t count_max) {
    return tx_.list(kDue, id, tx_.now(), count_max);
}

std::vector<ParcelRow> DestinationStore::parcels(DestinationId id) {
    return tx_.list(kOldest, id, kParcelsShownMax);
}

std::vector<ParcelRow> DestinationStore::dead(DestinationId id) {
    return tx_.list(kDead, id, kParcelsCountMax);
}

std::int64_t DestinationStore::count(DestinationId id, ParcelState state) {
    return tx_.find(kCount, id, state).value_or(0);
}

bool DestinationStore::is_parked(DestinationId id, const std::string& subject) {
    return tx_.find(kFirstOf, id, subject).has_value();
}

void DestinationStore::forget_after(DestinationId id, EventId position) {
    tx_.run(kForgetAfter, id, position);
}

void DestinationStore::remove(const ParcelRow& row) {
    tx_.run(kRemoveParcel, row.id);
    if (row.subject.empty()) {
        return;
    }
    if (const auto next = tx_.find(kFirstOf, row.destination_id, row.subject)) {
        tx_.run(kLetGo, next->id, tx_.now());
    }
}

void DestinationStore::postpone(ParcelId id, std::int64_t attempts, Time until,
                                const std::string& words) {
    tx_.run(kPostpone, id, attempts, until, words);
}

void DestinationStore::bury(ParcelId id, std::int64_t attempts, const std::string& words) {
    tx_.run(kBury, id, attempts, tx_.now(), words);
}

bool DestinationStore::revive(ParcelId id) {
    return tx_.run(kRevive, id, tx_.now()) == 1;
}

std::optional<Time> DestinationStore::next_at(DestinationId id) {
    return tx_.find(kNext, id);
}

void add_destination_tables(storage::Part& part) {
    part.tables.push_back({"event_destination", kDestinationColumns});
    part.tables.push_back({"event_parcel", kParcelColumns});
    const storage::StatementInfo all[] = {
        storage::insert_info<DestinationRow>(),
        storage::insert_info<ParcelRow>(),
        storage::info(kAll),
        storage::info(kFind),
        storage::info(kEdit),
        storage::info(kSetPosition),
        storage::info(kNote),
        storage::info(kRemove),
        storage::info(kRemoveParcels),
        storage::info(kFirstPosition),
        storage::info(kFindParcel),
        storage::info(kDue),
        storage::info(kOldest),
        storage::info(kDead),
        storage::info(kCount),
        storage::info(kFirstOf),
        storage::info(kForgetAfter),
        storage::info(kRemoveParcel),
        storage::info(kLetGo),
        storage::info(kPostpone),
        storage::info(kBury),
        storage::info(kRevive),
        storage::info(kNext),
    };
    part.statements.insert(part.statements.end(), std::begin(all), std::end(all));
}

}  // namespace hangu::delivery
