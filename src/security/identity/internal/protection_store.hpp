// SQL of what protects an account: locks, known browsers, earlier passwords.
#pragma once

#include "platform/storage/tx.hpp"
#include "security/identity/identity.hpp"
#include "security/identity/internal/known_device.hpp"
#include "security/identity/internal/lockout_rules.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hangu::identity {

struct KnownDeviceTag;
using KnownDeviceId = Id<KnownDeviceTag>;
struct PasswordHistoryTag;
using PasswordHistoryId = Id<PasswordHistoryTag>;

struct KnownDeviceRow {
    static constexpr std::string_view kTable = "known_device";
    KnownDeviceId id;
    StaffId account_id;
    DeviceId device_id;
    Time created_at;
    Time last_used_at;
    std::string address;
    std::string user_agent;
    std::optional<Time> revoked_at;
};
HANGU_STRUCT(KnownDeviceRow, id, account_id, device_id, created_at, last_used_at, address,
             user_agent, revoked_at)

struct SignInLockRow {
    static constexpr std::string_view kTable = "sign_in_lock";
    StaffId id;
    Time window_began_at;
    std::int64_t failures = 0;
    std::int64_t level = 0;
    Time level_at;
    Time locked_until;
    std::int64_t consecutive = 0;
};
HANGU_STRUCT(SignInLockRow, id, window_began_at, failures, level, level_at, locked_until,
             consecutive)

struct PasswordHistoryRow {
    static constexpr std::string_view kTable = "password_history";
    PasswordHistoryId id;
    StaffId account_id;
    std::string password_hash;
    Time set_at;
};
HANGU_STRUCT(PasswordHistoryRow, id, account_id, password_hash, set_at)

class ProtectionStore {
 public:
    static constexpr std::int64_t kDevicesCountMax = 10;  // per account; then the oldest goes
    static constexpr std::int64_t kHistoryCountMax = 5;

    explicit ProtectionStore(storage::Tx& tx) : tx_(tx) {}

    LaneState lane_of(StaffId account);  // of strangers
    void keep_lane(StaffId account, const LaneState& state);
    void forget_lane(StaffId account);
    // Accounts that are locked for strangers now.
    std::vector<SignInLockRow> locked_lanes(std::int64_t consecutive_max, std::int64_t count_max);

    // A browser that is known and was used since `used_after`.
    std::optional<KnownDeviceRow> find_device(StaffId account, DeviceId device, Time used_after);
    void note_device(const KnownDeviceRow& row);  // adds it, or says that it was used again
    bool revoke_device(StaffId account, DeviceId device);
    bool revoke_device(StaffId account, KnownDeviceId id);
    void revoke_devices(StaffId account);
    std::vector<KnownDeviceRow> devices(StaffId account);  // not revoked, the last used first

    std::vector<std::string> earlier_passwords(StaffId account);
    void keep_password(const PasswordHistoryRow& row);

 private:
    storage::Tx& tx_;
};

void add_protection_tables(storage::Part& part);

}  // namespace hangu::identity
