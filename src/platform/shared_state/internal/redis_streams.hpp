// Streams of the server, over connections of their own: a read that waits would hold up everything
// on a shared one.
#pragma once

#include "base/time.hpp"
#include "platform/shared_state/internal/channel.hpp"
#include "platform/shared_state/streams.hpp"

#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace hangu::shared_state {

// Commands and their replies on a channel of the calling thread's: it waits.
class Caller {
 public:
    Caller(const Server& server, const Clock& clock, int stopped)
        : channel_(server), clock_(clock), stopped_(stopped) {}

    // The replies to `count` commands within ms_max, of which the connecting takes its share when
    // there is no connection. None: see detail(); the connection is closed.
    std::vector<Reply> call(std::string_view commands, std::size_t count, std::int64_t ms_max);
    const std::string& detail() const { return detail_; }
    bool is_usable();  // nothing came meanwhile, not even the end
    const std::string& version() const { return version_; }

 private:
    bool receive(std::vector<Reply>& replies, std::size_t count, std::int64_t ends_us);
    bool greet(std::int64_t ends_us);

    Channel channel_;
    const Clock& clock_;
    int stopped_;  // readable: nobody waits any more
    std::string detail_;
    std::string version_;
};

class RedisStreams final : public Streams {
 public:
    RedisStreams(const Server& server, const Clock& clock, std::string prefix,
                 std::int64_t deadline_ms);
    ~RedisStreams() override;

    Result<std::string> append(std::string_view stream, const StreamFields& fields,
                               std::size_t length_max) override;
    Result<std::vector<std::string>> append_all(std::string_view stream,
                                                const std::vector<StreamFields>& entries,
                                                std::size_t length_max) override;
    Result<void> create_group(std::string_view stream, std::string_view group,
                              std::string_view from) override;
    Result<std::vector<StreamEntry>> read_group(std::string_view stream, std::string_view group,
                                                std::string_view consumer, std::size_t count_max,
                                                std::int64_t block_ms) override;
    Result<std::size_t> ack(std::string_view stream, std::string_view group,
                            const std::vector<std::string>& ids) override;
    Result<StreamClaim> claim_stale(std::string_view stream, std::string_view group,
                                    std::string_view consumer, std::int64_t idle_ms_min,
                                    std::size_t count_max, std::string_view from) override;
    Result<std::size_t> length(std::string_view stream) override;
    Result<std::size_t> pending(std::string_view stream, std::string_view group) override;
    Result<std::size_t> trim(std::string_view stream, std::size_t length_max) override;
    Result<void> remove(std::string_view stream) override;
    void stop();

 private:
    Result<std::vector<Reply>> call(std::string_view commands, std::size_t count,
                                    std::int64_t ms_max);
    Result<std::size_t> count_of(Command command);
    std::string key(std::string_view stream) const;
    std::unique_ptr<Caller> borrow();

    const Server& server_;
    const Clock& clock_;
    const std::string prefix_;
    const std::int64_t deadline_ms_;
    int stopped_ = -1;
    std::mutex mutex_;
    std::vector<std::unique_ptr<Caller>> idle_;
};

}  // namespace hangu::shared_state
