#include "security/notify/internal/channel_store.hpp"

namespace hangu::notify {

namespace {

using storage::Statement;

#define HANGU_CHANNEL_COLUMNS                                                                  \
    "id, kind, name, address, secret, shown, locale, severity_min, kinds, active, created_at," \
    " sent_at, version"
#define HANGU_DELIVERY_COLUMNS \
    "id, channel_id, notice_id, state, attempts, next_at, created_at, done_at, words"

constexpr Statement<ChannelRow()> kAll{
    "notify_channel.all",
    "select " HANGU_CHANNEL_COLUMNS
    " from notify_channel where tenant_id = ?1 order by id limit 20",
    {"at most twenty rows"}};

constexpr Statement<ChannelRow(ChannelId)> kFindChannel{
    "notify_channel.find",
    "select " HANGU_CHANNEL_COLUMNS " from notify_channel where tenant_id = ?1 and id = ?2"};

// The whole row, because a sealed value is bound to its row.
constexpr Statement<void(ChannelRow)> kSave{
    "notify_channel.save",
    "update notify_channel set kind = ?3, name = ?4, address = ?5, secret = ?6, shown = ?7,"
    " locale = ?8, severity_min = ?9, kinds = ?10, active = ?11, created_at = ?12, sent_at = ?13,"
    " version = ?14 + 1 where tenant_id = ?1 and id = ?2 and version = ?14"};

constexpr Statement<void(ChannelId)> kRemove{
    "notify_channel.remove", "delete from notify_channel where tenant_id = ?1 and id = ?2"};

constexpr Statement<void(ChannelId)> kRemoveDeliveries{
    "delivery.remove", "delete from delivery where tenant_id = ?1 and channel_id = ?2"};

constexpr Statement<void(ChannelId, Time)> kArrived{
    "notify_channel.arrived",
    "update notify_channel set sent_at = ?3 where tenant_id = ?1 and id = ?2"};

constexpr Statement<DeliveryRow(Time, std::int64_t)> kDue{
    "delivery.due", "select " HANGU_DELIVERY_COLUMNS
                    " from delivery where tenant_id = ?1 and state = 'waiting' and next_at <= ?2"
                    " order by next_at limit ?3"};

constexpr Statement<void(DeliveryId, Time)> kLease{
    "delivery.lease",
    "update delivery set attempts = attempts + 1, next_at = ?3"
    " where tenant_id = ?1 and id = ?2 and state = 'waiting'"};

constexpr Statement<void(DeliveryId, SendState, Time, std::string)> kFinish{
    "delivery.finish",
    "update delivery set state = ?3, done_at = ?4, words = ?5"
    " where tenant_id = ?1 and id = ?2 and state = 'waiting'"};

constexpr Statement<void(DeliveryId, Time, std::string)> kPostpone{
    "delivery.postpone",
    "update delivery set next_at = ?3, words = ?4"
    " where tenant_id = ?1 and id = ?2 and state = 'waiting'"};

constexpr Statement<void(DeliveryId, Time)> kRevive{
    "delivery.revive",
    "update delivery set state = 'waiting', attempts = 0, next_at = ?3, done_at = null"
    " where tenant_id = ?1 and id = ?2 and state = 'dead'"};

constexpr Statement<DeliveryRow(DeliveryId)> kFindDelivery{
    "delivery.find",
    "select " HANGU_DELIVERY_COLUMNS " from delivery where tenant_id = ?1 and id = ?2"};

constexpr Statement<DeliveryRow(ChannelId, std::int64_t)> kNewest{
    "delivery.newest",
    "select " HANGU_DELIVERY_COLUMNS
    " from delivery where tenant_id = ?1 and channel_id = ?2 order by id desc limit ?3"};

constexpr Statement<Time()> kNext{
    "delivery.next",
    "select next_at from delivery where tenant_id = ?1 and state = 'waiting'"
    " order by next_at limit 1"};

constexpr Statement<void(DeliveryId, std::int64_t)> kForget{
    "delivery.forget",
    "delete from delivery where tenant_id = ?1 and id in (select id from delivery"
    " where tenant_id = ?1 and id < ?2 and state <> 'waiting' order by id limit ?3)",
    {"stops at the oldest rows by the primary key; once in a sweep"}};

using storage::ColumnType;
using storage::DataClass;
using storage::Level;

constexpr storage::Column kChannelColumns[] = {
    {"id", ColumnType::integer, DataClass::key, Level::internal},
    {"kind", ColumnType::text, DataClass::technical, Level::internal},
    {"name", ColumnType::text, DataClass::business, Level::internal},
    {"address", ColumnType::sealed, DataClass::credential, Level::secret, true},
    {"secret", ColumnType::sealed, DataClass::credential, Level::secret, true},
    {"shown", ColumnType::text, DataClass::technical, Level::internal},
    {"locale", ColumnType::text, DataClass::technical, Level::internal},
    {"severity_min", ColumnType::text, DataClass::technical, Level::internal},
    {"kinds", ColumnType::text, DataClass::technical, Level::internal},
    {"active", ColumnType::integer, DataClass::technical, Level::internal},
    {"created_at", ColumnType::integer, DataClass::technical, Level::internal},
    {"sent_at", ColumnType::integer, DataClass::technical, Level::internal, true},
    {"version", ColumnType::integer, DataClass::technical, Level::internal},
};

constexpr storage::Column kDeliveryColumns[] = {
    {"id", ColumnType::integer, DataClass::key, Level::internal},
    {"channel_id", ColumnType::integer, DataClass::key, Level::internal},
    {"notice_id", ColumnType::integer, DataClass::key, Level::internal},
    {"state", ColumnType::text, DataClass::technical, Level::internal},
    {"attempts", ColumnType::integer, DataClass::technical, Level::internal},
    {"next_at", ColumnType::integer, DataClass::technical, Level::internal},
    {"created_at", ColumnType::integer, DataClass::technical, Level::internal},
    {"done_at", ColumnType::integer, DataClass::technical, Level::internal, true},
    {"words", ColumnType::text, DataClass::technical, Level::internal},
};

}  // namespace

std::vector<ChannelRow> ChannelStore::all() {
    return tx_.list(kAll);
}

std::optional<ChannelRow> ChannelStore::find(ChannelId id) {
    return tx_.find(kFindChannel, id);
}

bool ChannelStore::save(const ChannelRow& row) {
    return tx_.run(kSave, row) == 1;
}

void ChannelStore::remove(ChannelId id) {
    tx_.run(kRemoveDeliveries, id);
    tx_.run(kRemove, id);
}

void ChannelStore::arrived(ChannelId id) {
    tx_.run(kArrived, id, tx_.now());
}

std::vector<DeliveryRow> ChannelStore::due(Time now, std::int64_t count_max) {
    return tx_.list(kDue, now, count_max);
}

void ChannelStore::lease(DeliveryId id, Time until) {
    tx_.run(kLease, id, until);
}

void ChannelStore::finish(DeliveryId id, SendState state, const std::string& words) {
    tx_.run(kFinish, id, state, tx_.now(), words);
}

void ChannelStore::postpone(DeliveryId id, Time until, const std::string& words) {
    tx_.run(kPostpone, id, until, words);
}

bool ChannelStore::revive(DeliveryId id) {
    return tx_.run(kRevive, id, tx_.now()) == 1;
}

std::optional<DeliveryRow> ChannelStore::find(DeliveryId id) {
    return tx_.find(kFindDelivery, id);
}

std::vector<DeliveryRow> ChannelStore::newest(ChannelId channel) {
    return tx_.list(kNewest, channel, kDeliveriesShownMax);
}

std::optional<Time> ChannelStore::next_at() {
    return tx_.find(kNext);
}

std::int64_t ChannelStore::forget_before(Time before, std::int64_t count_max) {
    return tx_.run(kForget, DeliveryId(IdSource::floor_at(before.unix_ms())), count_max);
}

void add_channel_tables(storage::Part& part) {
    part.tables.push_back({"notify_channel", kChannelColumns});
    part.tables.push_back({"delivery", kDeliveryColumns});
    const storage::StatementInfo all[] = {
        storage::insert_info<ChannelRow>(),
        storage::insert_info<DeliveryRow>(),
        storage::info(kAll),
        storage::info(kFindChannel),
        storage::info(kSave),
        storage::info(kRemove),
        storage::info(kRemoveDeliveries),
        storage::info(kArrived),
        storage::info(kDue),
        storage::info(kLease),
        storage::info(kFinish),
        storage::info(kPostpone),
        storage::info(kRevive),
        storage::info(kFindDelivery),
        storage::info(kNewest),
        storage::info(kNext),
        storage::info(kForget),
    };
    part.statements.insert(part.statements.end(), std::begin(all), std::end(all));
}

}  // namespace hangu::notify
