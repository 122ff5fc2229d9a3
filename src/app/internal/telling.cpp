#include "app/internal/telling.hpp"

#include <algorithm>
#include <latch>
#include <optional>

namespace hangu::app {

namespace {

constexpr std::size_t kPlatformCountMax = 1000;
constexpr std::size_t kPlatformBatchMax = 16;

enum class Owner { subject, caller };  // whose account it is

// Changes of what somebody signs in with.
struct ToldAct {
    std::string_view action;
    std::string_view kind;
    Owner owner;
    std::string_view factor;  // what was added
};
constexpr ToldAct kToldActs[] = {
    {"session.password_changed", notify::kPasswordChanged, Owner::subject, ""},
    {"second_factor.added", notify::kFactorAdded, Owner::subject, "TOTP"},
    {"second_factor.removed", notify::kFactorRemoved, Owner::subject, ""},
    {"lock_out.ended", notify::kAccountUnlocked, Owner::subject, ""},
    {"recovery.begun", notify::kRecoveryBegun, Owner::subject, ""},
    {"session.moved", notify::kSessionMoved, Owner::caller, ""},
    {"passkey.added", notify::kFactorAdded, Owner::caller, "passkey"},
    {"passkey.removed", notify::kFactorRemoved, Owner::caller, ""},
    {"staff.factors_removed", notify::kFactorRemoved, Owner::subject, ""},
};

std::string who(const http::Caller& caller) {
    return caller.actor_name.empty() ? std::string(enum_text(caller.kind)) : caller.actor_name;
}

std::optional<notify::Notice> notice_of(const http::RequestFacts& request,
                                        const http::AuditFact& fact) {
    const auto* act =
        std::find_if(std::begin(kToldActs), std::end(kToldActs),
                     [&fact](const ToldAct& one) { return one.action == fact.action; });
    if (act == std::end(kToldActs)) {
        return std::nullopt;
    }
    notify::Notice notice;
    notice.kind = act->kind;
    notice.parameters = {{"network", std::string(request.remote_address)},
                         {"by", who(*request.caller)},
                         {"factor", std::string(act->factor)}};
    if (fact.action == "lock_out.ended" && request.caller->kind == http::ActorKind::system) {
        notice.permission = "safety.locks";  // done from outside: those who could have, are told
    }
    if (act->owner == Owner::caller) {
        notice.account = request.caller->actor_id;
    } else {
        notice.account = parse_id(fact.subject_id).value_or(0);
    }
    return notice;
}

// What the platform's own people see as long as it lasts.
bool is_going_on(std::string_view code) {
    return code == notify::kSignInAttack || code == notify::kAccountLocked ||
           code == notify::kAccountStopped;
}

// Told on the lane behind the act: when it comes there, the act is committed or gone.
class After final : public storage::Job {
 public:
    explicit After(notify::AfterCommit work) : work_(std::move(work)) {}
    storage::Decision body(storage::Tx&) override { return storage::Decision::roll_back; }
    void done(const storage::Outcome&) override { work_(); }

 private:
    notify::AfterCommit work_;
};

}  // namespace

Telling::Telling(const Services& services)
    : to_(services),
      platform_("platform-notices", kPlatformCountMax, kPlatformBatchMax,
                [](std::vector<std::function<void()>>& batch) {
                    for (const std::function<void()>& work : batch) {
                        work();
                    }
                }) {}

void Telling::raise(http::Scope& scope, const protection::Alert& alert) {
    const notify::NoticeKind* kind = notify::find_notice_kind(alert.code);
    HANGU_ASSERT(kind != nullptr);
    notify::Notice notice;
    notice.kind = kind->code;
    for (const protection::Alert::Parameter& parameter : alert.parameters) {
        notice.parameters.push_back({std::string(parameter.name), parameter.value});
    }
    notice.account = alert.account;
    notice.permission = alert.permission;
    notice.key = alert.key;
    to_.notify.tell(scope, notice);
    if (is_going_on(alert.code) && scope.tenant() != tenant::kPlatformTenant) {
        scope.after_commit([this, tenant = scope.tenant(), at = scope.now()] {
            on_platform_lane([this, tenant, at] { going_on(tenant, at); }, "merchant_watch");
        });
    }
    if (alert.platform) {
        scope.after_commit(
            [this, tenant = scope.tenant(), notice] { tell_platform(tenant, notice); });
    }
}

void Telling::record(storage::Tx& tx, const http::RequestFacts& request,
                     const std::vector<http::AuditFact>& facts) {
    to_.records.record(tx, request, facts);
    for (const http::AuditFact& fact : facts) {
        if (const std::optional<notify::Notice> notice = notice_of(request, fact)) {
            to_.engine.submit(tx.tenant(), storage::Work::read,
                              std::make_unique<After>(to_.notify.tell(tx, *notice)));
        }
    }
}

void Telling::visit(TenantId tenant, const http::RequestFacts& request, Time at, int status,
                    std::string_view subject_id) {
    to_.records.visit(tenant, request, at, status, subject_id);
}

void Telling::audit_damaged(TenantId tenant, const std::string& finding) {
    notify::Notice notice;
    notice.kind = notify::kAuditDamaged;
    notice.parameters = {{"finding", finding}};
    notice.key = finding;
    tell_platform(tenant, notice);
    if (!to_.notify.tell_soon(tenant, std::move(notice))) {
        to_.world.log->warning("notice.dropped", {{"kind", notify::kAuditDamaged}});
    }
}

void Telling::tell_platform(TenantId tenant, notify::Notice notice) {
    const std::string_view kind = notice.kind;
    on_platform_lane(
        [this, tenant, notice = std::move(notice)] { to_.notify.tell_platform(tenant, notice); },
        kind);
}

// The platform's console looks again at once; nothing of the merchant is in the event.
void Telling::going_on(TenantId tenant, Time at) {
    to_.watch_list.note(tenant, at);
    events::Event event;
    event.id = events::EventId(to_.world.ids->next(at.unix_ms()));
    event.name = "merchant.going_on";
    event.permission = "merchant.safety";
    event.payload = "{}";
    event.at = at;
    to_.world.hub->publish(tenant::kPlatformTenant, {event});
}

void Telling::settle_and_wait() {
    std::latch done(1);
    if (platform_.push([&done] { done.count_down(); })) {
        done.wait();
    }
}

void Telling::on_platform_lane(std::function<void()> work, std::string_view what) {
    if (!platform_.push(std::move(work))) {
        to_.world.log->warning("notice.dropped", {{"kind", what}});
    }
}

}  // namespace hangu::app
