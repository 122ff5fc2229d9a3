// What the house tells people: text messages with codes and links, notices on the console's bell,
// and the same notices over the merchant's own channels (e-mail, group robots). Whatever is told is
// stored in the transaction of the act and leaves the house after its commit.
#pragma once

#include "base/describe.hpp"
#include "base/id.hpp"
#include "base/result.hpp"
#include "base/sealed.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"
#include "platform/http/scope.hpp"
#include "platform/storage/engine.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hangu::egress {
class Egress;
}
namespace hangu::tenant {
class Tenants;
}

namespace hangu::notify {

enum class Locale { zh, en };
HANGU_ENUM(Locale, zh, en)

// --- text messages

enum class TextKind {
    sign_in_code,   // code_or_link: the digits
    recovery_code,  // code_or_link: the digits
    invitation,     // code_or_link: the whole link
    told,           // what a notice says, by its code in `about`; code_or_link stays empty
};
HANGU_ENUM(TextKind, sign_in_code, recovery_code, invitation, told)

struct Text {
    TextKind kind = TextKind::sign_in_code;
    Phone to;
    Secret code_or_link;
    Locale locale = Locale::zh;
    std::int64_t lifetime_ms = 5 * kMinuteMs;  // not sent after that: a late code helps nobody
    std::string_view about;                    // of `told`: a declared notice, "password.changed"
    // Stored like any other and never sent, so that an unknown phone costs the same as a known one.
    bool decoy = false;
};

// --- notices

enum class Severity { info, warning, critical };
HANGU_ENUM(Severity, info, warning, critical)

// A declared kind. {names} in the texts are parameters of the notice.
struct NoticeKind {
    std::string_view code;
    Severity severity;
    std::string_view permission;  // whose holders are told; "" : only the account it concerns
    std::string_view link;        // into the console: "/my-safety"
    std::string_view title_zh;
    std::string_view title_en;
    std::string_view text_zh;
    std::string_view text_en;
};

inline constexpr std::string_view kUnusualSignIn = "sign_in.unusual";        // place, network
inline constexpr std::string_view kAccountLocked = "account.locked";         // name, minutes
inline constexpr std::string_view kAccountStopped = "account.stopped";       // name, count
inline constexpr std::string_view kAccountUnlocked = "account.unlocked";     // by
inline constexpr std::string_view kFactorRemoved = "second_factor.removed";  // by
inline constexpr std::string_view kFactorAdded = "second_factor.added";      // factor
inline constexpr std::string_view kPasswordChanged = "password.changed";     // network
inline constexpr std::string_view kSessionMoved = "session.moved";           // network
inline constexpr std::string_view kRecoveryBegun = "recovery.begun";         // network
inline constexpr std::string_view kViolations = "permission.violations";     // name, count
inline constexpr std::string_view kAuditDamaged = "audit.damaged";           // finding
inline constexpr std::string_view kSignInAttack = "sign_in.attack";          // network, count
inline constexpr std::string_view kExportMade = "audit.exported";            // name, count
inline constexpr std::string_view kTextsFailing = "text.failing";            // count, reason
inline constexpr std::string_view kOfMerchant = "merchant.alert";       // merchant, text in both
inline constexpr std::string_view kChannelFailing = "channel.failing";  // channel, reason

std::span<const NoticeKind> notice_kinds();
const NoticeKind* find_notice_kind(std::string_view code);

struct Parameter {
    std::string name;
    std::string value;  // may be shown to every receiver; no secret, phones only masked
};
HANGU_STRUCT(Parameter, name, value)

// One thing to tell. It reaches `account` (0: nobody in particular) and everybody who holds
// `permission` ("" : the kind's own, which may be nobody) at `org_path` ("" : anywhere).
struct Notice {
    std::string_view kind;  // a declared code; anything else is a Bug
    std::vector<Parameter> parameters;
    std::int64_t account = 0;  // staff account
    std::string permission;
    std::string org_path;
    std::string link;  // "" : the kind's own
    // One of the same kind and key of the last hour is counted up instead of told again. "" :
    // never.
    std::string key;
};

// What the platform's own people are told, as it is shown.
struct PlatformNotice {
    std::string id;
    std::string kind;
    Severity severity = Severity::info;
    std::string merchant;  // its code
    std::string text_zh;
    std::string text_en;
    std::int64_t count = 1;
    Time first_at;
    Time last_at;
};
HANGU_STRUCT(PlatformNotice, id, kind, severity, merchant, text_zh, text_en, count, first_at,
             last_at)

// To be called once the commit is durable: rings the bell and starts the sending at once. If nobody
// calls it, the sweep does it some seconds later.
using AfterCommit = std::function<void()>;

// Port: has the caller proved within the last minutes who she is? (identity) Without it every
// change of a channel is refused.
class Freshness {
 public:
    virtual ~Freshness() = default;
    virtual Result<void> require_fresh(http::Scope& scope) = 0;
};

class Notify {
 public:
    Notify(storage::Engine& engine, tenant::Tenants& tenants, http::World& world,
           egress::Egress& egress);
    ~Notify();

    void set_freshness(Freshness& freshness);

    // In the transaction of the act. Nothing leaves the house unless it commits.
    void send_text(http::Scope& scope, const Text& text);
    void tell(http::Scope& scope, const Notice& notice);
    // The same for work that has no scope (coroutines with their own jobs, monitors).
    [[nodiscard]] AfterCommit send_text(storage::Tx& tx, const Text& text);
    [[nodiscard]] AfterCommit tell(storage::Tx& tx, const Notice& notice);
    // From any thread, in a transaction of its own; for what no act stands behind. False: the lane
    // is full.
    bool tell_soon(TenantId tenant, Notice notice);
    // Whoever runs the platform, about a merchant: kept in the control database, logged, and told
    // to the platform's own people as any notice is, if it is critical. Not from an event loop.
    void tell_platform(TenantId merchant, Notice notice);
    std::vector<PlatformNotice> platform_notices(std::int64_t count_max);  // newest first

    // --- jobs
    // Sends what is due of that tenant; for the start of the process and the sweep. Never waits.
    void look_at(TenantId tenant);
    // Deletes what is older than the settings allow; how many rows.
    std::int64_t forget_old(storage::Tx& tx);
    // Looks at the tenants whose next attempt is due; for a timer of about a second.
    void sweep();
    // What other nodes have left to ring for the platform's people; on the node that works for
    // them, not from a loop.
    void ring_platform_notices();
    // Waits until nothing is being sent; for tests and the end.
    void settle_and_wait();
    // What is being sent is finished or given up; nothing is begun any more.
    void stop();

    struct State;  // for this module's own files
    State& state() { return *state_; }

 private:
    std::unique_ptr<State> state_;
};

}  // namespace hangu::notify
