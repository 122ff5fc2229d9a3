#include "platform/shared_state/internal/redis_bells.hpp"

#include <algorithm>
#include <limits>

namespace hangu::shared_state {

RedisBells::RedisBells(Core& core, const Server& server, Options options, Randomness& randomness,
                       IoThread& io, std::string own)
    : core_(core),
      options_(options),
      io_(io),
      own_(std::move(own)),
      connection_(server, options.pause_us_max, randomness),
      listeners_([this](const std::string& topic, bool heard) { on_topic(topic, heard); }) {
    HANGU_ASSERT(own_.size() == kOwnBytes);
}

// The process's name goes along, so that what it rang itself is not heard a second time.
void RedisBells::ring(std::string_view topic, std::string_view payload) {
    HANGU_ASSERT(payload.size() <= kBellBytesMax);
    listeners_.tell(topic, {std::string(payload), false});
    core_.send({"PUBLISH", channel_of(topic), own_ + std::string(payload)}, [this](Answer said) {
        if (!is_good(said)) {
            core_.degraded();
        }
    });
}

std::unique_ptr<Listening> RedisBells::listen(std::string_view topic, Hear hear) {
    return listeners_.add(topic, std::move(hear));
}

void RedisBells::on_topic(const std::string& topic, bool heard) {
    std::string channel = channel_of(topic);
    {
        const std::lock_guard lock(mutex_);
        if (heard) {
            topics_[channel] = topic;
        } else {
            topics_.erase(channel);
        }
        changes_.emplace_back(heard, std::move(channel));
    }
    io_.wake();
}

bool RedisBells::has_work() const {
    const std::lock_guard lock(mutex_);
    return connection_.is_up() && !changes_.empty();
}

void RedisBells::subscribe_all() {
    const std::lock_guard lock(mutex_);
    changes_.clear();
    for (const auto& [channel, topic] : topics_) {
        connection_.write(Command({"SUBSCRIBE", channel}).take());
    }
}

void RedisBells::write_changes() {
    const std::lock_guard lock(mutex_);
    for (const auto& [heard, channel] : changes_) {
        connection_.write(Command({heard ? "SUBSCRIBE" : "UNSUBSCRIBE", channel}).take());
    }
    changes_.clear();
}

// ["subscribe", channel, count] and ["message", channel, payload]; the rest is of no interest.
void RedisBells::hear(const redisReply& reply) {
    if (reply.type != REDIS_REPLY_ARRAY || reply.elements != 3) {
        return;
    }
    const std::string_view kind = text_of(*reply.element[0]);
    std::string topic;
    {
        const std::lock_guard lock(mutex_);
        const auto found = topics_.find(std::string(text_of(*reply.element[1])));
        if (found == topics_.end()) {
            return;
        }
        topic = found->second;
    }
    if (kind == "subscribe") {
        listeners_.tell(topic, {"", true});
        return;
    }
    const std::string_view payload = text_of(*reply.element[2]);
    if (kind == "message" && payload.size() >= kOwnBytes && !payload.starts_with(own_)) {
        listeners_.tell(topic, {std::string(payload.substr(kOwnBytes)), false});
    }
}

// A connection that only listens does not notice that the other side is gone.
void RedisBells::beat(std::int64_t now_us) {
    if (asked_us_ > heard_us_) {
        if (now_us >= asked_us_ + options_.heartbeat_us) {
            connection_.drop("the server does not answer", now_us);
        }
        return;
    }
    if (now_us >= heard_us_ + options_.heartbeat_us) {
        asked_us_ = now_us;
        connection_.write(Command({"PING"}).take());
    }
}

std::int64_t RedisBells::due_us() const {
    if (!connection_.is_up()) {
        return std::min(connection_.due_us(), polled_us_ + options_.poll_us);
    }
    return std::max(asked_us_, heard_us_) + options_.heartbeat_us;
}

void RedisBells::go_on(std::int64_t now_us) {
    if (connection_.is_up()) {
        write_changes();
        beat(now_us);
    } else {
        const std::lock_guard lock(mutex_);
        changes_.clear();  // once there is a connection, all are subscribed to
    }
    const Connection::Change change = connection_.go_on(now_us, replies_);
    if (change == Connection::Change::up) {
        heard_us_ = now_us;
        asked_us_ = 0;
        subscribe_all();
        connection_.go_on(now_us, replies_);
    }
    for (const Reply& reply : replies_) {
        heard_us_ = now_us;
        hear(*reply);
    }
    replies_.clear();
    if (!connection_.is_up() && now_us >= polled_us_ + options_.poll_us) {
        polled_us_ = now_us;
        listeners_.tell_all({"", true});
    }
}

}  // namespace hangu::shared_state
