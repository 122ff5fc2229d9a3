// For tests: a server on a free port whose clock the test owns, and plain blocking clients.
#pragma once

#include "platform/http/server.hpp"
#include "platform/runtime/await.hpp"

#include <openssl/ssl.h>

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace hangu::http {

class TestClock final : public Clock {
 public:
    Time now() const override { return Time(now_ms_); }
    std::int64_t monotonic_us() const override { return now_ms_ * 1000; }
    void advance_ms(std::int64_t ms) { now_ms_ += ms; }

 private:
    std::atomic<std::int64_t> now_ms_{1'780'000'000'000};  // 2026-05-28
};

class LockedRandomness final : public Randomness {
 public:
    void fill(std::span<std::byte> out) override {
        const std::lock_guard lock(mutex_);
        source_.fill(out);
    }

 private:
    std::mutex mutex_;
    SeededRandomness source_{1};
};

// Answers by path; what is not registered is 404.
class TestHandler final : public Handler {
 public:
    using Answer = std::function<Task<Response>(Request)>;

    void on(std::string path, Answer answer) { answers_[std::move(path)] = std::move(answer); }
    void text(std::string path, std::string body);
    std::size_t body_limit_of_upload = 0;  // for /upload

    Task<Response> handle(Request request) override;
    std::size_t body_bytes_max(std::string_view, std::string_view path) const override {
        return path == "/upload" ? body_limit_of_upload : 0;
    }

 private:
    std::map<std::string, Answer> answers_;
};

// A stream that the test feeds.
class TestStream final : public Stream {
 public:
    Task<std::string> next() override;
    void stop() override;
    void give(std::string piece);
    void break_down() {
        broken_ = true;
        give("x");
    }
    bool stopped() const { return stopped_; }

 private:
    std::mutex mutex_;
    std::string waiting_pieces_;
    std::function<void(bool)> wake_;
    std::atomic<bool> stopped_{false};
    std::atomic<bool> broken_{false};
};

// A new folder that goes away.
class TestFolder {
 public:
    TestFolder();
    ~TestFolder();
    const std::string& path() const { return path_; }

 private:
    std::string path_;
};

struct TestServer {
    explicit TestServer(Server::Options options = {}, std::size_t loops = 1);
    ~TestServer();

    void start();
    std::string metric(const std::string& line_start) const;  // its value, "" if absent

    TestClock clock;
    LockedRandomness randomness;
    observe::Log log;
    observe::Metrics metrics;
    TestHandler handler;
    runtime::Runtime runtime;
    Server server;
};

// Waits until the fact holds; the limit is only for broken code.
bool eventually(const std::function<bool()>& fact);

struct Answer {
    int status = 0;  // 0: the connection ended before a whole answer
    std::string head;
    std::string body;
    std::string header(std::string_view lower_name) const;
};

class TestClient {
 public:
    explicit TestClient(std::uint16_t port, SSL_CTX* context = nullptr,
                        SSL_SESSION* session = nullptr);
    ~TestClient();
    TestClient(const TestClient&) = delete;
    TestClient& operator=(const TestClient&) = delete;

    bool connected() const { return connected_; }  // with TLS: and agreed
    SSL* ssl() { return ssl_; }
    int socket() const { return socket_; }

    bool send(std::string_view bytes);
    Answer hear(bool of_head = false);  // one answer
    Answer ask(std::string_view bytes) {
        send(bytes);
        return hear();
    }
    std::string hear_some();  // "" at the end
    bool hears_end();         // orderly or not, nothing more comes
    void reset();             // closes with RST
    void shutdown_send();

 private:
    bool fill();

    int socket_ = -1;
    SSL* ssl_ = nullptr;
    bool connected_ = false;
    std::string buffer_;
};

std::string get(std::string_view path, std::string_view headers = "");

}  // namespace hangu::http
