#include "tests/story/database.hpp"

#include <fmt/format.h>
#include <sqlite3.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <stdexcept>

namespace hangu::story {

namespace {

class Database {
 public:
    // The same way of locking as the product, or its own connections would not let us in.
    explicit Database(const std::string& path) {
        const int code = sqlite3_open_v2(path.c_str(), &db_, SQLITE_OPEN_READWRITE, "unix-excl");
        if (code != SQLITE_OK) {
            fail("open " + path);
        }
        sqlite3_db_config(db_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
        sqlite3_busy_timeout(db_, 5000);
        sqlite3_exec(db_, "pragma query_only=1", nullptr, nullptr, nullptr);
    }
    ~Database() { sqlite3_close(db_); }
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    template <typename Take>
    void each(const std::string& sql, const Take& take) {
        sqlite3_stmt* statement = nullptr;
        if (sqlite3_prepare_v2(db_, sql.c_str(), -1, &statement, nullptr) != SQLITE_OK) {
            fail(sql);
        }
        const std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> held(statement,
                                                                         &sqlite3_finalize);
        int code = 0;
        while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
            take(statement);
        }
        if (code != SQLITE_DONE) {
            fail(sql);
        }
    }

    std::vector<std::vector<std::string>> rows(const std::string& sql) {
        std::vector<std::vector<std::string>> rows;
        each(sql, [&rows](sqlite3_stmt* statement) {
            std::vector<std::string>& row = rows.emplace_back();
            for (int i = 0; i < sqlite3_column_count(statement); ++i) {
                row.emplace_back(column(statement, i));
            }
        });
        return rows;
    }

    TableDigest digest(const std::string& sql) {
        TableDigest digest;
        each(sql, [&digest](sqlite3_stmt* statement) {
            XXH3_state_t state;
            XXH3_128bits_reset(&state);
            for (int i = 0; i < sqlite3_column_count(statement); ++i) {
                const std::string_view value = column(statement, i);
                const std::size_t size = value.size();
                XXH3_128bits_update(&state, &size, sizeof(size));
                XXH3_128bits_update(&state, value.data(), size);
            }
            const XXH128_hash_t row = XXH3_128bits_digest(&state);
            ++digest.rows;
            digest.low += row.low64;
            digest.high += row.high64;
        });
        return digest;
    }

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

void read_tables(Database& database, const std::string& name, Tables& into) {
    for (const auto& row : database.rows("select name from sqlite_master where type = 'table'")) {
        const std::string& table = row[0];
        into[name + "/" + table] = database.digest(
            "select * from " + table + (table == "audit_record" ? " where kind <> 'visit'" : ""));
    }
}

void read_acts(Database& database, std::vector<Act>& into) {
    for (const auto& one :
         database.rows("select id, action, actor_kind, actor_id, subject_id from audit_record"
                       " where kind <> 'visit' order by id")) {
        into.push_back({std::stoll(one[0]), one[1], one[2], std::stoll(one[3]), one[4]});
    }
}

void read_told(Database& database, std::vector<Told>& into) {
    for (const auto& one :
         database.rows("select id, name, org_path, payload from outbox order by id")) {
        into.push_back({std::stoll(one[0]), one[1], one[2], one[3]});
    }
}

// take(database, name) for the control database and every tenant's.
template <typename Take>
void each_database(const std::string& data_folder, const Take& take) {
    Database control(data_folder + "/control.db");
    take(control, "control");
    for (const std::string& file : tenant_files(data_folder)) {
        Database tenant(file);
        take(tenant, std::filesystem::path(file).stem().string());
    }
}

}  // namespace

std::vector<std::vector<std::string>> query(const std::string& file, const std::string& sql) {
    return Database(file).rows(sql);
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

Tables read_tables(const std::string& data_folder) {
    Tables tables;
    each_database(data_folder, [&tables](Database& database, const std::string& name) {
        read_tables(database, name, tables);
    });
    return tables;
}

Snapshot read_databases(const std::string& data_folder) {
    Snapshot snapshot;
    each_database(data_folder, [&snapshot](Database& database, const std::string& name) {
        read_tables(database, name, snapshot.tables);
        if (snapshot.tables.contains(name + "/audit_record")) {
            read_acts(database, snapshot.acts);
        }
        if (snapshot.tables.contains(name + "/outbox")) {
            read_told(database, snapshot.told);
        }
    });
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

bool folder_holds(const std::string& folder, const std::string& bytes) {
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

}  // namespace hangu::story
