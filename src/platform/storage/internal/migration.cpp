#include "platform/storage/internal/migration.hpp"

#include "base/text.hpp"
#include "platform/crypto/crypto.hpp"
#include "platform/storage/internal/sql_text.hpp"
#include "platform/storage/internal/tenant_fill.hpp"

#include <sqlite3.h>

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace hangu::storage {

namespace {

// The engine's own tables: the steps a file has had, one row with the digest over them and the
// number of the last commit, and the digest of the schema as the last one that changed it left it.
constexpr const char* kOwnTables =
    "create table if not exists schema_step (module text not null, name text not null,"
    " checksum text not null, applied_at integer not null, phase text not null default 'base',"
    " release text not null default '', understood_since text not null default '',"
    " primary key (module, name)) without rowid;"
    "create table if not exists storage_meta (id integer primary key, digest text not null,"
    " commit_number integer not null);"
    "create table if not exists schema_seal (id integer primary key, digest text not null);"
    "insert or ignore into storage_meta (id, digest, commit_number) values (1, '', 0)";
// Of files that were made before there were phases.
constexpr const char* kOwnColumns =
    "alter table schema_step add column phase text not null default 'base';"
    "alter table schema_step add column release text not null default '';"
    "alter table schema_step add column understood_since text not null default ''";
constexpr std::string_view kOwnNames = "'schema_step', 'storage_meta', 'schema_seal'";

bool exists(Connection& connection, std::string_view table) {
    return connection.query_integer(fmt::format(
               "select count(*) from sqlite_schema where name = {}", sql_text(table))) > 0;
}

bool knows_phases(Connection& connection) {
    return connection.query_integer(
               "select count(*) from pragma_table_info('schema_step') where name = 'phase'") > 0;
}

std::vector<HadStep> steps_had(Connection& connection) {
    std::vector<HadStep> had;
    const bool phases = knows_phases(connection);
    for (const auto& row :
         connection.query_rows(fmt::format("select module, name, checksum{} from schema_step",
                                           phases ? ", phase, release, understood_since" : ""))) {
        had.push_back(phases ? had_step(row[0], row[1], row[2], row[3], row[4], row[5])
                             : had_step(row[0], row[1], row[2], "", "", ""));
    }
    return had;
}

// Everything but the engine's own tables, in the words in which it was made.
std::string live_digest(Connection& connection) {
    std::string all;
    for (const auto& row : connection.query_rows(
             fmt::format("select type, name, sql from sqlite_schema where name not like 'sqlite_%'"
                         " and tbl_name not in ({}) order by type, name",
                         kOwnNames))) {
        all += fmt::format("{} {}: {}\n", row[0], row[1], row[2]);
    }
    return to_hex(crypto::sha256(all).view());
}

bool is_sealed(Connection& connection) {
    return exists(connection, "schema_seal") &&
           connection.query_rows("select digest from schema_seal where id = 1") ==
               std::vector<std::vector<std::string>>{{live_digest(connection)}};
}

void seal(Connection& connection) {
    connection.execute(fmt::format("insert or replace into schema_seal (id, digest) values (1, {})",
                                   sql_text(live_digest(connection))));
    connection.execute(fmt::format("update storage_meta set digest = {} where id = 1",
                                   sql_text(digest_of_steps(steps_had(connection)))));
}

void apply(Connection& connection, const Step& step, Time now) {
    connection.execute(std::string(step.sql));
    connection.execute(fmt::format(
        "insert into schema_step (module, name, checksum, applied_at, phase, release,"
        " understood_since) values ({}, {}, {}, {}, {}, {}, {})",
        sql_text(step.module), sql_text(step.name), sql_text(step.checksum), now.unix_ms(),
        sql_text(enum_text(step.head.phase)), sql_text(step.head.release.text()),
        sql_text(step.head.understood_since.text())));
}

LiveTables live_tables(Connection& connection) {
    LiveTables live;
    for (const auto& row : connection.query_rows(fmt::format(
             "select t.name, c.name, c.type, c.\"notnull\", c.pk, c.dflt_value is not null"
             " from sqlite_schema t join pragma_table_info(t.name) c where t.type = 'table'"
             " and t.name not like 'sqlite_%' and t.name not in ({}) order by t.name, c.cid",
             kOwnNames))) {
        const bool required = row[3] == "1" || row[4] != "0";
        live[row[0]].push_back(
            {row[1],
             fmt::format("{} {}{}", row[1], lower_ascii(row[2]), required ? " not null" : ""),
             !required || (row[5] == "1" && row[4] == "0")});
    }
    return live;
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

SchemaView schema_view(Connection& connection, const Steps& steps) {
    return view_of(steps_had(connection), steps);
}

bool is_up_to(Connection& connection, const Steps& steps) {
    if (connection.query_text("select digest from storage_meta where id = 1") == steps.digest) {
        return true;
    }
    const SchemaView view = schema_view(connection, steps);
    return !view.refusal && view.missing.empty();
}

namespace {

// Base and expand steps that are missing, in the order of the program.
Result<bool> migrate_older(Connection& connection, const Steps& steps, Time now) {
    const SchemaView view = schema_view(connection, steps);
    if (view.refusal) {
        return *view.refusal;
    }
    if (!view.newer.empty() && !is_sealed(connection)) {
        return Problem::conflict("schema.differs",
                                 "the schema is not as the newer version has left it: another hand "
                                 "has changed it");
    }
    const bool written =
        connection.query_text("select digest from storage_meta where id = 1") == view.digest;
    if (view.missing.empty() && written) {
        return false;
    }
    connection.begin_write();
    try {
        connection.execute(kOwnTables);
        if (!knows_phases(connection)) {
            connection.execute(kOwnColumns);
        }
        for (const Step* step : view.missing) {
            apply(connection, *step, now);
        }
        seal(connection);
        connection.commit();
    } catch (...) {
        connection.roll_back();
        throw;
    }
    return !view.missing.empty();
}

}  // namespace

Result<bool> migrate(Connection& connection, const Steps& steps, Time now) {
    if (exists(connection, "storage_meta")) {
        if (connection.query_text("select digest from storage_meta where id = 1") == steps.digest) {
            return false;
        }
        return migrate_older(connection, steps, now);
    }
    connection.begin_write();
    try {
        connection.execute(kOwnTables);
        for (const Step& step : steps.steps) {
            if (steps.is_of_new(step)) {
                apply(connection, step, now);
            }
        }
        seal(connection);
        connection.commit();
    } catch (...) {
        connection.roll_back();
        throw;
    }
    return true;
}

void contract_file(Connection& connection, const Step& step, Time now) {
    apply(connection, step, now);
    seal(connection);
}

std::vector<std::string> tenant_tables(Connection& connection) {
    std::vector<std::string> names;
    for (const auto& [name, columns] : live_tables(connection)) {
        names.push_back(name);
    }
    return names;
}

std::vector<std::string> contract_faults(std::span<const Part> parts) {
    const Steps steps = steps_of(parts, false);
    const bool any = std::any_of(steps.steps.begin(), steps.steps.end(), [](const Step& step) {
        return step.head.phase == Phase::contract;
    });
    if (!any) {
        return {};
    }
    Connection::Options options;
    options.path = ":memory:";
    Connection connection(options);
    if (const Result<bool> made = migrate(connection, steps, Time(0)); !made.ok()) {
        return {made.problem().detail};
    }
    std::vector<std::string> faults;
    const LiveTables live = live_tables(connection);
    for (const Step& step : steps.steps) {
        if (step.head.phase != Phase::contract) {
            continue;
        }
        for (const auto& [table, column] : removals_of(step.sql)) {
            const auto found = live.find(table);
            const auto is_it = [&name = column](const LiveColumn& one) { return one.name == name; };
            if (found == live.end()) {
                faults.push_back(
                    fmt::format("step {}: there is no table {}", step.full_name(), table));
            } else if (!column.empty() && std::none_of(found->second.begin(), found->second.end(),
                                                       [&](const LiveColumn& one) {
                                                           return is_it(one) && one.optional;
                                                       })) {
                faults.push_back(fmt::format(
                    "step {}: {}.{} must be given with every row as long as it is there, and this "
                    "program does not; only a column with a default, or that may be null, can go "
                    "while programs of two versions work",
                    step.full_name(), table, column));
            }
        }
    }
    return faults;
}

std::vector<std::string> schema_differences(Connection& connection, std::span<const Part> parts,
                                            bool control) {
    const Steps steps = steps_of(parts, control);
    const SchemaView view = schema_view(connection, steps);
    return differences_of(live_tables(connection), parts, control, view,
                          view.newer.empty() || is_sealed(connection));
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
        for (std::string& fault : fill_faults(connection, steps_of(parts, control))) {
            faults.push_back(std::move(fault));
        }
    }
    return faults;
}

}  // namespace hangu::storage
