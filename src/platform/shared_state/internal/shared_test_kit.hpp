// For this module's tests: a clock that a test owns and other threads read, a real server with an
// administrator's connection, and nodes that share it.
#pragma once

#include "platform/crypto/crypto.hpp"
#include "platform/runtime/runtime.hpp"
#include "platform/shared_state/internal/redis_streams.hpp"
#include "platform/shared_state/shared_state.hpp"
#include "platform/shared_state/wait_for.hpp"
#include "tests/support/redis_server.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace hangu::shared_state {

// What it says is when the test wants it to be, so that nothing is late because a machine is slow.
class TestClock final : public Clock {
 public:
    static constexpr std::int64_t kStartMs = 1'795'305'600'000;
    Time now() const override { return Time(kStartMs + past_us_ / 1000); }
    std::int64_t monotonic_us() const override { return 1'000'000 + past_us_; }
    void advance_ms(std::int64_t ms) { past_us_ += ms * 1000; }

 private:
    std::atomic<std::int64_t> past_us_{0};
};

class TestFolder {
 public:
    TestFolder() {
        static std::atomic<int> count{0};
        path_ = (std::filesystem::temp_directory_path() /
                 ("hangu-shared-" + std::to_string(::getpid()) + "-" + std::to_string(count++)))
                    .string();
        std::filesystem::create_directories(path_);
    }
    ~TestFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    TestFolder(const TestFolder&) = delete;
    TestFolder& operator=(const TestFolder&) = delete;
    const std::string& path() const { return path_; }

 private:
    std::string path_;
};

// One process as far as shared state is concerned.
struct Node {
    Node(SharedState::Options options, const Clock& clock, const std::string& log_file)
        : log({observe::Level::info, log_file}, clock),
          state(std::move(options), {clock, randomness, log, metrics}) {}

    crypto::SystemRandomness randomness;
    observe::Log log;
    observe::Metrics metrics;
    SharedState state;

    Admission ask_rate(std::uint64_t key, std::int64_t per_minute) {
        const Admission known = state.rates().at_once(key, per_minute);
        if (known != Admission::elsewhere) {
            return known;
        }
        const bool admitted = wait_for<bool>([&](std::function<void(bool)> answer) {
            state.rates().ask(key, per_minute, std::move(answer));
        });
        return admitted ? Admission::admitted : Admission::refused;
    }
    bool admit(std::uint64_t key, std::int64_t per_minute) {
        return ask_rate(key, per_minute) == Admission::admitted;
    }
    bool reserve(const std::string& key, int attempts_max) {
        const Admission known = state.attempts().reserve_at_once(key, attempts_max);
        return known == Admission::elsewhere
                   ? wait_for<bool>([&](std::function<void(bool)> answer) {
                         state.attempts().reserve(key, attempts_max, std::move(answer));
                     })
                   : known == Admission::admitted;
    }
    Taken take_once(const std::string& key, WhenLost when_lost = WhenLost::refuse,
                    std::int64_t ttl_ms = 60'000) {
        return wait_for<Taken>([&](std::function<void(Taken)> answer) {
            state.nonces().take_once(key, ttl_ms, when_lost, std::move(answer));
        });
    }
    bool put(const std::string& key, const std::string& value, std::int64_t ttl_ms = 60'000) {
        return wait_for<bool>([&](std::function<void(bool)> answer) {
            state.notes().put("test", key, value, ttl_ms, std::move(answer));
        });
    }
    Note get(const std::string& key) {
        return wait_for<Note>([&](std::function<void(Note)> answer) {
            state.notes().get("test", key, std::move(answer));
        });
    }
    Note take(const std::string& key) {
        return wait_for<Note>([&](std::function<void(Note)> answer) {
            state.notes().take("test", key, std::move(answer));
        });
    }
    std::optional<Lease> acquire(const std::string& name, std::int64_t ttl_ms = 10'000) {
        return wait_for<std::optional<Lease>>(
            [&](std::function<void(std::optional<Lease>)> answer) {
                state.locks().acquire(name, ttl_ms, std::move(answer));
            });
    }
    bool renew(const Lease& lease, std::int64_t ttl_ms = 10'000) {
        return wait_for<bool>([&](std::function<void(bool)> answer) {
            state.locks().renew(lease, ttl_ms, std::move(answer));
        });
    }
    bool release(const Lease& lease) {
        return wait_for<bool>([&](std::function<void(bool)> answer) {
            state.locks().release(lease, std::move(answer));
        });
    }
};

// A server, or none, and any number of nodes. Time passes when the test says so, on the server too:
// what is there gets older.
class World {
 public:
    explicit World(bool with_server) {
        if (with_server) {
            server_ = std::make_unique<testing::RedisServer>(folder_.path() + "/redis");
        }
    }

    bool has_server() const { return server_ != nullptr; }
    testing::RedisServer& server() { return *server_; }
    const std::string& folder() const { return folder_.path(); }

    SharedState::Options options() const {
        SharedState::Options options;
        options.name_key = Secret(std::string(32, 'k'));
        if (server_) {
            options.server = account(testing::RedisServer::kUser);
        }
        return options;
    }
    Server account(const std::string& user) const {
        Server server;
        server.socket = server_->socket();
        server.user = user;
        server.password = Secret(testing::RedisServer::kPassword);
        return server;
    }
    std::string log_file(int node) const {
        return folder_.path() + "/node" + std::to_string(node) + ".log";
    }
    // Connected, if there is a server.
    std::unique_ptr<Node> node() { return node(options()); }
    std::unique_ptr<Node> node(SharedState::Options options) {
        auto made = std::make_unique<Node>(std::move(options), clock, log_file(nodes_++));
        made->state.settle_and_wait();
        return made;
    }

    std::vector<Reply> admin(const std::string& commands, std::size_t count = 1) {
        const Server server = account(testing::RedisServer::kAdmin);
        const runtime::SystemClock system;
        Caller caller(server, system, -1);
        std::vector<Reply> replies = caller.call(commands, count, 30'000);
        EXPECT_EQ(replies.size(), count) << caller.detail();
        return replies;
    }
    void pass_ms(std::int64_t ms) {
        clock.advance_ms(ms);
        if (server_) {
            const std::vector<Reply> done =
                admin(Command({"EVAL", kGetOlder, "0", std::to_string(ms)}).take());
            EXPECT_FALSE(is_error(*done.front())) << text_of(*done.front());
        }
    }

    TestClock clock;

 private:
    static constexpr const char* kGetOlder = R"lua(
local ms = tonumber(ARGV[1])
for _, key in ipairs(redis.call('KEYS', 'hangu:*')) do
    local left = redis.call('PTTL', key)
    if left >= 0 and left <= ms then
        redis.call('DEL', key)
    elseif left >= 0 then
        if string.sub(key, 1, 8) == 'hangu:r:' then
            local at = tonumber(redis.call('GET', key)) - ms * 1000
            redis.call('SET', key, string.format('%.0f', at))
        end
        redis.call('PEXPIRE', key, left - ms)
    end
end
return 1
)lua";
    TestFolder folder_;
    std::unique_ptr<testing::RedisServer> server_;
    int nodes_ = 0;
};

// Lets time pass until it is so: what happens on other threads happens within its deadline, and the
// deadline is of the test's own clock.
template <class Fact>
void until(World& world, Fact fact) {
    std::mutex mutex;
    std::condition_variable nobody;
    std::unique_lock lock(mutex);
    while (!fact()) {
        world.clock.advance_ms(20);
        nobody.wait_for(lock, std::chrono::milliseconds(2));
    }
}

inline std::size_t lines_with(const std::string& file, const std::string& word) {
    std::ifstream in(file);
    std::size_t count = 0;
    for (std::string line; std::getline(in, line);) {
        count += line.find(word) != std::string::npos ? 1 : 0;
    }
    return count;
}

}  // namespace hangu::shared_state
