#include "security/identity/identity.hpp"

#include "security/identity/internal/identity_state.hpp"
#include "security/identity/internal/identity_store.hpp"
#include "security/identity/internal/password_hash.hpp"
#include "security/identity/internal/password_rules.hpp"
#include "security/identity/internal/protection_store.hpp"
#include "security/identity/internal/sign_in.hpp"
#include "security/identity/internal/token.hpp"

#include <algorithm>
#include <utility>

namespace hangu::identity {

namespace {

constexpr std::int64_t kWithoutEndMs = 36'500 * kDayMs;

}  // namespace

Identity::Identity(storage::Engine& engine, tenant::Tenants& tenants, http::World& world,
                   crypto::HashPool& hash_pool, Options options)
    : state_(std::make_unique<State>(engine, tenants, world, hash_pool, options)) {
    state_->dummy_hash = hash_of_nobody(options.password_cost, *world.randomness);
}

Identity::~Identity() = default;

void Identity::set_grant_source(GrantSource& grants) {
    state_->grants = &grants;
}

void Identity::set_place_names(PlaceNames& names) {
    state_->places = &names;
}

void Identity::set_phone_book(PhoneBook& phones) {
    state_->phones = &phones;
}

void Identity::set_text_messages(TextMessages& texts) {
    state_->texts = &texts;
}

void Identity::set_sign_in_judge(SignInJudge& judge) {
    state_->judge = &judge;
}
void Identity::set_shared_state(shared_state::SharedState& shared, Secret challenge_key) {
    state_->shared = &shared;
    state_->challenges.share(std::move(challenge_key), shared.nonces(), state_->world.clock->now());
}

LockLimits lock_limits(const settings::Snapshot& settings) {
    LockLimits limits;
    limits.failures_max = settings.get(kAccountAttemptsMax);
    limits.lock_ms = settings.get(kLockMinutes) * kMinuteMs;
    limits.lock_ms_max = settings.get(kLockHoursMax) * kHourMs;
    limits.consecutive_max = settings.get(kConsecutiveMax);
    return limits;
}

std::string stranger_lane(TenantId tenant, StaffId account) {
    return "account " + tenant.text() + "#" + account.text();
}

std::string second_step_lane(TenantId tenant, StaffId account) {
    return "second " + tenant.text() + "#" + account.text();
}

std::optional<Time> Identity::locked_until(storage::Tx& tx, StaffId id) {
    const LockLimits limits = lock_limits(*state_->world.settings->snapshot());
    const auto remembered = state_->lockouts.state(stranger_lane(tx.tenant(), id));
    const LaneState lane = remembered ? *remembered : ProtectionStore(tx).lane_of(id);
    if (!is_locked(lane, limits, tx.now())) {
        return std::nullopt;
    }
    const bool without_end = lane.consecutive >= limits.consecutive_max;
    return without_end ? tx.now().plus_ms(kWithoutEndMs) : lane.locked_until;
}

Result<void> Identity::unlock(http::Scope& scope, StaffId id) {
    HANGU_CHECK(find(scope.tx(), id));
    ProtectionStore(scope.tx()).forget_lane(id);
    scope.after_commit(
        [this, lane = stranger_lane(scope.tenant(), id)] { state_->lockouts.forget(lane); });
    return {};
}

Result<void> Identity::require_fresh(http::Scope& scope) {
    return identity::require_fresh(scope);
}

Result<void> Identity::remove_second_factors(http::Scope& scope, StaffId id) {
    HANGU_CHECK(find(scope.tx(), id));
    if (!has_second_factor(scope.tx(), id)) {
        return Problem::not_found("second_factor.not_found");
    }
    FactorStore store(scope.tx());
    store.remove_totp(id);
    store.set_recovery_codes(id, {});
    store.forget_flows(id);
    PasskeyStore(scope.tx()).remove_all(id);
    return {};
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
        FactorStore(scope.tx()).forget_flows(id);
        ProtectionStore(scope.tx()).revoke_devices(id);
    }
    scope.after_commit([this, tenant = scope.tenant(), id] { forget(tenant, {id.value()}); });
    return find(scope.tx(), id);
}

std::int64_t Identity::end_sessions(http::Scope& scope, StaffId id) {
    const std::int64_t ended = count_sessions(scope, id);
    IdentityStore store(scope.tx());
    store.end_sessions(id, SessionId());
    store.forget_links(id);
    scope.after_commit([this, tenant = scope.tenant(), id] { forget(tenant, {id.value()}); });
    return ended;
}

std::int64_t Identity::count_sessions(http::Scope& scope, StaffId id) {
    return IdentityStore(scope.tx()).count_live_sessions(id, scope.now());
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

void Identity::forget(TenantId tenant) {
    state_->callers.forget(tenant);
}

void Identity::flush_last_seen() {
    submit_seen(state_->engine, state_->callers.take_seen(kSeenWriteMs, kSeenCountMax),
                [](storage::Tx& tx, const CallerCache::Seen& seen) {
                    IdentityStore(tx).note_seen(SessionId(seen.record_id), seen.at);
                });
}

}  // namespace hangu::identity
