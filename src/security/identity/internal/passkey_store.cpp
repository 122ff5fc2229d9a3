#include "security/identity/internal/passkey_store.hpp"

namespace hangu::identity {

namespace {

using storage::Blob;
using storage::Statement;

#define HANGU_PASSKEY_COLUMNS                                                         \
    "select id, account_id, credential_id, user_handle, site, algorithm, public_key," \
    " counter, backed_up, name, created_at, last_used_at, doubted_at from passkey"    \
    " where tenant_id = ?1 and "

constexpr Statement<PasskeyRow(Blob)> kFindPasskey{"passkey.find",
                                                   HANGU_PASSKEY_COLUMNS "credential_id = ?2"};

constexpr Statement<PasskeyRow(StaffId)> kList{
    "passkey.list", HANGU_PASSKEY_COLUMNS "account_id = ?2 order by id limit 50"};

constexpr Statement<std::int64_t(StaffId)> kCount{
    "passkey.count", "select count(*) from passkey where tenant_id = ?1 and account_id = ?2"};

constexpr Statement<std::int64_t(StaffId)> kCountPasskeys{
    "passkey.count_live",
    "select count(*) from passkey"
    " where tenant_id = ?1 and account_id = ?2 and doubted_at is null"};

// An authenticator that does not count says 0 for ever.
constexpr Statement<void(PasskeyId, std::int64_t, Time)> kUsePasskey{
    "passkey.use",
    "update passkey set counter = ?3, last_used_at = ?4"
    " where tenant_id = ?1 and id = ?2 and (counter < ?3 or (counter = 0 and ?3 = 0))"};

constexpr Statement<void(PasskeyId, Time)> kDoubt{
    "passkey.doubt",
    "update passkey set doubted_at = ?3"
    " where tenant_id = ?1 and id = ?2 and doubted_at is null"};

constexpr Statement<void(StaffId, PasskeyId)> kRemove{
    "passkey.remove", "delete from passkey where tenant_id = ?1 and account_id = ?2 and id = ?3"};

constexpr Statement<void(StaffId)> kRemoveAll{
    "passkey.remove_all", "delete from passkey where tenant_id = ?1 and account_id = ?2"};

using storage::ColumnType;
using storage::DataClass;
using storage::Level;

constexpr storage::Column kPasskeyColumns[] = {
    {"id", ColumnType::integer, DataClass::key, Level::internal},
    {"account_id", ColumnType::integer, DataClass::key, Level::internal},
    {"credential_id", ColumnType::blob, DataClass::credential, Level::internal},
    {"user_handle", ColumnType::text, DataClass::key, Level::internal},
    {"site", ColumnType::text, DataClass::technical, Level::internal},
    {"algorithm", ColumnType::integer, DataClass::technical, Level::internal},
    {"public_key", ColumnType::blob, DataClass::credential, Level::internal},
    {"counter", ColumnType::integer, DataClass::technical, Level::internal},
    {"backed_up", ColumnType::integer, DataClass::technical, Level::internal},
    {"name", ColumnType::text, DataClass::person, Level::internal},
    {"created_at", ColumnType::integer, DataClass::technical, Level::internal},
    {"last_used_at", ColumnType::integer, DataClass::person, Level::internal, true},
    {"doubted_at", ColumnType::integer, DataClass::technical, Level::internal, true},
};

}  // namespace

std::optional<PasskeyRow> PasskeyStore::find(const std::string& credential_id) {
    return tx_.find(kFindPasskey, Blob{credential_id});
}

std::vector<PasskeyRow> PasskeyStore::list(StaffId account) {
    return tx_.list(kList, account);
}

std::int64_t PasskeyStore::count(StaffId account) {
    return tx_.find(kCount, account).value_or(0);
}

bool PasskeyStore::has(StaffId account) {
    return tx_.find(kCountPasskeys, account).value_or(0) > 0;
}

bool PasskeyStore::use(const PasskeyRow& passkey, std::int64_t counter) {
    return tx_.run(kUsePasskey, passkey.id, counter, tx_.now()) == 1;
}

void PasskeyStore::doubt(PasskeyId id) {
    tx_.run(kDoubt, id, tx_.now());
}

bool PasskeyStore::remove(StaffId account, PasskeyId id) {
    return tx_.run(kRemove, account, id) == 1;
}

void PasskeyStore::remove_all(StaffId account) {
    tx_.run(kRemoveAll, account);
}

void add_passkey_tables(storage::Part& part) {
    part.tables.push_back({"passkey", kPasskeyColumns});
    const storage::StatementInfo all[] = {storage::insert_info<PasskeyRow>(),
                                          storage::info(kFindPasskey),
                                          storage::info(kList),
                                          storage::info(kCount),
                                          storage::info(kCountPasskeys),
                                          storage::info(kUsePasskey),
                                          storage::info(kDoubt),
                                          storage::info(kRemove),
                                          storage::info(kRemoveAll)};
    part.statements.insert(part.statements.end(), std::begin(all), std::end(all));
}

}  // namespace hangu::identity
