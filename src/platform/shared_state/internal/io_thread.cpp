#include "platform/shared_state/internal/io_thread.hpp"

#include "base/check.hpp"
#include "platform/runtime/runtime.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>

namespace hangu::shared_state {

namespace {

constexpr std::int64_t kSleepMsMax = 1000;

}  // namespace

IoThread::IoThread(const Clock& clock)
    : clock_(clock), wake_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
    HANGU_ASSERT(wake_ >= 0);
}

void IoThread::start(std::vector<Line*> lines) {
    lines_ = std::move(lines);
    thread_ = std::thread([this] {
        runtime::name_this_thread("shared_state");
        run();
    });
}

// Hands over, then looks whether the thread sleeps; the thread says that it sleeps, then looks
// whether something was handed over. One of the two sees the other.
void IoThread::wake() {
    if (asleep_.exchange(false)) {
        const std::uint64_t one = 1;
        [[maybe_unused]] const ssize_t written = ::write(wake_, &one, sizeof(one));
    }
}

void IoThread::stop() {
    stopping_ = true;
    asleep_ = true;
    wake();
    if (thread_.joinable()) {
        thread_.join();
    }
}

IoThread::~IoThread() {
    stop();
    ::close(wake_);
}

void IoThread::wait() {
    asleep_ = true;
    const bool busy = stopping_ || std::any_of(lines_.begin(), lines_.end(),
                                               [](const Line* line) { return line->has_work(); });
    const std::int64_t now_us = clock_.monotonic_us();
    std::int64_t due_us = now_us + kSleepMsMax * 1000;
    std::vector<pollfd> waited{{wake_, POLLIN, 0}};
    for (const Line* line : lines_) {
        due_us = std::min(due_us, line->due_us());
        if (line->descriptor() >= 0) {
            waited.push_back({line->descriptor(), line->wanted(), 0});
        }
    }
    const std::int64_t ms = busy ? 0 : std::max<std::int64_t>((due_us - now_us + 999) / 1000, 0);
    ::poll(waited.data(), waited.size(), static_cast<int>(ms));
    asleep_ = false;
    if (waited.front().revents != 0) {
        std::uint64_t count = 0;
        [[maybe_unused]] const ssize_t taken = ::read(wake_, &count, sizeof(count));
    }
}

void IoThread::run() {
    while (!stopping_) {
        const std::int64_t now_us = clock_.monotonic_us();
        for (Line* line : lines_) {
            line->go_on(now_us);
        }
        wait();
    }
    for (Line* line : lines_) {
        line->end();
    }
}

}  // namespace hangu::shared_state
