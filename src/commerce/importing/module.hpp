// What wiring needs of this module. It has no routes and no permissions: only the command line
// imports.
#pragma once

#include "commerce/importing/importing.hpp"
#include "platform/storage/schema.hpp"

namespace hangu::importing {

storage::Part part();

}  // namespace hangu::importing
