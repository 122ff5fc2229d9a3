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
    std::int64_t alert_count = 10;
    std::int64_t end_sessions_count = 20;
    std::int64_t lock_count = 50;
};

struct Noted {
    Measure measure = Measure::none;
    std::int64_t refusals_count = 0;  // within the window
};

// Counts refusals per actor in a sliding window. In memory, bounded: when it is full, who was quiet
// for longest is forgotten. Thread-safe.
class Violations {
 public:
    explicit Violations(std::size_t actors_count_max) : actors_count_max_(actors_count_max) {}

    // One refusal. Answers what is to be done now: each measure once per window, the hardest that
    // is due. A `thing` other than 0 counts once within the window: asking again and again for
    // something that is gone is a stale page, asking for many such things is a search.
    Noted note(const ViolationLimits& limits, TenantId tenant, std::int64_t actor_id, Time now,
               std::uint64_t thing = 0);
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
    struct Refusal {
        Time at;
        std::uint64_t thing;
    };
    struct Counted {
        Key key;
        std::deque<Refusal> refusals;  // at most lock_count of them, the oldest first
        Measure taken = Measure::none;
        Time taken_at;
    };
    Counted& counted(const Key& key);

    const std::size_t actors_count_max_;
    mutable std::mutex mutex_;
    std::list<Counted> by_use_;  // the latest first
    std::unordered_map<Key, std::list<Counted>::iterator, Hash> index_;
};

}  // namespace hangu::protection
