// What wiring needs of the head log module.
#pragma once

#include "platform/storage/schema.hpp"
#include "security/head_log/head_log.hpp"

namespace hangu::head_log {

storage::Part part();

}  // namespace hangu::head_log
