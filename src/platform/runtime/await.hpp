// For those who await: Task itself, the awaiting twins of HANGU_TRY and HANGU_CHECK, and the bridge
// from callback-style work. This header brings a part of Asio in; include it in few files.
//
// One rule (g++ 12 destroys such temporaries twice): a line that awaits builds nothing with braces
// and no closure that owns something. Parameters by value; lambda coroutines capture nothing.
#pragma once

#include "base/check.hpp"
#include "base/result.hpp"
#include "platform/runtime/runtime.hpp"
#include "platform/runtime/task.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

// The frames of asio's coroutines come and go by a pair of operators of their own, of which g++ 12
// sees only half when it inlines.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"
#endif

namespace boost::asio {
class io_context;
}

namespace hangu::runtime {

boost::asio::io_context& loop_context(Runtime& runtime, std::size_t loop);

// Runs a task on a loop as a member of the group. False when the group is closed: it was not
// started.
bool spawn(Runtime& runtime, std::size_t loop, TaskGroup& group, Task<void> task);

Task<void> sleep_ms(std::int64_t ms);  // on the awaiting coroutine's loop

namespace detail {

// Holds the waiting coroutine. The first call resumes it, on its own executor; later ones do
// nothing. If every copy of the callback dies uncalled, the coroutine is resumed without a value.
template <class T, class Waiting>
class Resume {
 public:
    explicit Resume(Waiting waiting) : waiting_(std::move(waiting)) {}
    Resume(const Resume&) = delete;
    Resume& operator=(const Resume&) = delete;
    ~Resume() { resume(std::nullopt); }

    void resume(std::optional<T> value) {
        if (done_.exchange(true, std::memory_order_acq_rel)) {
            return;
        }
        auto executor = boost::asio::get_associated_executor(waiting_);
        boost::asio::post(executor,
                          [waiting = std::move(waiting_), value = std::move(value)]() mutable {
                              std::move(waiting)(std::move(value));
                          });
    }

 private:
    Waiting waiting_;
    std::atomic<bool> done_{false};
};

}  // namespace detail

// Starts callback-style work and waits for its answer. `start` runs at once, on the loop; the
// callback it is given may be called from any thread, before or after `start` returns, and counts
// once. Throws Bug when the callback is dropped uncalled. The wait has no deadline of its own: the
// work must have.
template <class T>
Task<T> from_callback(std::function<void(std::function<void(T)>)> start) {
    auto initiate = [&start](auto waiting) {
        using Resume = detail::Resume<T, decltype(waiting)>;
        auto resume = std::make_shared<Resume>(std::move(waiting));
        start([resume](T value) { resume->resume(std::optional<T>(std::move(value))); });
    };
    const boost::asio::use_awaitable_t<> token;
    auto waiting =
        boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void(std::optional<T>)>(
            initiate, token);
    std::optional<T> value = co_await std::move(waiting);
    HANGU_ASSERT(value.has_value());
    co_return std::move(*value);
}

}  // namespace hangu::runtime

#define HANGU_CO_TRY_INNER(result, binding, ...) \
    auto result = (__VA_ARGS__);                 \
    if (!result.ok()) {                          \
        co_return std::move(result).problem();   \
    }                                            \
    binding = std::move(result).value()
#define HANGU_CO_TRY(binding, ...) \
    HANGU_CO_TRY_INNER(HANGU_CONCAT(hangu_result_, __LINE__), binding, __VA_ARGS__)
#define HANGU_CO_CHECK(...)                                            \
    do {                                                               \
        if (auto hangu_checked = (__VA_ARGS__); !hangu_checked.ok()) { \
            co_return std::move(hangu_checked).problem();              \
        }                                                              \
    } while (false)
