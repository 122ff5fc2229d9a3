// The server's sides of the small ports. Each has the process's own side beside it: as a floor that
// refuses without asking, and as what remains when the server is lost.
#pragma once

#include "platform/shared_state/internal/core.hpp"
#include "platform/shared_state/internal/memory.hpp"

namespace hangu::shared_state {

class RedisRates final : public RateCounters {
 public:
    RedisRates(Core& core, MemoryRates& own) : core_(core), own_(own) {}
    Admission at_once(std::uint64_t key, std::int64_t per_minute) override;
    void ask(std::uint64_t key, std::int64_t per_minute, std::function<void(bool)> answer) override;

 private:
    bool part_of_own(std::uint64_t key, std::int64_t per_minute);
    Core& core_;
    MemoryRates& own_;
};

class RedisAttempts final : public Attempts {
 public:
    RedisAttempts(Core& core, MemoryAttempts& own) : core_(core), own_(own) {}
    Admission reserve_at_once(std::string_view key, int attempts_max) override;
    void reserve(std::string_view key, int attempts_max, std::function<void(bool)> answer) override;
    void give_back(std::string_view key) override;

 private:
    bool part_of_own(std::string_view key, int attempts_max);
    Core& core_;
    MemoryAttempts& own_;
};

class RedisNonces final : public Nonces {
 public:
    RedisNonces(Core& core, MemoryNonces& own) : core_(core), own_(own) {}
    void take_once(std::string_view key, std::int64_t ttl_ms, WhenLost when_lost,
                   std::function<void(Taken)> answer) override;

 private:
    Core& core_;
    MemoryNonces& own_;
};

class RedisNotes final : public Notes {
 public:
    RedisNotes(Core& core, MemoryNotes& own) : core_(core), own_(own) {}
    void put(std::string_view space, std::string_view key, std::string_view value,
             std::int64_t ttl_ms, std::function<void(bool)> answer) override;
    void get(std::string_view space, std::string_view key,
             std::function<void(Note)> answer) override;
    void take(std::string_view space, std::string_view key,
              std::function<void(Note)> answer) override;

 private:
    std::string name(std::string_view space, std::string_view key) const;
    void find(std::string_view verb, std::string_view space, std::string_view key,
              std::function<void(Note)> answer);
    Core& core_;
    MemoryNotes& own_;
};

class RedisLocks final : public Locks {
 public:
    explicit RedisLocks(Core& core) : core_(core) {}
    void acquire(std::string_view name, std::int64_t ttl_ms,
                 std::function<void(std::optional<Lease>)> answer) override;
    void renew(const Lease& lease, std::int64_t ttl_ms, std::function<void(bool)> answer) override;
    void release(const Lease& lease, std::function<void(bool)> answer) override;

 private:
    void if_held(const Script& script, const Lease& lease, std::vector<std::string> arguments,
                 std::function<void(bool)> answer);
    Core& core_;
};

}  // namespace hangu::shared_state
