// A lane on a shard: the thread that does this process's work for some of the shard's tenants, with
// one connection to write and one to read. Several processes may serve a tenant: whoever writes
// first takes the row that numbers the tenant's commits, so its writers come one after another
// everywhere, as they do on the embedded engine.
#pragma once

#include "platform/storage/internal/maria.hpp"
#include "platform/storage/internal/shard_hosts.hpp"
#include "platform/storage/internal/tenant_lane.hpp"

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <unordered_set>
#include <vector>

namespace hangu::storage {

// What all lanes of a shard share.
struct ShardWorld {
    MariaConnection::Options writes;   // role rw
    MariaConnection::Options reports;  // role ro
    ShardHosts* hosts = nullptr;       // where they lead to; none: to what they say
    const Clock* clock = nullptr;
    observe::Log* log = nullptr;
    crypto::KeyRing* keys = nullptr;
    std::atomic<std::uint64_t> commits{0};
    std::atomic<std::uint64_t> requests{0};
    std::atomic<std::uint64_t> repeats{0};  // groups that had to run again

    // Called by lanes until it has succeeded once: the schema is as the program needs it. Throws.
    std::function<void()> make_ready;
    std::atomic<bool> ready{false};
    // What a place refused because its epoch is over, where somebody else may have taken the
    // tenant. False: nobody wants it back, it is a fault.
    std::function<bool(Pending& pending)> stale;
    // Makes the server read a table's triggers again, which it has half read; also when it fails.
    std::function<void(const std::string& table)> read_triggers_anew;
    // When a connection failed last: nobody tries again at once, whoever waits is told at once.
    std::atomic<std::int64_t> failed_at_us{0};
};

// The row that a tenant's work needs: the number of its last commit, and the epoch that whoever
// works for it must name. kArriving: its rows are being brought here, nobody works for it yet.
// Below zero: it left, or is about to, and the epoch that was.
inline constexpr std::int64_t kArriving = 0;

struct TenantRow {
    std::int64_t commit_number = 0;
    std::int64_t epoch = kArriving;
};

std::optional<TenantRow> tenant_row(MariaConnection& connection, TenantId tenant);
// Makes the row. False: there is one.
bool register_tenant(MariaConnection& connection, TenantId tenant, const TenantRow& row);
// False: it is not of the epoch `from`. Whoever writes for the tenant at that moment is waited for.
// `commits_more` is added to the number of the last commit.
bool change_epoch(MariaConnection& connection, TenantId tenant, std::int64_t from, std::int64_t to,
                  std::int64_t commits_more = 0);
// Whoever takes a tenant over, where the directory says that it is, makes its epoch this one, which
// ends all before it, and the seal of a move that was not decided. False: there is a later one, or
// its rows are not there.
bool raise_epoch(MariaConnection& connection, TenantId tenant, std::int64_t to);

class ShardLane {
 public:
    // A server that could not be reached is left alone for so long.
    static constexpr std::int64_t kRestUs = 1'000'000;

    explicit ShardLane(ShardWorld& world) : world_(world) {}
    void drain(std::vector<Pending>& batch);
    void close_all();

 private:
    struct Unit;  // jobs of one tenant that are committed together

    void run_tenant(TenantId tenant, const std::vector<Pending*>& jobs);
    void write(TenantId tenant, const std::vector<Pending*>& jobs);
    void give_back(Pending& pending, const std::exception_ptr& why);
    void write_once(Unit& unit);
    bool run_bodies(Unit& unit, MariaConnection& connection);
    void before_again(MariaConnection* connection, int attempt);
    void note_changes(const Unit& unit) const;
    void note_unknown(const Unit& unit);
    void read(TenantId tenant, Pending& pending);
    Decision run_body(MariaConnection& connection, TenantId tenant, Pending& pending);
    MariaConnection& opened(std::unique_ptr<MariaConnection>& connection,
                            const MariaConnection::Options& options, bool snapshot);

    ShardWorld& world_;
    std::unique_ptr<MariaConnection> writes_;
    std::unique_ptr<MariaConnection> reads_;
    std::unique_ptr<MariaConnection> reports_;
    // Tenants with a commit that may still come: until a writer of theirs has waited for it,
    // nothing that is read may be kept.
    std::unordered_set<TenantId> unresolved_;
};

}  // namespace hangu::storage
