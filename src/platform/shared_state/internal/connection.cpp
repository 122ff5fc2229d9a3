#include "platform/shared_state/internal/connection.hpp"

#include <algorithm>
#include <limits>

namespace hangu::shared_state {

namespace {

// HELLO answers names and values in turn.
std::string version_of(const redisReply& hello) {
    for (std::size_t i = 0; i + 1 < hello.elements; i += 2) {
        if (text_of(*hello.element[i]) == "version") {
            return "Redis " + std::string(text_of(*hello.element[i + 1]));
        }
    }
    return "Redis";
}

}  // namespace

void Connection::pause(std::int64_t now_us) {
    const auto half = static_cast<std::uint64_t>(pause_us_ / 2);
    again_us_ = now_us + static_cast<std::int64_t>(half + randomness_.number() % (half + 1));
    pause_us_ = std::min(pause_us_ * 2, pause_us_max_);
}

void Connection::drop(std::string detail, std::int64_t now_us) {
    channel_.close();
    detail_ = std::move(detail);
    // Only one that held for a while begins anew: a server that greets and hangs up is not
    // pestered.
    if (up_ && now_us - up_us_ >= pause_us_max_) {
        pause_us_ = kFirstPauseUs;
    }
    up_ = false;
    pause(now_us);
}

void Connection::close() {
    channel_.close();
    up_ = false;
    closed_ = true;
}

std::int64_t Connection::due_us() const {
    if (closed_ || up_) {
        return std::numeric_limits<std::int64_t>::max();
    }
    return channel_.is_open() ? begun_us_ + kConnectUsMax : again_us_;
}

Connection::Change Connection::greeted(std::vector<Reply>& replies, std::int64_t now_us) {
    if (replies.empty()) {
        if (now_us >= begun_us_ + kConnectUsMax) {
            drop("the server does not answer", now_us);
            return Change::down;
        }
        return Change::none;
    }
    const Reply hello = std::move(replies.front());
    replies.erase(replies.begin());
    if (is_error(*hello)) {
        drop(std::string(text_of(*hello)), now_us);
        return Change::down;
    }
    detail_ = version_of(*hello);
    up_ = true;
    up_us_ = now_us;
    return Change::up;
}

Connection::Change Connection::go_on(std::int64_t now_us, std::vector<Reply>& replies) {
    if (closed_) {
        return Change::none;
    }
    if (!channel_.is_open()) {
        if (now_us < again_us_) {
            return Change::none;
        }
        begun_us_ = now_us;
        if (!channel_.open()) {
            drop(channel_.detail(), now_us);
            return Change::down;
        }
    }
    if (!channel_.go_on(replies)) {
        // A server that refuses us says why before it closes.
        const bool said = !up_ && !replies.empty() && is_error(*replies.front());
        drop(said ? std::string(text_of(*replies.front())) : channel_.detail(), now_us);
        replies.clear();
        return Change::down;
    }
    return up_ ? Change::none : greeted(replies, now_us);
}

}  // namespace hangu::shared_state
