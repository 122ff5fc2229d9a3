#include "platform/storage/internal/sqlite.hpp"

#include "platform/storage/engine.hpp"
#include "platform/storage/internal/wal_tap.hpp"

#define SQLITE_ENABLE_PREUPDATE_HOOK  // its declarations; Debian's library has it
#include <sqlite3.h>

#include <fmt/format.h>

#include <mutex>

namespace hangu::storage {

namespace {

constexpr std::size_t kStatementsCountMax = 128;  // per connection, about 2 to 4 KB each
constexpr int kProgressSteps = 10'000;

[[noreturn]] void fail(sqlite3* db, int code, std::string_view what) {
    const int extended = db != nullptr ? sqlite3_extended_errcode(db) : code;
    const char* text = db != nullptr ? sqlite3_errmsg(db) : sqlite3_errstr(code);
    if (extended == SQLITE_CONSTRAINT_UNIQUE || extended == SQLITE_CONSTRAINT_PRIMARYKEY ||
        extended == SQLITE_CONSTRAINT_ROWID) {
        throw UniqueViolation(fmt::format("{}: {}", what, text));
    }
    throw StorageFault(fmt::format("{}: {} ({})", what, text, extended));
}

int size_of(std::string_view value) {
    HANGU_ASSERT(value.size() < (std::size_t{1} << 30U));
    return static_cast<int>(value.size());
}

}  // namespace

std::string library_version() {
    return sqlite3_libversion();
}

void set_up_sqlite() {
    static std::once_flag once;
    std::call_once(once, [] {
        // One thread per connection at a time: no mutexes inside; no global memory statistics,
        // whose lock all lanes would share.
        sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
        sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
        sqlite3_initialize();
        register_tap_vfs();
    });
}

SqliteCursor::~SqliteCursor() {
    sqlite3_finalize(statement_);
}

void SqliteCursor::bind_integer(int at, std::int64_t value) {
    if (sqlite3_bind_int64(statement_, at, value) != SQLITE_OK) {
        fail(db_, 0, "bind");
    }
}

void SqliteCursor::bind_text(int at, std::string_view value) {
    const char* data = value.data() == nullptr ? "" : value.data();
    if (sqlite3_bind_text(statement_, at, data, size_of(value), SQLITE_TRANSIENT) != SQLITE_OK) {
        fail(db_, 0, "bind");
    }
}

void SqliteCursor::bind_blob(int at, std::string_view value) {
    const char* data = value.data() == nullptr ? "" : value.data();
    if (sqlite3_bind_blob(statement_, at, data, size_of(value), SQLITE_TRANSIENT) != SQLITE_OK) {
        fail(db_, 0, "bind");
    }
}

void SqliteCursor::bind_null(int at) {
    if (sqlite3_bind_null(statement_, at) != SQLITE_OK) {
        fail(db_, 0, "bind");
    }
}

bool SqliteCursor::step() {
    const int code = sqlite3_step(statement_);
    if (code == SQLITE_ROW) {
        return true;
    }
    if (code == SQLITE_DONE) {
        return false;
    }
    fail(db_, code, sqlite3_sql(statement_));
}

std::int64_t SqliteCursor::changed() {
    return sqlite3_changes64(db_);
}

bool SqliteCursor::is_null(int column) {
    return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

std::int64_t SqliteCursor::integer(int column) {
    return sqlite3_column_int64(statement_, column);
}

std::string_view SqliteCursor::text(int column) {
    const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
    return {data == nullptr ? "" : data,
            static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

std::string_view SqliteCursor::blob(int column) {
    const auto* data = static_cast<const char*>(sqlite3_column_blob(statement_, column));
    return {data == nullptr ? "" : data,
            static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

void SqliteCursor::finish() {
    sqlite3_reset(statement_);
    in_use = false;
}

Connection::Connection(const Options& options)
    : statements_(kStatementsCountMax), tables_(options.tables), reports_(options.reports) {
    set_up_sqlite();
    // unix-excl: no other process can open the file, and the wal-index lives in memory (two file
    // descriptors instead of three). Several connections inside this process still work.
    // A report reader opens for writing too, because it may have to recover the log's index, and is
    // held to reading by query_only.
    const int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_READWRITE |
                      (options.create ? SQLITE_OPEN_CREATE : 0);
    const int code =
        sqlite3_open_v2(options.path.c_str(), &db_, flags, options.tap ? kTapVfs : "unix-excl");
    if (code != SQLITE_OK) {
        const std::string text = db_ != nullptr ? sqlite3_errmsg(db_) : "no memory";
        sqlite3_close(db_);
        db_ = nullptr;
        throw StorageFault(fmt::format("cannot open a database file: {} ({})", text, code));
    }
    try {
        // Closing must not checkpoint: only the owner does, when it decides.
        sqlite3_db_config(db_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
        sqlite3_db_config(db_, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
        sqlite3_db_config(db_, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
        sqlite3_db_config(db_, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
        sqlite3_busy_timeout(db_, 2000);
        if (options.create) {
            execute(fmt::format("pragma page_size={}", options.page_bytes));
        }
        execute("pragma journal_mode=wal");
        if (options.reports) {
            execute("pragma query_only=1");
        }
        execute(
            fmt::format("pragma synchronous=full; pragma cache_size=-{}; pragma temp_store=2; "
                        "pragma mmap_size=0; pragma secure_delete=0; pragma foreign_keys=0",
                        options.cache_kib));
        sqlite3_wal_hook(
            db_,
            [](void* self, sqlite3*, const char*, int frames) {
                static_cast<Connection*>(self)->wal_frames_ = frames;
                return SQLITE_OK;
            },
            this);
        if (tables_ != nullptr) {
            sqlite3_set_authorizer(
                db_,
                [](void* self, int action, const char* table, const char*, const char*,
                   const char*) {
                    static_cast<Connection*>(self)->note_table(action, table);
                    return SQLITE_OK;
                },
                this);
        }
    } catch (...) {
        sqlite3_close(db_);
        throw;
    }
}

// SQLite names what a statement touches while it prepares it.
void Connection::note_table(int action, const char* table) {
    const bool reads = action == SQLITE_READ;
    const bool writes =
        action == SQLITE_INSERT || action == SQLITE_UPDATE || action == SQLITE_DELETE;
    if ((!reads && !writes) || table == nullptr) {
        return;
    }
    if (const auto found = tables_->find(std::string_view(table)); found != tables_->end()) {
        (reads ? preparing_reads_ : preparing_writes_).set(found->second);
    }
}

void Connection::forget_used_tables() {
    reads_.reset();
    writes_.reset();
}

Connection::~Connection() {
    statements_.clear();
    for (sqlite3_stmt* kept :
         {begin_read_, begin_write_, commit_, savepoint_, release_, roll_back_to_}) {
        sqlite3_finalize(kept);
    }
    sqlite3_close(db_);
}

Cursor& Connection::prepare(const void* key, std::string_view name, std::string_view sql) {
    SqliteCursor* cursor = statements_.use(key);
    if (cursor == nullptr) {
        sqlite3_stmt* statement = nullptr;
        preparing_reads_.reset();
        preparing_writes_.reset();
        const int code = sqlite3_prepare_v3(db_, sql.data(), size_of(sql),
                                            SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
        if (code != SQLITE_OK) {
            fail(db_, code, name);
        }
        cursor = &statements_.add(key, std::make_unique<SqliteCursor>(db_, statement));
        cursor->reads = preparing_reads_;
        cursor->writes = preparing_writes_;
    }
    reads_ |= cursor->reads;
    writes_ |= cursor->writes;
    return *cursor;
}

void Connection::execute(const char* sql) {
    const int code = sqlite3_exec(db_, sql, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) {
        fail(db_, code, std::string_view(sql).substr(0, 200));
    }
}

void Connection::execute_kept(sqlite3_stmt*& kept, const char* sql) {
    if (kept == nullptr) {
        const int code =
            sqlite3_prepare_v3(db_, sql, -1, SQLITE_PREPARE_PERSISTENT, &kept, nullptr);
        if (code != SQLITE_OK) {
            fail(db_, code, sql);
        }
    }
    const int code = sqlite3_step(kept);
    if (code != SQLITE_DONE) {
        const int extended = sqlite3_extended_errcode(db_);
        const std::string text = sqlite3_errmsg(db_);
        sqlite3_reset(kept);
        throw StorageFault(fmt::format("{}: {} ({})", sql, text, extended));
    }
    sqlite3_reset(kept);
}

void Connection::commit() {
    execute_kept(commit_, "commit");
    tell_ended();
}

void Connection::roll_back_to_savepoint() {
    execute_kept(roll_back_to_, "rollback to request");
    release();
}

void Connection::roll_back() noexcept {
    if (in_transaction()) {
        sqlite3_exec(db_, "rollback", nullptr, nullptr, nullptr);
    }
    forget_wal_writes(db_);
    tell_ended();
}

void Connection::tell_ended() const {
    if (watch_) {
        watch_->ended();
    }
}

bool Connection::in_transaction() const {
    return sqlite3_get_autocommit(db_) == 0;
}

std::int64_t Connection::query_integer(const std::string& sql) {
    const std::string text = query_text(sql);
    return text.empty() ? 0 : std::stoll(text);
}

std::string Connection::query_text(const std::string& sql) {
    const auto rows = query_rows(sql);
    return rows.empty() || rows[0].empty() ? std::string() : rows[0][0];
}

std::vector<std::vector<std::string>> Connection::query_rows(const std::string& sql) {
    std::vector<std::vector<std::string>> rows;
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(db_, sql.c_str(), -1, &statement, nullptr) != SQLITE_OK) {
        fail(db_, 0, sql);
    }
    int code = SQLITE_ROW;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        std::vector<std::string>& row = rows.emplace_back();
        for (int i = 0; i < sqlite3_column_count(statement); ++i) {
            const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, i));
            row.emplace_back(text == nullptr ? "" : text);
        }
    }
    sqlite3_finalize(statement);
    if (code != SQLITE_DONE) {
        fail(db_, code, sql);
    }
    return rows;
}

void Connection::checkpoint(bool truncate) {
    HANGU_ASSERT(!reports_);
    int frames = 0;
    int done = 0;
    const int mode = truncate ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE;
    sync_wal_for_good(db_, true);
    const int code = sqlite3_wal_checkpoint_v2(db_, nullptr, mode, &frames, &done);
    sync_wal_for_good(db_, false);
    if (code != SQLITE_OK && code != SQLITE_BUSY) {
        fail(db_, code, "checkpoint");
    }
    if (code == SQLITE_OK && frames == done) {
        wal_frames_ = 0;
    }
}

void Connection::copy_to(const std::string& path) {
    sqlite3* target = nullptr;
    int code = sqlite3_open_v2(path.c_str(), &target,
                               SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_EXRESCODE,
                               "unix-excl");
    sqlite3_backup* backup =
        code == SQLITE_OK ? sqlite3_backup_init(target, "main", db_, "main") : nullptr;
    if (backup != nullptr) {
        sqlite3_backup_step(backup, -1);
        code = sqlite3_backup_finish(backup);
    }
    const std::string text = target == nullptr ? "no memory" : sqlite3_errmsg(target);
    const bool copied = backup != nullptr && code == SQLITE_OK;
    sqlite3_close(target);
    if (!copied) {
        throw StorageFault(fmt::format("cannot copy a database file: {} ({})", text, code));
    }
}

void Connection::limit_time(const Clock* clock, std::int64_t ms_max) {
    clock_ = clock;
    if (ms_max == 0) {
        sqlite3_progress_handler(db_, 0, nullptr, nullptr);
        return;
    }
    deadline_us_ = clock->monotonic_us() + ms_max * 1000;
    sqlite3_progress_handler(
        db_, kProgressSteps,
        [](void* self) {
            const auto* connection = static_cast<Connection*>(self);
            return connection->clock_->monotonic_us() > connection->deadline_us_ ? 1 : 0;
        },
        this);
}

namespace {

RawValue raw_value(sqlite3_value* value) {
    const auto bytes = [value](const void* data) {
        return std::string(static_cast<const char*>(data == nullptr ? "" : data),
                           static_cast<std::size_t>(sqlite3_value_bytes(value)));
    };
    switch (sqlite3_value_type(value)) {
        case SQLITE_INTEGER:
            return {RawValue::Kind::number, sqlite3_value_int64(value), ""};
        case SQLITE_TEXT:
            return {RawValue::Kind::text, 0, bytes(sqlite3_value_text(value))};
        case SQLITE_BLOB:
            return {RawValue::Kind::blob, 0, bytes(sqlite3_value_blob(value))};
        default:
            return {};
    }
}

}  // namespace

void Connection::watch(std::shared_ptr<RowWatch> watch) {
    const auto tell = [](void* self, sqlite3* db, int, const char*, const char* table,
                         sqlite3_int64, sqlite3_int64) {
        RowWatch& to = *static_cast<RowWatch*>(self);
        const std::vector<int>* columns = to.key_columns(table);
        if (columns == nullptr) {
            return;
        }
        for (const auto& read : {&sqlite3_preupdate_old, &sqlite3_preupdate_new}) {
            RawKey key;
            for (const int column : *columns) {
                sqlite3_value* value = nullptr;
                if (read(db, column, &value) == SQLITE_OK) {
                    key.push_back(raw_value(value));
                }
            }
            if (key.size() == columns->size()) {  // a new row has no old values
                to.changed(table, std::move(key));
            }
        }
    };
    watch_ = std::move(watch);
    if (watch_ == nullptr) {
        sqlite3_preupdate_hook(db_, nullptr, nullptr);
    } else {
        sqlite3_preupdate_hook(db_, tell, watch_.get());
    }
}

}  // namespace hangu::storage
