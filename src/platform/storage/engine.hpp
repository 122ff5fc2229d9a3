// The storage engine's face. Embedded (SQLite): one file per tenant, each owned by one lane thread
// whose single connection does all its writes, strong reads and checkpoints; group commit by
// savepoints; a few report readers that never checkpoint; one control database.
// On a shard (MariaDB): shared tables, the same lanes and group commits on connections of their
// own. Which tenant is where stands in the control database, which is a file of this process.
//
// Nothing acknowledges except through here: `done` is called when the commit is durable.
#pragma once

#include "base/id.hpp"
#include "base/result.hpp"
#include "platform/crypto/crypto.hpp"
#include "platform/observe/observe.hpp"
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

class NoSuchTenant : public std::runtime_error {
 public:
    using std::runtime_error::runtime_error;
};

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
    Result<void> start_files();
    Result<void> start_shards();
    Result<void> recover_moves();
    void control_erased(const std::function<void(ControlTx&)>& work);
    void run_erased(TenantId tenant, Work work, const std::function<Decision(Tx&)>& body);

    std::unique_ptr<State> state_;
};

std::string library_version();  // of the embedded engine

Part part();  // the engine's own tables in the control database

}  // namespace hangu::storage
