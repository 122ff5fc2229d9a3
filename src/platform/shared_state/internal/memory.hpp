// The sides of the ports that live in this process alone: the whole of them on one machine, and
// what is fallen back on when the server is lost.
#pragma once

#include "base/time.hpp"
#include "platform/shared_state/bells.hpp"
#include "platform/shared_state/internal/listeners.hpp"
#include "platform/shared_state/locks.hpp"
#include "platform/shared_state/nonces.hpp"
#include "platform/shared_state/notes.hpp"
#include "platform/shared_state/rate_counters.hpp"
#include "platform/shared_state/rate_limiter.hpp"
#include "platform/shared_state/throttle.hpp"

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

namespace hangu::shared_state {

class MemoryRates final : public RateCounters {
 public:
    explicit MemoryRates(const Clock& clock) : clock_(clock) {}
    Admission at_once(std::uint64_t key, std::int64_t per_minute) override {
        return admit(key, per_minute, 1) ? Admission::admitted : Admission::refused;
    }
    void ask(std::uint64_t key, std::int64_t per_minute,
             std::function<void(bool)> answer) override {
        answer(admit(key, per_minute, 1));
    }
    // One of `share` nodes that count each for itself.
    bool admit(std::uint64_t key, std::int64_t per_minute, std::int64_t share) {
        std::call_once(made_, [this] { limiter_ = std::make_unique<RateLimiter>(); });
        return limiter_->admit(key, RatePolicy::of(per_minute, share), clock_.monotonic_us());
    }

 private:
    const Clock& clock_;
    std::once_flag made_;
    std::unique_ptr<RateLimiter> limiter_;  // 4 MB: made for who uses it
};

class MemoryAttempts final : public Attempts {
 public:
    MemoryAttempts(const Clock& clock, std::size_t count_max)
        : clock_(clock), throttle_(count_max) {}
    Admission reserve_at_once(std::string_view key, int attempts_max) override {
        return reserve(key, attempts_max) ? Admission::admitted : Admission::refused;
    }
    void reserve(std::string_view key, int attempts_max,
                 std::function<void(bool)> answer) override {
        answer(reserve(key, attempts_max));
    }
    void give_back(std::string_view key) override { throttle_.give_back(key); }
    bool reserve(std::string_view key, int attempts_max) {
        return throttle_.reserve({{std::string(key), attempts_max}}, clock_.now());
    }

 private:
    const Clock& clock_;
    Throttle throttle_;
};

class MemoryNonces final : public Nonces {
 public:
    MemoryNonces(const Clock& clock, std::size_t count_max)
        : clock_(clock), count_max_(count_max) {}
    void take_once(std::string_view key, std::int64_t ttl_ms, WhenLost,
                   std::function<void(Taken)> answer) override {
        answer(take(key, ttl_ms));
    }
    Taken take(std::string_view key, std::int64_t ttl_ms);
    void forget(std::string_view key);

 private:
    const Clock& clock_;
    std::size_t count_max_;
    std::mutex mutex_;
    std::unordered_map<std::string, std::int64_t> ends_us_;
    std::multimap<std::int64_t, std::string> by_end_;
};

class MemoryNotes final : public Notes {
 public:
    MemoryNotes(const Clock& clock, std::size_t count_max) : clock_(clock), count_max_(count_max) {}
    void put(std::string_view space, std::string_view key, std::string_view value,
             std::int64_t ttl_ms, std::function<void(bool)> answer) override {
        answer(put(space, key, value, ttl_ms));
    }
    void get(std::string_view space, std::string_view key,
             std::function<void(Note)> answer) override {
        answer({find(space, key, false), false});
    }
    void take(std::string_view space, std::string_view key,
              std::function<void(Note)> answer) override {
        answer({find(space, key, true), false});
    }
    bool put(std::string_view space, std::string_view key, std::string_view value,
             std::int64_t ttl_ms);
    std::optional<std::string> find(std::string_view space, std::string_view key, bool take);

 private:
    struct Kept {
        std::string value;
        std::int64_t ends_us = 0;
    };
    struct Space {
        std::unordered_map<std::string, Kept> notes;
        std::multimap<std::int64_t, std::string> by_end;
    };
    static void drop(Space& space, const std::string& key);

    const Clock& clock_;
    std::size_t count_max_;
    std::mutex mutex_;
    std::map<std::string, Space, std::less<>> spaces_;
};

class MemoryBells final : public Bells {
 public:
    void ring(std::string_view topic, std::string_view payload) override;
    std::unique_ptr<Listening> listen(std::string_view topic, Hear hear) override;

 private:
    Listeners listeners_;
};

class MemoryLocks final : public Locks {
 public:
    explicit MemoryLocks(const Clock& clock) : clock_(clock) {}
    void acquire(std::string_view name, std::int64_t ttl_ms,
                 std::function<void(std::optional<Lease>)> answer) override;
    void renew(const Lease& lease, std::int64_t ttl_ms, std::function<void(bool)> answer) override;
    void release(const Lease& lease, std::function<void(bool)> answer) override;

 private:
    struct Held {
        std::uint64_t token = 0;
        std::int64_t ends_us = 0;
    };
    const Clock& clock_;
    std::mutex mutex_;
    std::uint64_t last_token_ = 0;
    std::map<std::string, Held, std::less<>> held_;
};

}  // namespace hangu::shared_state
