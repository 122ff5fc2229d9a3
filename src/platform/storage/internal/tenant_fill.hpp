// The migrate steps of one tenant, in bounded transactions. What was done stands with the tenant's
// rows, in the transaction that did it: a crash costs one batch, and doing it again does nothing.
#pragma once

#include "platform/storage/internal/schema_view.hpp"
#include "platform/storage/tx.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace hangu::storage {

struct FillWatch {
    // One transaction of the tenant; may run its work again.
    std::function<Result<std::int64_t>(const std::function<Result<std::int64_t>(Tx&)>&)> write;
    std::function<bool()> goes_on;                // asked between two transactions
    std::function<void(std::int64_t rows)> told;  // after each, with its rows
};

// Fills what the step names until nothing of it is left; answers how many rows that were. `again`:
// also when it is done already, because older programs may have written since.
// "migration.unfinished": nothing more is filled but some rows are left; "migration.no_end";
// "migration.interrupted".
Result<std::int64_t> fill(const Step& step, bool again, std::int64_t rows_max,
                          const FillWatch& watch);

// Whether the tenant has had the step with this text.
bool is_filled(Tx& tx, const Step& step);

// Statements of migrate steps that cannot be prepared there.
std::vector<std::string> fill_faults(Session& session, const Steps& steps);

}  // namespace hangu::storage
