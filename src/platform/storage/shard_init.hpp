// Making a shard: its database and the accounts of its roles.
#pragma once

#include "base/result.hpp"
#include "platform/storage/shard_options.hpp"

#include <string>
#include <vector>

namespace hangu::storage {

// With an account of the server that may do so. Makes the database if it is missing, and for each
// role an account with the password that `shard` gives it and no more rights than it needs; again,
// it sets passwords and rights anew. `clients` says from where they may come (a host pattern of the
// server, "%": anywhere). With a certificate authority in `shard` they must come encrypted.
// A role whose user is the admin's is left as it is. "shard.unreachable", "shard.refused".
Result<void> init_shard(const ShardOptions& shard, const ShardAccount& admin,
                        const ShardAccount& backup, const std::string& clients);

// How each of its servers answers the account of role rw.
std::vector<ShardHostState> check_hosts(const ShardOptions& shard);
// The version of the first that can be worked with, and how many of them can. "shard.unreachable".
Result<std::string> check_shard(const ShardOptions& shard);

}  // namespace hangu::storage
