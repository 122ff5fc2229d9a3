#include "security/protection/watch_list.hpp"

namespace hangu::protection {

namespace {

using storage::ColumnType;
using storage::ControlStatement;
using storage::DataClass;
using storage::Level;

constexpr MigrationFile kMigrations[] = {
    {"protection_platform", "0001_merchant_watch.sql",
     "create table merchant_watch ("
     " id integer primary key, first_at integer not null, last_at integer not null);"
     "create index merchant_watch_last on merchant_watch (last_at);"},
};

constexpr storage::Column kWatchColumns[] = {
    {"id", ColumnType::integer, DataClass::key, Level::internal},
    {"first_at", ColumnType::integer, DataClass::technical, Level::internal},
    {"last_at", ColumnType::integer, DataClass::technical, Level::internal},
};

constexpr ControlStatement<void(TenantId, Time)> kAgain{
    "merchant_watch.again", "update merchant_watch set last_at = ?2 where id = ?1"};

constexpr ControlStatement<void(TenantId, Time)> kDrop{
    "merchant_watch.drop", "delete from merchant_watch where id = ?1 and last_at = ?2"};

constexpr ControlStatement<WatchedMerchant(std::int64_t)> kNewestWatched{
    "merchant_watch.newest",
    "select id, first_at, last_at from merchant_watch order by last_at desc limit ?1",
    {"stops at the newest rows by the index"}};

constexpr ControlStatement<std::int64_t()> kCountWatched{
    "merchant_watch.count",
    "select count(*) from merchant_watch",
    {"merchants with something going on are few"}};

}  // namespace

storage::Part watch_list_part() {
    return {"protection_platform",
            kMigrations,
            {{"merchant_watch", kWatchColumns, true}},
            {storage::insert_info<WatchedMerchant>(true), storage::info(kAgain),
             storage::info(kDrop), storage::info(kNewestWatched), storage::info(kCountWatched)}};
}

void WatchList::note(TenantId merchant, Time at) {
    engine_.control([&](storage::ControlTx& tx) {
        if (tx.run(kAgain, merchant, at) == 0) {
            tx.insert(WatchedMerchant{merchant, at, at});
        }
        return true;
    });
}

void WatchList::drop(const WatchedMerchant& seen) {
    engine_.control([&](storage::ControlTx& tx) { return tx.run(kDrop, seen.id, seen.last_at); });
}

std::vector<WatchedMerchant> WatchList::newest(std::int64_t count_max) {
    return engine_.control(
        [&](storage::ControlTx& tx) { return tx.list(kNewestWatched, count_max); });
}

std::int64_t WatchList::count() {
    return engine_.control(
        [&](storage::ControlTx& tx) { return tx.find(kCountWatched).value_or(0); });
}

}  // namespace hangu::protection
