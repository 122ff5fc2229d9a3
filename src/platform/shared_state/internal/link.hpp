// Commands to the server and their answers, over one connection, pipelined. Any thread sends; the
// answer comes on the I/O thread, in the order of the commands, or at once when there is none to
// expect. Every command is answered exactly once, by its deadline or a little later.
#pragma once

#include "platform/shared_state/internal/connection.hpp"
#include "platform/shared_state/internal/io_thread.hpp"

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

namespace hangu::shared_state {

enum class Loss {
    none,
    away,  // there is no connection, or it was lost on the way
    late,  // the deadline came first; the server may still do it
    full,  // too many are on the way
};

struct Answer {
    Loss loss = Loss::none;
    Reply reply;  // set when nothing was lost; may be an error
};
using OnAnswer = std::function<void(Answer)>;

class Link final : public Line {
 public:
    struct Options {
        std::int64_t deadline_us = 50'000;
        std::size_t waiting_count_max = 16384;
        std::int64_t pause_us_max = 5'000'000;
        std::vector<std::string> at_first;  // commands that go before all others, unanswered
    };
    // Told of every change, on the I/O thread: there is a connection, or why there is none.
    using OnChange = std::function<void(bool connected, const std::string& detail)>;

    Link(const Server& server, Options options, const Clock& clock, Randomness& randomness,
         IoThread& io, OnChange on_change);

    bool connected() const { return connected_; }
    void send(std::string command, OnAnswer on_answer);
    // Wakes up when the first attempt to connect ended, whichever way.
    void wait_for_first_attempt();

    void go_on(std::int64_t now_us) override;
    bool has_work() const override;
    int descriptor() const override { return connection_.descriptor(); }
    short wanted() const override { return connection_.wanted(); }
    std::int64_t due_us() const override;
    void end() override;

 private:
    struct Sent {
        std::int64_t sent_us;
        OnAnswer on_answer;   // empty: its deadline is over, the reply will be dropped
        bool counted = true;  // among those that wait
    };
    struct Handed {
        std::string command;
        Sent sent;
    };
    void changed(bool connected);
    void write_first(std::int64_t now_us);
    void take_handed(bool write);
    void answer_front(Reply reply);
    void answer(Sent sent, Answer with);
    void expire(std::int64_t now_us);
    void lose_all();
    std::int64_t stall_us() const;

    const Options options_;
    const Clock& clock_;
    IoThread& io_;
    OnChange on_change_;
    Connection connection_;
    std::atomic<bool> connected_{false};
    std::atomic<std::size_t> waiting_count_{0};

    mutable std::mutex mutex_;
    std::condition_variable tried_changed_;
    std::vector<Handed> handed_;
    bool tried_ = false;

    // Of the I/O thread alone.
    std::vector<Handed> taken_;
    std::vector<Reply> replies_;
    std::deque<Sent> sent_;          // the oldest first
    std::size_t expired_count_ = 0;  // of its front
    std::int64_t heard_us_ = 0;
};

}  // namespace hangu::shared_state
