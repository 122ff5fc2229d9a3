// What happens to someone who keeps trying what she may not do. Every refusal is counted; what has
// to follow is said exactly once per threshold, however many requests run in parallel.
#pragma once

#include "base/describe.hpp"
#include "base/id.hpp"
#include "base/time.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <mutex>
#include <unordered_map>

namespace hangu::protection {

enum class Measure {
    none,
    alert,         // tell the merchant's administrators
    end_sessions,  // the person has to sign in again
    lock           // the account is suspended; the merchant and the platform are told
};
HANGU_ENUM(Measure, none, alert, end_sessions, lock)

struct ViolationLimits {
    std::int64_t window_ms = 5 * kMinuteMs;
    int alert_count = 10;
    int end_sessions_count = 20;
    int lock_count = 50;
};

// Counts refusals per actor in a sliding window. In memory, bounded: when it is full, who was quiet
// for longest is forgotten. Thread-safe.
class Violations {
 public:
    Violations(ViolationLimits limits, std::size_t actors_count_max)
        : limits_(limits), actors_count_max_(actors_count_max) {}

    // One refusal. Answers what is to be done now: each measure once per window, the hardest that
    // is due.
    Measure note(TenantId tenant, std::int64_t actor_id, Time now);
    void forget(TenantId tenant, std::int64_t actor_id);
    std::size_t actors_count() const;

 private:
    struct Key {
        std::int64_t tenant;
        std::int64_t actor;
        friend bool operator==(const Key&, const Key&) = default;
    };
    struct Hash {
        std::size_t operator()(const Key& key) const {
            return std::hash<std::uint64_t>()(static_cast<std::uint64_t>(key.tenant) * 31 +
                                              static_cast<std::uint64_t>(key.actor));
        }
    };
    struct Counted {
        Key key;
        std::deque<Time> refusals;  // at most lock_count of them, the oldest first
        Measure taken = Measure::none;
        Time taken_at;
    };
    Counted& counted(const Key& key);
    Measure due(std::size_t count) const;

    const ViolationLimits limits_;
    const std::size_t actors_count_max_;
    mutable std::mutex mutex_;
    std::list<Counted> by_use_;  // the latest first
    std::unordered_map<Key, std::list<Counted>::iterator, Hash> index_;
};

}  // namespace hangu::protection
