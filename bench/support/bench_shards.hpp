// MariaDB servers of a bench's own, each with a shard: what they spend is told apart from what the
// program spends.
#pragma once

#include "measure.hpp"
#include "platform/storage/shard_init.hpp"
#include "tests/support/maria_server.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace hangu::bench {

class BenchShards {
 public:
    // `lanes` of each; commits are synced.
    BenchShards(std::size_t count, std::size_t lanes) {
        for (std::size_t i = 0; i < count; ++i) {
            const std::string folder = fmt::format(
                "{}/bench-db-{}-{}", std::filesystem::current_path().string(), ::getpid(), i);
            folders_.push_back(folder);
            servers_.push_back(std::make_unique<testing::MariaServer>(HANGU_MARIADB, folder));
            storage::ShardOptions shard;
            shard.name = fmt::format("s{}", i);
            shard.socket = servers_.back()->socket();
            shard.database = "bench";
            shard.lanes = lanes;
            shard.rw.user = shard.ro.user = shard.migrate.user = "root";
            if (!storage::init_shard(shard, shard.rw, shard.rw, "localhost").ok()) {
                throw std::runtime_error("no shard at " + shard.socket);
            }
            options_.push_back(shard);
        }
    }
    ~BenchShards() {
        servers_.clear();
        std::error_code ignored;
        for (const std::string& folder : folders_) {
            std::filesystem::remove_all(folder, ignored);
        }
    }
    BenchShards(const BenchShards&) = delete;
    BenchShards& operator=(const BenchShards&) = delete;

    const std::vector<storage::ShardOptions>& options() const { return options_; }
    std::int64_t cpu_us() const {
        std::int64_t all = 0;
        for (const auto& server : servers_) {
            all += child_cpu_us(server->pid());
        }
        return all;
    }

 private:
    std::vector<std::string> folders_;
    std::vector<std::unique_ptr<testing::MariaServer>> servers_;
    std::vector<storage::ShardOptions> options_;
};

}  // namespace hangu::bench
