// What a tenant may be called. Pure.
#pragma once

#include "base/result.hpp"

#include <string_view>

namespace hangu::tenant {

// [a-z0-9-]{2,32}, no dash at either end.
bool is_code(std::string_view code);

// All of it at once: 422 with fields.
Result<void> check_new_tenant(std::string_view code, std::string_view name,
                              std::int64_t utc_offset_minutes);
Result<void> check_reason(std::string_view reason);

}  // namespace hangu::tenant
