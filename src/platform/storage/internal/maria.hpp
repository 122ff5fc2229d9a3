// The only place that speaks to MariaDB: one connection with its prepared statements. It waits for
// the server (ADR 0022); used by one thread at a time.
#pragma once

#include "platform/storage/commit_unknown.hpp"
#include "platform/storage/internal/maria_dialect.hpp"
#include "platform/storage/internal/maria_line.hpp"
#include "platform/storage/internal/statements.hpp"
#include "platform/storage/shard_options.hpp"
#include "platform/storage/table_versions.hpp"
#include "platform/storage/tx.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

struct st_mysql;
struct st_mysql_stmt;

namespace hangu::storage {

// The server gave the transaction up for another's sake (1213; also 1317 and 1064, see
// ended_by_node()), this one waited too long for a lock (1205), or its statements were prepared
// before a table changed (1146, 1412, 1615). It was rolled back whole and may run again.
class TransactionLost : public StorageFault {
 public:
    using StorageFault::StorageFault;
};

// The connection broke before the commit was sent, or its server left the cluster (1047): nothing
// of the transaction stands.
class ConnectionLost : public StorageFault {
 public:
    using StorageFault::StorageFault;
};

// Whoever asked works with an epoch of the tenant that is over: it has moved.
class StaleEpoch : public StorageFault {
 public:
    using StorageFault::StorageFault;
};

class MariaConnection;
class MariaLines;

class MariaCursor final : public Cursor {
 public:
    MariaCursor(MariaConnection& connection, std::string_view name, std::string_view sql);
    ~MariaCursor() override;
    MariaCursor(const MariaCursor&) = delete;
    MariaCursor& operator=(const MariaCursor&) = delete;

    void bind_integer(int at, std::int64_t value) override;
    void bind_text(int at, std::string_view value) override;
    void bind_blob(int at, std::string_view value) override;
    void bind_null(int at) override;
    bool step() override;
    std::int64_t changed() override;
    bool is_null(int column) override;
    std::int64_t integer(int column) override;
    std::string_view text(int column) override;
    std::string_view blob(int column) override;
    void finish() override;

    // As the server sees them; for the statement test.
    std::vector<std::string> column_names() const;
    std::size_t parameters_count() const { return parameters_count_; }

    TableSet reads;
    TableSet writes;
    std::uint64_t last_used = 0;
    bool in_use = false;

 private:
    struct Parts;  // what is handed to the library
    void execute();
    void prepare_columns();

    MariaConnection& connection_;
    std::string name_;
    std::string written_;         // the table that it writes
    std::vector<int> positions_;  // parameter of each question mark
    std::size_t parameters_count_ = 0;
    std::unique_ptr<Parts> parts_;
    bool executed_ = false;
};

class MariaConnection final : public Session {
 public:
    struct Options {
        std::string socket;  // or host and port
        std::string host;    // an address: names are resolved above
        unsigned port = 0;
        std::string user;
        Secret password;
        std::string database;
        std::string tls_ca;      // file; with it the connection is encrypted and the server proven
        bool snapshot = false;   // reads see one moment (repeatable read); else read committed
        bool read_only = false;  // the server refuses writes
        std::size_t statements_count_max = 128;
        unsigned connect_seconds_max = 5;
        unsigned answer_seconds_max = 30;  // of one statement
        unsigned silence_seconds_max = 0;  // 0: five more than that
        unsigned lock_seconds_max = 5;     // then 1205
        // The server is one node of several: nothing is read before it has everything that was
        // committed on any of them up to the connecting; if `causal`, up to each transaction.
        bool cluster = false;
        bool causal = false;
        const TableNumbers* tables = nullptr;  // to know what statements read and write
        std::shared_ptr<MariaLines> lines;     // where the connection's is noted; none: nowhere
    };
    explicit MariaConnection(const Options& options);  // throws ConnectionLost
    ~MariaConnection() override;

    Cursor& prepare(const void* key, std::string_view name, std::string_view sql) override;
    std::size_t rows_at_once() const override { return kRowsAtOnceMax; }

    // What statements have touched since forget_used_tables(); nothing without Options::tables.
    void forget_used_tables();
    const TableSet& read_tables() const { return reads_; }
    const TableSet& written_tables() const { return writes_; }

    // MariaDB's own words; for migrations and checks, not for data.
    void execute(const std::string& sql);
    std::vector<std::map<std::string, std::string>> query_rows(const std::string& sql);

    // A transaction begins with its first statement.
    void commit();              // throws CommitUnknown, TransactionLost
    void roll_back() noexcept;  // also when the server already did
    void savepoint() { execute("savepoint request"); }
    void release() { execute("release savepoint request"); }
    void roll_back_to_savepoint() { execute("rollback to savepoint request"); }

    // After it nothing more can be done with it.
    bool broken() const { return broken_; }
    // The server gave the transaction up; it has to be rolled back, whatever its work made of it.
    bool lost() const { return lost_ || broken_; }
    // What the server said then; work may have taken it for an answer.
    const std::string& why_lost() const { return why_lost_; }
    // The table whose triggers the server has half read, if that was it; told once. "": of a
    // statement that was not prepared. They stay so until somebody reads them anew.
    std::optional<std::string> take_half_read() { return std::exchange(half_read_, std::nullopt); }
    std::int64_t last_number() const;  // what the last statement gave to last_insert_id()
    std::size_t statements_count() const { return statements_.size(); }
    unsigned long id() const;  // to end what it does from another connection
    MariaLine& line() { return *line_; }

    std::uint64_t turn = 0;  // the choice of a server that it was made for (ShardHosts)

 private:
    friend class MariaCursor;
    // `written`: the table that the statement writes.
    [[noreturn]] void fail(unsigned code, std::string_view what, const char* text,
                           std::string_view written = {});
    bool ended_by_node(unsigned code, std::string_view text) const;
    void break_off();
    template <class Call>
    auto asked(Call&& call) {
        const MariaLine::Asking asking(*line_);
        return call();
    }
    void begin_session(const Options& options);
    void note_tables(MariaCursor& cursor, std::string_view sql) const;
    void catch_up(bool always);
    std::string view();
    bool same_view();

    st_mysql* db_ = nullptr;
    std::shared_ptr<MariaLine> line_ = std::make_shared<MariaLine>();
    std::string view_;  // which nodes were together when it was made; "": no cluster
    Statements<MariaCursor> statements_;
    const TableNumbers* tables_ = nullptr;
    TableSet reads_;
    TableSet writes_;
    bool cluster_ = false;  // as Options says
    bool broken_ = false;
    bool lost_ = false;
    std::string why_lost_;
    std::optional<std::string> half_read_;
    bool stale_ = false;  // the prepared statements are of tables as they were
};

// As an account that may change tables: makes the server read a table and its triggers again. A
// change of the schema that changes nothing; with FLUSH TABLES a right of the whole server would be
// needed.
void read_triggers_anew(MariaConnection& connection, std::string_view table);

// To the shard's database as one of its accounts.
MariaConnection::Options connection_of(const ShardOptions& shard, const ShardAccount& account);

}  // namespace hangu::storage
