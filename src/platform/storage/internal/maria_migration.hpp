// Schema of a shard's database: the modules' numbered steps in MariaDB's words, one statement at a
// time, because none of them can be rolled back; what was begun is gone on with.
#pragma once

#include "base/result.hpp"
#include "platform/storage/internal/maria.hpp"
#include "platform/storage/internal/migration.hpp"

#include <span>
#include <string>

namespace hangu::storage {

// Creates what is missing of base and expand steps; an expand step only in a way that keeps nobody
// waiting ("migration.blocks"), unless the program may. True: something was done. Refuses as
// migrate() does, and a step that cannot be turned ("migration.dialect"). Several processes may
// come to it at the same moment.
Result<bool> migrate_shard(MariaConnection& connection, const Steps& steps, bool control, Time now);

SchemaView shard_view(MariaConnection& connection, const Steps& steps);

// Removes what these of the steps name. What was begun is gone on with.
Result<void> contract_shard(MariaConnection& connection, const Steps& steps,
                            std::span<const Step* const> chosen, Time now);

// Differences between the declared tables and the live ones, in words.
std::vector<std::string> shard_differences(MariaConnection& connection, std::span<const Part> parts,
                                           bool control);

}  // namespace hangu::storage
