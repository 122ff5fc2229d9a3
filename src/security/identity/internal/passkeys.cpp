#include "security/identity/internal/passkeys.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace hangu::identity {

namespace {

StaffId own(const http::Scope& scope) {
    return StaffId(scope.caller().actor_id);
}

void record(http::Scope& scope, std::string_view action, const PasskeyRow& passkey) {
    http::AuditFact fact;
    fact.action = action;
    fact.subject_kind = "staff";
    fact.subject_id = passkey.account_id.text();
    fact.fields.push_back({"passkey", "", passkey.name});
    scope.audit(std::move(fact));
}

// Answers what the browser was asked: the right kind, by our page, for this purpose.
bool is_answer_to(Identity::State& state, std::string_view client_data, std::string_view type,
                  const PasskeyExpected& expected, Time now) {
    const auto data = read_client_data(client_data);
    return data && is_from_us(*data, type, expected.site) &&
           state.challenges.take(data->challenge, expected.purpose, now);
}

bool is_expected(const PasskeyRow& row, const PasskeyProof& proof,
                 const PasskeyExpected& expected) {
    const auto handle = proof.user_handle ? from_base64url(*proof.user_handle) : std::nullopt;
    const bool of_handle =
        proof.user_handle ? handle == row.user_handle : expected.account.has_value();
    const bool of_account = !expected.account || row.account_id == *expected.account;
    return of_handle && of_account && row.site == expected.site.id && !row.doubted_at;
}

}  // namespace

std::string adding_purpose(const http::Scope& scope) {
    return "add " + scope.tenant().text() + " " + SessionId(scope.caller().session_id).text();
}

std::string proving_purpose(TenantId tenant, std::int64_t session_id) {
    return "prove " + tenant.text() + " " + SessionId(session_id).text();
}

Result<Site> site_of_console(const settings::Snapshot& settings, std::string_view host) {
    std::optional<Site> site = site_of(host, settings.get(kPasskeySite));
    if (!site) {
        return Problem::conflict("passkey.needs_host_name");
    }
    return std::move(*site);
}

Result<PasskeyOffer> begin_passkey(Identity::State& state, http::Scope& scope,
                                   std::string_view host) {
    HANGU_CHECK(require_fresh(scope));
    HANGU_TRY(const Site site, site_of_console(scope.settings(), host));
    const auto account = IdentityStore(scope.tx()).find(own(scope));
    const auto tenant = state.tenants.find(scope.tenant());
    HANGU_ASSERT(account && tenant);
    const std::vector<PasskeyRow> had = PasskeyStore(scope.tx()).list(own(scope));
    if (had.size() >= PasskeyStore::kPasskeysCountMax) {
        return Problem::conflict("passkey.too_many");
    }
    PasskeyOffer offer;
    offer.challenge = state.challenges.make(adding_purpose(scope), scope.now(), scope.randomness());
    offer.site = site.id;
    offer.user_handle =
        to_base64url(had.empty() ? make_user_handle(scope.tenant(), scope.randomness())
                                 : had.front().user_handle);
    offer.user_name = account->login_name + "@" + tenant->code;
    offer.algorithms = {crypto::kPasskeyEs256, crypto::kPasskeyEddsa, crypto::kPasskeyRs256};
    for (const PasskeyRow& row : had) {
        offer.known.push_back(to_base64url(row.credential_id.bytes));
    }
    return offer;
}

Result<PasskeyAdded> add_passkey(Identity::State& state, http::Scope& scope,
                                 const AddPasskey& input, std::string_view host) {
    HANGU_CHECK(require_fresh(scope));
    HANGU_TRY(const Site site, site_of_console(scope.settings(), host));
    const auto client_data = from_base64url(input.client_data);
    const auto data = from_base64url(input.authenticator_data);
    const auto handle = from_base64url(input.user_handle);
    const auto made = data ? crypto::read_new_passkey(site.id, *data) : std::nullopt;
    const PasskeyExpected expected{site, adding_purpose(scope), own(scope)};
    if (!made || !client_data || !handle || tenant_of_user_handle(*handle) != scope.tenant() ||
        !is_answer_to(state, *client_data, "webauthn.create", expected, scope.now())) {
        return Problem::invalid_field("authenticator_data", std::string(kPasskeyRefused));
    }
    PasskeyStore store(scope.tx());
    const std::vector<PasskeyRow> had = store.list(own(scope));
    if (had.size() >= PasskeyStore::kPasskeysCountMax) {
        return Problem::conflict("passkey.too_many");
    }
    PasskeyRow row;
    row.id = scope.new_id<PasskeyId>();
    row.account_id = own(scope);
    row.credential_id.bytes = made->credential_id;
    row.user_handle = had.empty() ? *handle : had.front().user_handle;
    row.site = site.id;
    row.algorithm = made->key.algorithm;
    row.public_key.bytes = made->key.bytes;
    row.counter = made->counter;
    row.backed_up = made->backed_up;
    row.name = input.name.str();
    row.created_at = scope.now();
    if (row.user_handle != *handle || store.find(made->credential_id) || !store.add(row)) {
        return Problem::conflict("passkey.exists");
    }
    record(scope, "passkey.added", row);
    read_callers_again(state, scope, own(scope));
    PasskeyAdded added;
    added.id = row.id;
    if (FactorStore(scope.tx()).recovery_codes_left(own(scope)) == 0) {
        added.codes = make_recovery_codes(scope, own(scope));
    }
    return added;
}

Result<void> remove_passkey(http::Scope& scope, PasskeyId id) {
    HANGU_CHECK(require_fresh(scope));
    PasskeyStore store(scope.tx());
    const std::vector<PasskeyRow> had = store.list(own(scope));
    const auto row =
        std::find_if(had.begin(), had.end(), [id](const PasskeyRow& one) { return one.id == id; });
    if (row == had.end() || !store.remove(own(scope), id)) {
        return Problem::not_found("passkey.not_found");
    }
    if (!has_second_factor(scope.tx(), own(scope))) {
        FactorStore(scope.tx()).set_recovery_codes(own(scope), {});
    }
    record(scope, "passkey.removed", *row);
    return {};
}

PasskeyQuestion ask_passkey(Identity::State& state, storage::Tx& tx, const Site& site,
                            std::string_view purpose, StaffId account) {
    PasskeyQuestion question;
    question.challenge = state.challenges.make(purpose, tx.now(), *state.world.randomness);
    question.site = site.id;
    for (const PasskeyRow& row : PasskeyStore(tx).list(account)) {
        if (!row.doubted_at && row.site == site.id) {
            question.known.push_back(to_base64url(row.credential_id.bytes));
        }
    }
    return question;
}

PasskeySeen use_passkey(Identity::State& state, http::Scope& scope, const PasskeyProof& proof,
                        const PasskeyExpected& expected) {
    PasskeySeen seen;
    const auto id = from_base64url(proof.credential);
    const auto client_data = from_base64url(proof.client_data);
    const auto data = from_base64url(proof.authenticator_data);
    const auto signature = from_base64url(proof.signature);
    if (!id || !client_data || !data || !signature) {
        return seen;
    }
    PasskeyStore store(scope.tx());
    seen.passkey = store.find(*id);
    if (!seen.passkey || !is_expected(*seen.passkey, proof, expected)) {
        return seen;
    }
    const crypto::PasskeyKey key{seen.passkey->algorithm, seen.passkey->public_key.bytes};
    const auto counter = crypto::check_passkey(expected.site.id, key,
                                               {*client_data, *data, *signature}, expected.user);
    if (!counter || !is_answer_to(state, *client_data, "webauthn.get", expected, scope.now())) {
        return seen;
    }
    if (!store.use(*seen.passkey, *counter)) {
        store.doubt(seen.passkey->id);
        record(scope, "passkey.doubted", *seen.passkey);
        seen.verdict = PasskeyVerdict::doubted;
        return seen;
    }
    seen.verdict = PasskeyVerdict::right;
    return seen;
}

Result<Entered> sign_in_with_passkey(Identity::State& state, http::Scope& scope,
                                     const PasskeyProof& proof, const Client& client) {
    HANGU_TRY(const Site site, site_of_console(scope.settings(), client.host));
    PasskeyExpected expected;
    expected.site = site;
    expected.purpose = sign_in_purpose(client.passkey_cookie);
    const PasskeySeen seen = use_passkey(state, scope, proof, expected);
    const auto account = seen.passkey ? IdentityStore(scope.tx()).find(seen.passkey->account_id)
                                      : std::optional<AccountRow>();
    const SignInMethod method{"passkey", false, true};
    if (account && seen.verdict == PasskeyVerdict::doubted) {
        return refuse_entry(state, scope, seen_of(scope, account->id, client, method),
                            Problem::unauthenticated(std::string(kPasskeyRefused)));
    }
    if (!account || account->state != AccountState::active ||
        seen.verdict != PasskeyVerdict::right) {
        return Problem::unauthenticated(std::string(kPasskeyRefused));
    }
    return enter(state, scope, *account, client, method);
}

Result<std::string> step_up_with_passkey(Identity::State& state, http::Scope& scope,
                                         const PasskeyProof& proof, std::string_view host) {
    HANGU_TRY(const Site site, site_of_console(scope.settings(), host));
    const StaffId account = own(scope);
    LaneAttempt attempt(state.lockouts, second_step_lane(scope.tenant(), account), {},
                        lock_limits(scope.settings()), scope.now());
    if (!attempt.reserved()) {
        return Problem::limited("session.throttled");
    }
    const PasskeySeen seen =
        use_passkey(state, scope, proof,
                    {site, proving_purpose(scope.tenant(), scope.caller().session_id), account});
    if (seen.verdict != PasskeyVerdict::right) {
        attempt.failed(scope.now());
        return std::string();
    }
    attempt.succeeded();
    return refresh_session(state, scope, "passkey");
}

}  // namespace hangu::identity
