#include "platform/storage/shard_init.hpp"

#include "platform/storage/internal/maria.hpp"
#include "platform/storage/internal/maria_accounts.hpp"
#include "platform/storage/internal/shard_hosts.hpp"
#include "platform/storage/internal/sql_text.hpp"

#include <fmt/format.h>

#include <algorithm>

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

// To the first of its servers that can be worked with.
MariaConnection::Options working(const ShardOptions& shard, const ShardAccount& account) {
    MariaConnection::Options options = connection_of(shard, account);
    options.database.clear();  // it may not be there yet
    if (shard.hosts.empty()) {
        return options;
    }
    std::string why;
    for (const ShardHost& host : shard.hosts) {
        options = with_host(options, host);
        try {
            MariaConnection connection(options);
            const ShardHostState state = look_at(connection, host);
            if (state.fit) {
                return options;
            }
            why = state.detail;
        } catch (const StorageFault& fault) {
            why = fault.what();
        }
    }
    throw ConnectionLost("none of its servers can be worked with: " + why);
}

}  // namespace

Result<void> init_shard(const ShardOptions& shard, const ShardAccount& admin,
                        const ShardAccount& backup, const std::string& clients) {
    try {
        MariaConnection connection(working(shard, admin));
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

std::vector<ShardHostState> check_hosts(const ShardOptions& shard) {
    std::vector<ShardHostState> all;
    for (const ShardHost& host : hosts_of(shard)) {
        ShardHostState& state = all.emplace_back();
        try {
            MariaConnection connection(with_host(connection_of(shard, shard.rw), host));
            state = look_at(connection, host);
        } catch (const StorageFault& fault) {
            state.name = host.text();
            state.detail = fault.what();
        }
    }
    return all;
}

Result<std::string> check_shard(const ShardOptions& shard) {
    const std::vector<ShardHostState> all = check_hosts(shard);
    const auto fit =
        std::find_if(all.begin(), all.end(), [](const ShardHostState& one) { return one.fit; });
    if (fit == all.end()) {
        return Problem::unavailable("shard.unreachable",
                                    fmt::format("{}: {}", shard.name, all.front().detail));
    }
    if (all.size() == 1) {
        return fit->detail;
    }
    return fmt::format(
        "{}; {} of {} servers", fit->detail,
        std::count_if(all.begin(), all.end(), [](const ShardHostState& one) { return one.fit; }),
        all.size());
}

}  // namespace hangu::storage
