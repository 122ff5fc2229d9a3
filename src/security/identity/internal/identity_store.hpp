// All SQL of the identity module.
#pragma once

#include "base/sealed.hpp"
#include "platform/storage/tx.hpp"
#include "security/identity/identity.hpp"
#include "security/identity/internal/known_device.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hangu::identity {

struct SessionTag;
using SessionId = Id<SessionTag>;
struct LinkTag;
using LinkId = Id<LinkTag>;

struct AccountRow {
    static constexpr std::string_view kTable = "staff_account";
    StaffId id;
    std::string login_name;
    std::optional<std::string> password_hash;
    std::optional<Time> password_set_at;
    AccountState state = AccountState::active;
    Sealed<PersonName> name;
    std::optional<Time> last_sign_in_at;
    std::int64_t version = 1;
};
HANGU_STRUCT(AccountRow, id, login_name, password_hash, password_set_at, state, name,
             last_sign_in_at, version)

struct SessionRow {
    static constexpr std::string_view kTable = "staff_session";
    SessionId id;
    storage::Blob token_hash;
    StaffId account_id;
    Time created_at;
    Time last_seen_at;
    Time expires_at;
    std::string address;
    std::string user_agent;
    bool from_link = false;
    std::optional<Time> ended_at;
    std::string method;  // "password", "link", …, "password+totp"
    Time verified_at;    // when the owner last proved who she is
    std::optional<DeviceId> device_id;
};
HANGU_STRUCT(SessionRow, id, token_hash, account_id, created_at, last_seen_at, expires_at, address,
             user_agent, from_link, ended_at, method, verified_at, device_id)

struct LinkRow {
    static constexpr std::string_view kTable = "sign_in_link";
    LinkId id;
    storage::Blob token_hash;
    StaffId account_id;
    Time expires_at;
    std::optional<Time> used_at;
    std::int64_t made_by = 0;
};
HANGU_STRUCT(LinkRow, id, token_hash, account_id, expires_at, used_at, made_by)

// A session with its account, as the gate needs it. The id is the account's: it opens the name.
struct SessionOfToken {
    static constexpr std::string_view kTable = "staff_account";
    StaffId id;
    SessionId session_id;
    Time created_at;
    Time last_seen_at;
    Time expires_at;
    std::optional<Time> ended_at;
    AccountState state = AccountState::active;
    Sealed<PersonName> name;
    std::string method;
    std::optional<Time> password_set_at;
    std::string user_agent;
};
HANGU_STRUCT(SessionOfToken, id, session_id, created_at, last_seen_at, expires_at, ended_at, state,
             name, method, password_set_at, user_agent)

class IdentityStore {
 public:
    static constexpr std::int64_t kSessionsCountMax =
        10;  // live ones of an account; then the oldest ends

    explicit IdentityStore(storage::Tx& tx) : tx_(tx) {}

    bool add(const AccountRow& account) { return tx_.try_insert(account); }
    std::optional<AccountRow> find(StaffId id);
    std::optional<AccountRow> find_by_login(std::string_view login_name);
    void rename(StaffId id, const PersonName& name);
    void set_state(StaffId id, AccountState state);
    void note_sign_in(StaffId id);
    void set_password(StaffId id, const std::string& hash);  // the owner chose a new one
    // A stronger hash of the same password; nothing happens when it was changed meanwhile.
    void rehash(StaffId id, const std::string& before, const std::string& after);

    void add(const SessionRow& session) { tx_.insert(session); }
    std::optional<SessionRow> find_session(SessionId id);
    std::optional<SessionOfToken> find_session_of_token(const std::string& hash);
    std::vector<SessionRow> sessions(StaffId account);  // live ones, the last seen first
    // Its owner proved again who she is: the session goes on under another token.
    bool verify_session(SessionId id, const std::string& hash, std::string_view address);
    bool end_own_session(StaffId account, SessionId id);  // false: not hers, or ended
    bool end_session(SessionId id);                       // false: it had ended
    void end_sessions(StaffId account, SessionId but);
    std::int64_t count_live_sessions(StaffId account, Time now);
    void end_oldest_sessions(StaffId account);
    void forget_dead_sessions(StaffId account);
    void note_seen(SessionId id, Time at);

    void add(const LinkRow& link) { tx_.insert(link); }
    std::optional<LinkRow> find_link(const std::string& hash);
    bool use_link(const std::string& hash);  // false: used before, expired or not there
    void forget_links(StaffId account);

 private:
    storage::Tx& tx_;
};

}  // namespace hangu::identity
