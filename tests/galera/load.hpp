// Clients that work with tenants of a shard through the engine, and remember what they were told.
#pragma once

#include "base/randomness.hpp"
#include "platform/storage/engine.hpp"
#include "tests/galera/history.hpp"

#include <array>
#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace hangu::galera {

std::vector<storage::Part> parts();
// The rows that everything begins with.
void fill(storage::Engine& engine, TenantId tenant);

// What all clients together have met.
struct Figures {
    std::atomic<std::int64_t> done{0};
    std::atomic<std::int64_t> refused{0};
    std::atomic<std::int64_t> unknown{0};  // answers that did not say whether it stands
    std::atomic<std::int64_t> stood{0};    // asked for again after such an answer: it did stand
    std::atomic<std::int64_t> failed{0};   // answers that said that nothing stands; reads, too
    std::atomic<std::int64_t> reads{0};
    std::atomic<std::int64_t> stale{0};       // reads that missed what was acknowledged before
    std::atomic<std::int64_t> longest_us{0};  // that somebody waited for an answer

    void took(std::int64_t us) {
        std::int64_t longest = longest_us;
        while (us > longest && !longest_us.compare_exchange_weak(longest, us)) {
        }
    }
    void fail(const std::string& why) {
        ++failed;
        const std::lock_guard lock(mutex);
        ++failures[why];
    }
    // Each with how often it was met.
    std::string all_failures() {
        std::string text;
        const std::lock_guard lock(mutex);
        for (const auto& [why, count] : failures) {
            text += std::to_string(count) + " times: " + why + "\n";
        }
        return text;
    }

    std::mutex mutex;
    std::map<std::string, int> failures;
};

// One tenant, as one process serves it. `alone`: no other process does, so that its reads see all
// that was acknowledged.
struct Served {
    storage::Engine* engine = nullptr;
    TenantId tenant;
    bool alone = true;
    std::array<std::atomic<std::int64_t>, kCounters> counted{};  // acknowledged
};

class Client {
 public:
    // `number` keeps its ids apart from others'.
    Client(Served& served, Figures& figures, std::int64_t number, std::uint64_t seed);
    ~Client() { stop(); }
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    // Ends what it began, or leaves it unknown when that is not possible.
    void stop();
    const Served& served() const { return served_; }
    const History& history() const { return history_; }  // when it has stopped

 private:
    void work();
    Asked next();
    void ask(Asked asked);
    Told once(const Asked& asked, bool again);
    void read();
    std::int64_t below(std::int64_t end);

    Served& served_;
    Figures& figures_;
    std::int64_t number_;
    SeededRandomness random_;
    std::int64_t count_ = 0;
    History history_;
    std::atomic<bool> stopping_{false};
    std::thread thread_;  // last: it uses the others
};

}  // namespace hangu::galera
