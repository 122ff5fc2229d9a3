// The twin of statement_faults() for the MariaDB of shards.
#pragma once

#include "platform/storage/schema.hpp"

#include <span>
#include <string>
#include <vector>

namespace hangu::storage {

// Migrates two empty databases of the server behind `socket` (account root), fills the tables with
// rows of many tenants, and prepares every statement: what cannot be turned into MariaDB's words,
// other parameters or columns, and a table that the server does not read by a key that begins with
// the tenant. In words; empty: sound.
std::vector<std::string> shard_statement_faults(std::span<const Part> parts,
                                                const std::string& socket);

}  // namespace hangu::storage
