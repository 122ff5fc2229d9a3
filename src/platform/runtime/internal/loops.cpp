#include "platform/runtime/await.hpp"
#include "platform/runtime/runtime.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <csignal>
#include <exception>

#include <unistd.h>

namespace hangu::runtime {

namespace asio = boost::asio;

namespace {

struct Loop {
    asio::io_context context{1};  // one thread runs it; any thread may post
    asio::executor_work_guard<asio::io_context::executor_type> guard{context.get_executor()};
    std::thread thread;
};

std::string text_of(const std::exception_ptr& fault) {
    try {
        std::rethrow_exception(fault);
    } catch (const std::exception& exception) {
        return exception.what();
    } catch (...) {
        return "an exception of unknown type";
    }
}

}  // namespace

struct Runtime::State {
    std::vector<std::unique_ptr<Loop>> loops;
    std::function<void(const std::string&)> fault_handler;
    std::atomic<bool> running{false};
    std::mutex stop_mutex;

    void tell(const std::exception_ptr& fault) const {
        const std::string what = text_of(fault);
        if (fault_handler) {
            fault_handler(what);
        } else {
            const std::string line = "fault on an event loop: " + what + "\n";
            [[maybe_unused]] const ssize_t written =
                ::write(STDERR_FILENO, line.data(), line.size());
        }
    }

    void run(Loop& loop) const {
        while (true) {
            try {
                loop.context.run();
                return;
            } catch (...) {
                tell(std::current_exception());
            }
        }
    }
};

Runtime::Runtime(std::size_t loops) : state_(std::make_unique<State>()) {
    HANGU_ASSERT(loops > 0);
    std::signal(SIGPIPE, SIG_IGN);  // a peer that is gone is an error code, not the end of us
    for (std::size_t i = 0; i < loops; ++i) {
        state_->loops.push_back(std::make_unique<Loop>());
    }
}

Runtime::~Runtime() {
    stop();
}

void Runtime::start() {
    HANGU_ASSERT(!state_->running.exchange(true));
    for (std::size_t i = 0; i < state_->loops.size(); ++i) {
        Loop& loop = *state_->loops[i];
        loop.thread = std::thread([this, &loop, i] {
            name_this_thread("loop-" + std::to_string(i));
            state_->run(loop);
        });
    }
}

void Runtime::stop() {
    const std::lock_guard lock(state_->stop_mutex);
    for (const std::unique_ptr<Loop>& loop : state_->loops) {
        loop->guard.reset();
        loop->context.stop();
    }
    for (const std::unique_ptr<Loop>& loop : state_->loops) {
        if (loop->thread.joinable()) {
            loop->thread.join();
        }
    }
    state_->running = false;
}

bool Runtime::running() const {
    return state_->running;
}

std::size_t Runtime::loops_count() const {
    return state_->loops.size();
}

void Runtime::post(std::size_t loop, std::function<void()> work) {
    asio::post(state_->loops.at(loop)->context, std::move(work));
}

void Runtime::on_fault(std::function<void(const std::string& what)> handler) {
    HANGU_ASSERT(!state_->running);
    state_->fault_handler = std::move(handler);
}

namespace {

struct Repeating : std::enable_shared_from_this<Repeating> {
    Repeating(asio::io_context& context, std::int64_t ms, std::function<void()> what)
        : timer(context), period(ms), work(std::move(what)) {}

    void arm() {
        timer.expires_after(period);
        timer.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
            if (!error) {
                self->fire();
            }
        });
    }
    void fire() {
        struct Rearm {  // also after an exception
            Repeating& self;
            ~Rearm() { self.arm(); }
        };
        const Rearm rearm{*this};
        work();
    }

    asio::steady_timer timer;
    std::chrono::milliseconds period;
    std::function<void()> work;
};

}  // namespace

void Runtime::every(std::int64_t period_ms, std::function<void()> work) {
    HANGU_ASSERT(period_ms > 0);
    auto repeating =
        std::make_shared<Repeating>(state_->loops[0]->context, period_ms, std::move(work));
    post(0, [repeating] { repeating->arm(); });
}

asio::io_context& loop_context(Runtime& runtime, std::size_t loop) {
    return runtime.state().loops.at(loop)->context;
}

bool spawn(Runtime& runtime, std::size_t loop, TaskGroup& group, Task<void> task) {
    if (!group.enter()) {
        return false;
    }
    auto done = [&runtime, &group](const std::exception_ptr& fault) {
        if (fault) {
            runtime.state().tell(fault);
        }
        group.leave();
    };
    asio::co_spawn(loop_context(runtime, loop), std::move(task), done);
    return true;
}

Task<void> sleep_ms(std::int64_t ms) {
    asio::any_io_executor executor = co_await asio::this_coro::executor;
    asio::steady_timer timer(executor);
    timer.expires_after(std::chrono::milliseconds(ms));
    co_await timer.async_wait(asio::use_awaitable);
}

}  // namespace hangu::runtime
