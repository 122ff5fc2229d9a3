#include "base/check.hpp"
#include "platform/runtime/runtime.hpp"

#include <chrono>

#include <pthread.h>

namespace hangu::runtime {

void name_this_thread(const std::string& name) {
    constexpr std::size_t kNameBytesMax = 15;  // of the kernel
    pthread_setname_np(pthread_self(), name.substr(0, kNameBytesMax).c_str());
}

bool TaskGroup::enter() {
    const std::lock_guard lock(mutex_);
    if (closed_) {
        return false;
    }
    ++running_;
    return true;
}

void TaskGroup::leave() {
    const std::lock_guard lock(mutex_);
    HANGU_ASSERT(running_ > 0);
    if (--running_ == 0) {
        none_.notify_all();  // under the lock: the waiter may destroy the group right after
    }
}

void TaskGroup::close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
}

void TaskGroup::close_and_wait() {
    std::unique_lock lock(mutex_);
    closed_ = true;
    none_.wait(lock, [this] { return running_ == 0; });
}

bool TaskGroup::close_and_wait_ms(std::int64_t ms_max) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(ms_max);
    std::unique_lock lock(mutex_);
    closed_ = true;
    return none_.wait_until(lock, until, [this] { return running_ == 0; });
}

std::size_t TaskGroup::running() const {
    const std::lock_guard lock(mutex_);
    return running_;
}

}  // namespace hangu::runtime
