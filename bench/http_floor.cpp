// What a request costs when its handler does nothing: a fixed 1 KB of JSON over kept-alive
// connections, TLS 1.3 and plain. The clients live in another process, so that the server's CPU is
// measured alone. Prints JSON lines.
//
//     http_floor [--seconds 3] [--connections 64] [--loops 1] [--threads 2]
#include "base/randomness.hpp"
#include "platform/http/server.hpp"
#include "platform/runtime/await.hpp"
#include "platform/runtime/runtime.hpp"

#include <fmt/format.h>
#include <openssl/ssl.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

using namespace hangu;
using SteadyClock = std::chrono::steady_clock;

struct Options {
    int seconds = 3;
    std::size_t connections = 64;
    std::size_t loops = 1;
    std::size_t threads = 2;
};

class FixedAnswer final : public http::Handler {
 public:
    FixedAnswer() {
        std::string text = R"({"data":")";
        text.append(1024 - text.size() - 2, 'x');
        text += R"("})";
        body_ = std::make_shared<const std::string>(std::move(text));
    }
    Task<http::Response> handle(http::Request) override {
        http::Response response;
        response.headers.push_back(type_);
        response.body = body_;
        co_return response;
    }
    std::size_t body_bytes_max(std::string_view, std::string_view) const override { return 0; }

 private:
    std::shared_ptr<const std::string> body_;
    const http::Header type_{"Content-Type", "application/json"};
};

// For trace ids, which need not be secret here.
class ThreadRandomness final : public Randomness {
 public:
    void fill(std::span<std::byte> out) override {
        thread_local SeededRandomness source(7);
        source.fill(out);
    }
};

[[noreturn]] void fail(const char* what) {
    std::perror(what);
    std::_Exit(1);
}

// ---- the clients, in a process of their own ----

class Client {
 public:
    Client(std::uint16_t port, SSL_CTX* context) {
        socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0) {
            fail("connect");
        }
        const int on = 1;
        ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
        if (context != nullptr) {
            ssl_ = SSL_new(context);
            SSL_set_fd(ssl_, socket_);
            if (SSL_connect(ssl_) != 1) {
                fail("handshake");
            }
        }
    }
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;
    ~Client() {
        SSL_free(ssl_);
        ::close(socket_);
    }

    void ask() {
        static constexpr std::string_view kRequest =
            "GET /api/v1/products?limit=20 HTTP/1.1\r\nHost: shop.example.com\r\n"
            "User-Agent: bench/1.0\r\nAccept: application/json\r\n"
            "Accept-Language: zh-CN,zh;q=0.9\r\n"
            "Cookie: __Host-session=Zm9vYmFyYmF6Zm9vYmFyYmF6Zm9vYmFyYmF6\r\n\r\n";
        const auto size = static_cast<int>(kRequest.size());
        const auto sent =
            ssl_ != nullptr
                ? SSL_write(ssl_, kRequest.data(), size)
                : static_cast<int>(::send(socket_, kRequest.data(), kRequest.size(), MSG_NOSIGNAL));
        if (sent != size) {
            fail("send");
        }
    }
    void hear() {
        std::size_t have = 0;
        std::size_t need = 0;
        while (need == 0 || have < need) {
            char* const at = buffer_ + have;
            const auto room = sizeof(buffer_) - have;
            const auto count = ssl_ != nullptr ? SSL_read(ssl_, at, static_cast<int>(room))
                                               : static_cast<int>(::recv(socket_, at, room, 0));
            if (count <= 0) {
                fail("receive");
            }
            have += static_cast<std::size_t>(count);
            const std::size_t end = std::string_view(buffer_, have).find("\r\n\r\n");
            if (need == 0 && end != std::string_view::npos) {
                need = end + 4 + 1024;
            }
        }
        if (have != need || !std::string_view(buffer_).starts_with("HTTP/1.1 200 ")) {
            fail("answer");
        }
    }

 private:
    int socket_ = -1;
    SSL* ssl_ = nullptr;
    char buffer_[4096];
};

void tell(int pipe, std::uint64_t number) {
    if (::write(pipe, &number, sizeof(number)) != sizeof(number)) {
        fail("pipe");
    }
}

std::uint64_t hear(int pipe) {
    std::uint64_t number = 0;
    if (::read(pipe, &number, sizeof(number)) != sizeof(number)) {
        fail("pipe");
    }
    return number;
}

// Every thread asks on all its connections, then hears all answers, until told to stop.
std::uint64_t drive(std::vector<std::vector<std::unique_ptr<Client>>>& groups, double seconds) {
    std::atomic<bool> stop{false};
    std::atomic<std::uint64_t> answered{0};
    std::vector<std::thread> threads;
    for (auto& group : groups) {
        threads.emplace_back([&group, &stop, &answered] {
            while (!stop) {
                for (auto& client : group) {
                    client->ask();
                }
                for (auto& client : group) {
                    client->hear();
                }
                answered += group.size();
            }
        });
    }
    ::poll(nullptr, 0, static_cast<int>(seconds * 1000));
    stop = true;
    for (std::thread& thread : threads) {
        thread.join();
    }
    return answered;
}

[[noreturn]] void run_clients(const Options& options, bool tls, int from_server, int to_server) {
    const auto port = static_cast<std::uint16_t>(hear(from_server));
    SSL_CTX* const context = tls ? SSL_CTX_new(TLS_client_method()) : nullptr;
    std::vector<std::vector<std::unique_ptr<Client>>> groups(options.threads);
    for (std::size_t i = 0; i < options.connections; ++i) {
        groups[i % options.threads].push_back(std::make_unique<Client>(port, context));
    }
    drive(groups, 1.0);  // warm-up
    tell(to_server, 0);
    hear(from_server);
    tell(to_server, drive(groups, options.seconds));
    std::_Exit(0);
}

// ---- the server ----

struct Cpu {
    double user = 0;
    double kernel = 0;
};

Cpu cpu_seconds() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return {seconds(usage.ru_utime), seconds(usage.ru_stime)};
}

void print(std::string_view bench, std::string_view metric, double value, std::string_view unit) {
    fmt::print(R"({{"bench":"{}","metric":"{}","value":{:.2f},"unit":"{}"}})"
               "\n",
               bench, metric, value, unit);
}

void run(const Options& options, bool tls, const std::string& folder) {
    int to_client[2];
    int to_server[2];
    if (::pipe(to_client) != 0 || ::pipe(to_server) != 0) {
        fail("pipe");
    }
    std::fflush(stdout);
    const pid_t child = ::fork();  // before there are threads
    if (child == 0) {
        run_clients(options, tls, to_client[0], to_server[1]);
    }
    const runtime::SystemClock clock;
    ThreadRandomness randomness;
    observe::Log log({}, clock);
    observe::Metrics metrics;
    FixedAnswer handler;
    http::Server::Options server_options;
    if (tls) {
        auto certificates = http::ensure_self_made_certificates(folder, clock);
        server_options.certificates = certificates.value();
    }
    server_options.limits.connection_requests_max = 1'000'000'000;
    server_options.limits.connections_per_address_max = 4096;
    runtime::Runtime loops(options.loops);
    http::Server server(loops, server_options, handler, log, metrics, clock, randomness);
    loops.start();
    server.start().value();
    tell(to_client[1], server.port());
    hear(to_server[0]);
    const Cpu cpu_before = cpu_seconds();
    const auto before = SteadyClock::now();
    tell(to_client[1], 0);
    const auto requests = static_cast<double>(hear(to_server[0]));
    const Cpu cpu_after = cpu_seconds();
    const double user = cpu_after.user - cpu_before.user;
    const double kernel = cpu_after.kernel - cpu_before.kernel;
    const double wall = std::chrono::duration<double>(SteadyClock::now() - before).count();
    ::waitpid(child, nullptr, 0);
    const std::string_view bench = tls ? "http.floor" : "http.floor_plain";
    print(bench, "cpu_us_per_op", (user + kernel) / requests * 1e6, "us");
    print(bench, "user_us_per_op", user / requests * 1e6, "us");
    print(bench, "rate", requests / wall, "1/s");
    print(bench, "requests", requests, "1");
    server.stop_accepting();
    server.drain(1000);
    loops.stop();
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    bool plain = true;
    bool tls = true;
    for (int i = 1; i + 1 < argc; i += 2) {
        const std::string_view name = argv[i];
        const auto value = std::strtoul(argv[i + 1], nullptr, 10);
        if (name == "--seconds") {
            options.seconds = static_cast<int>(value);
        } else if (name == "--connections") {
            options.connections = value;
        } else if (name == "--loops") {
            options.loops = value;
        } else if (name == "--threads") {
            options.threads = value;
        } else if (name == "--tls") {  // 1: only TLS, 0: only plain
            tls = value != 0;
            plain = !tls;
        }
    }
    std::string folder = (std::filesystem::temp_directory_path() / "hangu-bench-XXXXXX").string();
    if (::mkdtemp(folder.data()) == nullptr) {
        fail("mkdtemp");
    }
    if (tls) {
        run(options, true, folder);
    }
    if (plain) {
        run(options, false, folder);
    }
    std::filesystem::remove_all(folder);
    return 0;
}
