#include "platform/http/internal/server_kit_test.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace hangu::http {

constexpr int kGenerousSeconds = 20;

void TestHandler::text(std::string path, std::string body) {
    const auto shared = std::make_shared<const std::string>(std::move(body));
    struct Fixed {
        static Task<Response> answer(std::shared_ptr<const std::string> text) {
            Response response;
            response.set("Content-Type", "text/plain; charset=utf-8");
            response.body = std::move(text);
            co_return response;
        }
    };
    on(std::move(path), [shared](Request) { return Fixed::answer(shared); });
}

Task<Response> TestHandler::handle(Request request) {
    const auto found = answers_.find(request.path);
    if (found == answers_.end()) {
        Response response;
        response.status = 404;
        co_return response;
    }
    Response response = co_await found->second(std::move(request));
    co_return response;
}

Task<std::string> TestStream::next() {
    const std::function<void(std::function<void(bool)>)> start =
        [this](const std::function<void(bool)>& done) {
            const std::lock_guard lock(mutex_);
            if (stopped_ || !waiting_pieces_.empty()) {
                done(true);
            } else {
                wake_ = done;
            }
        };
    const bool woken = co_await runtime::from_callback<bool>(start);
    if (broken_) {
        throw std::runtime_error("the stream broke");
    }
    const std::lock_guard lock(mutex_);
    std::string pieces;
    if (woken && !stopped_) {
        pieces.swap(waiting_pieces_);
    }
    co_return pieces;
}

void TestStream::stop() {
    stopped_ = true;
    const std::lock_guard lock(mutex_);
    if (const auto wake = std::exchange(wake_, nullptr)) {
        wake(true);
    }
}

void TestStream::give(std::string piece) {
    const std::lock_guard lock(mutex_);
    waiting_pieces_ += piece;
    if (const auto wake = std::exchange(wake_, nullptr)) {
        wake(true);
    }
}

TestFolder::TestFolder() {
    path_ = (std::filesystem::temp_directory_path() / "hangu-test-XXXXXX").string();
    if (::mkdtemp(path_.data()) == nullptr) {
        throw std::runtime_error("no temporary folder");
    }
}

TestFolder::~TestFolder() {
    std::filesystem::remove_all(path_);
}

TestServer::TestServer(Server::Options options, std::size_t loops)
    : log({}, clock),
      runtime(loops),
      server(runtime, std::move(options), handler, log, metrics, clock, randomness) {}

TestServer::~TestServer() {
    server.stop_accepting();
    server.drain(0);
    runtime.stop();
}

void TestServer::start() {
    runtime.start();
    const Result<void> started = server.start();
    ASSERT_TRUE(started.ok()) << started.problem().note;
}

std::string TestServer::metric(const std::string& line_start) const {
    const std::string text = "\n" + metrics.text();
    const std::size_t begin = text.find("\n" + line_start + " ");
    if (begin == std::string::npos) {
        return "";
    }
    const std::size_t value = begin + line_start.size() + 2;
    return text.substr(value, text.find('\n', value) - value);
}

bool eventually(const std::function<bool()>& fact) {
    const runtime::SystemClock clock;
    const std::int64_t until_us = clock.monotonic_us() + kGenerousSeconds * 1'000'000LL;
    while (clock.monotonic_us() < until_us) {
        if (fact()) {
            return true;
        }
        ::poll(nullptr, 0, 2);
    }
    return false;
}

std::string Answer::header(std::string_view lower_name) const {
    std::size_t at = head.find("\r\n");
    while (at != std::string::npos && at + 2 < head.size()) {
        const std::size_t begin = at + 2;
        const std::size_t colon = head.find(": ", begin);
        const std::size_t end = head.find("\r\n", begin);
        std::string name = head.substr(begin, colon - begin);
        for (char& c : name) {
            c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
        }
        if (name == lower_name) {
            return head.substr(colon + 2, end - colon - 2);
        }
        at = end;
    }
    return "";
}

TestClient::TestClient(std::uint16_t port, SSL_CTX* context, SSL_SESSION* session) {
    socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    timeval generous{};
    generous.tv_sec = kGenerousSeconds;
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &generous, sizeof(generous));
    ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &generous, sizeof(generous));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0;
    if (connected_ && context != nullptr) {
        ssl_ = SSL_new(context);
        SSL_set_fd(ssl_, socket_);
        if (session != nullptr) {
            SSL_set_session(ssl_, session);
        }
        connected_ = SSL_connect(ssl_) == 1;
    }
}

TestClient::~TestClient() {
    SSL_free(ssl_);
    if (socket_ >= 0) {
        ::close(socket_);
    }
}

bool TestClient::send(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto sent =
            ssl_ != nullptr
                ? SSL_write(ssl_, bytes.data(), static_cast<int>(bytes.size()))
                : static_cast<int>(::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL));
        if (sent <= 0) {
            return false;
        }
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

bool TestClient::fill() {
    char bytes[16384];
    const auto count = ssl_ != nullptr ? SSL_read(ssl_, bytes, sizeof(bytes))
                                       : static_cast<int>(::recv(socket_, bytes, sizeof(bytes), 0));
    if (count <= 0) {
        return false;
    }
    buffer_.append(bytes, static_cast<std::size_t>(count));
    return true;
}

Answer TestClient::hear(bool of_head) {
    Answer answer;
    std::size_t end = 0;
    while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
        if (!fill()) {
            return answer;
        }
    }
    answer.head = buffer_.substr(0, end + 2);
    buffer_.erase(0, end + 4);
    const std::string length = answer.header("content-length");
    const std::size_t size = length.empty() || of_head ? 0 : std::stoul(length);
    while (buffer_.size() < size) {
        if (!fill()) {
            return answer;
        }
    }
    answer.body = buffer_.substr(0, size);
    buffer_.erase(0, size);
    answer.status = std::stoi(answer.head.substr(9, 3));
    return answer;
}

std::string TestClient::hear_some() {
    if (buffer_.empty()) {
        fill();
    }
    return std::exchange(buffer_, std::string());
}

bool TestClient::hears_end() {
    while (fill()) {
    }
    return buffer_.empty() && errno != EAGAIN;
}

void TestClient::reset() {
    const linger at_once{1, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
    ::close(std::exchange(socket_, -1));
}

void TestClient::shutdown_send() {
    ::shutdown(socket_, SHUT_WR);
}

std::string get(std::string_view path, std::string_view headers) {
    return "GET " + std::string(path) + " HTTP/1.1\r\nHost: localhost\r\n" + std::string(headers) +
           "\r\n";
}

}  // namespace hangu::http
