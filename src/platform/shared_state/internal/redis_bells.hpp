// Doorbells through the server's publish and subscribe, on a connection of its own: a subscribed
// one takes no other commands.
#pragma once

#include "platform/shared_state/internal/core.hpp"
#include "platform/shared_state/internal/listeners.hpp"

#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace hangu::shared_state {

class RedisBells final : public Bells, public Line {
 public:
    struct Options {
        std::int64_t pause_us_max = 5'000'000;
        std::int64_t poll_us = 1'000'000;
        std::int64_t heartbeat_us = 5'000'000;
    };
    // `own` is a name of this process, of kOwnBytes.
    static constexpr std::size_t kOwnBytes = 16;
    RedisBells(Core& core, const Server& server, Options options, Randomness& randomness,
               IoThread& io, std::string own);

    void ring(std::string_view topic, std::string_view payload) override;
    std::unique_ptr<Listening> listen(std::string_view topic, Hear hear) override;

    void go_on(std::int64_t now_us) override;
    bool has_work() const override;
    int descriptor() const override { return connection_.descriptor(); }
    short wanted() const override { return connection_.wanted(); }
    std::int64_t due_us() const override;
    void end() override { connection_.close(); }

 private:
    void on_topic(const std::string& topic, bool heard);
    void subscribe_all();
    void write_changes();
    void hear(const redisReply& reply);
    void beat(std::int64_t now_us);
    std::string channel_of(std::string_view topic) const { return core_.key("b", topic); }

    Core& core_;
    const Options options_;
    IoThread& io_;
    const std::string own_;
    Connection connection_;
    Listeners listeners_;

    mutable std::mutex mutex_;
    std::map<std::string, std::string> topics_;          // by channel
    std::vector<std::pair<bool, std::string>> changes_;  // subscribe or not, channel

    // Of the I/O thread alone.
    std::vector<Reply> replies_;
    std::int64_t heard_us_ = 0;
    std::int64_t asked_us_ = 0;  // when a heartbeat was sent
    std::int64_t polled_us_ = 0;
};

}  // namespace hangu::shared_state
