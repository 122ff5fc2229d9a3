// A far side on 127.0.0.1 with a free port: takes HTTP requests one after another, keeps them and
// answers what the test says.
#pragma once

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <condition_variable>
#include <functional>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace hangu::testing {

class LoopbackServer {
 public:
    struct Request {
        std::string head;  // request line and headers
        std::string body;
        std::string line() const { return head.substr(0, head.find('\r')); }
        std::string header(const std::string& name) const {
            const std::size_t at = head.find("\r\n" + name + ": ");
            if (at == std::string::npos) {
                return "";
            }
            const std::size_t from = at + name.size() + 4;
            return head.substr(from, head.find('\r', from) - from);
        }
    };
    // The whole answer as it goes over the wire; "" : none, the connection is closed; kSilence:
    // none, and it stays open until the other side or the test ends.
    static constexpr const char* kSilence = "silence";
    using Answer = std::function<std::string(const Request&)>;

    explicit LoopbackServer(Answer answer) : answer_(std::move(answer)) {
        listening_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        if (::bind(listening_, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
            ::listen(listening_, 16) != 0 || ::pipe(ended_) != 0) {
            throw std::runtime_error("no loopback server");
        }
        ::getsockname(listening_, reinterpret_cast<sockaddr*>(&address), &size);
        port_ = ntohs(address.sin_port);
        thread_ = std::thread([this] { serve(); });
    }
    ~LoopbackServer() {
        ::close(ended_[1]);
        thread_.join();
        ::close(ended_[0]);
        ::close(listening_);
    }
    LoopbackServer(const LoopbackServer&) = delete;
    LoopbackServer& operator=(const LoopbackServer&) = delete;

    int port() const { return port_; }
    std::string url(const std::string& path = "/") const {
        return "http://127.0.0.1:" + std::to_string(port_) + path;
    }
    std::vector<Request> seen() const {
        const std::lock_guard lock(mutex_);
        return seen_;
    }

    static std::string ok(const std::string& body) {
        return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) +
               "\r\nConnection: close\r\n\r\n" + body;
    }

 private:
    // False: the test is over.
    bool wait_for(int socket) const {
        pollfd both[] = {{socket, POLLIN, 0}, {ended_[0], POLLIN, 0}};
        ::poll(both, 2, -1);
        return both[1].revents == 0;
    }

    void serve() {
        while (wait_for(listening_)) {
            const int one = ::accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC);
            if (one < 0) {
                continue;
            }
            const Request request = read_request(one);
            {
                const std::lock_guard lock(mutex_);
                seen_.push_back(request);
            }
            const std::string answer = answer_(request);
            std::size_t sent = 0;
            while (answer != kSilence && sent < answer.size()) {
                const ssize_t n =
                    ::send(one, answer.data() + sent, answer.size() - sent, MSG_NOSIGNAL);
                if (n <= 0) {
                    break;
                }
                sent += static_cast<std::size_t>(n);
            }
            if (answer == kSilence) {
                wait_for(one);
            }
            ::close(one);
        }
    }

    Request read_request(int socket) const {
        std::string text;
        char buffer[4096];
        std::size_t wanted = std::string::npos;
        while (text.size() < wanted && wait_for(socket)) {
            const ssize_t n = ::recv(socket, buffer, sizeof buffer, 0);
            if (n <= 0) {
                break;
            }
            text.append(buffer, static_cast<std::size_t>(n));
            const std::size_t end = text.find("\r\n\r\n");
            if (wanted == std::string::npos && end != std::string::npos) {
                const Request head{text.substr(0, end + 2), ""};
                const std::string length = head.header("Content-Length");
                wanted = end + 4 + (length.empty() ? 0 : std::stoul(length));
            }
        }
        const std::size_t end = text.find("\r\n\r\n");
        if (end == std::string::npos) {
            return {};
        }
        return {text.substr(0, end + 2), text.substr(end + 4)};
    }

    Answer answer_;
    int listening_ = -1;
    int ended_[2] = {-1, -1};
    int port_ = 0;
    mutable std::mutex mutex_;
    std::vector<Request> seen_;
    std::thread thread_;
};

}  // namespace hangu::testing
