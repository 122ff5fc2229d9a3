// Schema of a database file: which numbered steps it has had, and bringing it up to the program's.
#pragma once

#include "base/result.hpp"
#include "platform/storage/internal/schema_view.hpp"
#include "platform/storage/internal/sqlite.hpp"
#include "platform/storage/schema.hpp"

#include <span>
#include <string>
#include <vector>

namespace hangu::storage {

// Brings the file up to `steps` in one transaction: base and expand steps, and in a new file what
// contract steps have removed elsewhere. True: something was done. Refuses a file that had a step
// with another text ("migration.changed") or of a newer program that this one would not understand
// ("migration.newer", "migration.contracted"). What newer programs only added stays, if the schema
// is as they have left it ("schema.differs").
Result<bool> migrate(Connection& connection, const Steps& steps, Time now);

// Whether the file may be read as it is: nothing is missing, and nothing refuses it.
bool is_up_to(Connection& connection, const Steps& steps);

SchemaView schema_view(Connection& connection, const Steps& steps);

// Removes what the step names; inside a transaction.
void contract_file(Connection& connection, const Step& step, Time now);

// Without the engine's own.
std::vector<std::string> tenant_tables(Connection& connection);

// Contract steps that name what is not there, or what this program would have to give until then.
std::vector<std::string> contract_faults(std::span<const Part> parts);

// Compares the live tables with the declared ones; what differs, in words (differences_of).
std::vector<std::string> schema_differences(Connection& connection, std::span<const Part> parts,
                                            bool control);

// Prepares every statement and reads its plan: what is wrong, in words. For the statement test.
std::vector<std::string> plan_faults(Connection& connection, std::span<const Part> parts,
                                     bool control);

}  // namespace hangu::storage
