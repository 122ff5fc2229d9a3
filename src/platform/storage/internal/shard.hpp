// The tenants of an engine on a shard: its lanes, its readers, and what is asked of all of them.
#pragma once

#include "platform/storage/engine.hpp"
#include "platform/storage/internal/maria_lane.hpp"

#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

namespace hangu::storage {

class Shard {
 public:
    Shard(ShardOptions shard, const Engine::Options& options, observe::Log& log,
          const Clock& clock);
    ~Shard();

    // Starts the lanes. Migrates as role migrate and compares with the declaration, now or, when
    // the server is away, with the first work when it is back. "schema.differs", "migration.…"
    Result<void> start(std::span<const Part> parts);
    // Throws when the server is away, or its tables are not what the program needs.
    void require_ready() const { world_.make_ready(); }
    // Asks the server; at most as long as a connection may take.
    ShardState look();
    void set_key_ring(crypto::KeyRing& ring) { world_.keys = &ring; }
    void stop();

    // With epoch 1. False: there is one.
    bool create_tenant(TenantId tenant);
    bool has_tenant(TenantId tenant);  // that somebody may work for
    std::vector<TenantId> tenants();
    bool submit(Pending pending);
    std::string check_integrity();
    Engine::Figures figures() const;

    const std::string& name() const { return shard_.name; }
    MariaConnection::Options as_rw() const { return world_.writes; }
    MariaConnection::Options as_ro() const;
    MariaConnection::Options as_migrate() const;

 private:
    struct Lane;

    Result<void> make_ready();

    template <class Question>
    auto ask(Question&& question);
    std::unique_ptr<Lane> make_lane(const std::string& name, std::size_t queue_count_max,
                                    std::size_t batch_count_max);

    const ShardOptions shard_;
    const Engine::Options& options_;
    const Clock& clock_;
    ShardWorld world_;
    std::vector<std::unique_ptr<Lane>> lanes_;
    std::vector<std::unique_ptr<Lane>> readers_;
    std::vector<Part> parts_;
    std::mutex ready_mutex_;
    std::mutex mutex_;
    std::unique_ptr<MariaConnection> asking_;
};

}  // namespace hangu::storage
