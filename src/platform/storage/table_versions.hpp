// Counts the changes of one tenant's tables, so that an answer which was read from them can be
// known to be still right without asking the tenant's lane.
#pragma once

#include <array>
#include <atomic>
#include <bitset>
#include <cstdint>
#include <memory>

namespace hangu::storage {

inline constexpr std::size_t kTablesCountMax = 128;
using TableSet = std::bitset<kTablesCountMax>;

// Counted up by the lane after a commit and before anybody is told of it. Any thread may look.
class TableVersions {
 public:
    // Differs from an earlier one as soon as one of the tables has changed since.
    std::uint64_t stamp(const TableSet& tables) const {
        std::uint64_t sum = closed_.load(std::memory_order_acquire);
        for (std::size_t i = tables._Find_first(); i < tables.size(); i = tables._Find_next(i)) {
            sum += counts_[i].load(std::memory_order_acquire);
        }
        return sum;
    }
    void changed(const TableSet& tables) {
        for (std::size_t i = tables._Find_first(); i < tables.size(); i = tables._Find_next(i)) {
            counts_[i].fetch_add(1, std::memory_order_release);
        }
    }
    // The tenant's file was closed: nobody counts any more.
    void close() { closed_.fetch_add(1, std::memory_order_release); }

 private:
    std::array<std::atomic<std::uint64_t>, kTablesCountMax> counts_{};
    std::atomic<std::uint64_t> closed_{0};
};

// What a strong read has read.
struct Seen {
    std::shared_ptr<const TableVersions> versions;  // null: not known
    TableSet tables;
    std::uint64_t stamp = 0;

    bool still_right() const { return versions && versions->stamp(tables) == stamp; }
};

}  // namespace hangu::storage
