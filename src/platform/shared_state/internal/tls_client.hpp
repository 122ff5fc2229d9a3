// The encrypted side of a connection to the server: our end of TLS, with its certificate checked
// against one authority and the host it was called by.
#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <string>

namespace hangu::shared_state {

struct FreeTls {
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
    void operator()(SSL* ssl) const { SSL_free(ssl); }
};
using TlsContext = std::unique_ptr<SSL_CTX, FreeTls>;
using Tls = std::unique_ptr<SSL, FreeTls>;

// None: the file of the authority cannot be used.
TlsContext make_tls_client(const std::string& authority_file);
Tls begin_tls(SSL_CTX* context, int descriptor, const std::string& host);
// What the library says went wrong.
std::string tls_error();

}  // namespace hangu::shared_state
