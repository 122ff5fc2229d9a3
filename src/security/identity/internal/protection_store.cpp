#include "security/identity/internal/protection_store.hpp"

namespace hangu::identity {

namespace {

using storage::Statement;

constexpr Statement<SignInLockRow(StaffId)> kFindLock{
    "sign_in_lock.find",
    "select id, window_began_at, failures, level, level_at, locked_until, consecutive"
    " from sign_in_lock where tenant_id = ?1 and id = ?2"};

constexpr Statement<void(SignInLockRow)> kSaveLock{
    "sign_in_lock.save",
    "update sign_in_lock set window_began_at = ?3, failures = ?4, level = ?5, level_at = ?6,"
    " locked_until = ?7, consecutive = ?8 where tenant_id = ?1 and id = ?2"};

constexpr Statement<void(StaffId)> kForgetLock{
    "sign_in_lock.forget", "delete from sign_in_lock where tenant_id = ?1 and id = ?2"};

constexpr Statement<SignInLockRow(Time, std::int64_t, std::int64_t)> kLockedLanes{
    "sign_in_lock.locked",
    "select id, window_began_at, failures, level, level_at, locked_until, consecutive"
    " from sign_in_lock where tenant_id = ?1 and (locked_until > ?2 or consecutive >= ?3)"
    " order by id limit ?4",
    {"a row per account that strangers failed at, which are few"}};

#define HANGU_DEVICE_COLUMNS                                                           \
    "select id, account_id, device_id, created_at, last_used_at, address, user_agent," \
    " revoked_at from known_device where tenant_id = ?1 and account_id = ?2 and "

constexpr Statement<KnownDeviceRow(StaffId, DeviceId, Time)> kFindDevice{
    "known_device.find",
    HANGU_DEVICE_COLUMNS "device_id = ?3 and last_used_at > ?4 and revoked_at is null"};

constexpr Statement<KnownDeviceRow(StaffId)> kListDevices{
    "known_device.list",
    HANGU_DEVICE_COLUMNS "revoked_at is null order by last_used_at desc, id desc limit 50"};

constexpr Statement<void(StaffId, DeviceId, Time, std::string, std::string)> kUseDevice{
    "known_device.use",
    "update known_device set last_used_at = ?4, address = ?5, user_agent = ?6, revoked_at = null"
    " where tenant_id = ?1 and account_id = ?2 and device_id = ?3"};

constexpr Statement<void(StaffId, std::int64_t)> kForgetOldDevices{
    "known_device.forget_old",
    "delete from known_device where tenant_id = ?1 and account_id = ?2 and id not in"
    " (select id from known_device where tenant_id = ?1 and account_id = ?2"
    " order by last_used_at desc, id desc limit ?3)"};

constexpr Statement<void(StaffId, DeviceId, Time)> kRevokeDevice{
    "known_device.revoke",
    "update known_device set revoked_at = ?4"
    " where tenant_id = ?1 and account_id = ?2 and device_id = ?3 and revoked_at is null"};

constexpr Statement<void(StaffId, KnownDeviceId, Time)> kRevokeDeviceById{
    "known_device.revoke_by_id",
    "update known_device set revoked_at = ?4"
    " where tenant_id = ?1 and account_id = ?2 and id = ?3 and revoked_at is null"};

constexpr Statement<void(StaffId, Time)> kRevokeDevices{
    "known_device.revoke_all",
    "update known_device set revoked_at = ?3"
    " where tenant_id = ?1 and account_id = ?2 and revoked_at is null"};

constexpr Statement<std::string(StaffId, std::int64_t)> kEarlierPasswords{
    "password_history.list",
    "select password_hash from password_history where tenant_id = ?1 and account_id = ?2"
    " order by id desc limit ?3"};

constexpr Statement<void(StaffId, std::int64_t)> kForgetPasswords{
    "password_history.forget",
    "delete from password_history where tenant_id = ?1 and account_id = ?2 and id not in"
    " (select id from password_history where tenant_id = ?1 and account_id = ?2"
    " order by id desc limit ?3)"};

using storage::ColumnType;
using storage::DataClass;
using storage::Level;

constexpr storage::Column kLockColumns[] = {
    {"id", ColumnType::integer, DataClass::key, Level::internal},
    {"window_began_at", ColumnType::integer, DataClass::technical, Level::internal},
    {"failures", ColumnType::integer, DataClass::technical, Level::internal},
    {"level", ColumnType::integer, DataClass::technical, Level::internal},
    {"level_at", ColumnType::integer, DataClass::technical, Level::internal},
    {"locked_until", ColumnType::integer, DataClass::technical, Level::internal},
    {"consecutive", ColumnType::integer, DataClass::technical, Level::internal},
};

constexpr storage::Column kDeviceColumns[] = {
    {"id", ColumnType::integer, DataClass::key, Level::internal},
    {"account_id", ColumnType::integer, DataClass::key, Level::internal},
    {"device_id", ColumnType::integer, DataClass::key, Level::internal},
    {"created_at", ColumnType::integer, DataClass::technical, Level::internal},
    {"last_used_at", ColumnType::integer, DataClass::person, Level::internal},
    {"address", ColumnType::text, DataClass::person, Level::internal},
    {"user_agent", ColumnType::text, DataClass::person, Level::internal},
    {"revoked_at", ColumnType::integer, DataClass::technical, Level::internal, true},
};

constexpr storage::Column kHistoryColumns[] = {
    {"id", ColumnType::integer, DataClass::key, Level::internal},
    {"account_id", ColumnType::integer, DataClass::key, Level::internal},
    {"password_hash", ColumnType::text, DataClass::credential, Level::secret},
    {"set_at", ColumnType::integer, DataClass::technical, Level::internal},
};

}  // namespace

LaneState ProtectionStore::lane_of(StaffId account) {
    const std::optional<SignInLockRow> row = tx_.find(kFindLock, account);
    if (!row) {
        return {};
    }
    return {row->window_began_at, row->failures,     row->level,
            row->level_at,        row->locked_until, row->consecutive};
}

void ProtectionStore::keep_lane(StaffId account, const LaneState& state) {
    const SignInLockRow row{account,        state.window_began_at, state.failures,   state.level,
                            state.level_at, state.locked_until,    state.consecutive};
    if (tx_.run(kSaveLock, row) == 0) {
        tx_.insert(row);
    }
}

void ProtectionStore::forget_lane(StaffId account) {
    tx_.run(kForgetLock, account);
}

std::vector<SignInLockRow> ProtectionStore::locked_lanes(std::int64_t consecutive_max,
                                                         std::int64_t count_max) {
    return tx_.list(kLockedLanes, tx_.now(), consecutive_max, count_max);
}

std::optional<KnownDeviceRow> ProtectionStore::find_device(StaffId account, DeviceId device,
                                                           Time used_after) {
    return tx_.find(kFindDevice, account, device, used_after);
}

void ProtectionStore::note_device(const KnownDeviceRow& row) {
    if (tx_.run(kUseDevice, row.account_id, row.device_id, row.last_used_at, row.address,
                row.user_agent) == 0) {
        tx_.insert(row);
        tx_.run(kForgetOldDevices, row.account_id, kDevicesCountMax);
    }
}

bool ProtectionStore::revoke_device(StaffId account, DeviceId device) {
    return tx_.run(kRevokeDevice, account, device, tx_.now()) == 1;
}

bool ProtectionStore::revoke_device(StaffId account, KnownDeviceId id) {
    return tx_.run(kRevokeDeviceById, account, id, tx_.now()) == 1;
}

void ProtectionStore::revoke_devices(StaffId account) {
    tx_.run(kRevokeDevices, account, tx_.now());
}

std::vector<KnownDeviceRow> ProtectionStore::devices(StaffId account) {
    return tx_.list(kListDevices, account);
}

std::vector<std::string> ProtectionStore::earlier_passwords(StaffId account) {
    return tx_.list(kEarlierPasswords, account, kHistoryCountMax);
}

void ProtectionStore::keep_password(const PasswordHistoryRow& row) {
    tx_.insert(row);
    tx_.run(kForgetPasswords, row.account_id, kHistoryCountMax);
}

void add_protection_tables(storage::Part& part) {
    part.tables.push_back({"sign_in_lock", kLockColumns});
    part.tables.push_back({"known_device", kDeviceColumns});
    part.tables.push_back({"password_history", kHistoryColumns});
    const storage::StatementInfo all[] = {
        storage::insert_info<SignInLockRow>(),
        storage::insert_info<KnownDeviceRow>(),
        storage::insert_info<PasswordHistoryRow>(),
        storage::info(kFindLock),
        storage::info(kSaveLock),
        storage::info(kForgetLock),
        storage::info(kLockedLanes),
        storage::info(kFindDevice),
        storage::info(kListDevices),
        storage::info(kUseDevice),
        storage::info(kForgetOldDevices),
        storage::info(kRevokeDevice),
        storage::info(kRevokeDeviceById),
        storage::info(kRevokeDevices),
        storage::info(kEarlierPasswords),
        storage::info(kForgetPasswords),
    };
    part.statements.insert(part.statements.end(), std::begin(all), std::end(all));
}

}  // namespace hangu::identity
