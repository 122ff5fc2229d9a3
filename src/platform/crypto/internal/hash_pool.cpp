#include "base/check.hpp"
#include "platform/crypto/crypto.hpp"

#include <condition_variable>
#include <deque>
#include <thread>

namespace hangu::crypto {

struct HashPool::State {
    // Runs until it is told to stop and nothing is left to do.
    void serve() {
        std::unique_lock lock(mutex);
        while (true) {
            changed.wait(lock, [this] { return stopping || !waiting.empty(); });
            if (waiting.empty()) {
                return;
            }
            const std::function<void()> work = std::move(waiting.front());
            waiting.pop_front();
            lock.unlock();
            try {
                work();
            } catch (...) {
                // Whoever waits for this work has a deadline; the thread serves the next one.
            }
            lock.lock();
        }
    }

    std::mutex mutex;
    std::condition_variable changed;
    std::deque<std::function<void()>> waiting;
    std::size_t queue_count_max = 0;
    bool stopping = false;
    std::vector<std::thread> threads;
};

HashPool::HashPool(std::size_t threads, std::size_t queue_count_max)
    : state_(std::make_unique<State>()) {
    HANGU_ASSERT(threads > 0 && queue_count_max > 0);
    state_->queue_count_max = queue_count_max;
    for (std::size_t i = 0; i < threads; ++i) {
        state_->threads.emplace_back([state = state_.get()] { state->serve(); });
    }
}

HashPool::~HashPool() {
    {
        const std::lock_guard lock(state_->mutex);
        state_->stopping = true;
    }
    state_->changed.notify_all();
    for (std::thread& thread : state_->threads) {
        thread.join();
    }
}

bool HashPool::run(std::function<void()> work) {
    {
        const std::lock_guard lock(state_->mutex);
        if (state_->stopping || state_->waiting.size() >= state_->queue_count_max) {
            return false;
        }
        state_->waiting.push_back(std::move(work));
    }
    state_->changed.notify_one();
    return true;
}

}  // namespace hangu::crypto
