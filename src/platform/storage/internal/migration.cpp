#include "platform/storage/internal/migration.hpp"

#include "platform/storage/internal/sql_text.hpp"

#include <sqlite3.h>

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace hangu::storage {

namespace {

// The engine's own tables: the steps a file has had, and one row with the digest and the number of
// the last commit.
constexpr const char* kOwnTables =
    "create table if not exists schema_step (module text not null, name text not null,"
    " checksum text not null, applied_at integer not null, primary key (module, name))"
    " without rowid;"
    "create table if not exists storage_meta (id integer primary key, digest text not null,"
    " commit_number integer not null);"
    "insert or ignore into storage_meta (id, digest, commit_number) values (1, '', 0)";

bool is_control(const Part& part) {
    return !part.tables.empty() && part.tables.front().control;
}

std::string_view sql_type(ColumnType type) {
    switch (type) {
        case ColumnType::integer:
            return "INTEGER";
        case ColumnType::text:
            return "TEXT";
        case ColumnType::blob:
        case ColumnType::sealed:
        case ColumnType::blind:
            return "BLOB";
    }
    return "";
}

std::string upper(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
    return text;
}

std::vector<std::string> table_differences(Connection& connection, const Table& table) {
    std::vector<std::string> wanted;
    if (!table.control) {
        wanted.emplace_back("tenant_id INTEGER not null");
    }
    for (const Column& column : table.columns) {
        wanted.push_back(fmt::format("{} {}{}", column.name, sql_type(column.type),
                                     column.nullable ? "" : " not null"));
    }
    std::vector<std::string> live;
    for (const auto& row : connection.query_rows(
             fmt::format("select name, type, \"notnull\", pk from pragma_table_info({})",
                         sql_text(table.name)))) {
        const bool required = row[2] == "1" || row[3] != "0";
        live.push_back(fmt::format("{} {}{}", row[0], upper(row[1]), required ? " not null" : ""));
    }
    if (live == wanted) {
        return {};
    }
    return {fmt::format("table {}: declared ({}), live ({})", table.name, fmt::join(wanted, ", "),
                        fmt::join(live, ", "))};
}

// What SQLite's plan says of full scans. All rows of a file have the same tenant, so an index that
// is used for the tenant alone is a scan too. Sub-selects over constants are none.
bool scans(const std::string& detail) {
    if (detail.starts_with("SEARCH ") && detail.ends_with("(tenant_id=?)")) {
        return true;
    }
    return detail.starts_with("SCAN ") && detail.find("CONSTANT ROW") == std::string::npos &&
           !detail.starts_with("SCAN (");
}

void check_statement(Connection& connection, const StatementInfo& info,
                     std::vector<std::string>& faults) {
    sqlite3_stmt* statement = nullptr;
    const std::string sql(info.sql);
    if (sqlite3_prepare_v2(connection.handle(), sql.c_str(), -1, &statement, nullptr) !=
        SQLITE_OK) {
        faults.push_back(fmt::format("{}: {}", info.name, sqlite3_errmsg(connection.handle())));
        return;
    }
    const auto parameters = static_cast<std::size_t>(sqlite3_bind_parameter_count(statement));
    if (parameters != info.parameters) {
        faults.push_back(fmt::format("{}: {} parameters in the text, {} are given", info.name,
                                     parameters, info.parameters));
    }
    if (info.columns != nullptr) {
        std::vector<std::string> live;
        for (int i = 0; i < sqlite3_column_count(statement); ++i) {
            live.emplace_back(sqlite3_column_name(statement, i));
        }
        const auto declared = info.columns();
        if (!std::equal(live.begin(), live.end(), declared.begin(), declared.end())) {
            faults.push_back(fmt::format("{}: selects ({}), the row has ({})", info.name,
                                         fmt::join(live, ", "), fmt::join(declared, ", ")));
        }
    }
    sqlite3_finalize(statement);
    if (!info.scan_reason.empty()) {
        return;
    }
    for (const auto& row : connection.query_rows("explain query plan " + sql)) {
        if (scans(row.back())) {
            faults.push_back(
                fmt::format("{}: {} (give a Scan reason or an index)", info.name, row.back()));
        }
    }
}

}  // namespace

Steps steps_of(std::span<const Part> parts, bool control) {
    Steps result;
    std::string all;
    for (const Part& part : parts) {
        if (is_control(part) != control) {
            continue;
        }
        for (const MigrationFile& file : part.migrations) {
            Step step{file.module, file.name, file.sql, to_hex(crypto::sha256(file.sql).view())};
            all += fmt::format("{}/{}:{}\n", step.module, step.name, step.checksum);
            result.steps.push_back(std::move(step));
        }
    }
    result.digest = to_hex(crypto::sha256(all).view());
    return result;
}

Result<bool> migrate(Connection& connection, const Steps& steps, Time now) {
    const bool fresh = connection.query_integer(
                           "select count(*) from sqlite_schema where name='storage_meta'") == 0;
    if (!fresh &&
        connection.query_text("select digest from storage_meta where id = 1") == steps.digest) {
        return false;
    }
    connection.begin_write();
    try {
        connection.execute(kOwnTables);
        std::set<std::pair<std::string, std::string>> had;
        for (const auto& row :
             connection.query_rows("select module, name, checksum from schema_step")) {
            const auto known = std::find_if(
                steps.steps.begin(), steps.steps.end(),
                [&row](const Step& step) { return step.module == row[0] && step.name == row[1]; });
            if (known == steps.steps.end() || known->checksum != row[2]) {
                connection.roll_back();
                return Problem::conflict(
                    known == steps.steps.end() ? "migration.newer" : "migration.changed",
                    fmt::format("step {}/{} of the file is {} this program", row[0], row[1],
                                known == steps.steps.end() ? "unknown to" : "different in"));
            }
            had.emplace(row[0], row[1]);
        }
        for (const Step& step : steps.steps) {
            if (had.contains({std::string(step.module), std::string(step.name)})) {
                continue;
            }
            connection.execute(std::string(step.sql));
            connection.execute(fmt::format("insert into schema_step values ({}, {}, {}, {})",
                                           sql_text(step.module), sql_text(step.name),
                                           sql_text(step.checksum), now.unix_ms()));
        }
        connection.execute(fmt::format("update storage_meta set digest = {} where id = 1",
                                       sql_text(steps.digest)));
        connection.commit();
    } catch (...) {
        connection.roll_back();
        throw;
    }
    return true;
}

std::vector<std::string> schema_differences(Connection& connection, std::span<const Part> parts,
                                            bool control) {
    std::vector<std::string> differences;
    std::set<std::string> declared{"schema_step", "storage_meta"};
    for (const Part& part : parts) {
        for (const Table& table : part.tables) {
            if (table.control != control) {
                continue;
            }
            declared.emplace(table.name);
            for (std::string& difference : table_differences(connection, table)) {
                differences.push_back(std::move(difference));
            }
        }
    }
    for (const auto& row : connection.query_rows(
             "select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'")) {
        if (!declared.contains(row[0])) {
            differences.push_back(fmt::format("table {} is not declared", row[0]));
        }
    }
    return differences;
}

std::vector<std::string> plan_faults(Connection& connection, std::span<const Part> parts,
                                     bool control) {
    std::vector<std::string> faults;
    std::set<std::string> names;
    for (const Part& part : parts) {
        for (const StatementInfo& info : part.statements) {
            if (info.control != control) {
                continue;
            }
            check_statement(connection, info, faults);
            if (info.columns != nullptr && !names.emplace(info.name).second) {
                faults.push_back(fmt::format("{}: the name stands twice", info.name));
            }
        }
    }
    return faults;
}

std::vector<std::string> statement_faults(std::span<const Part> parts) {
    std::vector<std::string> faults = faults_of(parts);
    for (const bool control : {false, true}) {
        Connection::Options options;
        options.path = ":memory:";
        Connection connection(options);
        const Result<bool> migrated = migrate(connection, steps_of(parts, control), Time(0));
        if (!migrated.ok()) {
            faults.push_back(migrated.problem().detail);
            continue;
        }
        for (std::string& fault : schema_differences(connection, parts, control)) {
            faults.push_back(std::move(fault));
        }
        for (std::string& fault : plan_faults(connection, parts, control)) {
            faults.push_back(std::move(fault));
        }
    }
    return faults;
}

}  // namespace hangu::storage
