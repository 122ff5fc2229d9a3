// SQL of second factors, of sign-ins that wait for one, and of what was tried.
#pragma once

#include "platform/storage/tx.hpp"
#include "security/identity/identity.hpp"
#include "security/identity/internal/factor_rules.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hangu::identity {

struct RecoveryCodeTag;
using RecoveryCodeId = Id<RecoveryCodeTag>;
struct FlowTag;
using FlowId = Id<FlowTag>;
struct SignInRecordTag;
using SignInRecordId = Id<SignInRecordTag>;

struct TotpRow {
    static constexpr std::string_view kTable = "totp_factor";
    StaffId id;
    Sealed<TotpSecret> secret;
    Time created_at;
    std::optional<Time> confirmed_at;
    std::int64_t last_step = 0;
};
HANGU_STRUCT(TotpRow, id, secret, created_at, confirmed_at, last_step)

struct RecoveryCodeRow {
    static constexpr std::string_view kTable = "recovery_code";
    RecoveryCodeId id;
    StaffId account_id;
    storage::Blob code_mark;
    Time created_at;
    std::optional<Time> used_at;
};
HANGU_STRUCT(RecoveryCodeRow, id, account_id, code_mark, created_at, used_at)

struct FlowRow {
    static constexpr std::string_view kTable = "sign_in_flow";
    FlowId id;
    storage::Blob token_hash;
    StaffId account_id;
    std::string method;
    Time created_at;
    Time expires_at;
    std::int64_t tries = 0;
    std::optional<Time> used_at;
};
HANGU_STRUCT(FlowRow, id, token_hash, account_id, method, created_at, expires_at, tries, used_at)

enum class AttemptResult { opened, challenged, refused, locked };
HANGU_ENUM(AttemptResult, opened, challenged, refused, locked)

struct SignInRecordRow {
    static constexpr std::string_view kTable = "sign_in_record";
    SignInRecordId id;
    StaffId account_id;
    Time at;
    AttemptResult result = AttemptResult::refused;
    std::string method;
    std::string address;
    std::string user_agent;
    bool known_device = false;
};
HANGU_STRUCT(SignInRecordRow, id, account_id, at, result, method, address, user_agent, known_device)

class FactorStore {
 public:
    static constexpr std::int64_t kFlowTriesMax = 5;
    static constexpr std::int64_t kRecordsCountMax = 200;  // per account

    explicit FactorStore(storage::Tx& tx) : tx_(tx) {}

    std::optional<TotpRow> totp(StaffId account);
    bool has_totp(StaffId account);  // and it is switched on
    void begin_totp(const TotpRow& row);
    bool confirm_totp(StaffId account, std::int64_t step);
    bool use_totp_step(StaffId account, std::int64_t step);  // false: that step or a later one was
    void remove_totp(StaffId account);

    void set_recovery_codes(StaffId account, const std::vector<RecoveryCodeRow>& rows);
    bool use_recovery_code(StaffId account, const std::string& mark);
    std::int64_t recovery_codes_left(StaffId account);

    void add(const FlowRow& flow) { tx_.insert(flow); }
    std::optional<FlowRow> try_flow(const std::string& token_hash);   // counts the try
    std::optional<FlowRow> find_flow(const std::string& token_hash);  // one that waits
    bool use_flow(FlowId id);
    void forget_flows(StaffId account);

    void record(const SignInRecordRow& row);
    std::vector<SignInRecordRow> records(StaffId account, std::int64_t count_max);

 private:
    storage::Tx& tx_;
};

void add_factor_tables(storage::Part& part);

}  // namespace hangu::identity
