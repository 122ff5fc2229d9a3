// For threads that may wait, lanes for example: the answer of a call that takes a callback. Those
// calls have a deadline, so the wait has one. Never on an event loop: there it is
// runtime::from_callback.
#pragma once

#include "base/check.hpp"

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

namespace hangu::shared_state {

template <class T>
T wait_for(const std::function<void(std::function<void(T)>)>& start) {
    struct Shared {
        std::mutex mutex;
        std::condition_variable told;
        std::optional<T> value;
        bool over = false;
    };
    // Told too when every copy of the callback dies uncalled.
    struct Teller {
        explicit Teller(std::shared_ptr<Shared> to) : shared(std::move(to)) {}
        Teller(const Teller&) = delete;
        Teller& operator=(const Teller&) = delete;
        ~Teller() { tell(std::nullopt); }
        void tell(std::optional<T> value) {
            const std::lock_guard lock(shared->mutex);
            if (!shared->over) {
                shared->value = std::move(value);
                shared->over = true;
                shared->told.notify_one();
            }
        }
        std::shared_ptr<Shared> shared;
    };
    auto shared = std::make_shared<Shared>();
    {
        auto teller = std::make_shared<Teller>(shared);
        start([teller](T value) { teller->tell(std::optional<T>(std::move(value))); });
    }
    std::unique_lock lock(shared->mutex);
    shared->told.wait(lock, [&] { return shared->over; });
    HANGU_ASSERT(shared->value.has_value());
    return std::move(*shared->value);
}

}  // namespace hangu::shared_state
