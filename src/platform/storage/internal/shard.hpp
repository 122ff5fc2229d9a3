// The tenants of an engine on a shard: its lanes, its readers, and what is asked of all of them.
#pragma once

#include "platform/storage/engine.hpp"
#include "platform/storage/internal/maria_lane.hpp"
#include "platform/storage/internal/shard_hosts.hpp"

#include <map>
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
    Result<void> start(std::span<const Part> parts, const TableNumbers& tables);
    // Throws when the server is away, or its tables are not what the program needs.
    void require_ready() const { world_.make_ready(); }
    // Asks the server, at most as long as a connection may take; of several, what was seen of them
    // last.
    ShardState look();
    void set_key_ring(crypto::KeyRing& ring) { world_.keys = &ring; }
    void stop();

    bool create_tenant(TenantId tenant, std::int64_t epoch);  // false: there is one
    bool has_tenant(TenantId tenant);                         // that somebody may work for
    std::vector<TenantId> tenants();
    bool submit(Pending pending);
    // Waits until everything that was submitted before was done.
    void pass_lanes();
    // See raise_epoch().
    bool take_over(TenantId tenant, std::int64_t epoch);
    void on_stale(std::function<bool(Pending&)> stale) { world_.stale = std::move(stale); }
    std::string check_integrity();
    Engine::Figures figures() const;

    const std::string& name() const { return shard_.name; }
    const Clock& clock() const { return clock_; }
    // To the server that is worked with; throws ConnectionLost when there is none. On a node of
    // several every transaction sees what was committed on any.
    MariaConnection::Options as_rw() { return hosts_.at_chosen(world_.writes); }
    MariaConnection::Options as_ro() { return hosts_.at_chosen(read_only()); }
    MariaConnection::Options as_migrate() { return hosts_.at_chosen(migrating()); }
    // To each of the servers that could be worked with.
    std::vector<MariaConnection::Options> as_migrate_everywhere() const {
        return hosts_.at_fit(migrating());
    }
    bool several() const { return hosts_.several(); }  // servers, the nodes of a cluster
    // Another number: since then another server is worked with, or none.
    std::uint64_t turn() const { return hosts_.turn(); }

 private:
    struct Lane;

    Result<void> make_ready();
    void read_triggers_anew(const std::string& table);
    MariaConnection::Options read_only() const;
    MariaConnection::Options migrating() const;

    template <class Question>
    auto ask(Question&& question);
    std::unique_ptr<Lane> make_lane(const std::string& name, std::size_t queue_count_max,
                                    std::size_t batch_count_max);

    const ShardOptions shard_;
    const Engine::Options& options_;
    const Clock& clock_;
    ShardHosts hosts_;
    ShardWorld world_;
    std::vector<std::unique_ptr<Lane>> lanes_;
    std::vector<std::unique_ptr<Lane>> readers_;
    std::vector<Part> parts_;
    std::mutex ready_mutex_;
    std::mutex triggers_mutex_;
    std::map<std::string, std::int64_t> triggers_read_us_;  // of a table, when
    std::mutex mutex_;
    std::unique_ptr<MariaConnection> asking_;
};

}  // namespace hangu::storage
