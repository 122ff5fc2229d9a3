#include "platform/storage/shard_check.hpp"

#include "platform/storage/internal/maria_migration.hpp"
#include "platform/storage/internal/tenant_fill.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hangu::storage {

namespace {

// Enough rows that reading one tenant's by a key is always cheaper than reading all.
constexpr int kTenantsCount = 40;
constexpr int kRowsPerTenant = 25;

std::string sample_of(const Column& column) {
    switch (column.type) {
        case ColumnType::integer:
            return "r.seq";
        case ColumnType::text:
            return "concat('t', r.seq)";
        case ColumnType::blob:
        case ColumnType::sealed:
        case ColumnType::blind:
            return "concat('b', r.seq)";
    }
    return "";
}

void fill(MariaConnection& connection, std::span<const Part> parts) {
    for (const Part& part : parts) {
        for (const Table& table : part.tables) {
            if (table.control) {
                continue;
            }
            std::string values = "t.seq";
            for (const Column& column : table.columns) {
                values += ", " + sample_of(column);
            }
            connection.execute(
                fmt::format("insert into \"{}\" select {} from seq_1_to_{} t, seq_1_to_{} r",
                            table.name, values, kTenantsCount, kRowsPerTenant));
            connection.commit();
            connection.query_rows(fmt::format("analyze table \"{}\"", table.name));
        }
    }
}

void check_shape(const StatementInfo& info, const MariaCursor& cursor,
                 std::vector<std::string>& faults) {
    if (cursor.parameters_count() != info.parameters) {
        faults.push_back(fmt::format("{}: {} parameters in the text, {} are given", info.name,
                                     cursor.parameters_count(), info.parameters));
    }
    if (info.columns == nullptr) {
        return;
    }
    const std::vector<std::string> live = cursor.column_names();
    const auto declared = info.columns();
    if (!std::equal(live.begin(), live.end(), declared.begin(), declared.end())) {
        faults.push_back(fmt::format("{}: selects ({}), the row has ({})", info.name,
                                     fmt::join(live, ", "), fmt::join(declared, ", ")));
    }
}

// Every key of a tenant's table begins with tenant_id, so a table that is read by one, with at
// least the eight bytes of the tenant, is read of one tenant alone.
void check_plan(MariaConnection& connection, const StatementInfo& info,
                std::vector<std::string>& faults) {
    std::string sql;
    for (const char c : maria_text(info.sql).sql) {
        sql += c == '?' ? "1" : std::string(1, c);
    }
    for (auto& row : connection.query_rows("explain " + sql)) {
        const std::string table = row["table"];
        if (table.empty() || table.front() == '<' || row["select_type"] == "INSERT") {
            continue;
        }
        const std::string length = row["key_len"];
        const bool by_key = !row["key"].empty() && row["type"] != "ALL" && row["type"] != "index" &&
                            std::atoi(length.c_str()) >= 8;
        if (!by_key) {
            faults.push_back(fmt::format("{}: {} is read by {} {} and not by the tenant", info.name,
                                         table, row["type"], row["key"]));
        }
    }
}

void check(MariaConnection& connection, const StatementInfo& info,
           std::vector<std::string>& faults) {
    try {
        const MariaCursor cursor(connection, info.name, info.sql);
        check_shape(info, cursor, faults);
        if (!info.control) {
            check_plan(connection, info, faults);
        }
    } catch (const StorageFault& fault) {
        faults.emplace_back(fault.what());
    }
}

}  // namespace

std::vector<std::string> shard_statement_faults(std::span<const Part> parts,
                                                const std::string& socket) {
    std::vector<std::string> faults;
    for (const bool control : {false, true}) {
        MariaConnection::Options options;
        options.socket = socket;
        options.user = "root";
        MariaConnection connection(options);
        const std::string name = control ? "check_control" : "check_shard";
        connection.execute("drop database if exists " + name);
        connection.execute("create database " + name);
        connection.execute("use " + name);
        const Result<bool> migrated =
            migrate_shard(connection, steps_of(parts, control), control, Time(0));
        if (!migrated.ok()) {
            faults.push_back(migrated.problem().detail);
            continue;
        }
        for (std::string& difference : shard_differences(connection, parts, control)) {
            faults.push_back(std::move(difference));
        }
        for (std::string& fault : fill_faults(connection, steps_of(parts, control))) {
            faults.push_back(std::move(fault));
        }
        if (!control) {
            fill(connection, parts);
        }
        for (const Part& part : parts) {
            for (const StatementInfo& info : part.statements) {
                if (info.control == control) {
                    check(connection, info, faults);
                }
            }
        }
    }
    return faults;
}

}  // namespace hangu::storage
