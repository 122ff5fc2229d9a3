// The control database: a file of this process, or tables on a server that all nodes share.
#pragma once

#include "platform/storage/internal/schema_view.hpp"
#include "platform/storage/schema.hpp"
#include "platform/storage/shard_options.hpp"
#include "platform/storage/tx.hpp"

#include "base/result.hpp"
#include "platform/observe/observe.hpp"

#include <functional>
#include <memory>
#include <span>
#include <string>

namespace hangu::storage {

class ControlBase {
 public:
    virtual ~ControlBase() = default;
    // One transaction, alone among all of them, also of other nodes. `work` may run again, from the
    // start, when the server gave the transaction up. The time of its ControlTx is the database's.
    virtual void run(const std::function<void(ControlTx&)>& work) = 0;
};

// Both migrate, and compare the live tables with the declared ones: "schema.differs",
// "migration.…".
Result<std::unique_ptr<ControlBase>> control_in_file(const std::string& path,
                                                     std::span<const Part> parts,
                                                     const ProgramFacts& facts, const Clock& clock);
// "control.unreachable"
Result<std::unique_ptr<ControlBase>> control_on_server(const ShardOptions& server,
                                                       std::span<const Part> parts,
                                                       const ProgramFacts& facts,
                                                       const Clock& clock, observe::Log& log);

// Brings all rows of the control tables from one to the other, which must have none of its own;
// answers how many. "control.not_empty"
Result<std::int64_t> copy_control(ControlBase& from, ControlBase& to, std::span<const Part> parts);

Problem schema_differs(const std::vector<std::string>& differences);

}  // namespace hangu::storage
