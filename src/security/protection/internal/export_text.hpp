// The ledger as CSV.
#pragma once

#include "security/protection/protection.hpp"

#include <string>
#include <string_view>

namespace hangu::protection {

std::string export_head();
void export_line(std::string& out, const SignInEntry& entry, std::string_view login_name,
                 std::string_view name);

}  // namespace hangu::protection
