#include "platform/shared_state/internal/link.hpp"

#include <algorithm>
#include <limits>

namespace hangu::shared_state {

namespace {

constexpr std::int64_t kStallUsMin = 250'000;
constexpr std::int64_t kStallDeadlines = 5;

}  // namespace

Link::Link(const Server& server, Options options, const Clock& clock, Randomness& randomness,
           IoThread& io, OnChange on_change)
    : options_(options),
      clock_(clock),
      io_(io),
      on_change_(std::move(on_change)),
      connection_(server, options.pause_us_max, randomness) {}

void Link::send(std::string command, OnAnswer on_answer) {
    if (!connected_) {
        on_answer(Answer{Loss::away, nullptr});
        return;
    }
    if (waiting_count_.fetch_add(1) >= options_.waiting_count_max) {
        waiting_count_.fetch_sub(1);
        on_answer(Answer{Loss::full, nullptr});
        return;
    }
    bool lost = false;
    {
        const std::lock_guard lock(mutex_);
        lost = !connected_;  // after this nobody would take it
        if (!lost) {
            handed_.push_back({std::move(command), {clock_.monotonic_us(), std::move(on_answer)}});
        }
    }
    if (lost) {
        waiting_count_.fetch_sub(1);
        on_answer(Answer{Loss::away, nullptr});
        return;
    }
    io_.wake();
}

void Link::wait_for_first_attempt() {
    std::unique_lock lock(mutex_);
    tried_changed_.wait(lock, [this] { return tried_; });
}

bool Link::has_work() const {
    const std::lock_guard lock(mutex_);
    return !handed_.empty();
}

std::int64_t Link::stall_us() const {
    return std::max(kStallUsMin, options_.deadline_us * kStallDeadlines);
}

std::int64_t Link::due_us() const {
    std::int64_t due = connection_.due_us();
    if (!sent_.empty()) {
        due = std::min(due, std::max(sent_.front().sent_us, heard_us_) + stall_us());
    }
    if (expired_count_ < sent_.size()) {
        due = std::min(due, sent_[expired_count_].sent_us + options_.deadline_us);
    }
    return due;
}

void Link::changed(bool connected) {
    {
        const std::lock_guard lock(mutex_);
        connected_ = connected;
    }
    on_change_(connected, connection_.detail());
    {
        const std::lock_guard lock(mutex_);
        tried_ = true;
    }
    tried_changed_.notify_all();
}

void Link::write_first(std::int64_t now_us) {
    for (const std::string& command : options_.at_first) {
        connection_.write(command);
        sent_.push_back({now_us, [](Answer) {}, false});
    }
}

void Link::take_handed(bool write) {
    {
        const std::lock_guard lock(mutex_);
        std::swap(taken_, handed_);
    }
    for (Handed& one : taken_) {
        if (write) {
            connection_.write(one.command);
        }
        sent_.push_back(std::move(one.sent));
    }
    taken_.clear();
}

void Link::answer_front(Reply reply) {
    Sent first = std::move(sent_.front());
    sent_.pop_front();
    if (expired_count_ > 0) {
        --expired_count_;
        return;
    }
    answer(std::move(first), Answer{Loss::none, std::move(reply)});
}

void Link::answer(Sent sent, Answer with) {
    if (sent.counted) {
        waiting_count_.fetch_sub(1);
    }
    sent.on_answer(std::move(with));
}

void Link::expire(std::int64_t now_us) {
    while (expired_count_ < sent_.size() &&
           now_us >= sent_[expired_count_].sent_us + options_.deadline_us) {
        Sent late = std::move(sent_[expired_count_]);
        ++expired_count_;
        answer(std::move(late), Answer{Loss::late, nullptr});
    }
}

// Whoever hands over after this finds no connection and is answered at once.
void Link::lose_all() {
    take_handed(false);
    std::deque<Sent> lost;
    std::swap(lost, sent_);
    const std::size_t answered = expired_count_;
    expired_count_ = 0;
    for (std::size_t i = answered; i < lost.size(); ++i) {
        answer(std::move(lost[i]), Answer{Loss::away, nullptr});
    }
}

void Link::go_on(std::int64_t now_us) {
    if (connection_.is_up()) {
        take_handed(true);
    }
    Connection::Change change = connection_.go_on(now_us, replies_);
    if (change == Connection::Change::up) {
        heard_us_ = now_us;
        write_first(now_us);
        changed(true);
    }
    for (Reply& reply : replies_) {
        heard_us_ = now_us;
        if (sent_.empty()) {
            connection_.drop("the server answers what nobody asked", now_us);
            change = Connection::Change::down;
            break;
        }
        answer_front(std::move(reply));
    }
    replies_.clear();
    const bool stalled = connection_.is_up() && !sent_.empty() &&
                         now_us >= std::max(sent_.front().sent_us, heard_us_) + stall_us();
    if (stalled) {
        connection_.drop("the server does not answer", now_us);
        change = Connection::Change::down;
    }
    if (change == Connection::Change::down) {
        changed(false);
        lose_all();
    }
    expire(now_us);
}

void Link::end() {
    connection_.close();
    changed(false);
    lose_all();
}

}  // namespace hangu::shared_state
