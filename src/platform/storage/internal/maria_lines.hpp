// The lines that this process has to a shard's servers, of all its accounts there: to cut those
// whose server is lost, and those that wait for an answer that will not come.
//
// A node of a Galera cluster ends a statement that is in the way of what all nodes do, and now and
// then never answers it: the node says that the connection sleeps while we wait for it, or that it
// is killed (MariaDB 10.11.19, Galera 26.4.23; ADR 0029). Without this the silence would be waited
// out. A server says the same of a connection whose statement it is still receiving, and with a
// pool of threads of one that waits for its turn: there must be a thread for each.
#pragma once

#include "platform/storage/internal/maria.hpp"
#include "platform/storage/shard_options.hpp"

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace hangu::storage {

class MariaLines {
 public:
    struct Lost {
        std::string host;
        std::string user;
        unsigned long id = 0;  // the server's number of the connection
    };

    void add(const MariaConnection::Options& options, unsigned long id,
             const std::shared_ptr<MariaLine>& line);
    // All that lead to this server.
    void cut(const ShardHost& host);
    // To be called about once a second: of what waits for the same answer as the last time its
    // server is asked, and it is cut when nothing is done there for it a second time. Waits for
    // servers, with the patience of `seconds_max`; one that does not answer is passed over. Never
    // throws.
    std::vector<Lost> cut_unanswered(unsigned seconds_max);

 private:
    struct Line {
        std::weak_ptr<MariaLine> line;
        unsigned long id = 0;
        MariaConnection::Options options;
        std::uint64_t seen = 0;  // its step, when it was looked at last
        std::uint64_t idle = 0;  // its step, when its server did nothing for it
    };

    std::vector<Line> waiting();
    bool is_lost(const Line& found);
    std::vector<Line> all();

    std::mutex mutex_;
    std::vector<Line> lines_;
};

}  // namespace hangu::storage
