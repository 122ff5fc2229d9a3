// SQL of the sign-in ledger, of attacks and of accounts that were locked.
#pragma once

#include "platform/storage/tx.hpp"
#include "security/protection/protection.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hangu::protection {

struct AccountLockRow {
    static constexpr std::string_view kTable = "account_lock";
    identity::StaffId id;
    Time locked_at;
    std::int64_t refusals_count = 0;
    std::string route;
    std::string address;
};
HANGU_STRUCT(AccountLockRow, id, locked_at, refusals_count, route, address)

class LedgerStore {
 public:
    static constexpr std::int64_t kLocksCountMax = 500;

    explicit LedgerStore(storage::Tx& tx) : tx_(tx) {}

    void add(const SignInEntry& entry) { tx_.insert(entry); }
    std::vector<SignInEntry> newest(const EntryFilter& filter, std::int64_t count_max);
    std::int64_t count(const EntryFilter& filter);  // at most 10,000
    // Accounts whose second step failed since then.
    std::vector<identity::StaffId> failed_codes_since(Time since);

    void add(const SeenAttack& attack) { tx_.insert(attack); }
    std::vector<SeenAttack> attacks(std::int64_t count_max);

    void lock(const AccountLockRow& row);
    bool forget_lock(identity::StaffId account);
    std::vector<AccountLockRow> locks();

    std::int64_t forget_before(Time before, std::int64_t count_max);

 private:
    storage::Tx& tx_;
};

void add_ledger_tables(storage::Part& part);

}  // namespace hangu::protection
