// Threads and their life: one event loop per core, lanes that wait for the disk, timers, shutdown.
#pragma once

#include "base/time.hpp"
#include "platform/runtime/task.hpp"

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace hangu::runtime {

class SystemClock final : public Clock {
 public:
    Time now() const override;
    std::int64_t monotonic_us() const override;
};

// Another clock, put forward: so that all nodes of a cluster have the time of one of them.
class OffsetClock final : public Clock {
 public:
    explicit OffsetClock(const Clock& clock) : clock_(clock) {}
    Time now() const override { return clock_.now().plus_ms(ahead_ms_.load()); }
    std::int64_t monotonic_us() const override { return clock_.monotonic_us(); }
    void put_forward(std::int64_t ms) { ahead_ms_ += ms; }

 private:
    const Clock& clock_;
    std::atomic<std::int64_t> ahead_ms_{0};
};

// One io_context per loop thread. Nothing of Asio shows here; internal users include
// runtime/await.hpp.
//
// Order of the end: servers drain, lanes stop, then the runtime stops, then it is destroyed. What
// is posted after stop() is never run; what is posted before start() runs at the start.
class Runtime {
 public:
    explicit Runtime(std::size_t loops);  // also ignores SIGPIPE for the process
    ~Runtime();                           // stops

    void start();  // spawns the loop threads
    void stop();   // idempotent; after drains are done; not from a loop thread
    bool running() const;
    std::size_t loops_count() const;
    void post(std::size_t loop, std::function<void()> work);
    // Calls `work` on loop 0 every `period_ms`, until stop; never overlapping itself.
    void every(std::int64_t period_ms, std::function<void()> work);
    // Told about exceptions that left posted work or a spawned task: mistakes of ours, the loop
    // goes on. Set it before start(); without it they are written to standard error.
    void on_fault(std::function<void(const std::string& what)> handler);

    struct State;
    State& state() { return *state_; }

 private:
    std::unique_ptr<State> state_;
};

// A thread with a bounded queue whose worker takes everything that waits at once: that is what
// makes group commit. Not for the event loops. `drain` must not throw.
template <class Job>
class Lane {
 public:
    using Drain = std::function<void(std::vector<Job>& jobs)>;

    // `gather`, if given, runs before a batch is taken: it may sleep a little for a larger one.
    Lane(std::string name, std::size_t queue_count_max, std::size_t batch_count_max, Drain drain,
         std::function<void()> gather = nullptr)
        : queue_count_max_(queue_count_max),
          batch_count_max_(batch_count_max),
          drain_(std::move(drain)),
          gather_(std::move(gather)),
          thread_([this, name = std::move(name)] { run(name); }) {}
    ~Lane() { stop(); }
    Lane(const Lane&) = delete;
    Lane& operator=(const Lane&) = delete;

    // False when the queue is full or the lane is stopping: the job was not taken.
    bool push(Job job) {
        {
            const std::lock_guard lock(mutex_);
            if (stopping_ || queue_.size() >= queue_count_max_) {
                return false;
            }
            queue_.push_back(std::move(job));
            if (!sleeping_) {
                return true;  // the worker looks again before it sleeps: no call of the kernel
            }
            sleeping_ = false;
        }
        wake_.notify_one();
        return true;
    }

    // Finishes what is queued, then ends the thread. Idempotent.
    void stop() {
        {
            const std::lock_guard lock(mutex_);
            stopping_ = true;
            sleeping_ = false;
        }
        wake_.notify_one();
        if (thread_.joinable()) {
            thread_.join();
        }
    }

    std::size_t waiting() const {
        const std::lock_guard lock(mutex_);
        return queue_.size();
    }

 private:
    void run(const std::string& name);

    std::size_t queue_count_max_;
    std::size_t batch_count_max_;
    Drain drain_;
    std::function<void()> gather_;
    mutable std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<Job> queue_;
    bool sleeping_ = false;
    bool stopping_ = false;
    std::thread thread_;  // last: it uses the others
};

void name_this_thread(const std::string& name);  // at most 15 characters are kept

template <class Job>
void Lane<Job>::run(const std::string& name) {
    name_this_thread(name);
    std::vector<Job> batch;
    std::unique_lock lock(mutex_);
    while (true) {
        while (queue_.empty()) {
            if (stopping_) {
                return;
            }
            sleeping_ = true;
            wake_.wait(lock, [this] { return !sleeping_ || !queue_.empty(); });
            sleeping_ = false;
        }
        if (gather_) {
            lock.unlock();
            gather_();
            lock.lock();
        }
        while (!queue_.empty() && batch.size() < batch_count_max_) {
            batch.push_back(std::move(queue_.front()));
            queue_.pop_front();
        }
        lock.unlock();
        drain_(batch);
        batch.clear();
        lock.lock();
    }
}

// Counts work in flight; close_and_wait() returns when none is left. Shutdown waits for every
// group.
class TaskGroup {
 public:
    bool enter();  // false once closed
    void leave();
    void close();
    void close_and_wait();
    bool close_and_wait_ms(std::int64_t ms_max);  // false: some are still running
    std::size_t running() const;

 private:
    mutable std::mutex mutex_;
    std::condition_variable none_;
    std::size_t running_ = 0;
    bool closed_ = false;
};

}  // namespace hangu::runtime
