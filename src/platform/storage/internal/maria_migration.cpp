#include "platform/storage/internal/maria_migration.hpp"

#include "base/text.hpp"
#include "platform/crypto/crypto.hpp"
#include "platform/storage/internal/sql_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

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
    " applied_at bigint not null, phase varchar(16) not null default 'base', release_text"
    " varchar(32) not null default '', understood_since varchar(32) not null default '',"
    " primary key (module, name)) engine=innodb default charset=utf8mb4 collate=utf8mb4_nopad_bin";
// Of databases that were made before there were phases.
constexpr const char* kPhaseColumns =
    "alter table schema_step add column if not exists phase varchar(16) not null default 'base',"
    " add column if not exists release_text varchar(32) not null default '',"
    " add column if not exists understood_since varchar(32) not null default ''";
// The digest of the schema as the last one that changed it left it.
constexpr const char* kSealTable =
    "create table if not exists schema_seal (id bigint not null, digest char(64) not null,"
    " primary key (id)) engine=innodb default charset=utf8mb4 collate=utf8mb4_nopad_bin";
constexpr std::string_view kShardTables =
    "'schema_step', 'schema_seal', 'storage_tenant', 'storage_change',"
    " 'storage_control'";
constexpr const char* kTenantTable =
    "create table if not exists storage_tenant (tenant_id bigint not null, commit_number bigint not"
    " null, epoch bigint not null, primary key (tenant_id)) engine=innodb";
// Keys of rows that changed while their tenant is taken elsewhere; written by triggers.
constexpr const char* kChangeTable =
    "create table if not exists storage_change (tenant_id bigint not null, seq bigint not null"
    " auto_increment, table_name varchar(64) not null, row_key varbinary(2048) not null,"
    " primary key (tenant_id, seq), key (seq)) engine=innodb default charset=utf8mb4"
    " collate=utf8mb4_nopad_bin";

// Transactions on the control database take this one row, so that they come one after another.
constexpr const char* kControlTable =
    "create table if not exists storage_control (id bigint not null, number bigint not null,"
    " primary key (id)) engine=innodb";
// A change of a table that cannot begin at once lets the others pass and is tried again.
constexpr int kTableSecondsMax = 2;
constexpr int kAttemptsMax = 15;

struct Had {
    HadStep step;
    std::size_t done = 0;
};
using AllHad = std::map<std::string, Had>;  // by full name

AllHad read_steps(MariaConnection& connection) {
    AllHad had;
    for (const auto& row : connection.query_rows("select * from schema_step")) {
        const auto text = [&row = row](const char* name) {
            const auto found = row.find(name);
            return found == row.end() ? std::string() : found->second;
        };
        Had one{had_step(text("module"), text("name"), text("checksum"), text("phase"),
                         text("release_text"), text("understood_since")),
                std::stoul(row.at("statements_done"))};
        one.step.complete = row.at("statements_done") == row.at("statements_count");
        had.emplace(one.step.module + "/" + one.step.name, std::move(one));
    }
    return had;
}

SchemaView view_of_shard(const AllHad& all, const Steps& steps) {
    std::vector<HadStep> had;
    for (const auto& [name, one] : all) {
        had.push_back(one.step);
    }
    return view_of(std::move(had), steps);
}

std::string live_digest(MariaConnection& connection) {
    std::string all;
    for (const char* question :
         {"select concat_ws(' ', table_name, column_name, column_type, is_nullable,"
          " coalesce(column_default, '-')) as line from information_schema.columns"
          " where table_schema = database() and table_name not in ({})"
          " order by table_name, ordinal_position",
          "select concat_ws(' ', table_name, index_name, non_unique, seq_in_index, column_name)"
          " as line from information_schema.statistics where table_schema = database()"
          " and table_name not in ({}) order by table_name, index_name, seq_in_index"}) {
        for (const auto& row :
             connection.query_rows(fmt::format(fmt::runtime(question), kShardTables))) {
            all += row.at("line") + "\n";
        }
    }
    return to_hex(crypto::sha256(all).view());
}

bool is_sealed(MariaConnection& connection) {
    const bool there = !connection
                            .query_rows(
                                "select 1 as n from information_schema.tables where"
                                " table_schema = database() and table_name = 'schema_seal'")
                            .empty();
    if (!there) {
        return false;
    }
    const auto rows = connection.query_rows("select digest from schema_seal where id = 1");
    return !rows.empty() && rows.front().at("digest") == live_digest(connection);
}

void write_seal(MariaConnection& connection) {
    connection.execute(fmt::format("replace into schema_seal (id, digest) values (1, {})",
                                   sql_text(live_digest(connection))));
}

// Errors of a server that would have to keep writers waiting, or copy the table.
bool needs_blocking(std::string_view what) {
    return what.ends_with("(1845)") || what.ends_with("(1846)");
}

// A statement that was under way when it broke off may have been done, also by another process that
// began at the same moment: then the server says that the thing is there, or gone, already.
bool is_done_already(std::string_view what) {
    for (const std::string_view code : {"(1050)", "(1060)", "(1061)", "(1051)", "(1091)"}) {
        if (what.ends_with(code)) {
            return true;
        }
    }
    return false;
}

// The ways in which a statement may be done, the cheapest first; requests go on meanwhile.
std::vector<std::string> ways_of(const std::string& sql, bool online) {
    if (!online || sql.starts_with("create table") || sql.starts_with("drop table")) {
        return {sql};
    }
    if (sql.starts_with("alter table")) {
        return {sql + ", algorithm=instant", sql + ", algorithm=inplace, lock=none"};
    }
    return {sql + " algorithm=inplace lock=none"};
}

// True: done. False: it would keep writers waiting, and `refused` says so.
bool try_way(MariaConnection& connection, const std::string& way, bool online, bool may_be_done,
             std::string& refused) {
    for (int attempt = 1;; ++attempt) {
        try {
            connection.execute(way);
            return true;
        } catch (const TransactionLost&) {
            // Whoever reads the table for long keeps it; meanwhile all others would wait behind us.
            connection.roll_back();
            if (attempt == kAttemptsMax) {
                throw;
            }
        } catch (const StorageFault& fault) {
            refused = fault.what();
            if (may_be_done && is_done_already(refused)) {
                return true;
            }
            if (!online || !needs_blocking(refused)) {
                throw;
            }
            return false;
        }
    }
}

Result<void> apply(MariaConnection& connection, const std::string& sql, bool online,
                   bool may_be_done) {
    std::string refused;
    for (const std::string& way : ways_of(sql, online)) {
        if (try_way(connection, way, online, may_be_done, refused)) {
            return {};
        }
    }
    return Problem::conflict(
        "migration.blocks", fmt::format("\"{}\" would keep the shard's writers waiting ({}); allow "
                                        "it with storage.blocking_ddl when they may",
                                        sql, refused));
}

Result<void> apply_step(MariaConnection& connection, const Step& step,
                        const MariaSchema::Step& turned, const Steps& steps, const Had* had,
                        Time now) {
    const std::size_t count = turned.statements.size();
    std::size_t done = had == nullptr ? 0 : had->done;
    bool begun = had != nullptr;
    if (!begun) {
        try {
            connection.execute(fmt::format(
                "insert into schema_step (module, name, checksum, statements_done,"
                " statements_count, applied_at, phase, release_text, understood_since)"
                " values ({}, {}, {}, 0, {}, {}, {}, {}, {})",
                sql_text(step.module), sql_text(step.name), sql_text(step.checksum), count,
                now.unix_ms(), sql_text(enum_text(step.head.phase)),
                sql_text(step.head.release.text()), sql_text(step.head.understood_since.text())));
        } catch (const UniqueViolation&) {
            begun = true;  // another process has come to it at the same moment
        }
        connection.commit();
    }
    const bool online = step.head.phase != Phase::base && !steps.facts.blocking_ddl;
    for (; done < count; ++done) {
        HANGU_CHECK(apply(connection, turned.statements[done], online, begun));
        // Together with the end of what older programs do not know: they compare it.
        if (done + 1 == count && step.head.phase != Phase::base) {
            write_seal(connection);
        }
        connection.execute(fmt::format(
            "update schema_step set statements_done = greatest(statements_done, {}) where module ="
            " {} and name = {}",
            done + 1, sql_text(step.module), sql_text(step.name)));
        connection.commit();
    }
    return {};
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

// Every step in its order is turned, because later ones build on it; of those that are not done,
// `chosen` are.
Result<bool> apply_steps(MariaConnection& connection, const Steps& steps, const AllHad& had,
                         bool control, Time now, const std::function<bool(const Step&)>& chosen) {
    connection.execute(fmt::format("set session lock_wait_timeout = {}", kTableSecondsMax));
    MariaSchema schema(control);
    bool something = false;
    for (const Step& step : steps.steps) {
        if (step.head.phase == Phase::migrate) {
            continue;
        }
        const MariaSchema::Step turned = schema.step(step.sql);
        if (!turned.fault.empty()) {
            return Problem::conflict("migration.dialect",
                                     fmt::format("step {}: {}", step.full_name(), turned.fault));
        }
        const auto known = had.find(step.full_name());
        if ((known != had.end() && known->second.step.complete) || !chosen(step)) {
            continue;
        }
        HANGU_CHECK(apply_step(connection, step, turned, steps,
                               known == had.end() ? nullptr : &known->second, now));
        something = true;
    }
    return something;
}

// Nodes that start together change the schema one after another. Held by the connection, and by
// nothing else: whoever dies lets go of it.
class SchemaTurn {
 public:
    explicit SchemaTurn(MariaConnection& connection) : connection_(connection) {
        constexpr int kWaitSecondsMax = 20;
        const auto rows = connection_.query_rows(fmt::format(
            "select get_lock(concat('hangu ', database()), {}) as taken", kWaitSecondsMax));
        if (rows.front().at("taken") != "1") {
            throw TransactionLost("another node is changing the schema");
        }
    }
    ~SchemaTurn() {
        try {
            connection_.query_rows("select release_lock(concat('hangu ', database())) as freed");
        } catch (const StorageFault&) {
            // The connection is gone, and the lock with it.
        }
    }
    SchemaTurn(const SchemaTurn&) = delete;
    SchemaTurn& operator=(const SchemaTurn&) = delete;

 private:
    MariaConnection& connection_;
};

}  // namespace

SchemaView shard_view(MariaConnection& connection, const Steps& steps) {
    return view_of_shard(read_steps(connection), steps);
}

Result<bool> migrate_shard(MariaConnection& connection, const Steps& steps, bool control,
                           Time now) {
    const SchemaTurn turn(connection);
    connection.execute(kStepTable);
    connection.execute(kSealTable);
    if (control) {
        connection.execute(kControlTable);
        connection.execute("insert ignore into storage_control (id, number) values (1, 0)");
        connection.commit();
    } else {
        connection.execute(kTenantTable);
        connection.execute(kChangeTable);
    }
    const bool knows_phases = !connection
                                   .query_rows(
                                       "select 1 as n from information_schema.columns where"
                                       " table_schema = database() and table_name ="
                                       " 'schema_step' and column_name = 'phase'")
                                   .empty();
    if (!knows_phases) {
        connection.execute(kPhaseColumns);
    }
    const AllHad had = read_steps(connection);
    const SchemaView view = view_of_shard(had, steps);
    if (view.refusal) {
        return *view.refusal;
    }
    if (!view.newer.empty() && !view.missing.empty() && !view.under_way && !is_sealed(connection)) {
        return Problem::conflict("schema.differs",
                                 "the schema is not as the newer version has left it: another hand "
                                 "has changed it");
    }
    HANGU_TRY(const bool something,
              apply_steps(connection, steps, had, control, now, [&view](const Step& step) {
                  return std::find(view.missing.begin(), view.missing.end(), &step) !=
                         view.missing.end();
              }));
    if (something || !knows_phases) {
        write_seal(connection);
        connection.commit();
    }
    return something;
}

Result<void> contract_shard(MariaConnection& connection, const Steps& steps,
                            std::span<const Step* const> chosen, Time now) {
    const AllHad had = read_steps(connection);
    const SchemaView view = view_of_shard(had, steps);
    if (view.refusal) {
        return *view.refusal;
    }
    HANGU_CHECK(apply_steps(connection, steps, had, false, now, [&chosen](const Step& step) {
        return std::find(chosen.begin(), chosen.end(), &step) != chosen.end();
    }));
    return {};
}

std::vector<std::string> shard_differences(MariaConnection& connection, std::span<const Part> parts,
                                           bool control) {
    LiveTables live;
    for (const auto& row : connection.query_rows(fmt::format(
             "select table_name as t, column_name as c, data_type as d, is_nullable as n,"
             " column_default is not null as f from information_schema.columns where table_schema ="
             " database() and table_name not in ({}) order by table_name, ordinal_position",
             kShardTables))) {
        const bool nullable = row.at("n") == "YES";
        live[row.at("t")].push_back({row.at("c"),
                                     fmt::format("{} {}{}", row.at("c"), live_type(row.at("d")),
                                                 nullable ? "" : " not null"),
                                     nullable || row.at("f") == "1"});
    }
    const Steps steps = steps_of(parts, control);
    const SchemaView view = shard_view(connection, steps);
    return differences_of(std::move(live), parts, control, view,
                          view.newer.empty() || view.under_way || is_sealed(connection));
}

}  // namespace hangu::storage
