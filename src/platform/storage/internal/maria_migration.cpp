#include "platform/storage/internal/maria_migration.hpp"

#include "platform/storage/internal/sql_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace hangu::storage {

namespace {

// Of the engine itself: the steps with how many of their statements were done, and of every tenant
// the number of its last commit and its epoch; that row is also what its writers wait for each
// other at.
constexpr const char* kStepTable =
    "create table if not exists schema_step (module varchar(100) not null, name varchar(150) not "
    "null,"
    " checksum char(64) not null, statements_done bigint not null, statements_count bigint not "
    "null,"
    " applied_at bigint not null, primary key (module, name)) engine=innodb default charset=utf8mb4"
    " collate=utf8mb4_nopad_bin";
constexpr const char* kTenantTable =
    "create table if not exists storage_tenant (tenant_id bigint not null, commit_number bigint not"
    " null, epoch bigint not null, primary key (tenant_id)) engine=innodb";
// Keys of rows that changed while their tenant is taken elsewhere; written by triggers.
constexpr const char* kChangeTable =
    "create table if not exists storage_change (tenant_id bigint not null, seq bigint not null"
    " auto_increment, table_name varchar(64) not null, row_key varbinary(2048) not null,"
    " primary key (tenant_id, seq), key (seq)) engine=innodb default charset=utf8mb4"
    " collate=utf8mb4_nopad_bin";

struct Had {
    std::string checksum;
    std::size_t done = 0;
    std::size_t count = 0;
};
using AllHad = std::map<std::pair<std::string, std::string>, Had>;

AllHad read_steps(MariaConnection& connection) {
    AllHad had;
    for (const auto& row : connection.query_rows("select * from schema_step")) {
        had[{row.at("module"), row.at("name")}] = {row.at("checksum"),
                                                   std::stoul(row.at("statements_done")),
                                                   std::stoul(row.at("statements_count"))};
    }
    return had;
}

Result<void> refuse_foreign(const AllHad& had, const Steps& steps) {
    for (const auto& [key, one] : had) {
        const auto known = std::find_if(
            steps.steps.begin(), steps.steps.end(),
            [&key = key](const Step& s) { return s.module == key.first && s.name == key.second; });
        if (known == steps.steps.end() || known->checksum != one.checksum) {
            const bool newer = known == steps.steps.end();
            return Problem::conflict(
                newer ? "migration.newer" : "migration.changed",
                fmt::format("step {}/{} of the shard is {} this program", key.first, key.second,
                            newer ? "unknown to" : "different in"));
        }
    }
    return {};
}

// The statement that was under way when it broke off may have been done: then the server says that
// the thing is there already.
void apply(MariaConnection& connection, const std::string& sql, bool may_be_done) {
    try {
        connection.execute(sql);
    } catch (const StorageFault& fault) {
        const std::string_view what = fault.what();
        const bool there =
            what.ends_with("(1050)") || what.ends_with("(1060)") || what.ends_with("(1061)");
        if (!may_be_done || !there) {
            throw;
        }
    }
}

void apply_step(MariaConnection& connection, const Step& step, const MariaSchema::Step& turned,
                const Had* had, Time now) {
    const std::size_t count = turned.statements.size();
    std::size_t done = had == nullptr ? 0 : had->done;
    if (had == nullptr) {
        connection.execute(fmt::format("insert into schema_step values ({}, {}, {}, 0, {}, {})",
                                       sql_text(step.module), sql_text(step.name),
                                       sql_text(step.checksum), count, now.unix_ms()));
        connection.commit();
    }
    const std::size_t broken_off = had == nullptr ? count : done;
    for (; done < count; ++done) {
        apply(connection, turned.statements[done], done == broken_off);
        connection.execute(fmt::format(
            "update schema_step set statements_done = {} where module = {} and name = {}", done + 1,
            sql_text(step.module), sql_text(step.name)));
        connection.commit();
    }
}

std::string_view live_type(std::string_view type) {
    if (type == "bigint") {
        return "integer";
    }
    if (type == "longtext" || type == "varchar") {
        return "text";
    }
    if (type == "longblob" || type == "varbinary") {
        return "blob";
    }
    return type;
}

std::string_view declared_type(ColumnType type) {
    switch (type) {
        case ColumnType::integer:
            return "integer";
        case ColumnType::text:
            return "text";
        case ColumnType::blob:
        case ColumnType::sealed:
        case ColumnType::blind:
            return "blob";
    }
    return "";
}

}  // namespace

Result<bool> migrate_shard(MariaConnection& connection, const Steps& steps, bool control,
                           Time now) {
    connection.execute(kStepTable);
    if (!control) {
        connection.execute(kTenantTable);
        connection.execute(kChangeTable);
    }
    const AllHad had = read_steps(connection);
    HANGU_CHECK(refuse_foreign(had, steps));
    MariaSchema schema(control);
    bool something = false;
    for (const Step& step : steps.steps) {
        const MariaSchema::Step turned = schema.step(step.sql);
        if (!turned.fault.empty()) {
            return Problem::conflict("migration.dialect", fmt::format("step {}/{}: {}", step.module,
                                                                      step.name, turned.fault));
        }
        const auto known = had.find({std::string(step.module), std::string(step.name)});
        if (known != had.end() && known->second.done == known->second.count) {
            continue;
        }
        apply_step(connection, step, turned, known == had.end() ? nullptr : &known->second, now);
        something = true;
    }
    return something;
}

std::vector<std::string> shard_differences(MariaConnection& connection, std::span<const Part> parts,
                                           bool control) {
    std::map<std::string, std::vector<std::string>> live;
    for (const auto& row : connection.query_rows(
             "select table_name as t, column_name as c, data_type as d, is_nullable as n from"
             " information_schema.columns where table_schema = database()"
             " order by table_name, ordinal_position")) {
        live[row.at("t")].push_back(fmt::format("{} {}{}", row.at("c"), live_type(row.at("d")),
                                                row.at("n") == "YES" ? "" : " not null"));
    }
    live.erase("schema_step");
    live.erase("storage_tenant");
    live.erase("storage_change");
    std::vector<std::string> differences;
    for (const Part& part : parts) {
        for (const Table& table : part.tables) {
            if (table.control != control) {
                continue;
            }
            std::vector<std::string> wanted;
            if (!control) {
                wanted.emplace_back("tenant_id integer not null");
            }
            for (const Column& column : table.columns) {
                wanted.push_back(fmt::format("{} {}{}", column.name, declared_type(column.type),
                                             column.nullable ? "" : " not null"));
            }
            const std::vector<std::string>& has = live[std::string(table.name)];
            if (has != wanted) {
                differences.push_back(fmt::format("table {}: declared ({}), live ({})", table.name,
                                                  fmt::join(wanted, ", "), fmt::join(has, ", ")));
            }
            live.erase(std::string(table.name));
        }
    }
    for (const auto& [name, columns] : live) {
        differences.push_back(fmt::format("table {} is not declared", name));
    }
    return differences;
}

}  // namespace hangu::storage
