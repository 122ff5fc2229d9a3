// Schema of a shard's database: the modules' numbered steps in MariaDB's words, one statement at a
// time, because none of them can be rolled back; what was begun is gone on with.
#pragma once

#include "base/result.hpp"
#include "platform/storage/internal/maria.hpp"
#include "platform/storage/internal/migration.hpp"

#include <string>

namespace hangu::storage {

// Creates what is missing. True: something was done. Refuses a database that had a step with
// another text ("migration.changed"), steps this program does not know ("migration.newer"), and a
// step that cannot be turned ("migration.dialect").
Result<bool> migrate_shard(MariaConnection& connection, const Steps& steps, bool control, Time now);

// Differences between the declared tables and the live ones, in words.
std::vector<std::string> shard_differences(MariaConnection& connection, std::span<const Part> parts,
                                           bool control);

}  // namespace hangu::storage
