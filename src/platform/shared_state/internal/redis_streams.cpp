#include "platform/shared_state/internal/redis_streams.hpp"

#include "base/check.hpp"
#include "platform/shared_state/internal/memory_streams.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>

namespace hangu::shared_state {

namespace {

constexpr std::size_t kIdleCountMax = 8;
constexpr std::size_t kNameCharactersMax = 100;
constexpr std::int64_t kConnectMs = 1000;  // beside the deadline, when there is no connection

Problem unavailable(const std::string& detail) {
    return Problem::unavailable("shared.unavailable").with_note(detail);
}

// What the server does not want to do. A lost group has a name of its own.
Problem refused(const redisReply& error) {
    const std::string text(text_of(error));
    return text.starts_with("NOGROUP") ? no_such_group()
                                       : Problem::unavailable("shared.refused").with_note(text);
}

// [id, [name, value, …]]; an entry that was dropped meanwhile has no fields.
std::vector<StreamEntry> entries_of(const redisReply& list) {
    std::vector<StreamEntry> entries;
    for (std::size_t i = 0; i < list.elements; ++i) {
        const redisReply& one = *list.element[i];
        if (one.type != REDIS_REPLY_ARRAY || one.elements != 2 || is_nil(*one.element[1])) {
            continue;
        }
        StreamEntry entry{std::string(text_of(*one.element[0])), {}};
        const redisReply& fields = *one.element[1];
        for (std::size_t at = 0; at + 1 < fields.elements; at += 2) {
            entry.fields.emplace_back(text_of(*fields.element[at]),
                                      text_of(*fields.element[at + 1]));
        }
        entries.push_back(std::move(entry));
    }
    return entries;
}

}  // namespace

// ---- Caller

bool Caller::is_usable() {
    if (!channel_.is_open()) {
        return true;  // it connects when it is called
    }
    pollfd quiet{channel_.descriptor(), POLLIN, 0};
    return ::poll(&quiet, 1, 0) == 0;
}

bool Caller::receive(std::vector<Reply>& replies, std::size_t count, std::int64_t ends_us) {
    while (replies.size() < count) {
        if (!channel_.go_on(replies)) {
            detail_ = channel_.detail();
            return false;
        }
        const std::int64_t left_us = ends_us - clock_.monotonic_us();
        if (replies.size() >= count) {
            break;
        }
        pollfd both[] = {{channel_.descriptor(), channel_.wanted(), 0}, {stopped_, POLLIN, 0}};
        const int ready = left_us <= 0 ? 0 : ::poll(both, 2, static_cast<int>(left_us / 1000 + 1));
        if (ready <= 0 || both[1].revents != 0) {
            detail_ = ready <= 0 ? "the server does not answer" : "stopped";
            channel_.close();
            return false;
        }
    }
    return true;
}

bool Caller::greet(std::int64_t ends_us) {
    if (!channel_.open()) {
        detail_ = channel_.detail();
        return false;
    }
    std::vector<Reply> hello;
    const bool heard = receive(hello, 1, ends_us);
    if (!hello.empty() && is_error(*hello.front())) {
        detail_ = text_of(*hello.front());
        channel_.close();
        return false;
    }
    for (std::size_t i = 0; heard && i + 1 < hello.front()->elements; i += 2) {
        if (text_of(*hello.front()->element[i]) == "version") {
            version_ = "Redis " + std::string(text_of(*hello.front()->element[i + 1]));
        }
    }
    return heard;
}

std::vector<Reply> Caller::call(std::string_view commands, std::size_t count, std::int64_t ms_max) {
    std::int64_t ends_us = clock_.monotonic_us() + ms_max * 1000;
    if (!channel_.is_open() && !greet(ends_us + kConnectMs * 1000)) {
        return {};
    }
    ends_us = clock_.monotonic_us() + ms_max * 1000;
    channel_.write(commands);
    std::vector<Reply> replies;
    if (!receive(replies, count, ends_us)) {
        replies.clear();
    }
    return replies;
}

// ---- RedisStreams

RedisStreams::RedisStreams(const Server& server, const Clock& clock, std::string prefix,
                           std::int64_t deadline_ms)
    : server_(server),
      clock_(clock),
      prefix_(std::move(prefix)),
      deadline_ms_(deadline_ms),
      stopped_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
    HANGU_ASSERT(stopped_ >= 0);
}

RedisStreams::~RedisStreams() {
    ::close(stopped_);
}

void RedisStreams::stop() {
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t written = ::write(stopped_, &one, sizeof(one));
}

std::string RedisStreams::key(std::string_view stream) const {
    HANGU_ASSERT(!stream.empty() && stream.size() <= kNameCharactersMax);
    return prefix_ + "s:" + std::string(stream);
}

std::unique_ptr<Caller> RedisStreams::borrow() {
    const std::lock_guard lock(mutex_);
    while (!idle_.empty()) {
        std::unique_ptr<Caller> caller = std::move(idle_.back());
        idle_.pop_back();
        if (caller->is_usable()) {
            return caller;
        }
    }
    return std::make_unique<Caller>(server_, clock_, stopped_);
}

Result<std::vector<Reply>> RedisStreams::call(std::string_view commands, std::size_t count,
                                              std::int64_t ms_max) {
    std::unique_ptr<Caller> caller = borrow();
    std::vector<Reply> replies = caller->call(commands, count, ms_max);
    if (replies.size() != count) {
        return unavailable(caller->detail());
    }
    const std::lock_guard lock(mutex_);
    if (idle_.size() < kIdleCountMax) {
        idle_.push_back(std::move(caller));
    }
    return replies;
}

Result<std::size_t> RedisStreams::count_of(Command command) {
    HANGU_TRY(const std::vector<Reply> replies, call(command.take(), 1, deadline_ms_));
    const redisReply& reply = *replies.front();
    if (is_error(reply)) {
        return refused(reply);
    }
    return static_cast<std::size_t>(std::max<long long>(reply.integer, 0));
}

Result<std::string> RedisStreams::append(std::string_view stream, const StreamFields& fields,
                                         std::size_t length_max) {
    HANGU_TRY(std::vector<std::string> ids, append_all(stream, {fields}, length_max));
    return std::move(ids.front());
}

Result<std::vector<std::string>> RedisStreams::append_all(std::string_view stream,
                                                          const std::vector<StreamFields>& entries,
                                                          std::size_t length_max) {
    HANGU_ASSERT(!entries.empty() && entries.size() <= kStreamBatchCountMax && length_max > 0);
    const std::string to = key(stream);
    std::string commands;
    for (const StreamFields& fields : entries) {
        HANGU_CHECK(check_entry(fields));
        Command command(6 + 2 * fields.size());
        command.add("XADD").add(to).add("MAXLEN").add("~").add(std::to_string(length_max)).add("*");
        for (const auto& [name, value] : fields) {
            command.add(name).add(value);
        }
        commands += command.take();
    }
    HANGU_TRY(const std::vector<Reply> replies, call(commands, entries.size(), deadline_ms_));
    std::vector<std::string> ids;
    for (const Reply& reply : replies) {
        if (is_error(*reply)) {
            return refused(*reply);
        }
        ids.emplace_back(text_of(*reply));
    }
    return ids;
}

Result<void> RedisStreams::create_group(std::string_view stream, std::string_view group,
                                        std::string_view from) {
    Command command({"XGROUP", "CREATE", key(stream), group, from, "MKSTREAM"});
    HANGU_TRY(const std::vector<Reply> replies, call(command.take(), 1, deadline_ms_));
    const redisReply& reply = *replies.front();
    if (is_error(reply) && !text_of(reply).starts_with("BUSYGROUP")) {
        return refused(reply);
    }
    return {};
}

Result<std::vector<StreamEntry>> RedisStreams::read_group(std::string_view stream,
                                                          std::string_view group,
                                                          std::string_view consumer,
                                                          std::size_t count_max,
                                                          std::int64_t block_ms) {
    HANGU_ASSERT(count_max > 0 && count_max <= kStreamBatchCountMax);
    Command command(block_ms > 0 ? 11U : 9U);
    command.add("XREADGROUP").add("GROUP").add(group).add(consumer);
    command.add("COUNT").add(std::to_string(count_max));
    if (block_ms > 0) {
        command.add("BLOCK").add(std::to_string(block_ms));
    }
    command.add("STREAMS").add(key(stream)).add(">");
    HANGU_TRY(const std::vector<Reply> replies,
              call(command.take(), 1, std::max<std::int64_t>(block_ms, 0) + deadline_ms_));
    const redisReply& reply = *replies.front();
    if (is_error(reply)) {
        return refused(reply);
    }
    const bool some =
        reply.type == REDIS_REPLY_ARRAY && reply.elements == 1 && reply.element[0]->elements == 2;
    return some ? entries_of(*reply.element[0]->element[1]) : std::vector<StreamEntry>();
}

Result<std::size_t> RedisStreams::ack(std::string_view stream, std::string_view group,
                                      const std::vector<std::string>& ids) {
    if (ids.empty()) {
        return std::size_t{0};
    }
    Command command(3 + ids.size());
    command.add("XACK").add(key(stream)).add(group);
    for (const std::string& id : ids) {
        command.add(id);
    }
    return count_of(std::move(command));
}

Result<StreamClaim> RedisStreams::claim_stale(std::string_view stream, std::string_view group,
                                              std::string_view consumer, std::int64_t idle_ms_min,
                                              std::size_t count_max, std::string_view from) {
    HANGU_ASSERT(count_max > 0 && count_max <= kStreamBatchCountMax);
    Command command({"XAUTOCLAIM", key(stream), group, consumer, std::to_string(idle_ms_min), from,
                     "COUNT", std::to_string(count_max)});
    HANGU_TRY(const std::vector<Reply> replies, call(command.take(), 1, deadline_ms_));
    const redisReply& reply = *replies.front();
    if (is_error(reply)) {
        return refused(reply);
    }
    if (reply.type != REDIS_REPLY_ARRAY || reply.elements < 2) {
        return unavailable("XAUTOCLAIM answered something else");
    }
    return StreamClaim{entries_of(*reply.element[1]), std::string(text_of(*reply.element[0]))};
}

Result<std::size_t> RedisStreams::length(std::string_view stream) {
    return count_of({"XLEN", key(stream)});
}

Result<std::size_t> RedisStreams::pending(std::string_view stream, std::string_view group) {
    Command command({"XPENDING", key(stream), group});
    HANGU_TRY(const std::vector<Reply> replies, call(command.take(), 1, deadline_ms_));
    const redisReply& reply = *replies.front();
    if (is_error(reply)) {
        return refused(reply);
    }
    const bool counted = reply.type == REDIS_REPLY_ARRAY && reply.elements > 0;
    return counted ? static_cast<std::size_t>(reply.element[0]->integer) : std::size_t{0};
}

Result<std::size_t> RedisStreams::trim(std::string_view stream, std::size_t length_max) {
    return count_of({"XTRIM", key(stream), "MAXLEN", std::to_string(length_max)});
}

Result<void> RedisStreams::remove(std::string_view stream) {
    HANGU_TRY(const std::size_t removed, count_of({"DEL", key(stream)}));
    static_cast<void>(removed);
    return {};
}

}  // namespace hangu::shared_state
