// A small HTTPS client that keeps its connection, says honestly when an outcome is unknown, and
// hands every byte it gets to Collected.
#pragma once

#include <openssl/ssl.h>
#include <boost/json.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hangu::system {

struct Answer {
    int status = 0;
    std::string head;  // the status line and the headers
    std::string body;
    boost::json::value json;  // null when the body is none

    std::string header(std::string_view name) const;
    std::string code() const;
};

using Headers = std::vector<std::pair<std::string, std::string>>;

// One connection; not for two threads at once.
class Connection {
 public:
    explicit Connection(std::uint16_t port, bool tls = true);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    bool open() const { return descriptor_ >= 0; }
    bool send(std::string_view bytes);
    // Appends what comes next; false at the end, on a fault or after 30 s of silence.
    bool receive(std::string& into);
    void close();
    // Ends a receive() of another thread.
    void interrupt();

 private:
    int descriptor_ = -1;
    SSL_CTX* context_ = nullptr;
    SSL* ssl_ = nullptr;
};

class Client {
 public:
    explicit Client(std::uint16_t port) : port_(port) {}

    // nullopt: the connection broke before the whole answer was here, so nobody knows whether it
    // was done. The next request opens a new connection.
    std::optional<Answer> request(std::string_view method, std::string_view path,
                                  const std::string& body = "", const Headers& headers = {});
    void use_port(std::uint16_t port);

    std::string cookie;  // sent with every request; taken from answers
    std::string bearer;
    std::string* seen = nullptr;  // every byte of every answer, if wanted

 private:
    std::optional<Answer> exchange(const std::string& request, bool head_only);

    std::uint16_t port_;
    std::unique_ptr<Connection> connection_;
};

// Reads one whole answer off a connection that may hold more.
std::optional<Answer> read_answer(Connection& connection, bool no_body);
std::string request_text(std::string_view method, std::string_view path, std::uint16_t port,
                         const std::string& body, const Headers& headers);

// GET of a plain loopback address such as the metrics.
std::string get_plain(const std::string& url);

}  // namespace hangu::system
