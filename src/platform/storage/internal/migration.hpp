// Schema of a database file: which numbered steps it has had, and bringing it up to the program's.
#pragma once

#include "base/result.hpp"
#include "platform/storage/internal/sqlite.hpp"
#include "platform/storage/schema.hpp"

#include <span>
#include <string>
#include <vector>

namespace hangu::storage {

struct Step {
    std::string_view module;
    std::string_view name;
    std::string_view sql;
    std::string checksum;  // hex SHA-256 of the text
};

// The steps of one kind of database, in module order, and the digest over all of them.
struct Steps {
    std::vector<Step> steps;
    std::string digest;
};

Steps steps_of(std::span<const Part> parts, bool control);

// Brings the file up to `steps` in one transaction. True: something was done. Refuses a file that
// had a step with another text ("migration.changed") or steps this program does not know
// ("migration.newer").
Result<bool> migrate(Connection& connection, const Steps& steps, Time now);

// Compares the live tables with the declared ones; what differs, in words.
std::vector<std::string> schema_differences(Connection& connection, std::span<const Part> parts,
                                            bool control);

// Prepares every statement and reads its plan: what is wrong, in words. For the statement test.
std::vector<std::string> plan_faults(Connection& connection, std::span<const Part> parts,
                                     bool control);

}  // namespace hangu::storage
