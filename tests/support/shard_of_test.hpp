// With HANGU_TEST_SHARD=SOCKET the tenants of every world are in a database of their own on the
// server that scripts/mariadb runs there; without, in files.
#pragma once

#include "platform/storage/shard_init.hpp"

#include <fmt/format.h>
#include <mariadb/mysql.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <vector>

namespace hangu::testing {

// Makes a database empty that a world before has left: far quicker than making its tables anew.
inline void empty_database(const storage::ShardOptions& shard) {
    const std::unique_ptr<MYSQL, void (*)(MYSQL*)> db(mysql_init(nullptr), &mysql_close);
    const auto ask = [&db](const std::string& sql) {
        if (mysql_query(db.get(), sql.c_str()) != 0) {
            throw std::runtime_error(sql + ": " + mysql_error(db.get()));
        }
        return std::unique_ptr<MYSQL_RES, void (*)(MYSQL_RES*)>(mysql_store_result(db.get()),
                                                                &mysql_free_result);
    };
    if (mysql_real_connect(db.get(), nullptr, shard.rw.user.c_str(), "", shard.database.c_str(), 0,
                           shard.socket.c_str(), 0) == nullptr) {
        throw std::runtime_error("no database on " + shard.socket);
    }
    const auto tables =
        ask("select table_name from information_schema.columns where table_schema ="
            " database() and column_name = 'tenant_id'");
    ask("begin");
    while (MYSQL_ROW row = mysql_fetch_row(tables.get())) {
        ask(fmt::format("delete from `{}`", row[0]));
    }
    ask("commit");
}

// The shard of the world whose data is in that folder: the same one as long as the folder is there.
inline std::vector<storage::ShardOptions> shards_of_test(const std::string& data_folder) {
    static std::mutex mutex;
    static std::map<std::string, int> databases;  // by folder
    const char* socket = std::getenv("HANGU_TEST_SHARD");
    if (socket == nullptr) {
        return {};
    }
    const std::lock_guard lock(mutex);
    storage::ShardOptions shard;
    shard.name = "one";
    shard.socket = socket;
    shard.lanes = 2;
    shard.rw.user = shard.ro.user = shard.migrate.user = "root";
    const std::string folder = std::filesystem::path(data_folder).parent_path().string();
    bool used = false;
    const bool fresh = !databases.contains(folder);
    if (fresh) {
        int number = static_cast<int>(databases.size());
        for (auto it = databases.begin(); it != databases.end() && !used;) {
            used = !std::filesystem::exists(it->first);
            number = used ? it->second : number;
            it = used ? databases.erase(it) : std::next(it);
        }
        databases[folder] = number;
    }
    shard.database = fmt::format("world_{}_{}", ::getpid(), databases[folder]);
    if (fresh && !storage::init_shard(shard, shard.rw, shard.rw, "localhost").ok()) {
        throw std::runtime_error("no database on " + shard.socket);
    }
    if (used) {
        empty_database(shard);
    }
    return {shard};
}

}  // namespace hangu::testing
