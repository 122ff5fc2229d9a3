// TLS settings and certificates, without sockets.
#pragma once

#include "base/randomness.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "platform/http/server.hpp"

#include <openssl/ssl.h>

#include <array>
#include <memory>
#include <mutex>
#include <vector>

namespace hangu::http {

struct FreeSslContext {
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
using SslContext = std::unique_ptr<SSL_CTX, FreeSslContext>;

// Keys that seal session tickets: a new one every 8 hours, tickets of the last 24 hours open.
// Shared by all loops and kept over a certificate reload, so that clients resume.
class TicketKeys {
 public:
    TicketKeys(const Clock& clock, Randomness& randomness)
        : clock_(clock), randomness_(randomness) {}

    struct Key {
        std::array<unsigned char, 16> name{};
        std::array<unsigned char, 32> cipher_key{};
        std::array<unsigned char, 32> mac_key{};
        Time made_at;
    };
    Key current();
    struct Found {
        Key key;
        bool is_current = false;
    };
    std::optional<Found> find(const unsigned char* name);

 private:
    void rotate();  // with the lock held

    const Clock& clock_;
    Randomness& randomness_;
    std::mutex mutex_;
    std::vector<Key> keys_;  // newest first
};

// Problem "tls.bad_certificate" with the file in the note. `tickets` must outlive the context and
// the connections made from it.
Result<SslContext> make_ssl_context(const std::vector<CertificateFiles>& files,
                                    TicketKeys& tickets);

}  // namespace hangu::http
