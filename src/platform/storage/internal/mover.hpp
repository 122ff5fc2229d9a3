// Takes a tenant's rows from one place to another while it works. Every change over there is heard
// of (ChangeLog), so that in the end only the last few have to be carried while its requests wait.
#pragma once

#include "base/result.hpp"
#include "platform/crypto/crypto.hpp"
#include "platform/storage/internal/move_sides.hpp"
#include "platform/storage/move.hpp"

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace hangu::storage {

class Mover {
 public:
    Mover(std::span<const TableShape> shapes, MoveSource& source, MoveTarget& target,
          const MoveWatch& watch)
        : shapes_(shapes), source_(source), target_(target), watch_(watch) {}

    // Until every row is over there and was compared; the tenant works meanwhile. "move.cancelled",
    // "move.differs".
    Result<void> bring();
    // What changed since; nobody writes any more.
    Result<void> bring_last();

    MoveReport report;

 private:
    using Changed = ChangeLog::Changed;

    Result<void> copy_table(const TableShape& shape);
    Result<void> follow();
    Result<void> compare();
    Result<void> compare_table(std::size_t table, Changed& different);
    template <class Visit>
    Result<void> walk(const TableShape& shape, Visit&& visit);
    void carry(const Changed& changed);
    bool is_same(std::size_t table, const RawKey& key);
    Problem differs(std::size_t table) const;
    void put_soon(const TableShape& shape, RawRow row);
    void put_now(const TableShape& shape);
    Result<void> tell(MoveStage stage, std::string_view table, std::int64_t rows_read);

    std::span<const TableShape> shapes_;
    MoveSource& source_;
    MoveTarget& target_;
    const MoveWatch& watch_;
    std::vector<RawRow> coming_;
    crypto::Digest digest_;  // of the rows that were compared: each with the digest before it
};

}  // namespace hangu::storage
