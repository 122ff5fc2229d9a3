// What a question to shared state costs: CPU of this process and of the server apart, per call. The
// server is one of its own, on a socket.
//
//     shared_state [--count 200000] [--waiting 64]
//
// --waiting: questions on the way at a time, as from that many requests.
#include "platform/shared_state/shared_state.hpp"
#include "platform/crypto/crypto.hpp"
#include "platform/runtime/runtime.hpp"
#include "support/measure.hpp"
#include "tests/support/redis_server.hpp"

#include <fmt/format.h>

#include <condition_variable>
#include <filesystem>
#include <functional>
#include <mutex>

namespace {

using namespace hangu;
using shared_state::SharedState;

constexpr std::string_view kBench = "shared_state";

// Keeps `waiting_max` calls on the way until `count` were answered.
class Pump {
 public:
    using Call = std::function<void(std::int64_t number, std::function<void()> answered)>;

    void run(std::int64_t count, std::int64_t waiting_max, const Call& call) {
        std::unique_lock lock(mutex_);
        for (std::int64_t i = 0; i < count; ++i) {
            changed_.wait(lock, [&] { return waiting_ < waiting_max; });
            ++waiting_;
            lock.unlock();
            call(i, [this] {
                const std::lock_guard inner(mutex_);
                --waiting_;
                changed_.notify_one();
            });
            lock.lock();
        }
        changed_.wait(lock, [&] { return waiting_ == 0; });
    }

 private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::int64_t waiting_ = 0;
};

void measure(const std::string& name, std::int64_t count, std::int64_t waiting, int server,
             const Pump::Call& call) {
    Pump pump;
    pump.run(count / 20, waiting, call);
    const std::int64_t own_before = bench::process_cpu_us();
    const std::int64_t server_before = server > 0 ? bench::child_cpu_us(server) : 0;
    const std::int64_t wall_before = bench::wall_us();
    pump.run(count, waiting, call);
    const auto calls = static_cast<double>(count);
    const auto own = static_cast<double>(bench::process_cpu_us() - own_before) / calls;
    const auto wall = static_cast<double>(bench::wall_us() - wall_before) / 1e6;
    bench::report(kBench, name + ".own_cpu", own, "us");
    if (server > 0) {
        const auto theirs =
            static_cast<double>(bench::child_cpu_us(server) - server_before) / calls;
        bench::report(kBench, name + ".server_cpu", theirs, "us");
    }
    bench::report(kBench, name + ".rate", calls / wall, "1/s");
}

void measure_side(const std::string& side, SharedState& state, std::int64_t count,
                  std::int64_t waiting, int server) {
    constexpr std::int64_t kPerMinute = 600;
    constexpr std::int64_t kAddresses = 1000;
    measure(fmt::format("admit.{}", side), count, waiting, server,
            [&](std::int64_t number, std::function<void()> answered) {
                const auto key = static_cast<std::uint64_t>(number % kAddresses) * 2 + 1;
                const auto known = state.rates().at_once(key, kPerMinute * 1000);
                if (known != shared_state::Admission::elsewhere) {
                    answered();
                    return;
                }
                state.rates().ask(key, kPerMinute * 1000,
                                  [answered = std::move(answered)](bool) { answered(); });
            });
    measure(fmt::format("nonce.{}", side), count / 10, waiting, server,
            [&](std::int64_t number, std::function<void()> answered) {
                state.nonces().take_once(
                    fmt::format("{} {}", side, number), 1000, shared_state::WhenLost::refuse,
                    [answered = std::move(answered)](shared_state::Taken) { answered(); });
            });
}

}  // namespace

int main(int count, char** words) {
    const std::int64_t calls = bench::flag(count, words, "count", 200'000);
    const std::int64_t waiting = bench::flag(count, words, "waiting", 64);
    const std::string folder =
        (std::filesystem::temp_directory_path() / fmt::format("hangu-bench-{}", ::getpid()))
            .string();
    std::filesystem::create_directories(folder);
    {
        testing::RedisServer server(folder + "/redis");
        const runtime::SystemClock clock;
        crypto::SystemRandomness randomness;
        observe::Log log({observe::Level::warning, ""}, clock);
        observe::Metrics metrics;
        const SharedState::Services services{clock, randomness, log, metrics};
        SharedState memory(SharedState::Options(), services);
        measure_side("memory", memory, calls, waiting, 0);

        SharedState::Options options;
        options.server.emplace();
        options.server->socket = server.socket();
        options.server->user = testing::RedisServer::kUser;
        options.server->password = Secret(testing::RedisServer::kPassword);
        options.name_key = Secret(std::string(32, 'k'));
        options.deadline_ms = 2000;  // a busy machine is not what is measured
        SharedState redis(std::move(options), services);
        redis.settle_and_wait();
        measure_side("redis", redis, calls, waiting, server.pid());
        measure_side("redis.one_at_a_time", redis, calls / 10, 1, server.pid());
        bench::report(kBench, "degraded_uses", static_cast<double>(redis.health().degraded_uses),
                      "");
    }
    std::filesystem::remove_all(folder);
    return 0;
}
