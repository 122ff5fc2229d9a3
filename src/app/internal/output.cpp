#include "app/output.hpp"

#include "platform/runtime/runtime.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>

namespace hangu::app {

namespace {

volatile std::sig_atomic_t interrupted = 0;

}  // namespace

void TerminalOutput::line(std::string_view text) {
    if (bar_open_) {
        std::fputs("\n", stderr);
        bar_open_ = false;
    }
    std::fwrite(text.data(), 1, text.size(), stdout);
    std::fputc('\n', stdout);
    std::fflush(stdout);
}

void TerminalOutput::note(std::string_view text) {
    if (bar_open_) {
        std::fputs("\n", stderr);
        bar_open_ = false;
    }
    std::fwrite(text.data(), 1, text.size(), stderr);
    std::fputc('\n', stderr);
}

void TerminalOutput::progress(std::string_view what, std::size_t done, std::size_t total) {
    if (::isatty(STDERR_FILENO) == 0 || total == 0) {
        return;
    }
    const runtime::SystemClock clock;
    const long long now_ms = clock.monotonic_us() / 1000;
    if (last_what_ != what) {
        last_what_ = what;
        started_ms_ = now_ms;
    }
    constexpr std::size_t kWidth = 30;
    const std::size_t full = std::min(kWidth, done * kWidth / total);
    const long long spent_ms = std::max(1LL, now_ms - started_ms_);
    const long long rate = static_cast<long long>(done) * 1000 / spent_ms;
    const long long left_s =
        rate == 0 ? 0 : static_cast<long long>(total - std::min(done, total)) / rate;
    const std::string bar = std::string(full, '#') + std::string(kWidth - full, '.');
    const std::string text =
        fmt::format("\r{} [{}] {}/{} {}/s, {} s left   ", what, bar, done, total, rate, left_s);
    std::fputs(text.c_str(), stderr);
    bar_open_ = true;
}

bool TerminalOutput::stop_asked() const {
    return interrupted != 0;
}

void TerminalOutput::watch_interrupts() {
    struct sigaction action {};
    action.sa_handler = [](int) { interrupted = 1; };
    ::sigaction(SIGINT, &action, nullptr);
    ::sigaction(SIGTERM, &action, nullptr);
}

}  // namespace hangu::app
