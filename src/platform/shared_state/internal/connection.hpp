// A channel that is made again when it is lost: after a pause that grows, with chance in it, so
// that the nodes do not all come at once.
#pragma once

#include "platform/shared_state/internal/channel.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace hangu::shared_state {

class Connection {
 public:
    static constexpr std::int64_t kConnectUsMax = 1'000'000;  // until the server has greeted us
    static constexpr std::int64_t kFirstPauseUs = 50'000;

    enum class Change { none, up, down };

    Connection(const Server& server, std::int64_t pause_us_max, Randomness& randomness)
        : channel_(server), pause_us_max_(pause_us_max), randomness_(randomness) {}

    // Goes on with whatever is possible now. After `up` and between, replies to what was written.
    Change go_on(std::int64_t now_us, std::vector<Reply>& replies);
    // Given up, to be made again after the pause.
    void drop(std::string detail, std::int64_t now_us);

    bool is_up() const { return up_; }
    void write(std::string_view bytes) { channel_.write(bytes); }
    int descriptor() const { return channel_.descriptor(); }
    short wanted() const { return channel_.wanted(); }
    std::int64_t due_us() const;                           // when to go on though nothing comes
    const std::string& detail() const { return detail_; }  // the server's version, or the loss
    void close();

 private:
    Change greeted(std::vector<Reply>& replies, std::int64_t now_us);
    void pause(std::int64_t now_us);

    Channel channel_;
    std::int64_t pause_us_max_;
    Randomness& randomness_;
    bool up_ = false;
    bool closed_ = false;
    std::int64_t begun_us_ = 0;
    std::int64_t again_us_ = 0;
    std::int64_t up_us_ = 0;  // since when
    std::int64_t pause_us_ = kFirstPauseUs;
    std::string detail_ = "not reached yet";
};

}  // namespace hangu::shared_state
