// The storage engine's face. Embedded (SQLite): one file per tenant, each owned by one lane thread
// whose single connection does all its writes, strong reads and checkpoints; group commit by
// savepoints; a few report readers that never checkpoint; one control database.
// On a shard (MariaDB): shared tables, the same lanes and group commits on connections of their
// own. Which tenant is where stands in the control database: a file of this process, or tables on a
// server that several processes share, each of which then works for some of the tenants
// (cluster.hpp).
//
// Nothing acknowledges except through here: `done` is called when the commit is durable.
#pragma once

#include "base/id.hpp"
#include "base/result.hpp"
#include "platform/crypto/crypto.hpp"
#include "platform/observe/observe.hpp"
#include "platform/storage/cluster.hpp"
#include "platform/storage/move.hpp"
#include "platform/storage/schema.hpp"
#include "platform/storage/shard_options.hpp"
#include "platform/storage/table_versions.hpp"
#include "platform/storage/tx.hpp"

#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hangu::storage {

enum class Work {
    read,    // strong read on the owner; whatever it writes is rolled back
    write,   // own savepoint in the lane's group commit
    report,  // a read-only snapshot on a report reader; may be long, sees the last commit
};

enum class Decision { commit, roll_back };

struct Outcome {
    bool committed = false;          // false: rolled back, or a fault
    std::exception_ptr fault;        // what the work threw, or the database at commit
    std::int64_t commit_number = 0;  // of the tenant, ever growing; 0 if nothing was written
    Seen seen;                       // of Work::read
};

// Another node works for the tenant: nothing was done, and whoever works for it will do it.
bool is_elsewhere(const std::exception_ptr& fault);

// A piece of work for one tenant. body() runs on the tenant's lane in its transaction, and may run
// again (from the start) when the group it was in had to be rolled back; done() runs once, on the
// lane, after the commit is durable.
class Job {
 public:
    virtual ~Job() = default;
    virtual Decision body(Tx& tx) = 0;
    virtual void done(const Outcome& outcome) = 0;
};

inline constexpr std::string_view kFiles = "files";  // the place of tenants in files

struct MoveRow;
struct Pending;
struct Placed;

class Engine {
 public:
    struct Options {
        std::string folder;     // the data folder; control.db and tenants/ are in it
        std::size_t lanes = 4;  // threads that run transactions; they rarely wait for the disk
        std::size_t redo_segment_bytes = std::size_t{64} << 20U;
        std::size_t report_readers = 2;
        std::size_t open_tenants_max = 1500;
        std::size_t queue_count_max = 4096;  // per lane
        std::size_t batch_count_max = 128;   // requests per group commit
        std::int64_t report_ms_max = 5000;   // then the report is cut with a StorageFault
        std::vector<ShardOptions> shards;
        std::string new_tenants_on;  // a shard's name; "": in files
        // With it the control database is there, several processes may share it, and tenants are on
        // shards only.
        std::optional<ShardOptions> control;
        NodeOptions node;
        std::string release = "0.0";  // the program's version; the schema's steps name it
        // An expand step may keep writers of a shard waiting when the server cannot do without.
        bool blocking_ddl = false;
    };

    Engine(Options options, std::vector<Part> parts, observe::Log& log, const Clock& clock);
    ~Engine();

    // Takes the folder's lock ("data.locked" when another process has it), migrates the control
    // database, builds the tenant template, compares the live schema with the declaration.
    Result<void> start();
    // Keys come from the ring, whose store lives in the control database: set after start().
    void set_key_ring(crypto::KeyRing& ring);
    void stop();

    // --- control database: one connection, one lock, short transactions; from any thread but a
    // loop
    template <class F>
    auto control(F&& work) -> decltype(work(std::declval<ControlTx&>())) {
        using Answer = decltype(work(std::declval<ControlTx&>()));
        std::optional<Answer> answer;
        control_erased([&](ControlTx& tx) { answer.emplace(work(tx)); });
        return std::move(*answer);
    }

    // --- tenants
    // Whether a tenant can be made there ("" : where new ones go): "shard.unknown",
    // "shard.unreachable".
    Result<void> check_place(std::string_view place);
    // Makes its file, or its row on the shard, durable when it returns. Where it was said to be
    // before a crash, there it is made; else at `place`: a shard's name, kFiles, or "" for where
    // new tenants go. "tenant.exists", "shard.unknown".
    Result<void> create_tenant(TenantId tenant, std::string_view place = "");
    bool has_tenant(TenantId tenant) const;
    std::vector<TenantId> tenants_here() const;  // of files and shards
    std::string place_of(TenantId tenant) const;
    std::vector<std::string> shard_names() const;
    // Asks every shard whether it is there: may take seconds, not from a loop.
    std::vector<ShardState> shard_states();

    // Takes the tenant's rows to another place while it works; its requests wait at the end, which
    // is short, and go on there. Compares every row. What a crash or a failure leaves behind is
    // harmless, and the same call goes on with it. Blocks; one at a time: "move.busy".
    // "shard.unknown", "move.there_already", "move.begun", "move.differs", "move.cancelled"; throws
    // when a shard is away.
    Result<MoveReport> move_tenant(TenantId tenant, std::string_view place, const MoveWatch& watch);
    // Removes what an unfinished move has left at its target. "move.none".
    Result<void> abandon_move(TenantId tenant);
    std::vector<UnfinishedMove> unfinished_moves();

    // --- several nodes
    bool clustered() const;
    std::int64_t node_number() const;  // 1 to 1023; 0: no cluster
    // The living node that works for the tenant, if that is another one. Every call counts as a
    // request that came to the wrong node: where they come, there the tenant goes in the end.
    std::optional<std::string> elsewhere(TenantId tenant);
    bool works_for(TenantId tenant) const;
    // Another node says that the tenant is not with it: work for it waits until the directory was
    // read.
    void doubt(TenantId tenant);
    // Takes the tenant over, from whoever works for it, and waits until it is here. False: it did
    // not come within `ms_max`.
    bool bring(TenantId tenant, std::int64_t ms_max);
    // Told on a thread of the engine's; not from within the watch itself. See Node.
    void watch_ownership(OwnershipWatch watch, std::function<void()> tenants_changed);
    void look_soon();  // something changed in the control database, somebody says
    // Gives all tenants to others, or to nobody, and takes no more. Returns when it is done.
    void leave();
    ClusterState cluster_state() const;
    Result<void> forget_node(std::string_view name);  // "node.unknown", "node.alive"
    // Brings the control database of a data folder to the server, and back; with every process
    // stopped. Answers how many rows. "cluster.tenants_in_files", "control.not_empty",
    // "cluster.nodes_alive"
    static constexpr std::int64_t kBringMsMax = 10'000;
    static Result<std::int64_t> move_control(const Options& options, std::vector<Part> parts,
                                             bool to_server, observe::Log& log, const Clock& clock);

    // False: the queue is full or the engine stops; the job is dropped and nothing was done.
    bool submit(TenantId tenant, Work work, std::unique_ptr<Job> job);

    // Blocks until done: command line, import, tests. F: (Tx&) -> Result<T>; a problem rolls back.
    template <class F>
    auto run(TenantId tenant, Work work, F&& body) -> decltype(body(std::declval<Tx&>())) {
        using Answer = decltype(body(std::declval<Tx&>()));
        std::optional<Answer> answer;
        run_erased(tenant, work, [&](Tx& tx) {
            answer.emplace(body(tx));
            return answer->ok() ? Decision::commit : Decision::roll_back;
        });
        return std::move(*answer);
    }

    // Opens every tenant that is behind and migrates it (the sweep); answers how many were
    // migrated.
    Result<std::size_t> migrate_all(const std::function<void(std::size_t, std::size_t)>& progress);
    // integrity_check of a tenant's file on its lane, or the check of its shard's tables: "ok" or
    // what is wrong.
    std::string check_integrity(TenantId tenant);

    struct Figures {
        std::size_t open_tenants = 0;
        std::uint64_t commits = 0;
        std::uint64_t requests = 0;  // writes that were committed
        std::uint64_t opens = 0;
        std::uint64_t syncs = 0;  // of the redo log
        std::uint64_t redo_bytes = 0;
    };
    Figures figures() const;

    struct State;  // known to the engine's own files

 private:
    Result<void> start_control();
    using Deliver = std::function<bool(const Placed&, Pending)>;
    Result<void> start_node(const Deliver& deliver);
    friend class Upgrade;  // upgrade.hpp
    Result<void> start_files();
    Result<void> start_shards();
    Result<void> recover_moves();
    void recover_move(const MoveRow& row);
    void control_erased(const std::function<void(ControlTx&)>& work);
    void run_erased(TenantId tenant, Work work, const std::function<Decision(Tx&)>& body);

    std::unique_ptr<State> state_;
};

// Whoever adds a tenant, or changes whether it may work, says so to other nodes.
void note_tenants_changed(ControlTx& tx);

std::string library_version();  // of the embedded engine

Part part();  // the engine's own tables in the control database

}  // namespace hangu::storage
