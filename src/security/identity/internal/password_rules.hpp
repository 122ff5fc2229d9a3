// What a login name and a password may be. Pure. Profile "mlps3": GB/T 22239 level 3 wants
// complexity.
#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"

#include <string_view>

namespace hangu::identity {

constexpr std::size_t kPasswordCharactersMin = 10;
constexpr std::size_t kPasswordCharactersMax = 128;

// Lower case [a-z0-9][a-z0-9._@-]{1,63}.
bool is_login_name(std::string_view text);

// All faults at once, as problems of the field new_password.
Result<void> check_new_password(const Secret& password, std::string_view login_name,
                                std::string_view tenant_code);

}  // namespace hangu::identity
