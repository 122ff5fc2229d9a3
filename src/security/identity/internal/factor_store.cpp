#include "security/identity/internal/factor_store.hpp"

namespace hangu::identity {

namespace {

using storage::Blob;
using storage::Statement;

constexpr Statement<TotpRow(StaffId)> kFindTotp{
    "totp_factor.find",
    "select id, secret, created_at, confirmed_at, last_step from totp_factor"
    " where tenant_id = ?1 and id = ?2"};

constexpr Statement<std::int64_t(StaffId)> kHasTotp{
    "totp_factor.has",
    "select 1 as one from totp_factor"
    " where tenant_id = ?1 and id = ?2 and confirmed_at is not null"};

constexpr Statement<void(StaffId, Time, std::int64_t)> kConfirmTotp{
    "totp_factor.confirm",
    "update totp_factor set confirmed_at = ?3, last_step = ?4"
    " where tenant_id = ?1 and id = ?2 and confirmed_at is null"};

constexpr Statement<void(StaffId, std::int64_t)> kUseTotp{
    "totp_factor.use",
    "update totp_factor set last_step = ?3"
    " where tenant_id = ?1 and id = ?2 and last_step < ?3 and confirmed_at is not null"};

constexpr Statement<void(StaffId)> kRemoveTotp{
    "totp_factor.remove", "delete from totp_factor where tenant_id = ?1 and id = ?2"};

constexpr Statement<void(StaffId)> kRemoveCodes{
    "recovery_code.remove", "delete from recovery_code where tenant_id = ?1 and account_id = ?2"};

constexpr Statement<void(StaffId, Blob, Time)> kUseCode{
    "recovery_code.use",
    "update recovery_code set used_at = ?4 where tenant_id = ?1 and account_id = ?2"
    " and code_mark = ?3 and used_at is null"};

constexpr Statement<std::int64_t(StaffId)> kCodesLeft{
    "recovery_code.left",
    "select count(*) as left from recovery_code"
    " where tenant_id = ?1 and account_id = ?2 and used_at is null"};

constexpr Statement<void(Blob, Time, std::int64_t)> kTryFlow{
    "sign_in_flow.try",
    "update sign_in_flow set tries = tries + 1 where tenant_id = ?1 and token_hash = ?2"
    " and used_at is null and expires_at > ?3 and tries < ?4"};

constexpr Statement<FlowRow(Blob)> kFindFlow{
    "sign_in_flow.find",
    "select id, token_hash, account_id, method, created_at, expires_at, tries, used_at"
    " from sign_in_flow where tenant_id = ?1 and token_hash = ?2"};

constexpr Statement<void(FlowId, Time)> kUseFlow{
    "sign_in_flow.use",
    "update sign_in_flow set used_at = ?3"
    " where tenant_id = ?1 and id = ?2 and used_at is null"};

constexpr Statement<void(StaffId)> kForgetFlows{
    "sign_in_flow.forget", "delete from sign_in_flow where tenant_id = ?1 and account_id = ?2"};

constexpr Statement<SignInRecordRow(StaffId, std::int64_t)> kListRecords{
    "sign_in_record.list",
    "select id, account_id, at, result, method, address, user_agent, known_device"
    " from sign_in_record where tenant_id = ?1 and account_id = ?2 order by id desc limit ?3"};

// The one that stands just outside the newest, and what is older.
constexpr Statement<void(StaffId, std::int64_t)> kForgetRecords{
    "sign_in_record.forget",
    "delete from sign_in_record where tenant_id = ?1 and account_id = ?2 and id <="
    " (select id from sign_in_record where tenant_id = ?1 and account_id = ?2"
    " order by id desc limit 1 offset ?3)"};

using storage::ColumnType;
using storage::DataClass;
using storage::Level;

constexpr storage::Column kTotpColumns[] = {
    {"id", ColumnType::integer, DataClass::key, Level::internal},
    {"secret", ColumnType::sealed, DataClass::credential, Level::secret, true},
    {"created_at", ColumnType::integer, DataClass::technical, Level::internal},
    {"confirmed_at", ColumnType::integer, DataClass::technical, Level::internal, true},
    {"last_step", ColumnType::integer, DataClass::technical, Level::internal},
};

constexpr storage::Column kCodeColumns[] = {
    {"id", ColumnType::integer, DataClass::key, Level::internal},
    {"account_id", ColumnType::integer, DataClass::key, Level::internal},
    {"code_mark", ColumnType::blob, DataClass::credential, Level::secret},
    {"created_at", ColumnType::integer, DataClass::technical, Level::internal},
    {"used_at", ColumnType::integer, DataClass::technical, Level::internal, true},
};

constexpr storage::Column kFlowColumns[] = {
    {"id", ColumnType::integer, DataClass::key, Level::internal},
    {"token_hash", ColumnType::blob, DataClass::credential, Level::secret},
    {"account_id", ColumnType::integer, DataClass::key, Level::internal},
    {"method", ColumnType::text, DataClass::technical, Level::internal},
    {"created_at", ColumnType::integer, DataClass::technical, Level::internal},
    {"expires_at", ColumnType::integer, DataClass::technical, Level::internal},
    {"tries", ColumnType::integer, DataClass::technical, Level::internal},
    {"used_at", ColumnType::integer, DataClass::technical, Level::internal, true},
};

constexpr storage::Column kRecordColumns[] = {
    {"id", ColumnType::integer, DataClass::key, Level::internal},
    {"account_id", ColumnType::integer, DataClass::key, Level::internal},
    {"at", ColumnType::integer, DataClass::person, Level::internal},
    {"result", ColumnType::text, DataClass::technical, Level::internal},
    {"method", ColumnType::text, DataClass::technical, Level::internal},
    {"address", ColumnType::text, DataClass::person, Level::internal},
    {"user_agent", ColumnType::text, DataClass::person, Level::internal},
    {"known_device", ColumnType::integer, DataClass::technical, Level::internal},
};

}  // namespace

std::optional<TotpRow> FactorStore::totp(StaffId account) {
    return tx_.find(kFindTotp, account);
}

bool FactorStore::has_totp(StaffId account) {
    return tx_.find(kHasTotp, account).has_value();
}

void FactorStore::begin_totp(const TotpRow& row) {
    tx_.run(kRemoveTotp, row.id);
    tx_.insert(row);
}

bool FactorStore::confirm_totp(StaffId account, std::int64_t step) {
    return tx_.run(kConfirmTotp, account, tx_.now(), step) == 1;
}

bool FactorStore::use_totp_step(StaffId account, std::int64_t step) {
    return tx_.run(kUseTotp, account, step) == 1;
}

void FactorStore::remove_totp(StaffId account) {
    tx_.run(kRemoveTotp, account);
}

void FactorStore::set_recovery_codes(StaffId account, const std::vector<RecoveryCodeRow>& rows) {
    tx_.run(kRemoveCodes, account);
    for (const RecoveryCodeRow& row : rows) {
        tx_.insert(row);
    }
}

bool FactorStore::use_recovery_code(StaffId account, const std::string& mark) {
    return tx_.run(kUseCode, account, Blob{mark}, tx_.now()) == 1;
}

std::int64_t FactorStore::recovery_codes_left(StaffId account) {
    return tx_.find(kCodesLeft, account).value_or(0);
}

std::optional<FlowRow> FactorStore::try_flow(const std::string& token_hash) {
    const bool counted = tx_.run(kTryFlow, Blob{token_hash}, tx_.now(), kFlowTriesMax) == 1;
    return counted ? tx_.find(kFindFlow, Blob{token_hash}) : std::nullopt;
}

std::optional<FlowRow> FactorStore::find_flow(const std::string& token_hash) {
    const std::optional<FlowRow> flow = tx_.find(kFindFlow, Blob{token_hash});
    const bool waits = flow && !flow->used_at && tx_.now() < flow->expires_at;
    return waits ? flow : std::nullopt;
}

bool FactorStore::use_flow(FlowId id) {
    return tx_.run(kUseFlow, id, tx_.now()) == 1;
}

void FactorStore::forget_flows(StaffId account) {
    tx_.run(kForgetFlows, account);
}

void FactorStore::record(const SignInRecordRow& row) {
    tx_.insert(row);
    tx_.run(kForgetRecords, row.account_id, kRecordsCountMax);
}

std::vector<SignInRecordRow> FactorStore::records(StaffId account, std::int64_t count_max) {
    return tx_.list(kListRecords, account, count_max);
}

void add_factor_tables(storage::Part& part) {
    part.tables.push_back({"totp_factor", kTotpColumns});
    part.tables.push_back({"recovery_code", kCodeColumns});
    part.tables.push_back({"sign_in_flow", kFlowColumns});
    part.tables.push_back({"sign_in_record", kRecordColumns});
    const storage::StatementInfo all[] = {
        storage::insert_info<TotpRow>(), storage::insert_info<RecoveryCodeRow>(),
        storage::insert_info<FlowRow>(), storage::insert_info<SignInRecordRow>(),
        storage::info(kFindTotp),        storage::info(kHasTotp),
        storage::info(kConfirmTotp),     storage::info(kUseTotp),
        storage::info(kRemoveTotp),      storage::info(kRemoveCodes),
        storage::info(kUseCode),         storage::info(kCodesLeft),
        storage::info(kTryFlow),         storage::info(kFindFlow),
        storage::info(kUseFlow),         storage::info(kForgetFlows),
        storage::info(kListRecords),     storage::info(kForgetRecords),
    };
    part.statements.insert(part.statements.end(), std::begin(all), std::end(all));
}

}  // namespace hangu::identity
