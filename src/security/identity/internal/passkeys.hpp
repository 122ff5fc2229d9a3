// Passkeys on a transaction: what a browser is asked, and what its answer is worth.
#pragma once

#include "platform/crypto/passkey.hpp"
#include "security/identity/internal/passkey_rules.hpp"
#include "security/identity/internal/passkey_store.hpp"
#include "security/identity/internal/sign_in.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace hangu::identity {

// What a wrong answer is told, whatever was wrong with it.
inline constexpr std::string_view kPasskeyRefused = "passkey.refused";

// "passkey.needs_host_name": no browser makes passkeys for the address the console was called by.
Result<Site> site_of_console(const settings::Snapshot& settings, std::string_view host);

Result<PasskeyOffer> begin_passkey(Identity::State& state, http::Scope& scope,
                                   std::string_view host);
Result<PasskeyAdded> add_passkey(Identity::State& state, http::Scope& scope,
                                 const AddPasskey& input, std::string_view host);
Result<void> remove_passkey(http::Scope& scope, PasskeyId id);

// A question for the passkeys of an account, or, without one, for any.
PasskeyQuestion ask_passkey(Identity::State& state, storage::Tx& tx, const Site& site,
                            std::string_view purpose, StaffId account);

// What an answer must be to.
struct PasskeyExpected {
    Site site;
    std::string purpose;
    std::optional<StaffId> account;  // none: whose it is the answer says
    crypto::PasskeyUser user = crypto::PasskeyUser::verified;
};
enum class PasskeyVerdict { right, wrong, doubted };
struct PasskeySeen {
    PasskeyVerdict verdict = PasskeyVerdict::wrong;
    std::optional<PasskeyRow> passkey;
};
// Uses the challenge up. Doubted: the passkey was marked and the record must be committed.
PasskeySeen use_passkey(Identity::State& state, http::Scope& scope, const PasskeyProof& proof,
                        const PasskeyExpected& expected);

// The whole of a sign-in: no second step comes after a passkey that verified its user.
// "passkey.refused"
Result<Entered> sign_in_with_passkey(Identity::State& state, http::Scope& scope,
                                     const PasskeyProof& proof, const Client& client);

// A passkey instead of the password before a sensitive act. "" : refused, and that is to be kept.
Result<std::string> step_up_with_passkey(Identity::State& state, http::Scope& scope,
                                         const PasskeyProof& proof, std::string_view host);
// For whom the caller of a route is, and nobody else: the purposes of her questions.
std::string adding_purpose(const http::Scope& scope);
std::string proving_purpose(TenantId tenant, std::int64_t session_id);

}  // namespace hangu::identity
