#include "platform/shared_state/internal/tls_client.hpp"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

namespace hangu::shared_state {

TlsContext make_tls_client(const std::string& authority_file) {
    ERR_clear_error();
    TlsContext context(SSL_CTX_new(TLS_client_method()));
    if (!context || SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION) != 1 ||
        SSL_CTX_load_verify_locations(context.get(), authority_file.c_str(), nullptr) != 1) {
        return nullptr;
    }
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_mode(context.get(),
                     SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    return context;
}

Tls begin_tls(SSL_CTX* context, int descriptor, const std::string& host) {
    ERR_clear_error();
    Tls ssl(SSL_new(context));
    if (!ssl || SSL_set_fd(ssl.get(), descriptor) != 1) {
        return nullptr;
    }
    unsigned char address[16];
    const bool is_address = ::inet_pton(AF_INET, host.c_str(), address) == 1 ||
                            ::inet_pton(AF_INET6, host.c_str(), address) == 1;
    const int named =
        is_address ? X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl.get()), host.c_str())
                   : static_cast<int>(SSL_set1_host(ssl.get(), host.c_str()) == 1 &&
                                      SSL_set_tlsext_host_name(ssl.get(), host.c_str()) == 1);
    if (named != 1) {
        return nullptr;
    }
    SSL_set_connect_state(ssl.get());
    return ssl;
}

std::string tls_error() {
    char reason[256] = "";
    ERR_error_string_n(ERR_peek_last_error(), reason, sizeof(reason));
    ERR_clear_error();
    return reason;
}

}  // namespace hangu::shared_state
