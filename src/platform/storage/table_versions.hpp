// Counts the changes of one tenant's tables, so that an answer which was read from them can be
// known to be still right without asking the tenant's lane.
#pragma once

#include "base/time.hpp"

#include <array>
#include <atomic>
#include <bitset>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>

namespace hangu::storage {

inline constexpr std::size_t kTablesCountMax = 128;
using TableSet = std::bitset<kTablesCountMax>;
// Every table of a tenant and its place in a TableSet.
using TableNumbers = std::map<std::string, std::size_t, std::less<>>;

// Until when nobody else may take this node's tenants: its lease, by its own clock. Any thread.
class Tenure {
 public:
    explicit Tenure(const Clock& clock) : clock_(clock) {}
    bool holds() const { return clock_.monotonic_us() < until_us_.load(std::memory_order_acquire); }
    void extend(std::int64_t until_us) { until_us_.store(until_us, std::memory_order_release); }

 private:
    const Clock& clock_;
    std::atomic<std::int64_t> until_us_{0};
};

// Counted up by the lane after a commit and before anybody is told of it. Any thread may look.
class TableVersions {
 public:
    // Without a tenure nobody else works for the tenant.
    explicit TableVersions(std::shared_ptr<const Tenure> tenure = nullptr)
        : tenure_(std::move(tenure)) {}

    // Differs from an earlier one as soon as one of the tables has changed since.
    std::uint64_t stamp(const TableSet& tables) const {
        std::uint64_t sum = all_.load(std::memory_order_acquire);
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
    // Whatever there is may have changed.
    void all_changed() { all_.fetch_add(1, std::memory_order_release); }
    // Nobody counts here any more: the tenant's file was closed, or the tenant left.
    void close() { closed_.store(true, std::memory_order_release); }
    // Somebody counts, and nobody else could have changed anything.
    bool stands() const {
        return !closed_.load(std::memory_order_acquire) && (!tenure_ || tenure_->holds());
    }

 private:
    std::array<std::atomic<std::uint64_t>, kTablesCountMax> counts_{};
    std::atomic<std::uint64_t> all_{0};
    std::atomic<bool> closed_{false};
    std::shared_ptr<const Tenure> tenure_;
};

// What a strong read has read.
struct Seen {
    std::shared_ptr<const TableVersions> versions;  // null: not known
    TableSet tables;
    std::uint64_t stamp = 0;

    bool still_right() const {
        return versions && versions->stands() && versions->stamp(tables) == stamp;
    }
};

}  // namespace hangu::storage
