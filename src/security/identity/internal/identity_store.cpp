#include "security/identity/internal/identity_store.hpp"

#include "security/identity/internal/factor_store.hpp"
#include "security/identity/internal/passkey_store.hpp"
#include "security/identity/internal/protection_store.hpp"
#include "security/identity/internal/text_code_store.hpp"
#include "security/identity/module.hpp"

namespace hangu::identity {

std::span<const MigrationFile> sql_files();

namespace {

using storage::Blob;
using storage::Statement;

#define HANGU_ACCOUNT_COLUMNS                                             \
    "select id, login_name, password_hash, password_set_at, state, name," \
    " last_sign_in_at, version from staff_account where tenant_id = ?1 and "

constexpr Statement<AccountRow(StaffId)> kFindAccount{"staff_account.find",
                                                      HANGU_ACCOUNT_COLUMNS "id = ?2"};

constexpr Statement<AccountRow(std::string_view)> kFindByLogin{
    "staff_account.find_by_login", HANGU_ACCOUNT_COLUMNS "login_name = ?2"};

// Sealing needs to know the table, the column and the row: the argument says them by its type.
struct NameOfAccount {
    static constexpr std::string_view kTable = "staff_account";
    StaffId id;
    Sealed<PersonName> name;
};
HANGU_STRUCT(NameOfAccount, id, name)

constexpr Statement<void(NameOfAccount)> kRename{
    "staff_account.rename",
    "update staff_account set name = ?3, version = version + 1 where tenant_id = ?1 and id = ?2"};

constexpr Statement<void(StaffId, AccountState)> kSetState{
    "staff_account.set_state",
    "update staff_account set state = ?3, version = version + 1 where tenant_id = ?1 and id = ?2"};

constexpr Statement<void(StaffId, Time)> kNoteSignIn{
    "staff_account.note_sign_in",
    "update staff_account set last_sign_in_at = ?3 where tenant_id = ?1 and id = ?2"};

constexpr Statement<void(StaffId, std::string, Time)> kSetPassword{
    "staff_account.set_password",
    "update staff_account set password_hash = ?3, password_set_at = ?4, version = version + 1"
    " where tenant_id = ?1 and id = ?2"};

constexpr Statement<void(StaffId, std::string, std::string)> kRehash{
    "staff_account.rehash",
    "update staff_account set password_hash = ?4"
    " where tenant_id = ?1 and id = ?2 and password_hash = ?3"};

constexpr Statement<SessionRow(SessionId)> kFindSession{
    "staff_session.find",
    "select id, token_hash, account_id, created_at, last_seen_at, expires_at, address, user_agent,"
    " from_link, ended_at, method, verified_at, device_id from staff_session"
    " where tenant_id = ?1 and id = ?2"};

constexpr Statement<SessionOfToken(Blob)> kFindSessionOfToken{
    "staff_session.of_token",
    "select a.id, s.id as session_id, s.created_at, s.last_seen_at, s.expires_at, s.ended_at,"
    " a.state, a.name, s.method, a.password_set_at, s.user_agent from staff_session s"
    " join staff_account a on a.tenant_id = s.tenant_id and a.id = s.account_id"
    " where s.tenant_id = ?1 and s.token_hash = ?2"};

constexpr Statement<SessionRow(StaffId, Time)> kListSessions{
    "staff_session.list",
    "select id, token_hash, account_id, created_at, last_seen_at, expires_at, address, user_agent,"
    " from_link, ended_at, method, verified_at, device_id from staff_session"
    " where tenant_id = ?1 and account_id = ?2 and ended_at is null and expires_at > ?3"
    " order by last_seen_at desc, id desc limit 50"};

constexpr Statement<void(SessionId, Blob, Time, std::string)> kVerifySession{
    "staff_session.verify",
    "update staff_session set token_hash = ?3, verified_at = ?4, address = ?5"
    " where tenant_id = ?1 and id = ?2 and ended_at is null"};

constexpr Statement<void(StaffId, SessionId, Time)> kEndOwnSession{
    "staff_session.end_own",
    "update staff_session set ended_at = ?4"
    " where tenant_id = ?1 and account_id = ?2 and id = ?3 and ended_at is null"};

constexpr Statement<void(SessionId, Time)> kEndSession{
    "staff_session.end",
    "update staff_session set ended_at = ?3"
    " where tenant_id = ?1 and id = ?2 and ended_at is null"};

constexpr Statement<void(StaffId, SessionId, Time)> kEndSessions{
    "staff_session.end_others",
    "update staff_session set ended_at = ?4"
    " where tenant_id = ?1 and account_id = ?2 and id <> ?3 and ended_at is null"};

constexpr Statement<std::int64_t(StaffId, Time)> kCountLive{
    "staff_session.count_live",
    "select count(*) from staff_session"
    " where tenant_id = ?1 and account_id = ?2 and ended_at is null and expires_at > ?3"};

constexpr Statement<void(StaffId, Time, std::int64_t)> kEndOldest{
    "staff_session.end_oldest",
    "update staff_session set ended_at = ?3 where tenant_id = ?1 and account_id = ?2"
    " and ended_at is null and id not in (select id from staff_session"
    " where tenant_id = ?1 and account_id = ?2 and ended_at is null order by id desc limit ?4)"};

constexpr Statement<void(StaffId, Time)> kForgetDead{
    "staff_session.forget_dead",
    "delete from staff_session where tenant_id = ?1 and account_id = ?2"
    " and (ended_at is not null or expires_at <= ?3)"};

constexpr Statement<void(SessionId, Time)> kNoteSeen{
    "staff_session.note_seen",
    "update staff_session set last_seen_at = ?3"
    " where tenant_id = ?1 and id = ?2 and last_seen_at < ?3"};

constexpr Statement<LinkRow(Blob)> kFindLink{
    "sign_in_link.find",
    "select id, token_hash, account_id, expires_at, used_at, made_by from sign_in_link"
    " where tenant_id = ?1 and token_hash = ?2"};

constexpr Statement<void(Blob, Time)> kUseLink{
    "sign_in_link.use",
    "update sign_in_link set used_at = ?3"
    " where tenant_id = ?1 and token_hash = ?2 and used_at is null and expires_at > ?3"};

constexpr Statement<void(StaffId)> kForgetLinks{
    "sign_in_link.forget", "delete from sign_in_link where tenant_id = ?1 and account_id = ?2"};

using storage::ColumnType;
using storage::DataClass;
using storage::Level;

constexpr storage::Column kAccountColumns[] = {
    {"id", ColumnType::integer, DataClass::key, Level::internal},
    {"login_name", ColumnType::text, DataClass::person, Level::internal},
    {"password_hash", ColumnType::text, DataClass::credential, Level::secret, true},
    {"password_set_at", ColumnType::integer, DataClass::technical, Level::internal, true},
    {"state", ColumnType::text, DataClass::technical, Level::internal},
    {"name", ColumnType::sealed, DataClass::identity, Level::sensitive, true},
    {"last_sign_in_at", ColumnType::integer, DataClass::person, Level::internal, true},
    {"version", ColumnType::integer, DataClass::technical, Level::internal},
};

constexpr storage::Column kSessionColumns[] = {
    {"id", ColumnType::integer, DataClass::key, Level::internal},
    {"token_hash", ColumnType::blob, DataClass::credential, Level::secret},
    {"account_id", ColumnType::integer, DataClass::key, Level::internal},
    {"created_at", ColumnType::integer, DataClass::technical, Level::internal},
    {"last_seen_at", ColumnType::integer, DataClass::person, Level::internal},
    {"expires_at", ColumnType::integer, DataClass::technical, Level::internal},
    {"address", ColumnType::text, DataClass::person, Level::internal},
    {"user_agent", ColumnType::text, DataClass::person, Level::internal},
    {"from_link", ColumnType::integer, DataClass::technical, Level::internal},
    {"ended_at", ColumnType::integer, DataClass::technical, Level::internal, true},
    {"method", ColumnType::text, DataClass::technical, Level::internal},
    {"verified_at", ColumnType::integer, DataClass::technical, Level::internal},
    {"device_id", ColumnType::integer, DataClass::key, Level::internal, true},
};

constexpr storage::Column kLinkColumns[] = {
    {"id", ColumnType::integer, DataClass::key, Level::internal},
    {"token_hash", ColumnType::blob, DataClass::credential, Level::secret},
    {"account_id", ColumnType::integer, DataClass::key, Level::internal},
    {"expires_at", ColumnType::integer, DataClass::technical, Level::internal},
    {"used_at", ColumnType::integer, DataClass::technical, Level::internal, true},
    {"made_by", ColumnType::integer, DataClass::key, Level::internal},
};

}  // namespace

std::optional<AccountRow> IdentityStore::find(StaffId id) {
    return tx_.find(kFindAccount, id);
}

std::optional<AccountRow> IdentityStore::find_by_login(std::string_view login_name) {
    return tx_.find(kFindByLogin, login_name);
}

void IdentityStore::rename(StaffId id, const PersonName& name) {
    tx_.run(kRename, NameOfAccount{id, Sealed<PersonName>(name)});
}

void IdentityStore::set_state(StaffId id, AccountState state) {
    tx_.run(kSetState, id, state);
}

void IdentityStore::note_sign_in(StaffId id) {
    tx_.run(kNoteSignIn, id, tx_.now());
}

void IdentityStore::set_password(StaffId id, const std::string& hash) {
    tx_.run(kSetPassword, id, hash, tx_.now());
}

void IdentityStore::rehash(StaffId id, const std::string& before, const std::string& after) {
    tx_.run(kRehash, id, before, after);
}

std::optional<SessionRow> IdentityStore::find_session(SessionId id) {
    return tx_.find(kFindSession, id);
}

std::optional<SessionOfToken> IdentityStore::find_session_of_token(const std::string& hash) {
    return tx_.find(kFindSessionOfToken, Blob{hash});
}

std::vector<SessionRow> IdentityStore::sessions(StaffId account) {
    return tx_.list(kListSessions, account, tx_.now());
}

bool IdentityStore::verify_session(SessionId id, const std::string& hash,
                                   std::string_view address) {
    return tx_.run(kVerifySession, id, Blob{hash}, tx_.now(), std::string(address)) == 1;
}

bool IdentityStore::end_own_session(StaffId account, SessionId id) {
    return tx_.run(kEndOwnSession, account, id, tx_.now()) == 1;
}

bool IdentityStore::end_session(SessionId id) {
    return tx_.run(kEndSession, id, tx_.now()) == 1;
}

void IdentityStore::end_sessions(StaffId account, SessionId but) {
    tx_.run(kEndSessions, account, but, tx_.now());
}

std::int64_t IdentityStore::count_live_sessions(StaffId account, Time now) {
    return tx_.find(kCountLive, account, now).value_or(0);
}

void IdentityStore::end_oldest_sessions(StaffId account) {
    tx_.run(kEndOldest, account, tx_.now(), kSessionsCountMax);
}

void IdentityStore::forget_dead_sessions(StaffId account) {
    tx_.run(kForgetDead, account, tx_.now());
}

void IdentityStore::note_seen(SessionId id, Time at) {
    tx_.run(kNoteSeen, id, at);
}

std::optional<LinkRow> IdentityStore::find_link(const std::string& hash) {
    return tx_.find(kFindLink, Blob{hash});
}

bool IdentityStore::use_link(const std::string& hash) {
    return tx_.run(kUseLink, Blob{hash}, tx_.now()) == 1;
}

void IdentityStore::forget_links(StaffId account) {
    tx_.run(kForgetLinks, account);
}

storage::Part part() {
    storage::Part part{"identity",
                       sql_files(),
                       {{"staff_account", kAccountColumns},
                        {"staff_session", kSessionColumns},
                        {"sign_in_link", kLinkColumns}},
                       {storage::insert_info<AccountRow>(),
                        storage::insert_info<SessionRow>(),
                        storage::insert_info<LinkRow>(),
                        storage::info(kFindAccount),
                        storage::info(kFindByLogin),
                        storage::info(kRename),
                        storage::info(kSetState),
                        storage::info(kNoteSignIn),
                        storage::info(kSetPassword),
                        storage::info(kRehash),
                        storage::info(kFindSession),
                        storage::info(kFindSessionOfToken),
                        storage::info(kListSessions),
                        storage::info(kVerifySession),
                        storage::info(kEndOwnSession),
                        storage::info(kEndSession),
                        storage::info(kEndSessions),
                        storage::info(kCountLive),
                        storage::info(kEndOldest),
                        storage::info(kForgetDead),
                        storage::info(kNoteSeen),
                        storage::info(kFindLink),
                        storage::info(kUseLink),
                        storage::info(kForgetLinks)}};
    add_protection_tables(part);
    add_factor_tables(part);
    add_passkey_tables(part);
    add_text_code_table(part);
    return part;
}

}  // namespace hangu::identity
