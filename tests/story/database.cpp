#include "tests/story/database.hpp"

#include "base/id.hpp"
#include "tests/support/shard_of_test.hpp"

#include <fmt/format.h>
#include <mariadb/mysql.h>
#include <sqlite3.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <sstream>
#include <stdexcept>

namespace hangu::story {

namespace {

using Row = std::vector<std::string_view>;

// What of a tenant, or of the platform, can be read, wherever it is.
class Database {
 public:
    virtual ~Database() = default;
    virtual void each(const std::string& sql, const std::function<void(const Row&)>& take) = 0;
    virtual std::vector<std::string> tables() = 0;
    virtual std::string mine() const = 0;  // the condition that picks its rows

    std::vector<std::vector<std::string>> rows(const std::string& sql) {
        std::vector<std::vector<std::string>> rows;
        each(sql, [&rows](const Row& row) { rows.emplace_back(row.begin(), row.end()); });
        return rows;
    }

    TableDigest digest(const std::string& sql) {
        TableDigest digest;
        each(sql, [&digest](const Row& row) {
            XXH3_state_t state;
            XXH3_128bits_reset(&state);
            for (const std::string_view value : row) {
                const std::size_t size = value.size();
                XXH3_128bits_update(&state, &size, sizeof(size));
                XXH3_128bits_update(&state, value.data(), size);
            }
            const XXH128_hash_t hash = XXH3_128bits_digest(&state);
            ++digest.rows;
            digest.low += hash.low64;
            digest.high += hash.high64;
        });
        return digest;
    }
};

class FileDatabase final : public Database {
 public:
    // The same way of locking as the product, or its own connections would not let us in.
    explicit FileDatabase(const std::string& path) {
        const int code = sqlite3_open_v2(path.c_str(), &db_, SQLITE_OPEN_READWRITE, "unix-excl");
        if (code != SQLITE_OK) {
            fail("open " + path);
        }
        sqlite3_db_config(db_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
        sqlite3_busy_timeout(db_, 5000);
        sqlite3_exec(db_, "pragma query_only=1", nullptr, nullptr, nullptr);
    }
    ~FileDatabase() override { sqlite3_close(db_); }
    FileDatabase(const FileDatabase&) = delete;
    FileDatabase& operator=(const FileDatabase&) = delete;

    void each(const std::string& sql, const std::function<void(const Row&)>& take) override {
        sqlite3_stmt* statement = nullptr;
        if (sqlite3_prepare_v2(db_, sql.c_str(), -1, &statement, nullptr) != SQLITE_OK) {
            fail(sql);
        }
        const std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> held(statement,
                                                                         &sqlite3_finalize);
        int code = 0;
        Row row;
        while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
            row.clear();
            for (int i = 0; i < sqlite3_column_count(statement); ++i) {
                row.push_back(column(statement, i));
            }
            take(row);
        }
        if (code != SQLITE_DONE) {
            fail(sql);
        }
    }
    std::vector<std::string> tables() override {
        std::vector<std::string> names;
        for (const auto& row : rows("select name from sqlite_master where type = 'table'")) {
            names.push_back(row[0]);
        }
        return names;
    }
    std::string mine() const override { return "1 = 1"; }

 private:
    static std::string_view column(sqlite3_stmt* statement, int i) {
        const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement, i));
        const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, i));
        return bytes == nullptr ? std::string_view() : std::string_view(bytes, size);
    }
    [[noreturn]] void fail(const std::string& what) {
        throw std::runtime_error(fmt::format("{}: {}", what, sqlite3_errmsg(db_)));
    }
    sqlite3* db_ = nullptr;
};

constexpr const char* kActs = "select * from audit_record where kind <> 'visit'";

// One tenant's rows on the shard of the test.
class ShardDatabase final : public Database {
 public:
    ShardDatabase(const storage::ShardOptions& shard, std::int64_t tenant)
        : database_(shard.database), tenant_(tenant) {
        db_ = mysql_init(nullptr);
        if (mysql_real_connect(db_, nullptr, shard.rw.user.c_str(), "", shard.database.c_str(), 0,
                               shard.socket.c_str(), 0) == nullptr) {
            fail("connect");
        }
        mysql_set_character_set(db_, "utf8mb4");
    }
    ~ShardDatabase() override { mysql_close(db_); }
    ShardDatabase(const ShardDatabase&) = delete;
    ShardDatabase& operator=(const ShardDatabase&) = delete;

    void each(const std::string& sql, const std::function<void(const Row&)>& take) override {
        if (mysql_real_query(db_, sql.data(), sql.size()) != 0) {
            fail(sql);
        }
        const std::unique_ptr<MYSQL_RES, void (*)(MYSQL_RES*)> result(mysql_store_result(db_),
                                                                      &mysql_free_result);
        Row row;
        while (MYSQL_ROW values = mysql_fetch_row(result.get())) {
            const unsigned long* sizes = mysql_fetch_lengths(result.get());
            row.clear();
            for (unsigned i = 0; i < mysql_num_fields(result.get()); ++i) {
                row.emplace_back(values[i] == nullptr ? "" : values[i], sizes[i]);
            }
            take(row);
        }
    }
    // Asked for once: they stay as the first world has made them, and the server opens every one of
    // them to answer.
    std::vector<std::string> tables() override {
        static std::map<std::string, std::vector<std::string>> known;  // by database
        std::vector<std::string>& names = known[database_];
        if (names.empty()) {
            for (const auto& row : rows("select table_name from information_schema.columns where"
                                        " table_schema = database() and column_name = 'tenant_id'"
                                        " and table_name <> 'storage_tenant'")) {
                names.push_back(row[0]);
            }
        }
        return names;
    }
    std::string mine() const override { return fmt::format("tenant_id = {}", tenant_); }

    // Of all tenants' rows, as the server adds them up: one statement instead of one for each
    // table.
    void add_checksums(const std::string& name, Tables& into) {
        std::string list;
        for (const std::string& table : tables()) {
            if (table != "audit_record") {
                list += (list.empty() ? "" : ", ") + table;
            }
        }
        for (const auto& row : rows("checksum table " + list)) {
            into[name + "/" + row[0]].low = std::stoull(row[1]);
        }
        into[name + "/audit_record"] = digest(kActs);
    }

 private:
    [[noreturn]] void fail(const std::string& what) {
        throw std::runtime_error(fmt::format("{}: {}", what, mysql_error(db_)));
    }
    MYSQL* db_ = nullptr;
    std::string database_;
    std::int64_t tenant_;
};

void read_tables(Database& database, const std::string& name, Tables& into) {
    for (const std::string& table : database.tables()) {
        into[name + "/" + table] =
            database.digest(fmt::format("select * from {} where {}{}", table, database.mine(),
                                        table == "audit_record" ? " and kind <> 'visit'" : ""));
    }
}

void read_acts(Database& database, std::vector<Act>& into) {
    for (const auto& one : database.rows(
             "select id, action, actor_kind, actor_id, subject_id from audit_record where " +
             database.mine() + " and kind <> 'visit' order by id")) {
        into.push_back({std::stoll(one[0]), one[1], one[2], std::stoll(one[3]), one[4]});
    }
}

void read_told(Database& database, std::vector<Told>& into) {
    for (const auto& one : database.rows("select id, name, org_path, payload from outbox where " +
                                         database.mine() + " order by id")) {
        into.push_back({std::stoll(one[0]), one[1], one[2], one[3]});
    }
}

// take(path, name) for the control database and every tenant's file.
template <typename Take>
void each_file(const std::string& data_folder, const Take& take) {
    take(data_folder + "/control.db", "control");
    for (const std::string& file : tenant_files(data_folder)) {
        take(file, std::filesystem::path(file).stem().string());
    }
}

// take(database, name) for every tenant on the shard of the test.
template <typename Take>
void each_on_shard(const std::string& data_folder, const Take& take) {
    for (const storage::ShardOptions& shard : testing::shards_of_test(data_folder)) {
        ShardDatabase all(shard, 0);
        for (const auto& row : all.rows("select tenant_id from storage_tenant where epoch > 0")) {
            ShardDatabase tenant(shard, std::stoll(row[0]));
            take(tenant, TenantId(std::stoll(row[0])).text());
        }
    }
}

}  // namespace

std::vector<std::vector<std::string>> query(const std::string& file, const std::string& sql) {
    return FileDatabase(file).rows(sql);
}

std::vector<std::string> tenant_files(const std::string& data_folder) {
    std::vector<std::string> files;
    for (const auto& entry :
         std::filesystem::recursive_directory_iterator(data_folder + "/tenants")) {
        if (entry.path().extension() == ".db") {
            files.push_back(entry.path().string());
        }
    }
    return files;
}

struct TablesReader::File {
    explicit File(const std::string& path) : database(path) {}

    FileDatabase database;
    std::string version;  // of its content, as its connection counts
    Tables tables;
};

TablesReader::TablesReader(std::string data_folder) : data_folder_(std::move(data_folder)) {}
TablesReader::~TablesReader() = default;

const Tables& TablesReader::read(const std::string& path, const std::string& name) {
    std::unique_ptr<File>& file = files_[path];
    if (!file) {
        file = std::make_unique<File>(path);
    }
    // Before the rows: what is committed between the two is read again the next time.
    std::string version = file->database.rows("pragma data_version").front().front();
    if (version != file->version) {
        file->tables.clear();
        read_tables(file->database, name, file->tables);
        file->version = std::move(version);
    }
    return file->tables;
}

Tables TablesReader::read() {
    Tables all;
    each_file(data_folder_, [&](const std::string& path, const std::string& name) {
        const Tables& tables = read(path, name);
        all.insert(tables.begin(), tables.end());
    });
    for (const storage::ShardOptions& shard : testing::shards_of_test(data_folder_)) {
        ShardDatabase(shard, 0).add_checksums(shard.database, all);
    }
    return all;
}

Snapshot read_databases(const std::string& data_folder) {
    Snapshot snapshot;
    const auto read = [&snapshot](Database& database, const std::string& name) {
        read_tables(database, name, snapshot.tables);
        if (snapshot.tables.contains(name + "/audit_record")) {
            read_acts(database, snapshot.acts);
        }
        if (snapshot.tables.contains(name + "/outbox")) {
            read_told(database, snapshot.told);
        }
    };
    each_file(data_folder, [&read](const std::string& path, const std::string& name) {
        FileDatabase database(path);
        read(database, name);
    });
    each_on_shard(data_folder, read);
    return snapshot;
}

std::string difference(const Tables& before, const Tables& after) {
    std::string text;
    for (const auto& [name, table] : after) {
        const auto found = before.find(name);
        const TableDigest old = found == before.end() ? TableDigest{} : found->second;
        if (old != table) {
            text += fmt::format("{}{}: {} rows before, {} after", text.empty() ? "" : "; ", name,
                                old.rows, table.rows);
        }
    }
    return text;
}

namespace {

bool any_file_holds(const std::string& folder, const std::string& bytes) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        if (!entry.is_regular_file()) {
            continue;
        }
        std::ifstream in(entry.path(), std::ios::binary);
        std::stringstream text;
        text << in.rdbuf();
        if (text.str().find(bytes) != std::string::npos) {
            return true;
        }
    }
    return false;
}

}  // namespace

bool folder_holds(const std::string& folder, const std::string& bytes) {
    bool holds = any_file_holds(folder, bytes);
    for (const storage::ShardOptions& shard : testing::shards_of_test(folder + "/data")) {
        const auto files = std::filesystem::path(shard.socket).parent_path() / "data";
        holds = holds || any_file_holds(files.string(), bytes);
    }
    return holds;
}

}  // namespace hangu::story
