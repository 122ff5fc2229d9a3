// Attacks: told from the stream of attempts once they are committed, recorded in a transaction of
// their own.
#include "platform/http/network.hpp"
#include "security/protection/internal/ledger_store.hpp"
#include "security/protection/internal/protection_state.hpp"

namespace hangu::protection {

namespace {

http::AuditFact fact_of(const Finding& finding) {
    http::AuditFact fact;
    fact.action = "sign_in.attack_found";
    fact.subject_kind = "sign_in_attack";
    fact.subject_label = finding.subject;
    fact.fields = {{"attack", "", std::string(enum_text(finding.attack))},
                   {"attempts", "", std::to_string(finding.attempts_count)},
                   {"accounts", "", std::to_string(finding.accounts_count)},
                   {"sources", "", std::to_string(finding.sources_count)}};
    return fact;
}

}  // namespace

void Protection::State::watch(TenantId tenant, const SignInAttempt& attempt) {
    std::vector<Finding> findings;
    {
        const std::lock_guard lock(mutex);
        const auto found = watched.find(tenant);
        if (attempt.succeeded && found == watched.end()) {
            return;  // nothing went before
        }
        Watched& watching = found == watched.end() ? watched[tenant] : found->second;
        watching.last_at = attempt.at;
        SignInAttempt seen = attempt;
        if (seen.account.empty()) {
            // Which name was typed is not known here: each is one of its own.
            seen.account = "nobody " + std::to_string(++watching.nobodies_count);
        }
        findings = watching.watch.note(seen);
    }
    for (const Finding& finding : findings) {
        metrics
            .counter("protection_attacks_total", "Attacks on sign-in that were seen.",
                     {{"attack", std::string(enum_text(finding.attack))}})
            .add();
        world.log->warning("sign_in.attack", {{"tenant", tenant},
                                              {"attack", enum_text(finding.attack)},
                                              {"attempts", finding.attempts_count},
                                              {"accounts", finding.accounts_count},
                                              {"sources", finding.sources_count}});
        const auto record = [this, finding, address = attempt.source](http::Scope& scope) {
            LedgerStore(scope.tx())
                .add(SeenAttack{scope.new_id<AttackId>(), scope.now(), finding.attack,
                                finding.subject, finding.attempts_count, finding.accounts_count,
                                finding.sources_count});
            scope.audit(fact_of(finding));
            Alert alert;
            alert.code = kSignInAttack;
            if (finding.attack == Attack::success_after_attack) {
                const auto account = identity::StaffId::parse(finding.subject);
                alert.account = account ? account->value() : 0;
            }
            alert.permission = kMayViewLedger.code;
            alert.platform = true;
            alert.parameters = {{"network", http::network_of(address)},
                                {"count", std::to_string(finding.attempts_count)}};
            alert.key = std::string(enum_text(finding.attack)) + " " + finding.subject;
            raise(scope, alert);
        };
        std::function<bool()> work = [this, tenant, record] { return submit(tenant, record); };
        if (!work()) {
            const std::lock_guard lock(mutex);
            later.push_back(std::move(work));
        }
    }
}

}  // namespace hangu::protection
