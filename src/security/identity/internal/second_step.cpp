// The second step of a sign-in: which factors an account has, and what is taken for one.
#include "security/identity/internal/factor_rules.hpp"
#include "security/identity/internal/passkeys.hpp"
#include "security/identity/internal/sign_in.hpp"
#include "security/identity/internal/token.hpp"

namespace hangu::identity {

namespace {

constexpr std::string_view kRecoveryLabel = "recovery_code.1";

// "" or what it was. A passkey need not verify its user here: the first step did something.
std::string take_given(Identity::State& state, http::Scope& scope, StaffId account,
                       const SecondStep& given, const Client& client) {
    if (!given.passkey) {
        return given.code ? take_second_factor(scope, account, given.code->str()) : std::string();
    }
    const Result<Site> site = site_of_console(scope.settings(), client.host);
    if (!site.ok()) {
        return {};
    }
    const PasskeySeen seen = use_passkey(
        state, scope, *given.passkey,
        {*site, second_step_purpose(client.step_cookie), account, crypto::PasskeyUser::present});
    return seen.verdict == PasskeyVerdict::right ? "passkey" : "";
}

}  // namespace

std::string sign_in_purpose(std::string_view passkey_cookie) {
    return "sign_in " + std::string(passkey_cookie);
}

std::string second_step_purpose(std::string_view step_cookie) {
    return "second " + std::string(step_cookie);
}

std::vector<std::string> factors_of(storage::Tx& tx, StaffId account) {
    FactorStore store(tx);
    std::vector<std::string> factors;
    if (PasskeyStore(tx).has(account)) {
        factors.emplace_back("passkey");
    }
    if (store.has_totp(account)) {
        factors.emplace_back("totp");
    }
    if (has_second_factor(tx, account) && store.recovery_codes_left(account) > 0) {
        factors.emplace_back("recovery");
    }
    return factors;
}

bool has_second_factor(storage::Tx& tx, StaffId account) {
    // A doubted passkey still is one: who copied it must not do away with the second step.
    return FactorStore(tx).has_totp(account) || PasskeyStore(tx).count(account) > 0;
}

std::vector<std::string> make_recovery_codes(http::Scope& scope, StaffId account) {
    std::vector<std::string> made;
    std::vector<RecoveryCodeRow> rows;
    for (std::size_t i = 0; i < kRecoveryCodesCount; ++i) {
        made.push_back(make_recovery_code(scope.randomness()));
        rows.push_back({scope.new_id<RecoveryCodeId>(),
                        account,
                        {recovery_mark(scope.tx().keys(), made.back())},
                        scope.now(),
                        std::nullopt});
    }
    FactorStore(scope.tx()).set_recovery_codes(account, rows);
    return made;
}

std::string recovery_mark(crypto::TenantKeys& keys, const std::string& code) {
    const Secret key = keys.derived(kRecoveryLabel);
    return std::string(crypto::hmac_sha256(key.expose(), code).view());
}

std::string take_second_factor(http::Scope& scope, StaffId account, const std::string& code) {
    FactorStore store(scope.tx());
    const std::optional<TotpRow> totp = store.totp(account);
    if (totp && totp->confirmed_at) {
        const TotpSecret secret(totp->secret.shown().text());
        const auto step = totp_step_of(secret, code, scope.now(), totp->last_step);
        if (step && store.use_totp_step(account, *step)) {
            return "totp";
        }
    }
    const std::optional<std::string> recovery = read_recovery_code(code);
    if (recovery && store.use_recovery_code(account, recovery_mark(scope.tx().keys(), *recovery))) {
        return "recovery";
    }
    return {};
}

Result<Entered> sign_in_with_second_step(Identity::State& state, http::Scope& scope,
                                         const SecondStep& given, const Client& client) {
    const Problem over = Problem::unauthenticated("second_factor.expired");
    FactorStore factors(scope.tx());
    const std::optional<FlowRow> flow = factors.try_flow(token_hash(client.step_cookie));
    const auto account =
        flow ? IdentityStore(scope.tx()).find(flow->account_id) : std::optional<AccountRow>();
    if (!account || account->state != AccountState::active) {
        return over;
    }
    const LockLimits limits = lock_limits(scope.settings());
    LaneAttempt attempt(state.lockouts, second_step_lane(scope.tenant(), account->id), {}, limits,
                        scope.now());
    const SignInMethod tried{flow->method + "+code", false, false};  // seen only looks at its name
    const SignInSeen seen = seen_of(scope, account->id, client, tried);
    if (!attempt.reserved()) {
        return Problem::limited("session.throttled");
    }
    const std::string used = take_given(state, scope, account->id, given, client);
    if (used.empty()) {
        attempt.failed(scope.now());
        return refuse_entry(state, scope, seen, Problem::unauthenticated("second_factor.wrong"));
    }
    attempt.succeeded();
    if (!factors.use_flow(flow->id)) {
        return over;
    }
    const bool may_set_password = flow->method == kLinkMethod || flow->method == kRecoveryMethod;
    const SignInMethod method{flow->method + "+" + used, may_set_password, true};
    return enter(state, scope, *account, client, method);
}

}  // namespace hangu::identity
