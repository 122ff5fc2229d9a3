// Watches sign-ins and refusals, and acts: weighs every sign-in against the habits of its person,
// keeps the ledger of attempts, tells attacks, and ends the sessions of who keeps trying what she
// may not do.
#pragma once

#include "platform/http/request_watch.hpp"
#include "platform/http/scope.hpp"
#include "platform/observe/observe.hpp"
#include "platform/storage/engine.hpp"
#include "security/identity/identity.hpp"
#include "security/protection/attacks.hpp"
#include "security/protection/places.hpp"
#include "security/protection/risk.hpp"
#include "security/protection/violations.hpp"
#include "security/tenant/tenant.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace hangu::protection {

// Something that people are to be told at once. It is recorded whether or not anybody is reached.
struct Alert {
    struct Parameter {
        std::string_view name;
        std::string value;
    };
    std::string_view code;     // "sign_in.unusual", "sign_in.attack", "permission.violations", …
    std::int64_t account = 0;  // whom it concerns, who is told; 0: nobody in particular
    std::string_view permission;  // whose holders are told; "" : nobody else
    bool platform = false;        // who runs the platform is told too
    std::vector<Parameter> parameters;
    std::string key;  // one of the same code and key within the hour is enough
};

// Port: who tells people (notify).
class Alerts {
 public:
    virtual ~Alerts() = default;
    // In the transaction of what is told.
    virtual void raise(http::Scope& scope, const Alert& alert) = 0;
};

class Protection final : public identity::SignInJudge, public http::RequestWatch {
 public:
    struct Services {
        storage::Engine& engine;
        tenant::Tenants& tenants;
        http::World& world;
        identity::Identity& identity;
        observe::Metrics& metrics;
    };
    explicit Protection(const Services& services);
    ~Protection() override;

    void set_places(const PlaceSource& places);  // without it places are unknown
    void set_alerts(Alerts& alerts);             // without it alerts are recorded only

    identity::Judgement judge(storage::Tx& tx, const identity::SignInSeen& seen) override;
    void told(http::Scope& scope, const identity::SignInSeen& seen,
              identity::SignInResult result) override;

    // A request of a known caller was answered. Counts refusals; never waits.
    void answered(const http::Answered& answered) override;
    // Does what a full lane refused, forgets watches of quiet merchants. For a job of a second.
    void tidy_up();
    // Deletes entries that are older than the setting allows; how many rows.
    std::int64_t forget_old(storage::Tx& tx);

    struct State;  // for this module's own files
    State& state() { return *state_; }

 private:
    std::unique_ptr<State> state_;
};

// --- for the command line; routes ask for permission and call these

enum class EntryResult { opened, challenged, refused, locked };
HANGU_ENUM(EntryResult, opened, challenged, refused, locked)

// Why it did not go through.
enum class EntryReason {
    none,
    unknown_account,
    wrong_password,
    wrong_link,
    wrong_code,
    wrong_passkey,
    unusual,                // refused by its score
    second_factor_missing,  // asked for by its score, and she has none
    locked                  // this failure locked the account for strangers
};
HANGU_ENUM(EntryReason, none, unknown_account, wrong_password, wrong_link, wrong_code,
           wrong_passkey, unusual, second_factor_missing, locked)

struct EntryFilter {
    identity::StaffId account;  // none: everybody
    std::string result;
    std::string method;  // with all that follows: "password" finds "password+totp"
    std::string address;
    std::int64_t score_min = 0;
    std::int64_t id_from = 0;
    std::int64_t id_before = 0;
    std::string text;                // in address, network, place or browser
    identity::StaffId text_account;  // or of this account
};
HANGU_STRUCT(EntryFilter, account, result, method, address, score_min, id_from, id_before, text,
             text_account)

struct EntryTag;
using EntryId = Id<EntryTag>;

struct SignInEntry {
    static constexpr std::string_view kTable = "sign_in_entry";
    EntryId id;
    identity::StaffId account_id;
    Time at;
    EntryResult result = EntryResult::refused;
    EntryReason reason = EntryReason::none;
    std::string method;
    std::string address;
    std::string network;
    std::string place;
    std::string user_agent;
    bool known_device = false;
    std::int64_t score = 0;
    std::string risks;  // "new_device new_network"
};
HANGU_STRUCT(SignInEntry, id, account_id, at, result, reason, method, address, network, place,
             user_agent, known_device, score, risks)

// The newest first.
std::vector<SignInEntry> sign_in_entries(storage::Tx& tx, const EntryFilter& filter,
                                         std::int64_t count_max);

struct AttackTag;
using AttackId = Id<AttackTag>;

struct SeenAttack {
    static constexpr std::string_view kTable = "sign_in_attack";
    AttackId id;
    Time at;
    Attack attack = Attack::stuffing;
    std::string subject;  // address, account, or "" : the whole merchant
    std::int64_t attempts_count = 0;
    std::int64_t accounts_count = 0;
    std::int64_t sources_count = 0;
};
HANGU_STRUCT(SeenAttack, id, at, attack, subject, attempts_count, accounts_count, sources_count)

constexpr std::int64_t kInProgressMs = kHourMs;  // an attack that was told within this time
std::vector<SeenAttack> seen_attacks(storage::Tx& tx, std::int64_t count_max);

enum class LockKind {
    account,     // suspended after too many refusals; everything of it has ended
    strangers,   // passwords of browsers that the account does not know are not looked at
    second_step  // codes of the second step are not looked at
};
HANGU_ENUM(LockKind, account, strangers, second_step)

struct LockOut {
    identity::StaffId account_id;
    LockKind kind = LockKind::strangers;
    std::optional<Time> since;
    std::optional<Time> until;        // none: until somebody unlocks
    std::int64_t failures_count = 0;  // in a row, or refusals
    std::string route;                // of the last refusal
    std::string address;
};

std::vector<LockOut> lock_outs(Protection& protection, storage::Tx& tx);

// Ends every lock of the account, and records why. "lock_out.not_found"
Result<void> unlock(Protection& protection, http::Scope& scope, identity::StaffId account,
                    std::string_view reason);

}  // namespace hangu::protection
