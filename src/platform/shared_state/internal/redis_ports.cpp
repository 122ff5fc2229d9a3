#include "platform/shared_state/internal/redis_ports.hpp"

#include <algorithm>
#include <charconv>

namespace hangu::shared_state {

namespace {

// The formula of rate_limiter.cpp. The key ends when it says no more than its absence would.
// Numbers are written out: Lua would round them to 14 digits.
const Script& admit_script() {
    static const Script script(R"lua(
local t = redis.call('TIME')
local now = t[1] * 1000000 + t[2]
local arrival = tonumber(redis.call('GET', KEYS[1]) or '0')
if arrival < now then arrival = now end
if arrival - now > tonumber(ARGV[2]) then return 0 end
arrival = arrival + tonumber(ARGV[1])
redis.call('SET', KEYS[1], string.format('%.0f', arrival),
           'PX', string.format('%.0f', math.floor((arrival - now) / 1000) + 1))
return 1
)lua");
    return script;
}

const Script& reserve_script() {
    static const Script script(R"lua(
redis.call('SET', KEYS[1], '0', 'PX', ARGV[2], 'NX')
if redis.call('INCR', KEYS[1]) > tonumber(ARGV[1]) then
    redis.call('DECR', KEYS[1])
    return 0
end
return 1
)lua");
    return script;
}

const Script& give_back_script() {
    static const Script script(R"lua(
if tonumber(redis.call('GET', KEYS[1]) or '0') > 0 then redis.call('DECR', KEYS[1]) end
return 1
)lua");
    return script;
}

// Tokens are the server's microseconds, so that they go on growing when it has lost everything; the
// last one is kept for a day against a clock that was put back.
const Script& acquire_script() {
    static const Script script(R"lua(
if redis.call('EXISTS', KEYS[1]) == 1 then return false end
local t = redis.call('TIME')
local token = t[1] * 1000000 + t[2]
local last = tonumber(redis.call('GET', KEYS[2]) or '0')
if token <= last then token = last + 1 end
local text = string.format('%.0f', token)
redis.call('SET', KEYS[2], text, 'PX', '86400000')
redis.call('SET', KEYS[1], text, 'PX', ARGV[1])
return text
)lua");
    return script;
}

const Script& renew_script() {
    static const Script script(R"lua(
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])
)lua");
    return script;
}

const Script& release_script() {
    static const Script script(R"lua(
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
)lua");
    return script;
}

}  // namespace

std::vector<std::string> load_scripts() {
    std::vector<std::string> commands;
    for (const Script* script : {&admit_script(), &reserve_script(), &give_back_script(),
                                 &acquire_script(), &renew_script(), &release_script()}) {
        commands.push_back(Command({"SCRIPT", "LOAD", script->text}).take());
    }
    return commands;
}

// ---- rates

bool RedisRates::part_of_own(std::uint64_t key, std::int64_t per_minute) {
    core_.degraded();
    return own_.admit(key, per_minute, core_.live_nodes());
}

Admission RedisRates::at_once(std::uint64_t key, std::int64_t per_minute) {
    if (!core_.connected()) {
        return part_of_own(key, per_minute) ? Admission::admitted : Admission::refused;
    }
    return own_.admit(key, per_minute, 1) ? Admission::elsewhere : Admission::refused;
}

void RedisRates::ask(std::uint64_t key, std::int64_t per_minute, std::function<void(bool)> answer) {
    const RatePolicy policy = RatePolicy::of(per_minute);
    core_.eval(
        admit_script(), {core_.key("r", std::to_string(key))},
        {std::to_string(policy.interval_us), std::to_string(policy.tolerance_us)},
        [this, key, per_minute, answer = std::move(answer)](Answer said) {
            answer(is_good(said) ? is_integer(*said.reply, 1) : part_of_own(key, per_minute));
        });
}

// ---- attempts

bool RedisAttempts::part_of_own(std::string_view key, int attempts_max) {
    core_.degraded();
    const std::int64_t part = attempts_max / core_.live_nodes();
    return own_.reserve(key, static_cast<int>(std::max<std::int64_t>(part, 1)));
}

Admission RedisAttempts::reserve_at_once(std::string_view key, int attempts_max) {
    if (!core_.connected()) {
        return part_of_own(key, attempts_max) ? Admission::admitted : Admission::refused;
    }
    return own_.reserve(key, attempts_max) ? Admission::elsewhere : Admission::refused;
}

void RedisAttempts::reserve(std::string_view key, int attempts_max,
                            std::function<void(bool)> answer) {
    core_.eval(
        reserve_script(), {core_.key("a", key)},
        {std::to_string(attempts_max), std::to_string(kWindowMs)},
        [this, key = std::string(key), attempts_max, answer = std::move(answer)](Answer said) {
            const bool good = is_good(said);
            const bool reserved = good && is_integer(*said.reply, 1);
            if (!reserved) {
                own_.give_back(key);  // what reserve_at_once counted
            }
            answer(good ? reserved : part_of_own(key, attempts_max));
        });
}

void RedisAttempts::give_back(std::string_view key) {
    own_.give_back(key);
    core_.eval(give_back_script(), {core_.key("a", key)}, {}, [](Answer) {});
}

// ---- nonces

void RedisNonces::take_once(std::string_view key, std::int64_t ttl_ms, WhenLost when_lost,
                            std::function<void(Taken)> answer) {
    const Taken here = own_.take(key, ttl_ms);
    if (here == Taken::seen_before) {
        answer(here);
        return;
    }
    core_.send(
        {"SET", core_.key("n", key), "1", "NX", "PX", std::to_string(ttl_ms)},
        [this, key = std::string(key), here, when_lost, answer = std::move(answer)](Answer said) {
            if (is_good(said)) {
                answer(is_nil(*said.reply) ? Taken::seen_before : Taken::first);
                return;
            }
            core_.degraded();
            if (when_lost == WhenLost::refuse) {
                own_.forget(key);  // nothing was used
                answer(Taken::refused);
            } else {
                answer(here);
            }
        });
}

// ---- notes

std::string RedisNotes::name(std::string_view space, std::string_view key) const {
    return core_.key("t", std::string(space) + " " + std::string(key));
}

void RedisNotes::put(std::string_view space, std::string_view key, std::string_view value,
                     std::int64_t ttl_ms, std::function<void(bool)> answer) {
    if (value.size() > kNoteBytesMax) {
        answer(false);
        return;
    }
    core_.send({"SET", name(space, key), value, "PX", std::to_string(ttl_ms)},
               [this, space = std::string(space), key = std::string(key),
                value = std::string(value), ttl_ms, answer = std::move(answer)](Answer said) {
                   if (is_good(said)) {
                       own_.find(space, key, true);  // an older one from when the server was lost
                       answer(true);
                       return;
                   }
                   core_.degraded();
                   answer(said.loss != Loss::none && own_.put(space, key, value, ttl_ms));
               });
}

void RedisNotes::find(std::string_view verb, std::string_view space, std::string_view key,
                      std::function<void(Note)> answer) {
    const bool take = verb == "GETDEL";
    core_.send({verb, name(space, key)}, [this, space = std::string(space), key = std::string(key),
                                          take, answer = std::move(answer)](Answer said) {
        const bool good = is_good(said);
        if (good && said.reply->type == REDIS_REPLY_STRING) {
            answer({std::string(text_of(*said.reply)), false});
            return;
        }
        if (!good) {
            core_.degraded();
        }
        Note note{own_.find(space, key, take), false};
        note.lost = !good && !note.value;
        answer(std::move(note));
    });
}

void RedisNotes::get(std::string_view space, std::string_view key,
                     std::function<void(Note)> answer) {
    find("GET", space, key, std::move(answer));
}

void RedisNotes::take(std::string_view space, std::string_view key,
                      std::function<void(Note)> answer) {
    find("GETDEL", space, key, std::move(answer));
}

// ---- locks

void RedisLocks::acquire(std::string_view name, std::int64_t ttl_ms,
                         std::function<void(std::optional<Lease>)> answer) {
    HANGU_ASSERT(ttl_ms > 0 && ttl_ms <= kLeaseMsMax);
    const std::string key = core_.key("l", name);
    core_.eval(acquire_script(), {key, key + ":fence"}, {std::to_string(ttl_ms)},
               [this, name = std::string(name), answer = std::move(answer)](Answer said) {
                   if (!is_good(said)) {
                       core_.degraded();
                       answer(std::nullopt);
                       return;
                   }
                   const std::string_view text = text_of(*said.reply);
                   Lease lease{name, 0};
                   std::from_chars(text.data(), text.data() + text.size(), lease.token);
                   answer(lease.token == 0 ? std::nullopt : std::optional(std::move(lease)));
               });
}

void RedisLocks::if_held(const Script& script, const Lease& lease,
                         std::vector<std::string> arguments, std::function<void(bool)> answer) {
    arguments.insert(arguments.begin(), std::to_string(lease.token));
    core_.eval(script, {core_.key("l", lease.name)}, arguments,
               [this, answer = std::move(answer)](Answer said) {
                   if (!is_good(said)) {
                       core_.degraded();
                   }
                   answer(is_good(said) && is_integer(*said.reply, 1));
               });
}

void RedisLocks::renew(const Lease& lease, std::int64_t ttl_ms, std::function<void(bool)> answer) {
    HANGU_ASSERT(ttl_ms > 0 && ttl_ms <= kLeaseMsMax);
    if_held(renew_script(), lease, {std::to_string(ttl_ms)}, std::move(answer));
}

void RedisLocks::release(const Lease& lease, std::function<void(bool)> answer) {
    if_held(release_script(), lease, {}, std::move(answer));
}

}  // namespace hangu::shared_state
