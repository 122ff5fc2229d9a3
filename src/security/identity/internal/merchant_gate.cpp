// The gate of the merchant realm: from the session cookie to the caller.
#include "security/identity/identity.hpp"

#include "platform/http/browser.hpp"
#include "security/identity/internal/identity_state.hpp"
#include "security/identity/internal/identity_store.hpp"
#include "security/identity/internal/sign_in.hpp"
#include "security/identity/internal/token.hpp"

#include <algorithm>

namespace hangu::identity {

namespace {

bool keeps_browser(const Identity::State& state) {
    return state.world.settings->snapshot()->get(kSessionKeepsBrowser);
}

// What a remembered caller is bound to.
std::string browser_to_keep(const Identity::State& state, const http::Credential& credential) {
    return keeps_browser(state) ? credential.browser : "";
}

// Ends a session that turned up in another browser. Once: nothing is told of one that had ended.
class EndMoved final : public storage::Job {
 public:
    EndMoved(Identity::State& state, const SessionOfToken& session, http::Credential credential)
        : state_(state), session_(session.session_id), credential_(std::move(credential)) {
        owner_.tenant = credential_.tenant;
        owner_.kind = http::ActorKind::staff;
        owner_.actor_id = session.id.value();
        owner_.actor_name = session.name.shown().text();
    }
    storage::Decision body(storage::Tx& tx) override {
        scope_.reset();
        if (!IdentityStore(tx).end_session(session_)) {
            return storage::Decision::roll_back;
        }
        scope_ = std::make_unique<http::Scope>(
            state_.world, tx, owner_, state_.world.settings->snapshot(),
            http::RequestFacts{&owner_, "system", credential_.address, ""});
        http::AuditFact fact;
        fact.action = "session.moved";
        fact.subject_kind = "session";
        fact.subject_id = session_.text();
        fact.fields.push_back({"browser", "", credential_.browser});
        scope_->audit(std::move(fact));
        scope_->finish();
        return storage::Decision::commit;
    }
    void done(const storage::Outcome& outcome) override {
        if (outcome.committed && scope_) {
            scope_->committed();
        }
    }

 private:
    Identity::State& state_;
    const SessionId session_;
    const http::Credential credential_;
    http::Caller owner_;
    std::unique_ptr<http::Scope> scope_;
};

}  // namespace

std::optional<http::Credential> Identity::credential(const http::Request& request) const {
    const std::string_view cookie = request.cookie(state_->cookies.session);
    const std::optional<TenantId> tenant = tenant_of_token(cookie);
    if (!tenant) {
        return std::nullopt;
    }
    return http::Credential{state_->options.realm,
                            *tenant,
                            token_hash(cookie),
                            true,
                            http::browser_of(request.header("user-agent")),
                            request.remote_address};
}

std::shared_ptr<const http::Caller> Identity::known(const http::Credential& credential, Time now) {
    if (credential.realm != state_->options.realm ||
        !state_->tenants.is_active(credential.tenant)) {
        return nullptr;
    }
    return state_->callers.find(credential.key, now, browser_to_keep(*state_, credential));
}

Result<std::shared_ptr<const http::Caller>> Identity::recognise(
    storage::Tx& tx, const http::Credential& credential) {
    const Problem refused = Problem::unauthenticated("session.required");
    const auto tenant = state_->tenants.find(credential.tenant);
    if (credential.realm != state_->options.realm || credential.tenant != tx.tenant() || !tenant) {
        return refused;
    }
    const auto session = IdentityStore(tx).find_session_of_token(credential.key);
    if (!session || session->ended_at || session->state != AccountState::active ||
        tx.now() >= session->expires_at) {
        state_->callers.forget_key(credential.key);
        return refused;
    }
    if (keeps_browser(*state_) && credential.browser != session->user_agent) {
        state_->callers.forget_key(credential.key);
        state_->engine.submit(credential.tenant, storage::Work::write,
                              std::make_unique<EndMoved>(*state_, *session, credential));
        return Problem::unauthenticated("session.moved");
    }
    const std::int64_t idle_ms = state_->world.settings->snapshot()->get(kIdleMinutes) * kMinuteMs;
    const Time seen_at =
        std::max(session->last_seen_at, state_->callers.seen_at(credential.key).value_or(Time()));
    if (tx.now() > seen_at.plus_ms(idle_ms)) {
        state_->callers.forget_key(credential.key);
        return refused;
    }
    if (tenant->state != tenant::State::active) {
        return Problem::forbidden("tenant.frozen");
    }
    HANGU_ASSERT(state_->grants != nullptr);
    ActorGrants grants = state_->grants->grants_of(tx, http::ActorKind::staff, session->id.value());
    if (must_change_password(*state_, session->method, session->password_set_at, tx.now()) ||
        must_add_factor(*state_, tx, session->id)) {
        grants = ActorGrants();  // her own things only: she may change it, or add a factor
    }

    auto caller = std::make_shared<http::Caller>();
    caller->kind = http::ActorKind::staff;
    caller->realm = state_->options.realm;
    caller->tenant = tx.tenant();
    caller->utc_offset_minutes = static_cast<int>(tenant->utc_offset_minutes);
    caller->actor_id = session->id.value();
    caller->actor_name = session->name.shown().text();
    caller->session_id = session->session_id.value();
    caller->session_expires_at = session->expires_at;
    caller->signed_in_at = session->created_at;
    caller->rights = std::move(grants.rights);
    caller->rights_until = grants.changes_at;
    caller->places = std::move(grants.places);

    CallerCache::Entry entry;
    entry.caller = caller;
    entry.record_id = caller->session_id;
    entry.expires_at = session->expires_at;
    entry.idle_ms_max = idle_ms;
    entry.seen_at = tx.now();
    entry.seen_written_at = session->last_seen_at;
    entry.browser = browser_to_keep(*state_, credential);
    entry.fresh_until = std::min(tx.now().plus_ms(kCallerFreshMs), caller->rights_until);
    state_->callers.put(credential.key, std::move(entry));
    return std::shared_ptr<const http::Caller>(std::move(caller));
}

}  // namespace hangu::identity
