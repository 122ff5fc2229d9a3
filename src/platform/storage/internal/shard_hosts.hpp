// The servers of a shard and the one that this process works with: the nodes of a Galera cluster,
// all with the same rows, of which one is written (writers on several nodes give each other's
// transactions up and gain nothing). It is the first of the list that may be worked with, so that
// processes agree, and it is kept until it is lost or another one has been preferable for long.
//
// A thread looks at every server once a second. One that says nothing any more, left the primary
// component or serves as another's source is left for the next, and what waits for it is cut: work
// that was under way there is run elsewhere, unless it was at its commit. So is what waits for an
// answer that a server will not give (MariaLines). A shard of one server has no such thread and is
// never judged: there is nowhere else to go.
#pragma once

#include "base/time.hpp"
#include "platform/observe/observe.hpp"
#include "platform/storage/internal/maria_lines.hpp"
#include "platform/storage/shard_options.hpp"

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace hangu::storage {

// Of the shard's options: its hosts, or its socket or host alone.
std::vector<ShardHost> hosts_of(const ShardOptions& shard);
MariaConnection::Options with_host(MariaConnection::Options options, const ShardHost& host);
// Asks a server that was connected to: what it is, and whether it may be worked with.
ShardHostState look_at(MariaConnection& connection, const ShardHost& host);

class ShardHosts {
 public:
    // A server that could not be worked with is left alone for so long.
    static constexpr std::int64_t kRestUs = 1'000'000;
    // A server further ahead in the list is gone back to when it has been fit for so long.
    static constexpr std::int64_t kReturnUs = 300'000'000;
    static constexpr int kLookMs = 1000;
    // A server that answers nothing for so long is lost.
    static constexpr unsigned kSilenceSecondsMax = 3;

    ShardHosts(const ShardOptions& shard, const Clock& clock, observe::Log& log);
    ~ShardHosts() { stop(); }
    ShardHosts(const ShardHosts&) = delete;
    ShardHosts& operator=(const ShardHosts&) = delete;

    // Starts to look at the servers, if there are several.
    void watch();
    void stop();

    bool several() const { return hosts_.size() > 1; }
    // To the server that is worked with; what was committed through any of them is seen by it.
    // Tries the next ones when that one is lost. Throws ConnectionLost.
    std::unique_ptr<MariaConnection> open(MariaConnection::Options options);
    // False: it is of a server that is no longer worked with.
    bool current(const MariaConnection& connection) const {
        return !several() || connection.turn == turn_;
    }
    // The same options, to the server that is worked with; to each that could be.
    MariaConnection::Options at_chosen(MariaConnection::Options options);
    std::vector<MariaConnection::Options> at_fit(MariaConnection::Options options) const;

    std::vector<ShardHostState> states() const;
    std::uint64_t changes() const { return taken_ > 0 ? taken_ - 1 : 0; }
    std::uint64_t turn() const { return turn_; }
    std::uint64_t answers_lost() const { return answers_lost_; }

 private:
    struct Host {
        ShardHost where;
        ShardHostState state;
        bool known = false;                       // it was looked at
        std::int64_t failed_us = 0;               // when it could not be worked with
        std::int64_t fit_us = 0;                  // since when it is fit
        std::unique_ptr<MariaConnection> asking;  // of the thread that looks
    };
    struct Choice {
        std::size_t at = 0;
        std::uint64_t turn = 0;
    };

    MariaConnection::Options at_node(MariaConnection::Options options, const ShardHost& host) const;
    std::optional<std::size_t> chosen() const;
    Choice choose();
    std::optional<std::size_t> best_host() const;
    void take(std::size_t at);
    void leave(const Choice& choice, const std::string& why);
    void look();
    ShardHostState ask(Host& host);
    void judge(std::size_t at, ShardHostState state);
    void go_back();

    const Clock& clock_;
    observe::Log& log_;
    const std::string shard_;
    MariaConnection::Options asks_;
    std::vector<Host> hosts_;
    mutable std::mutex mutex_;
    std::optional<std::size_t> chosen_;
    std::atomic<std::uint64_t> turn_{0};   // grows with every choice and every loss
    std::atomic<std::uint64_t> taken_{0};  // choices
    std::atomic<std::uint64_t> answers_lost_{0};
    const std::shared_ptr<MariaLines> lines_ = std::make_shared<MariaLines>();
    std::condition_variable wake_;
    bool stopping_ = false;
    std::thread thread_;  // last: it uses the others
};

}  // namespace hangu::storage
