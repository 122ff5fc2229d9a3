// The shards that hangu.toml names.
#pragma once

#include "base/randomness.hpp"
#include "base/result.hpp"
#include "platform/settings/settings.hpp"
#include "platform/storage/engine.hpp"
#include "platform/storage/shard_options.hpp"

#include <string>
#include <vector>

namespace hangu::app {

std::vector<settings::Setting> shard_settings();

// [shards.NAME]; the passwords are in files beside the data folder or where the setting says.
// "settings.invalid", "shard.no_accounts": hangu shard init makes them.
Result<std::vector<storage::ShardOptions>> read_shards(const settings::Snapshot& settings,
                                                       const std::string& data);

// All of them, and which is the control database of several nodes: that one has no tenants.
// "shard.unknown"
Result<void> add_shards(storage::Engine::Options& made, const settings::Snapshot& settings,
                        const std::string& data);

// One of them with fresh passwords where there are no files yet, and the account for backups, which
// the server has no use for. "shard.unknown", "shard.accounts_unwritable".
struct ShardAccounts {
    storage::ShardOptions shard;
    storage::ShardAccount backup;
    std::string folder;
};
Result<ShardAccounts> make_accounts(const settings::Snapshot& settings, const std::string& data,
                                    const std::string& name, Randomness& randomness);

}  // namespace hangu::app
