#include "platform/crypto/passkey.hpp"

#include "platform/crypto/crypto.hpp"
#include "platform/crypto/internal/openssl.hpp"

#include <fido.h>
#include <fido/eddsa.h>
#include <fido/es256.h>
#include <fido/rs256.h>

#include <memory>

namespace hangu::crypto {

namespace {

constexpr std::size_t kSiteHashBytes = 32;
constexpr std::size_t kHeadBytes = 37;  // site hash, flags, counter (WebAuthn 6.1)
constexpr std::size_t kDataBytesMax = 4096;
constexpr unsigned kUserPresent = 0x01;
constexpr unsigned kUserVerified = 0x04;
constexpr unsigned kBackedUp = 0x10;
constexpr int kAlgorithms[] = {COSE_ES256, COSE_EDDSA, COSE_RS256};

struct FreeFido {
    void operator()(fido_cred_t* made) const { fido_cred_free(&made); }
    void operator()(fido_assert_t* answer) const { fido_assert_free(&answer); }
    void operator()(es256_pk_t* key) const { es256_pk_free(&key); }
    void operator()(eddsa_pk_t* key) const { eddsa_pk_free(&key); }
    void operator()(rs256_pk_t* key) const { rs256_pk_free(&key); }
};
template <class T>
using OwnedFido = std::unique_ptr<T, FreeFido>;

std::string text_of(const unsigned char* bytes, std::size_t count) {
    return bytes == nullptr ? std::string()
                            : std::string(reinterpret_cast<const char*>(bytes), count);
}

unsigned flags_of(std::string_view data) {
    return static_cast<unsigned char>(data[kSiteHashBytes]);
}

bool is_of_site(std::string_view site, std::string_view data, PasskeyUser user) {
    const unsigned wanted =
        user == PasskeyUser::verified ? kUserPresent | kUserVerified : kUserPresent;
    return data.size() >= kHeadBytes && data.size() <= kDataBytesMax &&
           data.substr(0, kSiteHashBytes) == sha256(site).view() &&
           (flags_of(data) & wanted) == wanted;
}

// Verifies with a key of one kind; false also when the bytes are no key.
template <class Key>
bool verify_with(const fido_assert_t* answer, int algorithm, Key* made, std::string_view bytes,
                 int (*from_bytes)(Key*, const void*, std::size_t)) {
    const OwnedFido<Key> key(made);
    return key != nullptr && from_bytes(key.get(), bytes.data(), bytes.size()) == FIDO_OK &&
           fido_assert_verify(answer, 0, algorithm, key.get()) == FIDO_OK;
}

bool verify(const fido_assert_t* answer, const PasskeyKey& key) {
    switch (key.algorithm) {
        case COSE_ES256:
            return verify_with(answer, COSE_ES256, es256_pk_new(), key.bytes, es256_pk_from_ptr);
        case COSE_EDDSA:
            return verify_with(answer, COSE_EDDSA, eddsa_pk_new(), key.bytes, eddsa_pk_from_ptr);
        case COSE_RS256:
            return verify_with(answer, COSE_RS256, rs256_pk_new(), key.bytes, rs256_pk_from_ptr);
        default:
            return false;
    }
}

// libfido2 wants to be told once that it begins; no flags: no debugging.
void begin() {
    static const bool begun = [] {
        fido_init(0);
        return true;
    }();
    static_cast<void>(begun);
}

}  // namespace

std::optional<NewPasskey> read_new_passkey(std::string_view site,
                                           std::string_view authenticator_data) {
    begin();
    if (!is_of_site(site, authenticator_data, PasskeyUser::verified)) {
        return std::nullopt;
    }
    for (const int algorithm : kAlgorithms) {
        const OwnedFido<fido_cred_t> made(fido_cred_new());
        if (made == nullptr || fido_cred_set_type(made.get(), algorithm) != FIDO_OK ||
            fido_cred_set_authdata_raw(made.get(), bytes_of(authenticator_data),
                                       authenticator_data.size()) != FIDO_OK) {
            continue;
        }
        NewPasskey read;
        read.credential_id = text_of(fido_cred_id_ptr(made.get()), fido_cred_id_len(made.get()));
        read.key.algorithm = algorithm;
        read.key.bytes =
            text_of(fido_cred_pubkey_ptr(made.get()), fido_cred_pubkey_len(made.get()));
        read.counter = fido_cred_sigcount(made.get());
        read.backed_up = (flags_of(authenticator_data) & kBackedUp) != 0;
        if (!read.credential_id.empty() && !read.key.bytes.empty()) {
            return read;
        }
    }
    return std::nullopt;
}

std::optional<std::int64_t> check_passkey(std::string_view site, const PasskeyKey& key,
                                          const PasskeyAnswer& answer, PasskeyUser user) {
    begin();
    if (!is_of_site(site, answer.authenticator_data, user)) {
        return std::nullopt;
    }
    const OwnedFido<fido_assert_t> check(fido_assert_new());
    const std::string domain(site);
    const Digest hash = sha256(answer.client_data);
    const fido_opt_t verified = user == PasskeyUser::verified ? FIDO_OPT_TRUE : FIDO_OPT_OMIT;
    const bool read =
        check != nullptr && fido_assert_set_rp(check.get(), domain.c_str()) == FIDO_OK &&
        fido_assert_set_clientdata_hash(check.get(), bytes_of(hash.view()), hash.bytes.size()) ==
            FIDO_OK &&
        fido_assert_set_count(check.get(), 1) == FIDO_OK &&
        fido_assert_set_authdata_raw(check.get(), 0, bytes_of(answer.authenticator_data),
                                     answer.authenticator_data.size()) == FIDO_OK &&
        fido_assert_set_up(check.get(), FIDO_OPT_TRUE) == FIDO_OK &&
        fido_assert_set_uv(check.get(), verified) == FIDO_OK &&
        fido_assert_set_sig(check.get(), 0, bytes_of(answer.signature), answer.signature.size()) ==
            FIDO_OK;
    if (!read || !verify(check.get(), key)) {
        return std::nullopt;
    }
    return fido_assert_sigcount(check.get(), 0);
}

}  // namespace hangu::crypto
