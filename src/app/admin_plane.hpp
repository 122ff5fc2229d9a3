// The admin plane of a serving process: a loopback listener that runs commands of whoever can read
// <data>/admin.json (mode 0600), which holds its port and a token of this run.
#pragma once

#include "app/house.hpp"
#include "base/secret.hpp"
#include "platform/http/server.hpp"
#include "platform/runtime/runtime.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace hangu::app {

class AdminPlane final : public http::Handler {
 public:
    AdminPlane(House& house, runtime::Runtime& runtime);
    ~AdminPlane() override;

    Result<void> start();  // listens and writes admin.json
    void stop();

    Task<http::Response> handle(http::Request request) override;
    std::size_t body_bytes_max(std::string_view method, std::string_view path) const override;

 private:
    http::Response run(const std::string& body);
    std::string file() const { return house_.options.data + "/admin.json"; }

    House& house_;
    Secret token_;
    http::Server server_;
    runtime::Lane<std::function<void()>> lane_;  // commands run one after another
};

// /metrics on its own loopback listener.
class MetricsPlane final : public http::Handler {
 public:
    explicit MetricsPlane(House& house) : house_(house) {}
    Task<http::Response> handle(http::Request request) override;
    std::size_t body_bytes_max(std::string_view, std::string_view) const override { return 0; }

 private:
    void tell_redacted();

    House& house_;
    std::atomic<std::uint64_t> redacted_told_{0};
};

}  // namespace hangu::app
