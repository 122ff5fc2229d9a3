// Accounts of a realm (the staff of merchants, or the platform's own people), their sessions and
// sign-in links, and the gate of that realm.
#pragma once

#include "base/id.hpp"
#include "base/randomness.hpp"
#include "base/result.hpp"
#include "base/sealed.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"
#include "platform/crypto/crypto.hpp"
#include "platform/http/gate.hpp"
#include "platform/http/scope.hpp"
#include "platform/observe/observe.hpp"
#include "platform/storage/engine.hpp"
#include "security/tenant/tenant.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hangu::shared_state {
class SharedState;
}

namespace hangu::identity {

struct StaffTag;
using StaffId = Id<StaffTag>;  // one id for the account here and the person in commerce/staff

enum class AccountState { active, suspended, left };
HANGU_ENUM(AccountState, active, suspended, left)

struct Account {
    StaffId id;
    std::string login_name;
    Sealed<PersonName> name;
    AccountState state = AccountState::active;
    bool password_set = false;
    std::optional<Time> last_sign_in_at;
    std::int64_t version = 1;
};

struct SignInLink {
    std::string token;  // goes into https://<host>/#/welcome?token=…; shown once, stored hashed
    Time expires_at;
};

// What an actor may do, and where.
struct ActorGrants {
    http::Rights rights;
    std::vector<std::string> places;  // paths of the nodes she was granted, for showing
    Time changes_at = http::kNever;   // a grant begins or ends: the rights are good until then
};

// Port: who knows grants (authorization).
class GrantSource {
 public:
    virtual ~GrantSource() = default;
    virtual ActorGrants grants_of(storage::Tx& tx, http::ActorKind kind, std::int64_t actor_id) = 0;
};

// Port: who knows what places are called (organisation). Without it a path is its own name.
class PlaceNames {
 public:
    virtual ~PlaceNames() = default;
    virtual std::string place_name(storage::Tx& tx, std::string_view path) = 0;
};

// Port: who knows how people are reached (staff). Without it nobody has a phone.
class PhoneBook {
 public:
    virtual ~PhoneBook() = default;
    // The last four digits of her number; "" : none.
    virtual std::string phone_tail_of(storage::Tx& tx, StaffId account) = 0;
    virtual std::optional<StaffId> owner_of(storage::Tx& tx, const Phone& phone) = 0;
};

// Codes by text message: who signs in with them alone, or wins her account back.
enum class TextPurpose { sign_in, recovery };
HANGU_ENUM(TextPurpose, sign_in, recovery)

struct TextMessage {
    Phone to;
    TextPurpose purpose = TextPurpose::sign_in;
    Secret code;
    std::int64_t lifetime_ms = 0;  // not sent after that
    bool decoy = false;            // stored like any other, never sent: nobody has that phone
};

// Port: who sends text messages (notify). Without it, or a phone book, there is no way in by text.
class TextMessages {
 public:
    virtual ~TextMessages() = default;
    virtual bool are_sent() const = 0;
    // Leaves after the commit.
    virtual void send(http::Scope& scope, const TextMessage& message) = 0;
};

// A sign-in as the judge sees it. What was typed is not part of it.
struct SignInSeen {
    std::optional<StaffId> account;  // none: there is no such account
    std::string_view method;         // "password", "link", "text", "recovery", "passkey"
    std::string_view address;
    std::string_view user_agent;
    bool known_device = false;         // the browser was used for this account before
    std::int64_t failures_before = 0;  // in a row, of this account
};
enum class Judgement { allow, second_factor, refuse };
enum class SignInResult { opened, challenged, refused, locked };

// Port: who weighs places, networks and habits. judge() is asked once the first factor is right,
// before a session opens; told() hears of every attempt, in the transaction that records it.
class SignInJudge {
 public:
    virtual ~SignInJudge() = default;
    virtual Judgement judge(storage::Tx& tx, const SignInSeen& seen) = 0;
    virtual void told(http::Scope& scope, const SignInSeen& seen, SignInResult result) = 0;
};

class Identity final : public http::Gate {
 public:
    struct Options {
        http::Realm realm = http::Realm::merchant;  // merchant: its tenants; platform: its one
        crypto::PasswordCost password_cost{};
        std::size_t callers_count_max = 50'000;     // remembered sessions
        std::size_t throttles_count_max = 100'000;  // counted accounts and addresses
    };

    Identity(storage::Engine& engine, tenant::Tenants& tenants, http::World& world,
             crypto::HashPool& hash_pool, Options options);
    ~Identity() override;

    void set_grant_source(GrantSource& grants);
    void set_place_names(PlaceNames& names);
    void set_phone_book(PhoneBook& phones);
    void set_text_messages(TextMessages& texts);
    void set_sign_in_judge(SignInJudge& judge);
    // Other nodes serve this realm too: attempts from an address are counted together, challenges
    // are good at any of them and used up at all. `challenge_key` is the same on all nodes.
    void set_shared_state(shared_state::SharedState& shared, Secret challenge_key);

    // --- accounts. The caller asks its own permission and records its own act (staff.created, …).
    // "staff.login_name_taken"; 422 on a bad login name.
    Result<Account> create_account(http::Scope& scope, StaffId id, std::string_view login_name,
                                   const PersonName& name);
    Result<Account> rename(http::Scope& scope, StaffId id, const PersonName& name);
    // Suspended or left: every session and link ends in this transaction, and is refused as soon as
    // it is committed.
    Result<Account> set_state(http::Scope& scope, StaffId id, AccountState state);
    Result<Account> find(storage::Tx& tx, StaffId id);  // "staff.not_found"
    std::optional<Account> find_by_login(storage::Tx& tx, std::string_view login_name);

    // Every live session and unused link of the account ends, as above; how many sessions it were.
    std::int64_t end_sessions(http::Scope& scope, StaffId id);
    std::int64_t count_sessions(http::Scope& scope, StaffId id);

    // A single-use link; earlier unused ones of the account end. `lifetime_ms` 0: the setting (24
    // h).
    Result<SignInLink> make_sign_in_link(http::Scope& scope, StaffId id,
                                         std::int64_t lifetime_ms = 0);

    // Until when strangers' passwords for the account are not looked at; none: they are.
    std::optional<Time> locked_until(storage::Tx& tx, StaffId id);
    // Ends that. The caller asks its own permission and records its own act. "staff.not_found"
    Result<void> unlock(http::Scope& scope, StaffId id);

    // For acts that must be done by the person herself and not by who found her screen: "403
    // session.step_up_required" unless she proved within the last minutes who she is.
    Result<void> require_fresh(http::Scope& scope);
    // Her second factors are gone: for who lost them. The caller asks its own permission and
    // records its own act.
    Result<void> remove_second_factors(http::Scope& scope, StaffId id);

    // --- remembered callers
    // Their rights are read again with their next request. Call it through scope.after_commit.
    void forget(TenantId tenant, const std::vector<std::int64_t>& staff);
    void forget(TenantId tenant);  // all of them: another node may have changed anything
    // Writes "last seen" of live sessions, at most once per 5 minutes each; never waits. For a job
    // that runs about every 30 seconds.
    void flush_last_seen();

    // --- http::Gate of its realm (cookie __Host-hangu_merchant or __Host-hangu_platform)
    std::optional<http::Credential> credential(const http::Request& request) const override;
    std::shared_ptr<const http::Caller> known(const http::Credential& credential,
                                              Time now) override;
    Result<std::shared_ptr<const http::Caller>> recognise(
        storage::Tx& tx, const http::Credential& credential) override;

    struct State;  // for this module's own files
    State& state() { return *state_; }

 private:
    std::unique_ptr<State> state_;
};

}  // namespace hangu::identity
