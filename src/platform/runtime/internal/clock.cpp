#include "platform/runtime/runtime.hpp"

#include <chrono>

namespace hangu::runtime {

Time SystemClock::now() const {
    const auto since = std::chrono::system_clock::now().time_since_epoch();
    return Time(std::chrono::duration_cast<std::chrono::milliseconds>(since).count());
}

std::int64_t SystemClock::monotonic_us() const {
    const auto since = std::chrono::steady_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::microseconds>(since).count();
}

}  // namespace hangu::runtime
