// The two sides of a move: a file or a shard, each as the one that is left and the one that is
// reached.
#pragma once

#include "platform/storage/internal/maria_lane.hpp"
#include "platform/storage/internal/raw_rows.hpp"
#include "platform/storage/internal/shard.hpp"
#include "platform/storage/internal/tenant_lane.hpp"

#include <memory>
#include <mutex>
#include <set>
#include <span>
#include <string>
#include <utility>

namespace hangu::storage {

// Keys of rows that changed since they were last taken. Whoever reads a row and then takes the keys
// either read its last value or is told of the row. A change may be named that was rolled back.
class ChangeLog {
 public:
    using Changed = std::set<std::pair<std::size_t, RawKey>>;  // place of the table, key

    virtual ~ChangeLog() = default;
    virtual void begin() = 0;
    virtual Changed take() = 0;
};

class MoveSource {
 public:
    virtual ~MoveSource() = default;
    virtual RawRows& rows() = 0;  // as they were committed last
    virtual void rest() = 0;      // after each read
    virtual ChangeLog& changes() = 0;
    virtual void end_changes() = 0;  // nobody takes them any more; also after a crash
    // Whoever works for the tenant of the epoch that was is refused from now on, by the place
    // itself; answers the number of its last commit. Its work is held already.
    virtual std::int64_t seal() = 0;
    virtual void unseal() = 0;  // the move is given up
    // Empties the place, in small steps; what was begun may be gone on with.
    virtual void clean() = 0;
};

class MoveTarget {
 public:
    virtual ~MoveTarget() = default;
    // Nobody works for the tenant there yet. What an earlier attempt has left stays.
    virtual void prepare() = 0;
    virtual RawRows& rows() = 0;
    virtual void rest() = 0;
    virtual void begin() = 0;   // before rows are put or removed
    virtual void commit() = 0;  // of what was; durable after settle() or open()
    virtual void settle() = 0;
    // From now on the place works for the tenant, in that epoch.
    virtual void open(std::int64_t epoch, std::int64_t commit_number) = 0;
    virtual void withdraw(std::int64_t epoch) = 0;  // it was opened, but the move was not decided
    virtual void clean() = 0;                       // removes what is not open
};

// What is done with a tenant's file on the lanes that own it.
struct FileHands {
    LaneWorld& world;
    std::function<void(TenantId)> touch;  // opens it
    // Lets go of it on all lanes; answers the number of its last commit.
    std::function<std::int64_t(TenantId)> close;
};

std::unique_ptr<MoveSource> source_in_file(FileHands hands, TenantId tenant,
                                           std::span<const TableShape> shapes);
std::unique_ptr<MoveSource> source_on_shard(Shard& shard, TenantId tenant, std::int64_t epoch,
                                            std::span<const TableShape> shapes);
std::unique_ptr<MoveTarget> target_in_file(const LaneWorld& world, const std::string& template_path,
                                           TenantId tenant);
std::unique_ptr<MoveTarget> target_on_shard(Shard& shard, TenantId tenant,
                                            std::span<const TableShape> shapes);

}  // namespace hangu::storage
