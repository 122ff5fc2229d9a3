// Taking a tenant from one place to another: what is told meanwhile and afterwards.
#pragma once

#include "base/describe.hpp"
#include "base/id.hpp"
#include "base/time.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace hangu::storage {

// copying: rows that are missing or differ over there are written, while the tenant works.
// following: what was changed meanwhile. comparing: every row, on both sides. switching: requests
// wait. cleaning: the old place is emptied.
enum class MoveStage { copying, following, comparing, switching, cleaning };
HANGU_ENUM(MoveStage, copying, following, comparing, switching, cleaning)

struct MoveProgress {
    MoveStage stage = MoveStage::copying;
    std::string_view table;
    std::int64_t rows_read = 0;     // of the source, in this stage
    std::int64_t rows_written = 0;  // at the target, so far
};

struct MoveWatch {
    std::function<void(const MoveProgress&)> progress;  // may be empty
    std::function<bool()> cancelled;                    // may be empty; until the switch
    // May be empty. Called when nothing stands against the move and nothing was done yet.
    std::function<void(std::string_view source)> begins;
};

struct MoveReport {
    std::int64_t rows = 0;  // that were compared; 0: a crash came after the decision, and only
                            // the old place was left to be emptied
    std::int64_t rows_written = 0;  // at the target
    std::int64_t paused_us = 0;     // its requests waited
    std::int64_t epoch = 0;
    // Hex SHA-256 chained over the rows that were compared, in the order of tables and keys.
    std::string digest;
};

struct UnfinishedMove {
    TenantId tenant;
    std::string source;
    std::string target;
    MoveStage stage = MoveStage::copying;
    Time started_at;
};

}  // namespace hangu::storage
