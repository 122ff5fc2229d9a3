#include "security/protection/internal/ledger_store.hpp"

#include "security/protection/internal/habit_store.hpp"
#include "security/protection/module.hpp"

namespace hangu::protection {

std::span<const MigrationFile> sql_files();

namespace {

using storage::Statement;

constexpr std::int64_t kCountMax = 10'000;

// ?2-?10 the filter in the order of its members.
#define HANGU_ENTRY_FILTER                                                              \
    " from sign_in_entry where tenant_id = ?1 and id >= ?7 and id < ?8"                 \
    " and (?2 = 0 or account_id = ?2) and (?3 = '' or result = ?3)"                     \
    " and (?4 = '' or instr(method, ?4) = 1) and (?5 = '' or address = ?5)"             \
    " and score >= ?6 and (?9 = '' or instr(address, ?9) > 0 or instr(network, ?9) > 0" \
    " or instr(place, ?9) > 0 or instr(user_agent, ?9) > 0"                             \
    " or (?10 <> 0 and account_id = ?10))"

constexpr Statement<SignInEntry(EntryFilter, std::int64_t)> kNewest{
    "sign_in_entry.newest",
    "select id, account_id, at, result, reason, method, address, network, place, user_agent,"
    " known_device, score, risks" HANGU_ENTRY_FILTER " order by id desc limit ?11"};

constexpr Statement<std::int64_t(EntryFilter, std::int64_t)> kCount{
    "sign_in_entry.count",
    "select count(*) from (select id" HANGU_ENTRY_FILTER " limit ?11)",
    {"the scan is of the limited inner query, which walks the primary key"}};

constexpr Statement<identity::StaffId(EntryId, std::int64_t)> kFailedCodes{
    "sign_in_entry.failed_codes",
    "select distinct account_id from sign_in_entry where tenant_id = ?1 and id >= ?2"
    " and reason = 'wrong_code' and account_id <> 0 limit ?3"};

constexpr Statement<void(EntryId, std::int64_t)> kForgetEntries{
    "sign_in_entry.forget",
    "delete from sign_in_entry where tenant_id = ?1 and id in (select id from sign_in_entry"
    " where tenant_id = ?1 and id < ?2 order by id limit ?3)"};

constexpr Statement<SeenAttack(std::int64_t)> kAttacks{
    "sign_in_attack.newest",
    "select id, at, attack, subject, attempts_count, accounts_count, sources_count"
    " from sign_in_attack where tenant_id = ?1 order by id desc limit ?2",
    {"walks the primary key from its end and stops at the limit"}};

constexpr Statement<void(AttackId)> kForgetAttacks{
    "sign_in_attack.forget", "delete from sign_in_attack where tenant_id = ?1 and id < ?2"};

constexpr Statement<AccountLockRow(std::int64_t)> kLocks{
    "account_lock.list",
    "select id, locked_at, refusals_count, route, address from account_lock where tenant_id = ?1"
    " order by id limit ?2",
    {"a row per locked account, of which there are few"}};

constexpr Statement<void(identity::StaffId)> kForgetLock{
    "account_lock.forget", "delete from account_lock where tenant_id = ?1 and id = ?2"};

using storage::ColumnType;
using storage::DataClass;
using storage::Level;

constexpr storage::Column kEntryColumns[] = {
    {"id", ColumnType::integer, DataClass::key, Level::internal},
    {"account_id", ColumnType::integer, DataClass::key, Level::internal},
    {"at", ColumnType::integer, DataClass::person, Level::internal},
    {"result", ColumnType::text, DataClass::technical, Level::internal},
    {"reason", ColumnType::text, DataClass::technical, Level::internal},
    {"method", ColumnType::text, DataClass::technical, Level::internal},
    {"address", ColumnType::text, DataClass::person, Level::internal},
    {"network", ColumnType::text, DataClass::person, Level::internal},
    {"place", ColumnType::text, DataClass::person, Level::internal},
    {"user_agent", ColumnType::text, DataClass::person, Level::internal},
    {"known_device", ColumnType::integer, DataClass::technical, Level::internal},
    {"score", ColumnType::integer, DataClass::technical, Level::internal},
    {"risks", ColumnType::text, DataClass::technical, Level::internal},
};

constexpr storage::Column kAttackColumns[] = {
    {"id", ColumnType::integer, DataClass::key, Level::internal},
    {"at", ColumnType::integer, DataClass::technical, Level::internal},
    {"attack", ColumnType::text, DataClass::technical, Level::internal},
    {"subject", ColumnType::text, DataClass::person, Level::internal},
    {"attempts_count", ColumnType::integer, DataClass::technical, Level::internal},
    {"accounts_count", ColumnType::integer, DataClass::technical, Level::internal},
    {"sources_count", ColumnType::integer, DataClass::technical, Level::internal},
};

constexpr storage::Column kLockColumns[] = {
    {"id", ColumnType::integer, DataClass::key, Level::internal},
    {"locked_at", ColumnType::integer, DataClass::technical, Level::internal},
    {"refusals_count", ColumnType::integer, DataClass::technical, Level::internal},
    {"route", ColumnType::text, DataClass::technical, Level::internal},
    {"address", ColumnType::text, DataClass::person, Level::internal},
};

}  // namespace

std::vector<SignInEntry> LedgerStore::newest(const EntryFilter& filter, std::int64_t count_max) {
    return tx_.list(kNewest, filter, count_max);
}

std::int64_t LedgerStore::count(const EntryFilter& filter) {
    return tx_.find(kCount, filter, kCountMax).value_or(0);
}

std::vector<identity::StaffId> LedgerStore::failed_codes_since(Time since) {
    return tx_.list(kFailedCodes, EntryId(IdSource::floor_at(since.unix_ms())), kLocksCountMax);
}

std::vector<SeenAttack> LedgerStore::attacks(std::int64_t count_max) {
    return tx_.list(kAttacks, count_max);
}

void LedgerStore::lock(const AccountLockRow& row) {
    tx_.run(kForgetLock, row.id);
    tx_.insert(row);
}

bool LedgerStore::forget_lock(identity::StaffId account) {
    return tx_.run(kForgetLock, account) == 1;
}

std::vector<AccountLockRow> LedgerStore::locks() {
    return tx_.list(kLocks, kLocksCountMax);
}

std::int64_t LedgerStore::forget_before(Time before, std::int64_t count_max) {
    const std::int64_t floor = IdSource::floor_at(before.unix_ms());
    return tx_.run(kForgetEntries, EntryId(floor), count_max) +
           tx_.run(kForgetAttacks, AttackId(floor));
}

std::vector<SignInEntry> sign_in_entries(storage::Tx& tx, const EntryFilter& filter,
                                         std::int64_t count_max) {
    return LedgerStore(tx).newest(filter, count_max);
}

std::vector<SeenAttack> seen_attacks(storage::Tx& tx, std::int64_t count_max) {
    return LedgerStore(tx).attacks(count_max);
}

void add_ledger_tables(storage::Part& part) {
    part.tables.push_back({"sign_in_entry", kEntryColumns});
    part.tables.push_back({"sign_in_attack", kAttackColumns});
    part.tables.push_back({"account_lock", kLockColumns});
    const storage::StatementInfo all[] = {
        storage::insert_info<SignInEntry>(),
        storage::insert_info<SeenAttack>(),
        storage::insert_info<AccountLockRow>(),
        storage::info(kNewest),
        storage::info(kCount),
        storage::info(kFailedCodes),
        storage::info(kForgetEntries),
        storage::info(kAttacks),
        storage::info(kForgetAttacks),
        storage::info(kLocks),
        storage::info(kForgetLock),
    };
    part.statements.insert(part.statements.end(), std::begin(all), std::end(all));
}

storage::Part part() {
    storage::Part part{"protection", sql_files(), {}, {}};
    add_habit_table(part);
    add_ledger_tables(part);
    return part;
}

}  // namespace hangu::protection
