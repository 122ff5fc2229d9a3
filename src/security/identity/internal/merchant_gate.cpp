// The gate of the merchant realm: from the session cookie to the caller.
#include "security/identity/identity.hpp"

#include "security/identity/internal/identity_state.hpp"
#include "security/identity/internal/identity_store.hpp"
#include "security/identity/internal/sign_in.hpp"
#include "security/identity/internal/token.hpp"

#include <algorithm>

namespace hangu::identity {

std::optional<http::Credential> Identity::credential(const http::Request& request) const {
    const std::string_view cookie = request.cookie(kCookieName);
    const std::optional<TenantId> tenant = tenant_of_token(cookie);
    if (!tenant) {
        return std::nullopt;
    }
    return http::Credential{http::Realm::merchant, *tenant, token_hash(cookie), true};
}

std::shared_ptr<const http::Caller> Identity::known(const http::Credential& credential, Time now) {
    if (credential.realm != http::Realm::merchant ||
        !state_->tenants.is_active(credential.tenant)) {
        return nullptr;
    }
    return state_->callers.find(credential.key, now);
}

Result<std::shared_ptr<const http::Caller>> Identity::recognise(
    storage::Tx& tx, const http::Credential& credential) {
    const Problem refused = Problem::unauthenticated("session.required");
    const auto tenant = state_->tenants.find(credential.tenant);
    if (credential.realm != http::Realm::merchant || credential.tenant != tx.tenant() || !tenant) {
        return refused;
    }
    const auto session = IdentityStore(tx).find_session_of_token(credential.key);
    if (!session || session->ended_at || session->state != AccountState::active ||
        tx.now() >= session->expires_at) {
        state_->callers.forget_key(credential.key);
        return refused;
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
    if (must_change_password(*state_, session->method, session->password_set_at, tx.now())) {
        grants = ActorGrants();  // her own things only: she may change it
    }

    auto caller = std::make_shared<http::Caller>();
    caller->kind = http::ActorKind::staff;
    caller->realm = http::Realm::merchant;
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
    entry.fresh_until = std::min(tx.now().plus_ms(kCallerFreshMs), caller->rights_until);
    state_->callers.put(credential.key, std::move(entry));
    return std::shared_ptr<const http::Caller>(std::move(caller));
}

}  // namespace hangu::identity
