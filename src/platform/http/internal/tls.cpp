#include "platform/http/internal/tls.hpp"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rand.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <span>
#include <string>

namespace hangu::http {
namespace {

constexpr std::int64_t kTicketKeyUsedMs = 8 * kHourMs;
constexpr std::int64_t kTicketLifeMs = kDayMs;

constexpr const char* kCiphersTls13 =
    "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256";
constexpr const char* kCiphersTls12 =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
    "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
    "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";
constexpr const char* kSignatures =
    "ECDSA+SHA256:ECDSA+SHA384:RSA-PSS+SHA256:RSA-PSS+SHA384:RSA+SHA256";
constexpr const char* kGroups = "X25519:P-256:P-384";

// Where an SSL_CTX keeps its TicketKeys.
int tickets_index() {
    static const int index = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
    return index;
}

template <std::size_t N>
void fill(std::array<unsigned char, N>& out, Randomness& randomness) {
    randomness.fill(std::as_writable_bytes(std::span<unsigned char>(out)));
}

bool set_mac_key(EVP_MAC_CTX* mac, TicketKeys::Key& key) {
    char digest[] = "SHA256";
    OSSL_PARAM parameters[] = {OSSL_PARAM_construct_octet_string(
                                   OSSL_MAC_PARAM_KEY, key.mac_key.data(), key.mac_key.size()),
                               OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
                               OSSL_PARAM_construct_end()};
    return EVP_MAC_CTX_set_params(mac, parameters) == 1;
}

// OpenSSL's contract: 1 good, 2 good and renew, 0 unknown key (full handshake), -1 error.
int on_ticket(SSL* ssl, unsigned char* name, unsigned char* iv, EVP_CIPHER_CTX* cipher,
              EVP_MAC_CTX* mac, int sealing) {
    auto* tickets =
        static_cast<TicketKeys*>(SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), tickets_index()));
    if (sealing != 0) {
        TicketKeys::Key key = tickets->current();
        std::memcpy(name, key.name.data(), key.name.size());
        if (RAND_bytes(iv, EVP_CIPHER_get_iv_length(EVP_aes_256_cbc())) != 1 ||
            EVP_EncryptInit_ex(cipher, EVP_aes_256_cbc(), nullptr, key.cipher_key.data(), iv) !=
                1 ||
            !set_mac_key(mac, key)) {
            return -1;
        }
        return 1;
    }
    std::optional<TicketKeys::Found> found = tickets->find(name);
    if (!found) {
        return 0;
    }
    if (!set_mac_key(mac, found->key) ||
        EVP_DecryptInit_ex(cipher, EVP_aes_256_cbc(), nullptr, found->key.cipher_key.data(), iv) !=
            1) {
        return -1;
    }
    return found->is_current ? 1 : 2;
}

// HTTP/1.1 is all we speak. Who offers only something else is told so; who offers nothing goes on.
int choose_protocol(SSL*, const unsigned char** out, unsigned char* out_bytes,
                    const unsigned char* offered, unsigned int offered_bytes, void*) {
    static constexpr unsigned char kOurs[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
    unsigned char* chosen = nullptr;
    if (SSL_select_next_proto(&chosen, out_bytes, kOurs, sizeof(kOurs), offered, offered_bytes) !=
        OPENSSL_NPN_NEGOTIATED) {
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    }
    *out = chosen;
    return SSL_TLSEXT_ERR_OK;
}

Problem bad_certificate(const std::string& what) {
    char reason[256] = "";
    ERR_error_string_n(ERR_peek_last_error(), reason, sizeof(reason));
    ERR_clear_error();
    return Problem::invalid("tls.bad_certificate", "A certificate or key file cannot be used.")
        .with_note(what + ": " + reason);
}

Result<void> use_certificate(SSL_CTX* context, const CertificateFiles& files) {
    if (SSL_CTX_use_certificate_chain_file(context, files.chain.c_str()) != 1) {
        return bad_certificate(files.chain);
    }
    if (SSL_CTX_use_PrivateKey_file(context, files.key.c_str(), SSL_FILETYPE_PEM) != 1 ||
        SSL_CTX_check_private_key(context) != 1) {
        return bad_certificate(files.key);
    }
    return {};
}

bool set_parameters(SSL_CTX* context) {
    return SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1 &&
           SSL_CTX_set_max_proto_version(context, TLS1_3_VERSION) == 1 &&
           SSL_CTX_set_ciphersuites(context, kCiphersTls13) == 1 &&
           SSL_CTX_set_cipher_list(context, kCiphersTls12) == 1 &&
           SSL_CTX_set1_sigalgs_list(context, kSignatures) == 1 &&
           SSL_CTX_set1_groups_list(context, kGroups) == 1;
}

void set_behaviour(SSL_CTX* context, TicketKeys& tickets) {
    SSL_CTX_set_options(context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION |
                                     SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA);
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_RELEASE_BUFFERS |
                                  SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    static constexpr unsigned char kSessionContext[] = "hangu";
    SSL_CTX_set_session_id_context(context, kSessionContext, sizeof(kSessionContext) - 1);
    SSL_CTX_set_timeout(context, static_cast<long>(kTicketLifeMs / kSecondMs));
    SSL_CTX_set_num_tickets(context, 1);
    SSL_CTX_set_max_early_data(context, 0);
    SSL_CTX_set_alpn_select_cb(context, choose_protocol, nullptr);
    SSL_CTX_set_ex_data(context, tickets_index(), &tickets);
    SSL_CTX_set_tlsext_ticket_key_evp_cb(context, on_ticket);
}

}  // namespace

void TicketKeys::rotate() {
    const Time now = clock_.now();
    std::erase_if(keys_, [now](const Key& key) {
        return now.unix_ms() - key.made_at.unix_ms() >= kTicketKeyUsedMs + kTicketLifeMs;
    });
    if (!keys_.empty() && now.unix_ms() - keys_.front().made_at.unix_ms() < kTicketKeyUsedMs) {
        return;
    }
    Key key;
    fill(key.name, randomness_);
    fill(key.cipher_key, randomness_);
    fill(key.mac_key, randomness_);
    key.made_at = now;
    keys_.insert(keys_.begin(), key);
}

TicketKeys::Key TicketKeys::current() {
    const std::lock_guard lock(mutex_);
    rotate();
    return keys_.front();
}

std::optional<TicketKeys::Found> TicketKeys::find(const unsigned char* name) {
    const std::lock_guard lock(mutex_);
    rotate();
    for (std::size_t i = 0; i < keys_.size(); ++i) {
        if (std::memcmp(keys_[i].name.data(), name, keys_[i].name.size()) == 0) {
            return Found{keys_[i], i == 0};
        }
    }
    return std::nullopt;
}

Result<SslContext> make_ssl_context(const std::vector<CertificateFiles>& files,
                                    TicketKeys& tickets) {
    ERR_clear_error();
    SslContext context(SSL_CTX_new(TLS_server_method()));
    if (!context || !set_parameters(context.get())) {
        return bad_certificate("TLS settings");
    }
    for (const CertificateFiles& pair : files) {
        HANGU_CHECK(use_certificate(context.get(), pair));
    }
    set_behaviour(context.get(), tickets);
    return context;
}

}  // namespace hangu::http
