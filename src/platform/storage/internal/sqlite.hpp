// The only place that speaks to SQLite: one connection with its prepared statements.
#pragma once

#include "platform/storage/internal/raw_value.hpp"
#include "platform/storage/internal/statements.hpp"
#include "platform/storage/table_versions.hpp"
#include "platform/storage/tx.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace hangu::storage {

class SqliteCursor final : public Cursor {
 public:
    SqliteCursor(sqlite3* db, sqlite3_stmt* statement) : db_(db), statement_(statement) {}
    ~SqliteCursor() override;
    SqliteCursor(const SqliteCursor&) = delete;
    SqliteCursor& operator=(const SqliteCursor&) = delete;

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

    TableSet reads;
    TableSet writes;
    std::uint64_t last_used = 0;
    bool in_use = false;

 private:
    sqlite3* db_;
    sqlite3_stmt* statement_;
};

// Hears of every row that is inserted, changed or deleted, also of those that are rolled back; on
// the thread that does it.
class RowWatch {
 public:
    virtual ~RowWatch() = default;
    // Where the columns of the table's key are in its rows; null: nothing is to be heard of it.
    virtual const std::vector<int>* key_columns(std::string_view table) = 0;
    virtual void changed(std::string_view table, RawKey key) = 0;
    // The transaction is over: what was told of it is committed now, or was rolled back.
    virtual void ended() = 0;
};

// A connection used by one thread at a time.
class Connection final : public Session {
 public:
    struct Options {
        std::string path;
        bool reports = false;  // refuses to write
        bool create = false;
        const TableNumbers* tables = nullptr;  // to know what statements read and write
        bool tap = false;                      // commits are made durable by the redo log
        int cache_kib = 256;
        int page_bytes = 1024;  // of a file that is created
    };
    explicit Connection(const Options& options);  // throws StorageFault
    ~Connection() override;

    Cursor& prepare(const void* key, std::string_view name, std::string_view sql) override;

    void execute(const char* sql);
    void execute(const std::string& sql) { execute(sql.c_str()); }
    std::int64_t query_integer(const std::string& sql);
    std::string query_text(const std::string& sql);
    // Rows as texts; for schema checks and plans, not for data.
    std::vector<std::vector<std::string>> query_rows(const std::string& sql);

    void begin_read() { execute_kept(begin_read_, "begin"); }
    void begin_write() { execute_kept(begin_write_, "begin immediate"); }
    void commit();
    void savepoint() { execute_kept(savepoint_, "savepoint request"); }
    void release() { execute_kept(release_, "release request"); }
    void roll_back_to_savepoint();
    void roll_back() noexcept;  // also when the engine already did
    bool in_transaction() const;

    // Frames in the write-ahead log after the last commit.
    int wal_frames() const { return wal_frames_; }
    void checkpoint(bool truncate);  // owner only

    // What the statements prepared since then read and write.
    void forget_used_tables();
    const TableSet& read_tables() const { return reads_; }
    const TableSet& written_tables() const { return writes_; }

    // Work that runs longer throws StorageFault; 0: no limit.
    void limit_time(const Clock* clock, std::int64_t ms_max);

    // As it was committed last, into a new file.
    void copy_to(const std::string& path);

    void watch(std::shared_ptr<RowWatch> watch);  // null: nobody any more

    sqlite3* handle() const { return db_; }

 private:
    void execute_kept(sqlite3_stmt*& kept, const char* sql);
    void note_table(int action, const char* table);
    void tell_ended() const;

    sqlite3* db_ = nullptr;
    Statements<SqliteCursor> statements_;
    const TableNumbers* tables_ = nullptr;
    TableSet preparing_reads_;  // filled by SQLite while it prepares a statement
    TableSet preparing_writes_;
    TableSet reads_;
    TableSet writes_;
    int wal_frames_ = 0;
    sqlite3_stmt* begin_read_ = nullptr;
    sqlite3_stmt* begin_write_ = nullptr;
    sqlite3_stmt* commit_ = nullptr;
    sqlite3_stmt* savepoint_ = nullptr;
    sqlite3_stmt* release_ = nullptr;
    sqlite3_stmt* roll_back_to_ = nullptr;
    const Clock* clock_ = nullptr;
    std::int64_t deadline_us_ = 0;
    bool reports_ = false;
    std::shared_ptr<RowWatch> watch_;
};

// Process-wide settings of the library; idempotent, before the first connection.
void set_up_sqlite();

}  // namespace hangu::storage
