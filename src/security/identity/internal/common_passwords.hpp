// Passwords that everybody tries first, from a public list (data/, scripts/common_passwords.mjs).
// Looked up offline.
#pragma once

#include <string_view>

namespace hangu::identity {

// As it is, with letters for look-alikes ("p@ssw0rd"), and without a few digits and marks around it
// ("dragon-2026!"). In lower case. Is wrong about one good password in 30,000.
bool is_common_password(std::string_view lower);

}  // namespace hangu::identity
