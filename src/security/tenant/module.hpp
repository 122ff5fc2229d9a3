// What wiring needs of the tenant module: its control tables.
#pragma once

#include "platform/storage/schema.hpp"

namespace hangu::tenant {

storage::Part part();

}  // namespace hangu::tenant
