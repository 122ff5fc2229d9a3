#include "security/identity/internal/text_sign_in.hpp"

#include "security/identity/internal/token.hpp"

namespace hangu::identity {

namespace {

constexpr std::string_view kTextCodeLabel = "text_code.1";

std::string mark(crypto::TenantKeys& keys, const std::string& text) {
    const Secret key = keys.derived(kTextCodeLabel);
    return std::string(crypto::hmac_sha256(key.expose(), text).view());
}

// Browsers that the account knows are counted apart, so that no stranger uses up what they may ask.
std::string phone_mark(crypto::TenantKeys& keys, const Phone& phone, bool known_browser) {
    return mark(keys, (known_browser ? "known phone " : "phone ") + phone.plain());
}

// Good for one asking, one purpose and one phone.
std::string code_mark(crypto::TenantKeys& keys, const TextCodeRow& row, const std::string& code) {
    return mark(keys, "code " + row.id.text() + " " + std::string(enum_text(row.purpose)) + " " +
                          row.phone_mark.bytes + " " + code);
}

std::string_view method_of(TextPurpose purpose) {
    return purpose == TextPurpose::recovery ? kRecoveryMethod : kTextMethod;
}

}  // namespace

bool are_texts_sent(const Identity::State& state) {
    return state.options.realm == http::Realm::merchant && state.texts != nullptr &&
           state.phones != nullptr && state.texts->are_sent();
}

TextLimits text_limits(const settings::Snapshot& settings) {
    TextLimits limits;
    limits.per_hour_max = settings.get(kTextHourMax);
    limits.per_day_max = settings.get(kTextDayMax);
    return limits;
}

TextCodeAsked text_code_asked(const settings::Snapshot& settings) {
    return {TextLimits().pause_ms / kSecondMs, settings.get(kTextMinutes) * kMinuteMs / kSecondMs};
}

Result<TextCodeAsked> ask_text_code(Identity::State& state, http::Scope& scope,
                                    const AskTextCode& asked, const Client& client,
                                    const std::string& token) {
    const settings::Snapshot& settings = scope.settings();
    const Time yesterday = scope.now().plus_ms(-kDayMs);
    TextCodeStore store(scope.tx());
    store.forget_before(yesterday);
    const std::optional<StaffId> owner = state.phones->owner_of(scope.tx(), asked.phone);
    const auto account = IdentityStore(scope.tx()).find(owner.value_or(StaffId()));
    const bool known = account && account->state == AccountState::active;
    const bool known_browser =
        known_device(scope.tx(), settings, owner.value_or(StaffId()), client.device_cookie)
            .has_value();
    TextCodeRow row;
    row.phone_mark.bytes = phone_mark(scope.tx().keys(), asked.phone, known_browser);
    const std::vector<Time> sent = store.sent(row.phone_mark.bytes, yesterday);
    if (wait_for_text_ms(sent, text_limits(settings), scope.now()) > 0) {
        return Problem::limited("text_code.too_soon");
    }
    if (store.count_sent(yesterday) >= settings.get(kTextTenantDayMax)) {
        scope.log().warning("text_code.budget_spent", {{"tenant", scope.tenant().text()}});
        return Problem::limited("text_code.too_many");
    }
    const std::string code = make_text_code(scope.randomness());
    row.id = scope.new_id<TextCodeId>();
    row.token_hash.bytes = token_hash(token);
    row.purpose = asked.purpose;
    row.account_id = known ? account->id : StaffId();
    row.code_mark.bytes = code_mark(scope.tx().keys(), row, code);
    row.created_at = scope.now();
    row.expires_at = scope.now().plus_ms(settings.get(kTextMinutes) * kMinuteMs);
    store.add(row);
    state.texts->send(scope, {asked.phone, asked.purpose, Secret(code),
                              row.expires_at.unix_ms() - scope.now().unix_ms(), !known});
    http::AuditFact fact;
    fact.action = asked.purpose == TextPurpose::recovery ? "recovery.begun" : "session.code_asked";
    fact.subject_kind = "staff";
    fact.subject_id = known ? account->id.text() : "";
    scope.audit(std::move(fact));
    return text_code_asked(settings);
}

Result<Entered> sign_in_with_text_code(Identity::State& state, http::Scope& scope,
                                       const GiveTextCode& given, const Client& client) {
    const Problem over = Problem::unauthenticated("text_code.expired");
    TextCodeStore store(scope.tx());
    const std::optional<TextCodeRow> row = store.try_code(token_hash(client.text_cookie));
    if (!row) {
        return over;
    }
    const SignInMethod method{std::string(method_of(row->purpose)),
                              row->purpose == TextPurpose::recovery, false};
    const auto account = IdentityStore(scope.tx()).find(row->account_id);
    // By phone: one that nobody has is counted like one that somebody has.
    LaneAttempt attempt(state.lockouts,
                        "text " + scope.tenant().text() + " " + row->phone_mark.bytes, {},
                        lock_limits(scope.settings()), scope.now());
    if (!attempt.reserved()) {
        return Problem::limited("session.throttled");
    }
    const std::string mark = code_mark(scope.tx().keys(), *row, given.code.str());
    const bool right = equal_in_constant_time(mark, row->code_mark.bytes);
    if (!right || !account || account->state != AccountState::active) {
        attempt.failed(scope.now());
        Failure failure;
        failure.method = method.name;
        failure.account = account ? std::optional(account->id) : std::nullopt;
        failure.device =
            known_device(scope.tx(), scope.settings(), row->account_id, client.device_cookie);
        record_failure(state, scope, failure, client);
        Entered entered;
        entered.refused = Problem::unauthenticated("text_code.wrong");
        return entered;
    }
    attempt.succeeded();
    if (!store.use(row->id)) {
        return over;
    }
    return enter(state, scope, *account, client, method);
}

}  // namespace hangu::identity
