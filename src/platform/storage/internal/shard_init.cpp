#include "platform/storage/shard_init.hpp"

#include "platform/storage/internal/maria.hpp"
#include "platform/storage/internal/maria_accounts.hpp"
#include "platform/storage/internal/sql_text.hpp"

#include <fmt/format.h>

namespace hangu::storage {

namespace {

void make_account(MariaConnection& connection, const ShardOptions& shard, ShardRole role,
                  const ShardAccount& account, const std::string& clients) {
    const std::string who = fmt::format("{}@{}", sql_text(account.user), sql_text(clients));
    connection.execute(fmt::format("create user if not exists {}", who));
    connection.execute(fmt::format("alter user {} identified by {} require {}", who,
                                   sql_text(account.password.expose()),
                                   shard.tls_ca.empty() ? "none" : "ssl"));
    for (const std::string& grant : grants_of(role, shard.database, who)) {
        connection.execute(grant);
    }
}

}  // namespace

Result<void> init_shard(const ShardOptions& shard, const ShardAccount& admin,
                        const ShardAccount& backup, const std::string& clients) {
    try {
        MariaConnection::Options options = connection_of(shard, admin);
        options.database.clear();  // it may not be there yet
        MariaConnection connection(options);
        connection.execute(
            fmt::format("create database if not exists \"{}\" character set utf8mb4"
                        " collate utf8mb4_nopad_bin",
                        shard.database));
        const std::pair<ShardRole, const ShardAccount*> accounts[] = {
            {ShardRole::rw, &shard.rw},
            {ShardRole::ro, &shard.ro},
            {ShardRole::migrate, &shard.migrate},
            {ShardRole::backup, &backup}};
        for (const auto& [role, account] : accounts) {
            if (account->user != admin.user) {
                make_account(connection, shard, role, *account, clients);
            }
        }
    } catch (const ConnectionLost& fault) {
        return Problem::unavailable("shard.unreachable", fault.what());
    } catch (const StorageFault&) {
        // The server's words could repeat a password.
        return Problem::conflict("shard.refused",
                                 "the server did not let this account make the database and its "
                                 "accounts; it needs create, create user and grant option");
    }
    return {};
}

Result<std::string> check_shard(const ShardOptions& shard) {
    try {
        MariaConnection connection(connection_of(shard, shard.rw));
        return connection.query_rows("select version() as v").front().at("v");
    } catch (const StorageFault& fault) {
        return Problem::unavailable("shard.unreachable",
                                    fmt::format("{}: {}", shard.name, fault.what()));
    }
}

}  // namespace hangu::storage
