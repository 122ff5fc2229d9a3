#include "platform/events/internal/rabbit_connection.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <mutex>
#include <utility>

namespace hangu::events {

namespace {

constexpr std::size_t kBodyBytesMax = std::size_t{1} << 20U;

class RabbitCarrier final : public Carrier {
 public:
    RabbitCarrier(RabbitOptions options, observe::Log& log)
        : options_(std::move(options)), log_(log), connection_(options_) {}
    ~RabbitCarrier() override { show_socket(-1); }
    RabbitCarrier(const RabbitCarrier&) = delete;
    RabbitCarrier& operator=(const RabbitCarrier&) = delete;

    Result<void> prepare(const std::string& queue) override {
        HANGU_CHECK(reach());
        return connection_.declare(queue);
    }

    std::vector<Receipt> carry(TenantId tenant, const std::string& queue,
                               const std::vector<const Event*>& events) override {
        const Result<void> ready = prepare(queue);
        if (!ready.ok()) {
            return std::vector<Receipt>(events.size(),
                                        Receipt{Verdict::unreached, ready.problem().detail});
        }
        std::vector<Receipt> receipts(events.size(), Receipt{Verdict::never, "too large"});
        std::vector<const Event*> sent;
        std::vector<std::size_t> places;
        for (std::size_t i = 0; i < events.size(); ++i) {
            if (events[i]->payload.size() <= kBodyBytesMax) {
                sent.push_back(events[i]);
                places.push_back(i);
            }
        }
        std::vector<Receipt> answers = connection_.publish(tenant, queue, sent);
        for (std::size_t i = 0; i < answers.size(); ++i) {
            receipts[places[i]] = std::move(answers[i]);
        }
        return receipts;
    }

    void remove(const std::string& queue) override {
        if (reach().ok()) {
            connection_.remove(queue);
        }
    }

    void stop() override {
        const std::lock_guard lock(mutex_);
        stopped_ = true;
        if (socket_ >= 0) {
            ::shutdown(socket_, SHUT_RDWR);
        }
    }

 private:
    Result<void> reach() {
        connection_.look();
        if (connection_.is_open()) {
            return {};
        }
        show_socket(-1);
        if (is_stopped()) {
            return Problem::unavailable("broker.unreachable", "stopping");
        }
        const Result<void> opened = connection_.open();
        if (opened.ok()) {
            log_.info("broker.connected", {{"host", options_.host}});
            show_socket(connection_.socket());
        } else {
            log_.warning("broker.unreachable", {{"why", opened.problem().detail}});
        }
        return opened;
    }

    bool is_stopped() {
        const std::lock_guard lock(mutex_);
        return stopped_;
    }
    // What stop() may shut: a descriptor of its own, which stays this socket's until it is
    // replaced.
    void show_socket(int socket) {
        const std::lock_guard lock(mutex_);
        if (socket_ >= 0) {
            ::close(socket_);
        }
        socket_ = socket < 0 ? -1 : ::fcntl(socket, F_DUPFD_CLOEXEC, 0);
        if (stopped_ && socket_ >= 0) {
            ::shutdown(socket_, SHUT_RDWR);
        }
    }

    RabbitOptions options_;
    observe::Log& log_;
    RabbitConnection connection_;
    std::mutex mutex_;
    int socket_ = -1;
    bool stopped_ = false;
};

}  // namespace

std::unique_ptr<Carrier> make_rabbit_carrier(RabbitOptions options, observe::Log& log) {
    return std::make_unique<RabbitCarrier>(std::move(options), log);
}

Result<std::string> check_rabbit(const RabbitOptions& options) {
    RabbitConnection connection(options);
    HANGU_CHECK(connection.open());
    return connection.product();
}

}  // namespace hangu::events
