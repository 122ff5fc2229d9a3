// The real program in a process of its own, and clients over TLS that keep their connections.
#pragma once

#include <openssl/ssl.h>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace hangu::bench {

// Starts `hangu serve` on a data folder and stops it by its pid.
class ServerProcess {
 public:
    ServerProcess(const std::string& program, const std::string& data,
                  const std::string& config = "");
    ~ServerProcess();
    ServerProcess(const ServerProcess&) = delete;
    ServerProcess& operator=(const ServerProcess&) = delete;

    int pid() const { return pid_; }
    std::uint16_t port() const { return port_; }
    std::int64_t start_wall_us() const { return start_wall_us_; }

 private:
    int pid_ = -1;
    std::uint16_t port_ = 0;
    std::int64_t start_wall_us_ = 0;
};

struct Answer {
    int status = 0;
    std::string head;
    std::string body;
};

// One kept connection.
class TlsClient {
 public:
    // `from` is the last number of the address it calls from (127.0.2.…), 0: any.
    TlsClient(std::uint16_t port, SSL_CTX* context, unsigned from = 0);
    ~TlsClient();
    TlsClient(const TlsClient&) = delete;
    TlsClient& operator=(const TlsClient&) = delete;

    void send(const std::string& request);
    Answer receive();
    Answer exchange(const std::string& request) {
        send(request);
        return receive();
    }

 private:
    int socket_ = -1;
    SSL* ssl_ = nullptr;
    std::string buffer_;
};

std::string request_text(std::string_view method, std::string_view path,
                         const std::vector<std::string>& headers, std::string_view body = "");

// Signs in with a one-time link; answers the Cookie header line.
std::string redeem(std::uint16_t port, SSL_CTX* context, const std::string& token);

struct LoadResult {
    std::int64_t requests = 0;
    std::int64_t refused = 0;  // other than 2xx
    double cpu_us_per_op = 0;  // of the server
    double rate = 0;
};

// `connections` over `threads` send make(turn) in turn for `requests`, after a tenth of that to
// warm up.
LoadResult drive(const ServerProcess& server, SSL_CTX* context, std::size_t connections,
                 std::size_t threads, std::int64_t requests,
                 const std::function<std::string(std::int64_t)>& make);

}  // namespace hangu::bench
