#include "platform/storage/internal/maria.hpp"

#include "platform/storage/internal/maria_lines.hpp"
#include "platform/storage/internal/sql_tokens.hpp"

#include <fmt/format.h>
#include <mariadb/errmsg.h>
#include <mariadb/mysql.h>
#include <mariadb/mysqld_error.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace hangu::storage {

namespace {

constexpr std::size_t kValueBytes = 256;  // read at once; longer ones are fetched again

bool is_number(enum_field_types type) {
    switch (type) {
        case MYSQL_TYPE_TINY:
        case MYSQL_TYPE_SHORT:
        case MYSQL_TYPE_INT24:
        case MYSQL_TYPE_LONG:
        case MYSQL_TYPE_LONGLONG:
        case MYSQL_TYPE_DECIMAL:
        case MYSQL_TYPE_NEWDECIMAL:
            return true;
        default:
            return false;
    }
}

bool is_lost(unsigned code) {
    return code == CR_SERVER_GONE_ERROR || code == CR_SERVER_LOST ||
           code == CR_SERVER_LOST_EXTENDED || code == ER_CONNECTION_KILLED ||
           code == ER_SERVER_SHUTDOWN || code == CR_COMMANDS_OUT_OF_SYNC ||
           code == ER_UNKNOWN_COM_ERROR;  // a node without the others answers so to everything
}

// Of a statement that changes rows.
std::string written_table(std::string_view sql) {
    const std::vector<std::string> words = sql_tokens(sql);
    const auto before = std::find_if(words.begin(), words.end(), [](const std::string& word) {
        return word == "into" || word == "update" || word == "from";
    });
    return before == words.end() || before + 1 == words.end() ? "" : *(before + 1);
}

struct Value {
    std::int64_t number = 0;
    std::string text;
    unsigned long size = 0;
    my_bool null = 0;
};

}  // namespace

struct MariaCursor::Parts {
    MYSQL_STMT* statement = nullptr;
    std::vector<Value> given;  // by parameter, the first at 0
    std::vector<enum_field_types> given_types;
    std::vector<MYSQL_BIND> in;
    std::vector<Value> read;  // by column
    std::vector<MYSQL_BIND> out;
};

MariaCursor::MariaCursor(MariaConnection& connection, std::string_view name, std::string_view sql)
    : connection_(connection), name_(name), parts_(std::make_unique<Parts>()) {
    MariaText text = maria_text(sql);
    if (!text.fault.empty()) {
        throw StorageFault(fmt::format("{}: {}", name, text.fault));
    }
    written_ = written_table(sql);
    positions_ = std::move(text.parameters);
    for (const int position : positions_) {
        parameters_count_ = std::max(parameters_count_, static_cast<std::size_t>(position));
    }
    parts_->given.resize(parameters_count_);
    parts_->given_types.assign(parameters_count_, MYSQL_TYPE_NULL);
    parts_->in.resize(positions_.size());
    parts_->statement = mysql_stmt_init(connection_.db_);
    HANGU_ASSERT(parts_->statement != nullptr);
    if (connection_.asked([&] {
            return mysql_stmt_prepare(parts_->statement, text.sql.data(), text.sql.size());
        }) != 0) {
        const unsigned code = mysql_stmt_errno(parts_->statement);
        const std::string why = mysql_stmt_error(parts_->statement);
        mysql_stmt_close(parts_->statement);
        connection_.fail(code, name_, why.c_str(), written_);
    }
    HANGU_ASSERT(mysql_stmt_param_count(parts_->statement) == positions_.size());
    prepare_columns();
}

MariaCursor::~MariaCursor() {
    mysql_stmt_close(parts_->statement);
}

void MariaCursor::prepare_columns() {
    MYSQL_RES* columns = mysql_stmt_result_metadata(parts_->statement);
    if (columns == nullptr) {
        return;
    }
    const unsigned count = mysql_num_fields(columns);
    parts_->read.resize(count);
    parts_->out.resize(count);
    for (unsigned i = 0; i < count; ++i) {
        MYSQL_BIND& bind = parts_->out[i];
        Value& value = parts_->read[i];
        bind = MYSQL_BIND{};
        bind.is_null = &value.null;
        bind.length = &value.size;
        if (is_number(mysql_fetch_field_direct(columns, i)->type)) {
            bind.buffer_type = MYSQL_TYPE_LONGLONG;
            bind.buffer = &value.number;
        } else {
            value.text.resize(kValueBytes);
            bind.buffer_type = MYSQL_TYPE_BLOB;
            bind.buffer = value.text.data();
            bind.buffer_length = value.text.size();
        }
    }
    mysql_free_result(columns);
}

std::vector<std::string> MariaCursor::column_names() const {
    std::vector<std::string> names;
    if (MYSQL_RES* columns = mysql_stmt_result_metadata(parts_->statement)) {
        for (unsigned i = 0; i < mysql_num_fields(columns); ++i) {
            names.emplace_back(mysql_fetch_field_direct(columns, i)->name);
        }
        mysql_free_result(columns);
    }
    return names;
}

void MariaCursor::bind_integer(int at, std::int64_t value) {
    const auto index = static_cast<std::size_t>(at) - 1;
    parts_->given.at(index).number = value;
    parts_->given_types[index] = MYSQL_TYPE_LONGLONG;
}

void MariaCursor::bind_text(int at, std::string_view value) {
    const auto index = static_cast<std::size_t>(at) - 1;
    parts_->given.at(index).text = value;
    parts_->given_types[index] = MYSQL_TYPE_STRING;
}

void MariaCursor::bind_blob(int at, std::string_view value) {
    const auto index = static_cast<std::size_t>(at) - 1;
    parts_->given.at(index).text = value;
    parts_->given_types[index] = MYSQL_TYPE_BLOB;
}

void MariaCursor::bind_null(int at) {
    parts_->given_types.at(static_cast<std::size_t>(at) - 1) = MYSQL_TYPE_NULL;
}

void MariaCursor::execute() {
    for (std::size_t i = 0; i < positions_.size(); ++i) {
        const auto index = static_cast<std::size_t>(positions_[i]) - 1;
        Value& value = parts_->given[index];
        MYSQL_BIND& bind = parts_->in[i];
        bind = MYSQL_BIND{};
        bind.buffer_type = parts_->given_types[index];
        if (bind.buffer_type == MYSQL_TYPE_LONGLONG) {
            bind.buffer = &value.number;
        } else {
            value.size = static_cast<unsigned long>(value.text.size());
            bind.buffer = value.text.data();
            bind.buffer_length = value.size;
            bind.length = &value.size;
        }
    }
    MYSQL_STMT* statement = parts_->statement;
    if ((!parts_->in.empty() && mysql_stmt_bind_param(statement, parts_->in.data()) != 0) ||
        connection_.asked([statement] { return mysql_stmt_execute(statement); }) != 0) {
        connection_.fail(mysql_stmt_errno(statement), name_, mysql_stmt_error(statement), written_);
    }
    executed_ = true;
    // All rows at once: the connection is free for other statements while they are read.
    if (!parts_->out.empty() &&
        (mysql_stmt_bind_result(statement, parts_->out.data()) != 0 ||
         connection_.asked([statement] { return mysql_stmt_store_result(statement); }) != 0)) {
        connection_.fail(mysql_stmt_errno(statement), name_, mysql_stmt_error(statement));
    }
}

bool MariaCursor::step() {
    if (!executed_) {
        execute();
    }
    if (parts_->out.empty()) {
        return false;
    }
    const int code = mysql_stmt_fetch(parts_->statement);
    if (code == MYSQL_NO_DATA) {
        return false;
    }
    if (code != 0 && code != MYSQL_DATA_TRUNCATED) {
        connection_.fail(mysql_stmt_errno(parts_->statement), name_,
                         mysql_stmt_error(parts_->statement));
    }
    bool grown = false;
    for (std::size_t i = 0; i < parts_->out.size(); ++i) {
        MYSQL_BIND& bind = parts_->out[i];
        Value& value = parts_->read[i];
        if (bind.buffer_type == MYSQL_TYPE_BLOB && value.null == 0 &&
            value.size > value.text.size()) {
            value.text.resize(value.size);
            bind.buffer = value.text.data();
            bind.buffer_length = value.text.size();
            mysql_stmt_fetch_column(parts_->statement, &bind, static_cast<unsigned>(i), 0);
            grown = true;
        }
    }
    if (grown) {
        mysql_stmt_bind_result(parts_->statement, parts_->out.data());
    }
    return true;
}

std::int64_t MariaCursor::changed() {
    return static_cast<std::int64_t>(mysql_stmt_affected_rows(parts_->statement));
}

bool MariaCursor::is_null(int column) {
    return parts_->read.at(static_cast<std::size_t>(column)).null != 0;
}

std::int64_t MariaCursor::integer(int column) {
    const auto index = static_cast<std::size_t>(column);
    const Value& value = parts_->read.at(index);
    if (value.null != 0) {
        return 0;
    }
    if (parts_->out[index].buffer_type == MYSQL_TYPE_LONGLONG) {
        return value.number;
    }
    std::int64_t number = 0;
    std::from_chars(value.text.data(), value.text.data() + value.size, number);
    return number;
}

std::string_view MariaCursor::text(int column) {
    const auto index = static_cast<std::size_t>(column);
    Value& value = parts_->read.at(index);
    if (value.null != 0) {
        return {};
    }
    if (parts_->out[index].buffer_type == MYSQL_TYPE_LONGLONG) {
        value.text = fmt::format("{}", value.number);
        return value.text;
    }
    return std::string_view(value.text).substr(0, value.size);
}

std::string_view MariaCursor::blob(int column) {
    return text(column);
}

void MariaCursor::finish() {
    if (executed_ && !parts_->out.empty()) {
        mysql_stmt_free_result(parts_->statement);
    }
    executed_ = false;
    in_use = false;
}

MariaConnection::MariaConnection(const Options& options)
    : statements_(options.statements_count_max),
      tables_(options.tables),
      cluster_(options.cluster) {
    db_ = mysql_init(nullptr);
    HANGU_ASSERT(db_ != nullptr);
    const my_bool no = 0;
    const my_bool yes = 1;
    const unsigned none = 0;
    mysql_options(db_, MYSQL_OPT_RECONNECT, &no);
    mysql_options(db_, MYSQL_OPT_LOCAL_INFILE, &none);  // a server could ask for our files
    mysql_options(db_, MYSQL_OPT_CONNECT_TIMEOUT, &options.connect_seconds_max);
    // The server itself ends a statement that takes too long; this is for one that says nothing.
    const unsigned silence_seconds_max = options.silence_seconds_max != 0
                                             ? options.silence_seconds_max
                                             : options.answer_seconds_max + 5;
    mysql_options(db_, MYSQL_OPT_READ_TIMEOUT, &silence_seconds_max);
    mysql_options(db_, MYSQL_OPT_WRITE_TIMEOUT, &silence_seconds_max);
    mysql_options(db_, MYSQL_SET_CHARSET_NAME, "utf8mb4");
    if (!options.tls_ca.empty()) {
        mysql_ssl_set(db_, nullptr, nullptr, options.tls_ca.c_str(), nullptr, nullptr);
        mysql_options(db_, MYSQL_OPT_SSL_ENFORCE, &yes);
        mysql_options(db_, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &yes);
    }
    const bool local = !options.socket.empty();
    // Rows that were found count as changed, as in the embedded engine.
    if (mysql_real_connect(db_, local ? nullptr : options.host.c_str(), options.user.c_str(),
                           std::string(options.password.expose()).c_str(),
                           options.database.empty() ? nullptr : options.database.c_str(),
                           options.port, local ? options.socket.c_str() : nullptr,
                           CLIENT_FOUND_ROWS) == nullptr) {
        const std::string why = mysql_error(db_);
        mysql_close(db_);
        throw ConnectionLost("no connection to the database server: " + why);
    }
    line_->open(mysql_get_socket(db_));
    if (options.lines) {
        options.lines->add(options, id(), line_);
    }
    try {
        begin_session(options);
    } catch (...) {
        line_->close();
        mysql_close(db_);
        throw;
    }
}

void MariaConnection::begin_session(const Options& options) {
    execute(
        fmt::format("set session sql_mode = 'STRICT_ALL_TABLES,ANSI_QUOTES,PIPES_AS_CONCAT,"
                    "NO_BACKSLASH_ESCAPES,NO_ENGINE_SUBSTITUTION,ONLY_FULL_GROUP_BY,"
                    "ERROR_FOR_DIVISION_BY_ZERO', innodb_lock_wait_timeout = {},"
                    " max_statement_time = {}, collation_connection = utf8mb4_nopad_bin",
                    options.lock_seconds_max, options.answer_seconds_max));
    execute(fmt::format("set session transaction isolation level {}, {}",
                        options.snapshot ? "repeatable read" : "read committed",
                        options.read_only ? "read only" : "read write"));
    execute("set autocommit = 0");
    if (options.cluster) {
        catch_up(options.causal);
    }
}

// Which nodes of a cluster are together, as this one sees it; "": it is none. Shows are answered
// outside of the primary component, too.
std::string MariaConnection::view() {
    std::string text;
    for (auto& row : query_rows("show global status where variable_name in"
                                " ('wsrep_cluster_conf_id', 'wsrep_cluster_status',"
                                " 'wsrep_cluster_state_uuid')")) {
        text += row["Value"] + ' ';
    }
    return text;
}

// A node may be told of a commit on another one a little later than whoever waited for it there.
void MariaConnection::catch_up(bool always) {
    view_ = view();
    execute("set session wsrep_sync_wait = 7");
    query_rows("select 1");
    roll_back();
    if (!always) {
        execute("set session wsrep_sync_wait = 0");
    }
}

MariaConnection::~MariaConnection() {
    statements_.clear();
    line_->close();
    mysql_close(db_);
}

void MariaConnection::fail(unsigned code, std::string_view what, const char* text,
                           std::string_view written) {
    const std::string why = fmt::format("{}: {} ({})", what, text, code);
    if (code == ER_DUP_ENTRY) {
        throw UniqueViolation(why);
    }
    why_lost_ = why;
    if (code == ER_LOCK_DEADLOCK || code == ER_LOCK_WAIT_TIMEOUT) {
        lost_ = true;
        throw TransactionLost(why);
    }
    // A table or its triggers changed since the statement was prepared. The server should prepare
    // it anew by itself; with a trigger that writes into another table it says that there is none.
    if (code == ER_NO_SUCH_TABLE || code == ER_TABLE_DEF_CHANGED || code == ER_NEED_REPREPARE) {
        lost_ = true;
        stale_ = true;
        throw TransactionLost(why);
    }
    if (ended_by_node(code, text)) {
        if (code == ER_PARSE_ERROR) {
            half_read_ = written;
        }
        lost_ = true;
        stale_ = true;
        throw TransactionLost(why);
    }
    if (is_lost(code)) {
        break_off();
        throw ConnectionLost(why);
    }
    throw StorageFault(why);
}

void MariaConnection::break_off() {
    broken_ = true;
    line_->close();
}

// A node of a cluster ends what stands in the way of a change that all nodes make: with 1213, or
// with 1317 while a statement is prepared. Was it reading a table's triggers just then, they stay
// half read in the server's cache, and whoever is given that copy of the table is told of an error
// in a trigger's body (1064) until the table is read again. MariaDB 10.11.19, Galera 26.4.23.
bool MariaConnection::ended_by_node(unsigned code, std::string_view text) const {
    return cluster_ &&
           (code == ER_QUERY_INTERRUPTED ||
            (code == ER_PARSE_ERROR && text.find(" has an error in its body") != text.npos));
}

Cursor& MariaConnection::prepare(const void* key, std::string_view name, std::string_view sql) {
    MariaCursor* cursor = statements_.use(key);
    if (cursor == nullptr) {
        cursor = &statements_.add(key, std::make_unique<MariaCursor>(*this, name, sql));
        if (tables_ != nullptr) {
            note_tables(*cursor, sql);
        }
    }
    reads_ |= cursor->reads;
    writes_ |= cursor->writes;
    return *cursor;
}

// The server does not name what a statement touches: every word of it that is a table's name counts
// as one; of a statement that changes rows, the first is what it writes.
void MariaConnection::note_tables(MariaCursor& cursor, std::string_view sql) const {
    const std::vector<std::string> words = sql_tokens(sql);
    bool writes = !words.empty() && words.front() != "select" && words.front() != "with";
    for (const std::string& word : words) {
        if (const auto found = tables_->find(word); found != tables_->end()) {
            (std::exchange(writes, false) ? cursor.writes : cursor.reads).set(found->second);
        }
    }
}

void MariaConnection::forget_used_tables() {
    reads_.reset();
    writes_.reset();
}

void MariaConnection::execute(const std::string& sql) {
    if (asked([&] { return mysql_real_query(db_, sql.data(), sql.size()); }) != 0) {
        fail(mysql_errno(db_), std::string_view(sql).substr(0, 200), mysql_error(db_));
    }
}

std::vector<std::map<std::string, std::string>> MariaConnection::query_rows(
    const std::string& sql) {
    execute(sql);
    std::vector<std::map<std::string, std::string>> rows;
    MYSQL_RES* result = asked([this] { return mysql_store_result(db_); });
    if (result == nullptr) {
        fail(mysql_errno(db_), sql, mysql_error(db_));
    }
    while (MYSQL_ROW row = mysql_fetch_row(result)) {
        std::map<std::string, std::string>& one = rows.emplace_back();
        for (unsigned i = 0; i < mysql_num_fields(result); ++i) {
            one[mysql_fetch_field_direct(result, i)->name] = row[i] == nullptr ? "" : row[i];
        }
    }
    mysql_free_result(result);
    return rows;
}

void MariaConnection::commit() {
    if (asked([this] { return mysql_commit(db_); }) == 0) {
        return;
    }
    const unsigned code = mysql_errno(db_);
    const std::string why = mysql_error(db_);
    // The nodes refused the transaction for another one's sake, if they are still the same: a node
    // that is losing the others may say so of one that they have.
    if (code == ER_LOCK_DEADLOCK && same_view()) {
        fail(code, "commit", why.c_str());
    }
    break_off();
    throw CommitUnknown(fmt::format("commit: {} ({})", why, code));
}

bool MariaConnection::same_view() {
    try {
        const std::string now = view();
        // Of one that was not said to be a node: it must not be one.
        return view_.empty() ? now.find("rimary") == std::string::npos : now == view_;
    } catch (const StorageFault&) {
        return false;
    }
}

void MariaConnection::roll_back() noexcept {
    lost_ = false;
    if (std::exchange(stale_, false)) {
        statements_.forget_unused();
    }
    if (asked([this] { return mysql_rollback(db_); }) != 0) {
        break_off();
    }
}

std::int64_t MariaConnection::last_number() const {
    return static_cast<std::int64_t>(mysql_insert_id(db_));
}

unsigned long MariaConnection::id() const {
    return mysql_thread_id(db_);
}

void read_triggers_anew(MariaConnection& connection, std::string_view table) {
    connection.execute(fmt::format("alter table \"{}\" enable keys", table));
}

MariaConnection::Options connection_of(const ShardOptions& shard, const ShardAccount& account) {
    MariaConnection::Options made;
    const bool several = !shard.hosts.empty();
    made.socket = several ? shard.hosts.front().socket : shard.socket;
    made.host = several ? shard.hosts.front().host : shard.host;
    made.port = several ? shard.hosts.front().port : shard.port;
    made.database = shard.database;
    made.tls_ca = shard.tls_ca;
    made.user = account.user;
    made.password = account.password;
    made.lock_seconds_max = shard.lock_seconds_max;
    return made;
}

}  // namespace hangu::storage
