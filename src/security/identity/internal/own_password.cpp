// Changing one's password, and proving again who one is.
#include "base/text.hpp"
#include "platform/http/network.hpp"
#include "security/identity/internal/password_hash.hpp"
#include "security/identity/internal/protection_store.hpp"
#include "security/identity/internal/sign_in.hpp"
#include "security/identity/internal/token.hpp"

namespace hangu::identity {

Result<PasswordFacts> password_facts(Identity::State& state, storage::Tx& tx,
                                     const http::Caller& caller) {
    IdentityStore store(tx);
    const StaffId id(caller.actor_id);
    const auto account = store.find(id);
    const auto session = store.find_session(SessionId(caller.session_id));
    const auto tenant = state.tenants.find(tx.tenant());
    if (!account || !session || session->ended_at || !tenant) {
        return Problem::unauthenticated("session.required");
    }
    PasswordFacts facts;
    facts.hash = account->password_hash;
    facts.set_at = account->password_set_at;
    facts.earlier = ProtectionStore(tx).earlier_passwords(id);
    facts.pepper = pepper_of(tx.keys());
    facts.policy = password_policy(*state.world.settings->snapshot(), has_second_factor(tx, id));
    facts.context = {account->login_name, tenant->code, tenant->name, ""};
    if (state.phones != nullptr) {
        facts.context.phone = state.phones->phone_tail_of(tx, id);
    }
    facts.fresh_link_session =
        session->from_link && tx.now() <= session->created_at.plus_ms(kLinkFreshMs);
    return facts;
}

Result<void> change_password(Identity::State& state, http::Scope& scope,
                             const std::optional<std::string>& hash_before,
                             const std::string& hash_after) {
    IdentityStore store(scope.tx());
    const StaffId id(scope.caller().actor_id);
    const auto account = store.find(id);
    const auto session = store.find_session(SessionId(scope.caller().session_id));
    if (!account || account->state != AccountState::active || !session || session->ended_at) {
        return Problem::unauthenticated("session.required");
    }
    if (account->password_hash != hash_before) {
        return Problem::conflict("staff.stale");
    }
    store.set_password(id, hash_after);
    ProtectionStore(scope.tx())
        .keep_password({scope.new_id<PasswordHistoryId>(), id, hash_after, scope.now()});
    FactorStore(scope.tx()).forget_flows(id);
    store.end_sessions(id, session->id);
    store.forget_links(id);
    http::AuditFact fact;
    fact.action = "session.password_changed";
    fact.subject_kind = "staff";
    fact.subject_id = id.text();
    fact.subject_label = account->login_name;
    scope.audit(std::move(fact));
    scope.after_commit([&state, tenant = scope.tenant(), id] {
        state.callers.forget(tenant, http::ActorKind::staff, {id.value()});
    });
    return {};
}

Result<std::string> refresh_session(Identity::State& state, http::Scope& scope,
                                    std::string_view method) {
    const SessionId session(scope.caller().session_id);
    std::string token = make_token(scope.tenant(), scope.randomness());
    if (!IdentityStore(scope.tx())
             .verify_session(session, token_hash(token), scope.remote_address())) {
        return Problem::unauthenticated("session.required");
    }
    http::AuditFact fact;
    fact.action = "session.verified";
    fact.subject_kind = "session";
    fact.subject_id = session.text();
    fact.fields.push_back({"method", "", std::string(method)});
    scope.audit(std::move(fact));
    scope.after_commit([&state, tenant = scope.tenant(), session] {
        state.callers.forget_record(tenant, session.value());
    });
    return token;
}

Time fresh_until(http::Scope& scope, const SessionRow& session) {
    const std::string here(scope.remote_address());  // "": a call from inside the program
    const bool elsewhere = !here.empty() && scope.settings().get(kProofKeepsNetwork) &&
                           http::network_of(here) != http::network_of(session.address);
    const std::int64_t fresh_ms = scope.settings().get(kFreshMinutes) * kMinuteMs;
    return elsewhere ? Time() : session.verified_at.plus_ms(fresh_ms);
}

Result<void> require_fresh(http::Scope& scope) {
    const auto session =
        IdentityStore(scope.tx()).find_session(SessionId(scope.caller().session_id));
    if (!session || session->ended_at || scope.now() > fresh_until(scope, *session)) {
        return Problem::forbidden("session.step_up_required");
    }
    return {};
}

}  // namespace hangu::identity
