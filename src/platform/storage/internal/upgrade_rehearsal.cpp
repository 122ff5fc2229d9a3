// An upgrade on a copy of a tenant's file: what it would take, and what would be different.
#include "platform/storage/internal/data_folder.hpp"
#include "platform/storage/internal/tenant_fill.hpp"
#include "platform/storage/internal/upgrade_state.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <map>

namespace hangu::storage {

namespace {

namespace fs = std::filesystem;

// Removes the copy, however the rehearsal ends.
class Copy {
 public:
    Copy(const std::string& from, const std::string& folder, TenantId tenant)
        : path_(fmt::format("{}/{}.db", folder, tenant.text())) {
        fs::create_directories(folder);
        remove();
        Connection::Options options;
        options.path = from;
        options.reports = true;
        Connection(options).copy_to(path_);
    }
    ~Copy() { remove(); }
    Copy(const Copy&) = delete;
    Copy& operator=(const Copy&) = delete;
    const std::string& path() const { return path_; }

 private:
    void remove() const {
        std::error_code ignored;
        for (const char* suffix : {"", "-wal", "-journal"}) {
            fs::remove(path_ + suffix, ignored);
        }
    }

    std::string path_;
};

struct TableState {
    std::int64_t rows = 0;
    std::set<std::string> columns;
};

std::map<std::string, TableState> tables_of(Connection& connection) {
    std::map<std::string, TableState> all;
    for (const std::string& name : tenant_tables(connection)) {
        TableState& state = all[name];
        state.rows = connection.query_integer(fmt::format("select count(*) from \"{}\"", name));
        for (const auto& row :
             connection.query_rows(fmt::format("select name from pragma_table_info('{}')", name))) {
            state.columns.insert(row[0]);
        }
    }
    return all;
}

std::vector<Rehearsal::TableChange> changes_between(std::map<std::string, TableState> before,
                                                    std::map<std::string, TableState> after) {
    std::vector<Rehearsal::TableChange> changes;
    for (const auto& [name, state] : before) {
        after.try_emplace(name);
    }
    for (const auto& [name, now] : after) {
        const TableState was = before[name];
        std::string columns;
        for (const std::string& column : now.columns) {
            columns += was.columns.contains(column) ? "" : " +" + column;
        }
        for (const std::string& column : was.columns) {
            columns += now.columns.contains(column) ? "" : " -" + column;
        }
        if (!columns.empty() || was.rows != now.rows) {
            changes.push_back({name, was.rows, now.rows, columns.empty() ? "" : columns.substr(1)});
        }
    }
    return changes;
}

// Every step on the copy, in phases.
class Attempt {
 public:
    Attempt(Engine::State& house, const Steps& steps, Connection& connection, TenantId tenant,
            Rehearsal& told)
        : house_(house),
          steps_(steps),
          connection_(connection),
          tenant_(tenant),
          keys_(house.world.keys->open(tenant)),
          told_(told) {}

    Result<void> run() {
        const std::int64_t began_us = house_.clock.monotonic_us();
        HANGU_TRY(const bool grown, migrate(connection_, steps_, house_.clock.now()));
        if (grown) {
            note("expand", Phase::expand, 0, began_us);
        }
        for (const Step& step : steps_.steps) {
            if (step.head.phase == Phase::migrate &&
                !schema_view(connection_, steps_).is_over(step, steps_)) {
                HANGU_CHECK(fill_copy(step));
            }
        }
        for (const Step* step : schema_view(connection_, steps_).uncontracted) {
            contract_copy(*step);
        }
        const std::string integrity =
            connection_.query_text("select integrity_check from pragma_integrity_check");
        if (integrity != "ok") {
            return Problem::conflict("upgrade.damaged", integrity);
        }
        const std::vector<std::string> differences =
            schema_differences(connection_, house_.parts, false);
        return differences.empty() ? Result<void>()
                                   : Problem::conflict("schema.differs", differences.front());
    }

 private:
    void note(std::string name, Phase phase, std::int64_t rows, std::int64_t began_us) {
        told_.steps.push_back(
            {std::move(name), phase, rows, house_.clock.monotonic_us() - began_us});
    }
    Result<void> fill_copy(const Step& step) {
        const std::int64_t began_us = house_.clock.monotonic_us();
        FillWatch watch;
        watch.write = [this](const std::function<Result<std::int64_t>(Tx&)>& work) {
            connection_.begin_write();
            try {
                Tx tx(connection_, {tenant_, keys_.get()}, house_.clock.now());
                Result<std::int64_t> answer = work(tx);
                if (answer.ok()) {
                    connection_.commit();
                } else {
                    connection_.roll_back();
                }
                return answer;
            } catch (...) {
                connection_.roll_back();
                throw;
            }
        };
        watch.goes_on = [] { return true; };
        watch.told = [](std::int64_t) {};
        HANGU_TRY(const std::int64_t rows, fill(step, false, Upgrade::kRowsMax, watch));
        note(step.full_name(), Phase::migrate, rows, began_us);
        return {};
    }
    void contract_copy(const Step& step) {
        const std::int64_t began_us = house_.clock.monotonic_us();
        connection_.begin_write();
        try {
            contract_file(connection_, step, house_.clock.now());
            connection_.commit();
        } catch (...) {
            connection_.roll_back();
            throw;
        }
        note(step.full_name(), Phase::contract, 0, began_us);
    }

    Engine::State& house_;
    const Steps& steps_;
    Connection& connection_;
    TenantId tenant_;
    std::shared_ptr<crypto::TenantKeys> keys_;
    Rehearsal& told_;
};

}  // namespace

Result<Rehearsal> Upgrade::rehearse(TenantId tenant) {
    State& state = *state_;
    if (state.house.placed(tenant).shard != nullptr) {
        return Problem::conflict(
            "rehearsal.on_shard",
            "only a tenant in a file can be copied; move one there to rehearse");
    }
    const std::string path = tenant_path(state.house.world.tenants_folder, tenant);
    if (!fs::exists(path)) {
        return Problem::not_found("rehearsal.no_file", tenant.text());
    }
    Rehearsal told;
    const std::int64_t began_us = state.house.clock.monotonic_us();
    const Copy copy(path, state.house.options.folder + "/rehearsal", tenant);
    told.file_bytes = static_cast<std::int64_t>(fs::file_size(copy.path()));
    Connection::Options options;
    options.path = copy.path();
    Connection connection(options);
    const std::map<std::string, TableState> before = tables_of(connection);
    try {
        const Result<void> went = Attempt(state.house, state.steps, connection, tenant, told).run();
        if (!went.ok()) {
            told.fault = went.problem().code + ": " + went.problem().detail;
        }
    } catch (const StorageFault& fault) {
        told.fault = fault.what();
    }
    told.changes = changes_between(before, tables_of(connection));
    told.took_us = state.house.clock.monotonic_us() - began_us;
    return told;
}

}  // namespace hangu::storage
