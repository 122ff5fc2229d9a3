// Which program this is: its version, and what it knows of the schema. In a file of their own, for
// which a test links another, and so has programs of later versions (tests/next).
#pragma once

#include "platform/storage/schema.hpp"

#include <string_view>
#include <vector>

namespace hangu::app {

std::string_view program_version();      // "0.1.0"
std::vector<storage::Part> all_parts();  // for the engine, the catalogue and the documents

}  // namespace hangu::app
