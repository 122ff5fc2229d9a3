// The accounts of a shard: one for each role, none with more rights than its work needs.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hangu::storage {

enum class ShardRole {
    rw,       // requests: rows, and nothing of the schema
    ro,       // reports
    migrate,  // the schema; used by migrations alone
    backup,
};

// Takes every right from the account ('name'@'host', quoted) and gives it those of its role on the
// database.
std::vector<std::string> grants_of(ShardRole role, std::string_view database,
                                   std::string_view account);

}  // namespace hangu::storage
