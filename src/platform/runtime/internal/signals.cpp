#include "platform/runtime/signals.hpp"

#include "base/check.hpp"
#include "platform/runtime/runtime.hpp"

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

namespace hangu::runtime {
namespace {

constexpr std::array kSignals{SIGINT, SIGTERM, SIGHUP};
constexpr char kEnd = 0;

// A signal handler may do little more than write a byte: it goes through a pipe to the thread.
std::atomic<int> write_end{-1};
std::array<struct sigaction, kSignals.size()> former_actions;

extern "C" void hangu_note_signal(int number) {
    const int saved_errno = errno;
    const char byte = static_cast<char>(number);
    const int end = write_end.load(std::memory_order_acquire);
    if (end >= 0) {
        [[maybe_unused]] const ssize_t written = ::write(end, &byte, 1);
    }
    errno = saved_errno;
}

}  // namespace

Signals::Signals(std::function<void()> on_stop, std::function<void()> on_reload)
    : on_stop_(std::move(on_stop)), on_reload_(std::move(on_reload)) {
    HANGU_ASSERT(write_end.load() < 0);
    int ends[2];
    HANGU_ASSERT(::pipe2(ends, O_CLOEXEC) == 0);
    ::fcntl(ends[1], F_SETFL, O_NONBLOCK);  // a handler never waits, even when the pipe is full
    read_end_ = ends[0];
    write_end.store(ends[1], std::memory_order_release);
    thread_ = std::thread([this] { run(); });
    for (std::size_t i = 0; i < kSignals.size(); ++i) {
        struct sigaction action {};
        action.sa_handler = hangu_note_signal;
        action.sa_flags = SA_RESTART;
        ::sigaction(kSignals[i], &action, &former_actions[i]);
    }
}

Signals::~Signals() {
    for (std::size_t i = 0; i < kSignals.size(); ++i) {
        ::sigaction(kSignals[i], &former_actions[i], nullptr);
    }
    const int end = write_end.load(std::memory_order_acquire);
    while (::write(end, &kEnd, 1) < 0 && (errno == EAGAIN || errno == EINTR)) {
        std::this_thread::yield();
    }
    thread_.join();
    write_end.store(-1, std::memory_order_release);
    ::close(end);
    ::close(read_end_);
}

void Signals::run() {
    name_this_thread("signals");
    while (true) {
        char byte = kEnd;
        const ssize_t count = ::read(read_end_, &byte, 1);
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count <= 0 || byte == kEnd) {
            return;
        }
        (byte == SIGHUP ? on_reload_ : on_stop_)();
    }
}

}  // namespace hangu::runtime
