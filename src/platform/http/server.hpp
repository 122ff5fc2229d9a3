// The listeners, TLS, limits and sessions. What a request means is the Handler's business.
#pragma once

#include "base/result.hpp"
#include "base/time.hpp"
#include "platform/http/message.hpp"
#include "platform/observe/observe.hpp"
#include "platform/runtime/runtime.hpp"
#include "platform/runtime/task.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace hangu::http {

// Limits of one listener; see docs/settings.md for the keys that set them.
struct Limits {
    std::size_t target_bytes_max = 4096;
    std::size_t header_line_bytes_max = 8192;
    std::size_t headers_bytes_max = 16384;
    std::size_t headers_count_max = 64;
    std::size_t body_bytes_max = 65536;    // a route may raise it through Handler::body_bytes_max
    std::int64_t handshake_ms_max = 5000;  // all deadlines are absolute, never re-armed per byte
    std::int64_t head_ms_max = 5000;
    std::int64_t body_ms_max = 30000;   // and at least 500 bytes/s after the first 5 s
    std::int64_t write_ms_max = 30000;  // per 256 KiB
    std::int64_t idle_ms_max = 15000;   // between requests
    std::int64_t connection_requests_max = 10000;
    std::size_t connections_count_max = 4096;
    std::size_t connections_per_address_max = 256;
};

// Asked by whoever looks after the node: alive, and ready for requests. No client is behind it.
inline constexpr std::string_view kAlivePath = "/healthz";
inline constexpr std::string_view kReadyPath = "/readyz";
constexpr bool is_health_path(std::string_view path) {
    return path == kAlivePath || path == kReadyPath;
}

class Handler {
 public:
    virtual ~Handler() = default;
    virtual Task<Response> handle(Request request) = 0;
    // Asked once the head is read; 0 keeps the listener's limit.
    virtual std::size_t body_bytes_max(std::string_view method, std::string_view path) const = 0;
};

// Certificate chain and key files; an RSA and an ECDSA pair may stand side by side.
struct CertificateFiles {
    std::string chain;
    std::string key;
};

// Writes self-made certificates (RSA-2048 and ECDSA P-256, 90 days, SHA-256, localhost, 127.0.0.1,
// ::1) into the folder unless good ones are there. Keys have mode 0600.
Result<std::vector<CertificateFiles>> ensure_self_made_certificates(const std::string& folder,
                                                                    const Clock& clock);

class Server {
 public:
    struct Options {
        std::string address = "127.0.0.1";
        std::uint16_t port = 0;                      // 0: any free one
        std::vector<CertificateFiles> certificates;  // empty: plain HTTP (loopback planes only)
        Limits limits;
        // "10.0.0.0/8", "::1/128": others get no answer, not even TLS. Empty: everybody.
        std::vector<std::string> allowed_networks;
        // Where gateways are: they say for whom they ask (internal/gateway.hpp), and connections
        // are not counted for them. Whom they ask for must be in allowed_networks as well.
        std::vector<std::string> trusted_proxies;
    };

    Server(runtime::Runtime& runtime, Options options, Handler& handler, observe::Log& log,
           observe::Metrics& metrics, const Clock& clock, Randomness& randomness);
    ~Server();

    // Binds on every loop (SO_REUSEPORT) and accepts. "server.bad_address", "server.bad_network",
    // "server.cannot_bind".
    Result<void> start();
    std::uint16_t port() const;          // the port that was bound
    Result<void> reload_certificates();  // new connections use the new files; old ones go on
    // Goes on serving, but ends each connection with its next answer: who keeps connections open
    // looks for another server.
    void announce_stop();
    // From a plain thread: lets nobody new in, and waits until all who are at the door are in.
    // Whoever comes later is not refused yet; she tries again when the listener is gone.
    void close_door();
    void stop_accepting();  // the first half of shutdown; open requests finish
    void drain(
        std::int64_t ms_max);  // waits for them, then closes what is left; from a plain thread

 private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace hangu::http
