// The lanes that are counted right now. An attempt is reserved before anything is looked at, so
// that of any number of parallel guesses only the allowed ones are evaluated. In memory, bounded;
// what concerns an account is also kept in its row. Thread-safe.
#pragma once

#include "security/identity/internal/lockout_rules.hpp"

#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace hangu::identity {

class Lockouts {
 public:
    explicit Lockouts(std::size_t count_max) : count_max_(count_max) {}

    // May this attempt be looked at? `stored` is what the account's row says, for a lane that is
    // not in memory.
    bool reserve(const std::string& key, const LaneState& stored, const LockLimits& limits,
                 Time now);
    void give_back(std::string_view key);  // it was not looked at
    LaneState failed(std::string_view key, const LockLimits& limits, Time now);
    LaneState succeeded(std::string_view key);
    // The owner came in by a browser that the account knows: strangers' row of failures ends, their
    // lock stays.
    void owner_was_here(std::string_view key);
    void forget(std::string_view key);  // an administrator unlocks
    std::optional<LaneState> state(std::string_view key) const;

 private:
    struct Lane {
        std::string key;
        LaneState state;
        std::int64_t flying = 0;
    };
    Lane* find(std::string_view key);
    void make_room(const LockLimits& limits, Time now);

    std::size_t count_max_;
    mutable std::mutex mutex_;
    std::list<Lane> by_use_;  // the one used last first
    std::unordered_map<std::string_view, std::list<Lane>::iterator> index_;
};

// A reserved attempt. Unless it is said how it ended, it does not count.
class LaneAttempt {
 public:
    LaneAttempt(Lockouts& lockouts, std::string key, const LaneState& stored,
                const LockLimits& limits, Time now)
        : lockouts_(lockouts),
          key_(std::move(key)),
          limits_(limits),
          reserved_(lockouts.reserve(key_, stored, limits, now)) {}
    ~LaneAttempt() {
        if (reserved_) {
            lockouts_.give_back(key_);
        }
    }
    LaneAttempt(const LaneAttempt&) = delete;
    LaneAttempt& operator=(const LaneAttempt&) = delete;

    bool reserved() const { return reserved_; }
    LaneState failed(Time now) {
        reserved_ = false;
        return lockouts_.failed(key_, limits_, now);
    }
    LaneState succeeded() {
        reserved_ = false;
        return lockouts_.succeeded(key_);
    }
    const LockLimits& limits() const { return limits_; }

 private:
    Lockouts& lockouts_;
    std::string key_;
    LockLimits limits_;
    bool reserved_;
};

}  // namespace hangu::identity
