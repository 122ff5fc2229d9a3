#include "server_load.hpp"

#include "measure.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <mutex>
#include <stdexcept>
#include <thread>

namespace hangu::bench {

namespace {

[[noreturn]] void fail(const char* what) {
    throw std::runtime_error(what);
}

std::string first_line(int pipe) {
    std::string line;
    char c = 0;
    while (::read(pipe, &c, 1) == 1 && c != '\n') {
        line += c;
    }
    return line;
}

}  // namespace

ServerProcess::ServerProcess(const std::string& program, const std::string& data,
                             const std::string& config) {
    int out[2];
    if (::pipe(out) != 0) {
        fail("pipe");
    }
    const std::int64_t from = wall_us();
    pid_ = ::fork();
    if (pid_ == 0) {
        ::dup2(out[1], STDOUT_FILENO);
        ::setenv("HANGU_HTTP_RATE_PERCENT", "10000000", 1);
        const std::string log = data + "/server.log";
        ::execl(program.c_str(), program.c_str(), "serve", "--data", data.c_str(), "--port", "0",
                "--log", log.c_str(), config.empty() ? nullptr : "--config", config.c_str(),
                nullptr);
        ::_exit(127);
    }
    ::close(out[1]);
    const std::string line = first_line(out[0]);
    start_wall_us_ = wall_us() - from;
    ::close(out[0]);
    const std::size_t colon = line.find(':', line.find("https://") + 8);
    if (line.empty() || colon == std::string::npos) {
        fail("the server did not start");
    }
    port_ = static_cast<std::uint16_t>(std::stoi(line.substr(colon + 1)));
}

ServerProcess::~ServerProcess() {
    if (pid_ > 0) {
        ::kill(pid_, SIGTERM);
        ::waitpid(pid_, nullptr, 0);
    }
}

TlsClient::TlsClient(std::uint16_t port, SSL_CTX* context, unsigned from) {
    socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in own{};
    own.sin_family = AF_INET;
    own.sin_addr.s_addr = htonl(0x7F000200U + from);
    if (from != 0 && ::bind(socket_, reinterpret_cast<sockaddr*>(&own), sizeof own) != 0) {
        fail("bind");
    }
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
        fail("connect");
    }
    const int on = 1;
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    ssl_ = SSL_new(context);
    SSL_set_fd(ssl_, socket_);
    if (SSL_connect(ssl_) != 1) {
        fail("handshake");
    }
}

TlsClient::~TlsClient() {
    SSL_free(ssl_);
    ::close(socket_);
}

void TlsClient::send(const std::string& request) {
    if (SSL_write(ssl_, request.data(), static_cast<int>(request.size())) <= 0) {
        fail("send");
    }
}

Answer TlsClient::receive() {
    std::size_t head_end = std::string::npos;
    std::size_t length = 0;
    while (true) {
        if (head_end == std::string::npos) {
            head_end = buffer_.find("\r\n\r\n");
            if (head_end != std::string::npos) {
                std::string head = buffer_.substr(0, head_end);
                for (char& c : head) {
                    c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
                }
                const std::size_t at = head.find("content-length:");
                length = at == std::string::npos ? 0 : std::stoul(head.substr(at + 15));
            }
        }
        if (head_end != std::string::npos && buffer_.size() >= head_end + 4 + length) {
            break;
        }
        char chunk[16384];
        const int got = SSL_read(ssl_, chunk, sizeof chunk);
        if (got <= 0) {
            fail("receive");
        }
        buffer_.append(chunk, static_cast<std::size_t>(got));
    }
    Answer answer;
    answer.status = std::stoi(buffer_.substr(9, 3));
    answer.head = buffer_.substr(0, head_end);
    answer.body = buffer_.substr(head_end + 4, length);
    buffer_.erase(0, head_end + 4 + length);
    return answer;
}

std::string request_text(std::string_view method, std::string_view path,
                         const std::vector<std::string>& headers, std::string_view body) {
    std::string text = fmt::format("{} {} HTTP/1.1\r\nHost: 127.0.0.1\r\n", method, path);
    for (const std::string& header : headers) {
        text += header + "\r\n";
    }
    if (!body.empty()) {
        text +=
            fmt::format("Content-Type: application/json\r\nContent-Length: {}\r\n", body.size());
    }
    return text + "\r\n" + std::string(body);
}

std::string redeem(std::uint16_t port, SSL_CTX* context, const std::string& token) {
    TlsClient client(port, context);
    const Answer answer = client.exchange(request_text("POST", "/api/v1/session/redeem",
                                                       {"Origin: https://127.0.0.1"},
                                                       fmt::format(R"({{"token":"{}"}})", token)));
    const std::size_t at = answer.head.find("__Host-hangu_merchant=");
    if (answer.status != 200 || at == std::string::npos) {
        throw std::runtime_error("redeem: " + answer.head + answer.body);
    }
    return "Cookie: " + answer.head.substr(at, answer.head.find(';', at) - at);
}

LoadResult drive(const ServerProcess& server, SSL_CTX* context, std::size_t connections,
                 std::size_t threads, std::int64_t requests,
                 const std::function<std::string(std::int64_t)>& make) {
    std::vector<std::vector<std::unique_ptr<TlsClient>>> groups(threads);
    for (std::size_t i = 0; i < connections; ++i) {
        groups[i % threads].push_back(std::make_unique<TlsClient>(server.port(), context));
    }
    std::atomic<std::int64_t> turn{0};
    std::atomic<std::int64_t> refused{0};
    std::string first_refusal;
    std::mutex mutex;
    const auto round = [&](std::int64_t until) {
        std::vector<std::thread> running;
        for (auto& group : groups) {
            running.emplace_back([&, until] {
                while (turn.load() < until) {
                    for (auto& client : group) {
                        client->send(make(turn.fetch_add(1)));
                    }
                    for (auto& client : group) {
                        const Answer answer = client->receive();
                        if (answer.status >= 300) {
                            ++refused;
                            const std::lock_guard lock(mutex);
                            first_refusal = answer.head.substr(0, 60) + answer.body.substr(0, 200);
                        }
                    }
                }
            });
        }
        for (std::thread& thread : running) {
            thread.join();
        }
    };
    round(requests / 10);
    const std::int64_t before = turn.load();
    const std::int64_t cpu = child_cpu_us(server.pid());
    const std::int64_t wall = wall_us();
    round(before + requests);
    LoadResult result;
    result.requests = turn.load() - before;
    const auto done = static_cast<double>(result.requests);
    result.cpu_us_per_op = static_cast<double>(child_cpu_us(server.pid()) - cpu) / done;
    result.rate = done * 1e6 / static_cast<double>(wall_us() - wall);
    result.refused = refused.load();
    if (result.refused > 0) {
        fmt::print(stderr, "refused: {}\n", first_refusal);
    }
    return result;
}

}  // namespace hangu::bench
