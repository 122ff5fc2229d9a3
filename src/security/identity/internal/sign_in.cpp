#include "security/identity/internal/sign_in.hpp"

#include "base/text.hpp"
#include "security/identity/internal/token.hpp"

#include <algorithm>

namespace hangu::identity {

namespace {

constexpr std::size_t kUserAgentBytesMax = 120;

const Problem& refused() {
    static const Problem problem = Problem::unauthenticated("session.refused");
    return problem;
}

std::string place_name(Identity::State& state, storage::Tx& tx, const std::string& path,
                       const tenant::Tenant& tenant) {
    if (state.places != nullptr) {
        return state.places->place_name(tx, path);
    }
    return path.empty() ? tenant.name : path;
}

// Visible ASCII of a browser's self-description; the rest is of no use to an auditor.
std::string plain_agent(std::string_view agent) {
    std::string text(agent.substr(0, kUserAgentBytesMax));
    std::replace_if(
        text.begin(), text.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
    return text;
}

}  // namespace

Me me_of(Identity::State& state, storage::Tx& tx, const AccountRow& account,
         const ActorGrants& grants, Time expires_at) {
    const auto tenant = state.tenants.find(tx.tenant());
    HANGU_ASSERT(tenant != nullptr);
    Me me;
    me.staff = {account.id, account.name.shown(), account.login_name};
    me.tenant = {tenant->id, tenant->code, tenant->name, tenant->utc_offset_minutes};
    me.permissions = state.world.permissions->codes_of(grants.permissions);
    for (const storage::PathRange& range : grants.ranges) {
        if (range.from < range.to) {
            me.scope.push_back({place_name(state, tx, range.from, *tenant)});
        }
    }
    me.password_set = account.password_hash.has_value();
    me.session.expires_at = expires_at;
    return me;
}

Result<Opened> open_session(Identity::State& state, http::Scope& scope, const AccountRow& account,
                            const Client& client, bool from_link) {
    IdentityStore store(scope.tx());
    if (tenant_of_token(client.cookie) == scope.tenant()) {
        const std::string old_hash = token_hash(client.cookie);
        if (const auto old = store.find_session_of_token(old_hash)) {
            store.end_session(old->session_id);
            scope.after_commit([&state, old_hash] { state.callers.forget_key(old_hash); });
        }
    }
    store.forget_dead_sessions(account.id);

    Opened opened;
    opened.token = make_token(scope.tenant(), scope.randomness());
    SessionRow session;
    session.id = scope.new_id<SessionId>();
    session.token_hash.bytes = token_hash(opened.token);
    session.account_id = account.id;
    session.created_at = scope.now();
    session.last_seen_at = scope.now();
    session.expires_at = scope.now().plus_ms(scope.settings().get(kSessionHours) * kHourMs);
    session.address = client.address;
    session.user_agent = plain_agent(client.user_agent);
    session.from_link = from_link;
    store.add(session);
    store.end_oldest_sessions(account.id);
    store.note_sign_in(account.id);

    http::AuditFact fact;
    fact.action = "session.opened";
    fact.subject_kind = "session";
    fact.subject_id = session.id.text();
    fact.subject_label = account.login_name;
    fact.fields.push_back({"method", "", from_link ? "link" : "password"});
    scope.audit(std::move(fact));

    HANGU_ASSERT(state.grants != nullptr);
    const ActorGrants grants =
        state.grants->grants_of(scope.tx(), http::ActorKind::staff, account.id.value());
    opened.me = me_of(state, scope.tx(), account, grants, session.expires_at);
    return opened;
}

Result<Opened> sign_in_with_password(Identity::State& state, http::Scope& scope,
                                     const RightPassword& right, const Client& client) {
    IdentityStore store(scope.tx());
    std::optional<AccountRow> account = store.find(right.account);
    if (!account || account->state != AccountState::active ||
        account->password_hash != right.hash) {
        return refused();
    }
    if (!right.rehash.empty()) {
        store.rehash(right.account, right.hash, right.rehash);
    }
    return open_session(state, scope, *account, client, false);
}

Result<Opened> sign_in_with_link(Identity::State& state, http::Scope& scope,
                                 const std::string& hash, const Client& client) {
    IdentityStore store(scope.tx());
    if (!store.use_link(hash)) {
        return refused();
    }
    const std::optional<LinkRow> link = store.find_link(hash);
    HANGU_ASSERT(link.has_value());
    const std::optional<AccountRow> account = store.find(link->account_id);
    if (!account || account->state != AccountState::active) {
        return refused();
    }
    return open_session(state, scope, *account, client, true);
}

void record_refusal(http::Scope& scope, std::optional<StaffId> account, std::string_view method) {
    http::AuditFact fact;
    fact.action = "session.refused";
    fact.subject_kind = "staff";
    // What was typed is not recorded: people type passwords into the wrong field.
    fact.subject_id = account ? account->text() : "";
    fact.fields.push_back({"method", "", std::string(method)});
    scope.audit(std::move(fact));
}

Result<PasswordState> password_state(storage::Tx& tx, const http::Caller& caller) {
    IdentityStore store(tx);
    const auto account = store.find(StaffId(caller.actor_id));
    const auto session = store.find_session(SessionId(caller.session_id));
    if (!account || !session || session->ended_at) {
        return Problem::unauthenticated("session.required");
    }
    PasswordState state;
    state.login_name = account->login_name;
    state.hash = account->password_hash;
    state.fresh_link_session =
        session->from_link && tx.now() <= session->created_at.plus_ms(kLinkFreshMs);
    return state;
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

std::string session_cookie(const std::string& token) {
    return std::string(kCookieName) + "=" + token + "; Path=/; Secure; HttpOnly; SameSite=Strict";
}

std::string ended_cookie() {
    return std::string(kCookieName) + "=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0";
}

}  // namespace hangu::identity
