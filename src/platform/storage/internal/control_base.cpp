#include "platform/storage/internal/control_base.hpp"

#include "platform/storage/internal/again.hpp"
#include "platform/storage/internal/maria_migration.hpp"
#include "platform/storage/internal/migration.hpp"
#include "platform/storage/internal/raw_rows.hpp"
#include "platform/storage/internal/shard_hosts.hpp"
#include "platform/storage/internal/tx_session.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <iterator>
#include <mutex>
#include <set>

namespace hangu::storage {

namespace {

class FileControl final : public ControlBase {
 public:
    FileControl(const std::string& path, const Clock& clock) : clock_(clock) {
        Connection::Options options;
        options.path = path;
        options.create = true;
        options.page_bytes = 4096;
        options.cache_kib = 4096;
        connection_ = std::make_unique<Connection>(options);
    }
    ~FileControl() override {
        try {
            connection_->checkpoint(true);
        } catch (const StorageFault&) {
            // It stays in the write-ahead log, which the next start reads.
        }
    }
    FileControl(const FileControl&) = delete;
    FileControl& operator=(const FileControl&) = delete;

    Connection& connection() { return *connection_; }
    void run(const std::function<void(ControlTx&)>& work) override {
        const std::lock_guard lock(mutex_);
        connection_->begin_write();
        try {
            ControlTx tx(*connection_, {}, clock_.now());
            work(tx);
            connection_->commit();
        } catch (...) {
            connection_->roll_back();
            throw;
        }
    }

 private:
    const Clock& clock_;
    std::mutex mutex_;
    std::unique_ptr<Connection> connection_;
};

// Transactions of all nodes come one after another by the first row of storage_control, as they do
// by the write lock of the file: what was written for one works on the other. A row of this process
// counts those that it committed, so that a commit whose answer was lost is known to stand or not.
class ServerControl final : public ControlBase {
 public:
    // A server that could not be reached is left alone for so long.
    static constexpr std::int64_t kRestUs = 1'000'000;

    ServerControl(ShardOptions server, const Clock& clock, observe::Log& log)
        : server_(std::move(server)), clock_(clock), log_(log), hosts_(server_, clock, log) {
        hosts_.watch();
        crypto::SystemRandomness randomness;
        std::uint64_t bits = 0;
        const std::string bytes = randomness.bytes(sizeof bits);
        std::memcpy(&bits, bytes.data(), sizeof bits);
        own_row_ = static_cast<std::int64_t>(bits >> 2U) + 2;  // the first row is all nodes'
    }
    ~ServerControl() override {
        try {
            opened().execute(fmt::format("delete from storage_control where id = {}", own_row_));
            connection_->commit();
        } catch (const StorageFault&) {
            // The row stays; it is a few bytes.
        }
    }
    ServerControl(const ServerControl&) = delete;
    ServerControl& operator=(const ServerControl&) = delete;

    void run(const std::function<void(ControlTx&)>& work) override {
        const std::lock_guard lock(mutex_);
        ++count_;
        for (int attempt = 1;; ++attempt) {
            try {
                run_once(work);
                return;
            } catch (const CommitUnknown&) {
                connection_.reset();
                if (stands()) {
                    return;
                }
            } catch (const TransactionLost&) {
                if (attempt == kUnitAttemptsMax) {
                    connection_->roll_back();
                    throw;
                }
            } catch (const ConnectionLost&) {
                if (attempt == kUnitAttemptsMax || !connection_) {
                    throw;
                }
            } catch (...) {
                connection_->roll_back();
                throw;
            }
            if (connection_) {
                connection_->roll_back();
            }
            pause_before(attempt + 1);
        }
    }

 private:
    void run_once(const std::function<void(ControlTx&)>& work) {
        MariaConnection& connection = opened();
        // Alone from here to the end of the transaction.
        connection.execute("update storage_control set number = number + 1 where id = 1");
        connection.execute(
            fmt::format("replace into storage_control values ({}, {})", own_row_, count_));
        const auto rows =
            connection.query_rows("select floor(unix_timestamp(now(3)) * 1000) as now_ms");
        ControlTx tx(connection, {}, Time(std::stoll(rows.front().at("now_ms"))));
        work(tx);
        if (connection.lost()) {
            throw TransactionLost("the server gave the transaction up");
        }
        connection.commit();
    }
    // Whether the last transaction was committed. Waits for it, if the server still has it. Throws
    // CommitUnknown when nobody can tell.
    bool stands() {
        try {
            MariaConnection& connection = opened();
            connection.execute("update storage_control set number = number + 1 where id = 1");
            const auto rows = connection.query_rows(
                fmt::format("select number from storage_control where id = {}", own_row_));
            connection.roll_back();
            return !rows.empty() && std::stoll(rows.front().at("number")) == count_;
        } catch (const StorageFault& fault) {
            throw CommitUnknown(fmt::format("the control database: {}", fault.what()));
        }
    }
    MariaConnection& opened() {
        if (connection_ && (connection_->broken() || !hosts_.current(*connection_))) {
            connection_.reset();
        }
        if (connection_) {
            return *connection_;
        }
        const std::int64_t now_us = clock_.monotonic_us();
        if (failed_at_us_ != 0 && now_us - failed_at_us_ < kRestUs) {
            throw ConnectionLost("the control database could not be reached a moment ago");
        }
        try {
            std::unique_ptr<MariaConnection> made = hosts_.open(connection_of(server_, server_.rw));
            made->execute("set session time_zone = '+00:00'");
            connection_ = std::move(made);
        } catch (const ConnectionLost& fault) {
            failed_at_us_ = now_us;
            log_.error("control.unreachable", {{"what", fault.what()}});
            throw;
        }
        failed_at_us_ = 0;
        return *connection_;
    }

    const ShardOptions server_;
    const Clock& clock_;
    observe::Log& log_;
    ShardHosts hosts_;
    std::int64_t own_row_ = 0;
    std::int64_t count_ = 0;  // transactions of this process
    std::mutex mutex_;
    std::unique_ptr<MariaConnection> connection_;
    std::int64_t failed_at_us_ = 0;
};

// Texts live as long as the program: their addresses are the keys of prepared statements.
const std::string& kept_text(std::string text) {
    static std::mutex mutex;
    static std::set<std::string> texts;
    const std::lock_guard lock(mutex);
    return *texts.insert(std::move(text)).first;
}

std::vector<RawRow> all_rows(Session& session, const Table& table) {
    std::vector<std::string_view> names;
    for (const Column& column : table.columns) {
        names.push_back(column.name);
    }
    const std::string& sql =
        kept_text(fmt::format("select {} from {}", fmt::join(names, ", "), table.name));
    Cursor& cursor = session.prepare(&sql, table.name, sql);
    const detail::Using use(cursor);
    std::vector<RawRow> rows;
    while (cursor.step()) {
        RawRow& row = rows.emplace_back();
        for (std::size_t i = 0; i < table.columns.size(); ++i) {
            row.push_back(raw_at(cursor, static_cast<int>(i), table.columns[i].type));
        }
    }
    return rows;
}

void add_rows(Session& session, const Table& table, const std::vector<RawRow>& rows) {
    std::vector<std::string_view> names;
    for (const Column& column : table.columns) {
        names.push_back(column.name);
    }
    const std::string& sql = insert_sql(table.name, names, true);
    for (const RawRow& row : rows) {
        Cursor& cursor = session.prepare(&sql, table.name, sql);
        const detail::Using use(cursor);
        for (std::size_t i = 0; i < row.size(); ++i) {
            bind_raw(cursor, static_cast<int>(i) + 1, row[i]);
        }
        cursor.step();
    }
}

// Every database counts its own changes.
std::vector<Table> control_tables(std::span<const Part> parts) {
    std::vector<Table> all;
    for (const Part& part : parts) {
        std::copy_if(
            part.tables.begin(), part.tables.end(), std::back_inserter(all),
            [](const Table& table) { return table.control && table.name != "control_change"; });
    }
    return all;
}

}  // namespace

Problem schema_differs(const std::vector<std::string>& differences) {
    Problem problem = Problem::conflict("schema.differs", fmt::format("{}", differences.front()));
    problem.note = fmt::format("{}", fmt::join(differences, "; "));
    return problem;
}

Result<std::unique_ptr<ControlBase>> control_in_file(const std::string& path,
                                                     std::span<const Part> parts,
                                                     const ProgramFacts& facts,
                                                     const Clock& clock) {
    auto made = std::make_unique<FileControl>(path, clock);
    HANGU_CHECK(migrate(made->connection(), steps_of(parts, true, facts), clock.now()));
    const auto differences = schema_differences(made->connection(), parts, true);
    if (!differences.empty()) {
        return schema_differs(differences);
    }
    return std::unique_ptr<ControlBase>(std::move(made));
}

Result<std::unique_ptr<ControlBase>> control_on_server(const ShardOptions& server,
                                                       std::span<const Part> parts,
                                                       const ProgramFacts& facts,
                                                       const Clock& clock, observe::Log& log) {
    try {
        ShardHosts hosts(server, clock, log);
        const std::unique_ptr<MariaConnection> connection =
            hosts.open(connection_of(server, server.migrate));
        HANGU_CHECK(migrate_shard(*connection, steps_of(parts, true, facts), true, clock.now()));
        const auto differences = shard_differences(*connection, parts, true);
        if (!differences.empty()) {
            return schema_differs(differences);
        }
    } catch (const ConnectionLost& fault) {
        return Problem::unavailable(
            "control.unreachable",
            fmt::format("the control database {}: {}", server.name, fault.what()));
    }
    return std::unique_ptr<ControlBase>(std::make_unique<ServerControl>(server, clock, log));
}

Result<std::int64_t> copy_control(ControlBase& from, ControlBase& to, std::span<const Part> parts) {
    const std::vector<Table> tables = control_tables(parts);
    std::vector<std::vector<RawRow>> rows;
    from.run([&](ControlTx& tx) {
        rows.clear();
        for (const Table& table : tables) {
            rows.push_back(all_rows(TxSession::of(tx), table));
        }
    });
    std::int64_t copied = 0;
    std::string_view occupied;
    to.run([&](ControlTx& tx) {
        copied = 0;
        for (std::size_t i = 0; i < tables.size(); ++i) {
            Session& session = TxSession::of(tx);
            if (!all_rows(session, tables[i]).empty()) {
                occupied = tables[i].name;
                return;
            }
            add_rows(session, tables[i], rows[i]);
            copied += static_cast<std::int64_t>(rows[i].size());
        }
    });
    if (!occupied.empty()) {
        return Problem::conflict("control.not_empty",
                                 fmt::format("the table {} there has rows already", occupied));
    }
    return copied;
}

}  // namespace hangu::storage
