#include "tests/galera/node.hpp"

#include <fmt/format.h>
#include <mariadb/mysql.h>

#include <map>
#include <stdexcept>
#include <utility>

namespace hangu::galera {

Node::Node(const std::string& socket) : db_(mysql_init(nullptr), &mysql_close) {
    if (mysql_real_connect(db_.get(), nullptr, "root", "", "shard", 0, socket.c_str(), 0) ==
        nullptr) {
        throw std::runtime_error(fmt::format("{}: {}", socket, mysql_error(db_.get())));
    }
    rows("set session wsrep_sync_wait = 7");
}

Node::Rows Node::rows(const std::string& sql) {
    if (mysql_query(db_.get(), sql.c_str()) != 0) {
        throw std::runtime_error(fmt::format("{}: {}", sql, mysql_error(db_.get())));
    }
    const std::unique_ptr<MYSQL_RES, void (*)(MYSQL_RES*)> result(mysql_store_result(db_.get()),
                                                                  &mysql_free_result);
    Rows all;
    while (MYSQL_ROW row = result ? mysql_fetch_row(result.get()) : nullptr) {
        std::vector<std::string>& one = all.emplace_back();
        for (unsigned i = 0; i < mysql_num_fields(result.get()); ++i) {
            one.emplace_back(row[i] == nullptr ? "" : row[i]);
        }
    }
    return all;
}

Found Node::found(std::int64_t tenant) {
    const auto numbers = [&](const std::string& what) {
        std::vector<std::vector<std::int64_t>> all;
        for (const auto& row : rows(fmt::format("{} where tenant_id = {}", what, tenant))) {
            std::vector<std::int64_t>& one = all.emplace_back();
            for (const std::string& text : row) {
                one.push_back(std::stoll(text));
            }
        }
        return all;
    };
    Found all;
    for (const auto& row : numbers("select id, balance from account")) {
        all.balances[row[0]] = row[1];
    }
    for (const auto& row : numbers("select id, source, target, amount from transfer")) {
        all.transfers[row[0]] = {row[1], row[2], row[3]};
    }
    for (const auto& row : numbers("select id, value from counter")) {
        all.counters[row[0]] = row[1];
    }
    std::map<std::pair<std::int64_t, std::int64_t>, std::int64_t> entries;
    for (const auto& row : numbers("select list, place, id from entry")) {
        entries[{row[0], row[1]}] = row[2];
    }
    for (const auto& [place, id] : entries) {
        all.lists[place.first].push_back(id);
    }
    for (const auto& row : numbers("select id, item from placed")) {
        all.orders[row[0]] = row[1];
    }
    for (const auto& row : numbers("select id, remaining from stock")) {
        all.stock[row[0]] = row[1];
    }
    return all;
}

std::string Node::checksums() {
    std::string tables;
    for (const auto& row : rows("select table_name from information_schema.tables"
                                " where table_schema = database() order by table_name")) {
        tables += (tables.empty() ? "" : ", ") + row[0];
    }
    std::string text;
    for (const auto& row : rows(fmt::format("checksum table {} extended", tables))) {
        text += row[0] + " " + row[1] + "\n";
    }
    return text;
}

}  // namespace hangu::galera
