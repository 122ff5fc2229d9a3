#include "security/identity/identity.hpp"

#include "security/identity/internal/identity_state.hpp"
#include "security/identity/internal/identity_store.hpp"
#include "security/identity/internal/password_rules.hpp"
#include "security/identity/internal/token.hpp"

#include <algorithm>
#include <utility>

namespace hangu::identity {

Identity::Identity(storage::Engine& engine, tenant::Tenants& tenants, http::World& world,
                   crypto::HashPool& hash_pool, Options options)
    : state_(std::make_unique<State>(engine, tenants, world, hash_pool, options)) {
    state_->dummy_hash = crypto::hash_password(Secret(world.randomness->bytes(16)),
                                               options.password_cost, *world.randomness);
}

Identity::~Identity() = default;

void Identity::set_grant_source(GrantSource& grants) {
    state_->grants = &grants;
}

void Identity::set_place_names(PlaceNames& names) {
    state_->places = &names;
}

Account account_of(const AccountRow& row) {
    return {row.id,
            row.login_name,
            row.name,
            row.state,
            row.password_hash.has_value(),
            row.last_sign_in_at,
            row.version};
}

Result<Account> Identity::create_account(http::Scope& scope, StaffId id,
                                         std::string_view login_name, const PersonName& name) {
    if (!is_login_name(login_name)) {
        return Problem::invalid_field("login_name", "field.wrong_form",
                                      "2 to 64 of a-z, 0-9 and . _ @ -, beginning with a letter "
                                      "or digit");
    }
    AccountRow row;
    row.id = id;
    row.login_name = login_name;
    row.name = Sealed<PersonName>(name);
    IdentityStore store(scope.tx());
    if (store.find_by_login(login_name) || !store.add(row)) {
        return Problem::conflict("staff.login_name_taken");
    }
    return account_of(row);
}

Result<Account> Identity::find(storage::Tx& tx, StaffId id) {
    const std::optional<AccountRow> row = IdentityStore(tx).find(id);
    if (!row) {
        return Problem::not_found("staff.not_found");
    }
    return account_of(*row);
}

std::optional<Account> Identity::find_by_login(storage::Tx& tx, std::string_view login_name) {
    const std::optional<AccountRow> row = IdentityStore(tx).find_by_login(login_name);
    return row ? std::optional(account_of(*row)) : std::nullopt;
}

Result<Account> Identity::rename(http::Scope& scope, StaffId id, const PersonName& name) {
    HANGU_CHECK(find(scope.tx(), id));
    IdentityStore(scope.tx()).rename(id, name);
    scope.after_commit([this, tenant = scope.tenant(), id] { forget(tenant, {id.value()}); });
    return find(scope.tx(), id);
}

Result<Account> Identity::set_state(http::Scope& scope, StaffId id, AccountState state) {
    HANGU_CHECK(find(scope.tx(), id));
    IdentityStore store(scope.tx());
    store.set_state(id, state);
    if (state != AccountState::active) {
        store.end_sessions(id, SessionId());
        store.forget_links(id);
    }
    scope.after_commit([this, tenant = scope.tenant(), id] { forget(tenant, {id.value()}); });
    return find(scope.tx(), id);
}

Result<SignInLink> Identity::make_sign_in_link(http::Scope& scope, StaffId id,
                                               std::int64_t lifetime_ms) {
    HANGU_TRY(const Account account, find(scope.tx(), id));
    if (account.state != AccountState::active) {
        return Problem::conflict("staff.not_active");
    }
    if (lifetime_ms == 0) {
        lifetime_ms = scope.settings().get(kLinkHours) * kHourMs;
    }
    SignInLink link{make_token(scope.tenant(), scope.randomness()),
                    scope.now().plus_ms(lifetime_ms)};
    IdentityStore store(scope.tx());
    store.forget_links(id);
    store.add(LinkRow{scope.new_id<LinkId>(),
                      {token_hash(link.token)},
                      id,
                      link.expires_at,
                      std::nullopt,
                      scope.caller().actor_id});
    return link;
}

void Identity::forget(TenantId tenant, const std::vector<std::int64_t>& staff) {
    state_->callers.forget(tenant, http::ActorKind::staff, staff);
}

void Identity::flush_last_seen() {
    submit_seen(state_->engine, state_->callers.take_seen(kSeenWriteMs, kSeenCountMax),
                [](storage::Tx& tx, const CallerCache::Seen& seen) {
                    IdentityStore(tx).note_seen(SessionId(seen.record_id), seen.at);
                });
}

}  // namespace hangu::identity
