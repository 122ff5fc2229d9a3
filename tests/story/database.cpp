#include "tests/story/database.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
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

    std::vector<std::vector<std::string>> rows(const std::string& sql) {
        sqlite3_stmt* statement = nullptr;
        if (sqlite3_prepare_v2(db_, sql.c_str(), -1, &statement, nullptr) != SQLITE_OK) {
            fail(sql);
        }
        const std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> held(statement,
                                                                         &sqlite3_finalize);
        std::vector<std::vector<std::string>> rows;
        int code = 0;
        while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
            std::vector<std::string>& row = rows.emplace_back();
            for (int i = 0; i < sqlite3_column_count(statement); ++i) {
                const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement, i));
                const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, i));
                row.push_back(bytes == nullptr ? std::string() : std::string(bytes, size));
            }
        }
        if (code != SQLITE_DONE) {
            fail(sql);
        }
        return rows;
    }

 private:
    [[noreturn]] void fail(const std::string& what) {
        throw std::runtime_error(fmt::format("{}: {}", what, sqlite3_errmsg(db_)));
    }
    sqlite3* db_ = nullptr;
};

std::string joined(const std::vector<std::string>& row) {
    std::string text;
    for (const std::string& value : row) {
        text += fmt::format("{}:{}|", value.size(), value);
    }
    return text;
}

void read_database(const std::string& path, const std::string& name, Snapshot& into) {
    Database database(path);
    for (const auto& row : database.rows("select name from sqlite_master where type = 'table'")) {
        const std::string& table = row[0];
        const bool audit = table == "audit_record";
        std::vector<std::string>& rows = into.tables[name + "/" + table];
        for (const auto& one :
             database.rows("select * from " + table + (audit ? " where kind <> 'visit'" : ""))) {
            rows.push_back(joined(one));
        }
        std::sort(rows.begin(), rows.end());
        if (audit) {
            for (const auto& one : database.rows(
                     "select id, action, actor_kind, actor_id, subject_id from audit_record"
                     " where kind <> 'visit' order by id")) {
                into.acts.push_back(
                    {std::stoll(one[0]), one[1], one[2], std::stoll(one[3]), one[4]});
            }
        }
        if (table == "outbox") {
            for (const auto& one :
                 database.rows("select id, name, org_path, payload from outbox order by id")) {
                into.told.push_back({std::stoll(one[0]), one[1], one[2], one[3]});
            }
        }
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

Snapshot read_databases(const std::string& data_folder) {
    Snapshot snapshot;
    read_database(data_folder + "/control.db", "control", snapshot);
    for (const std::string& file : tenant_files(data_folder)) {
        read_database(file, std::filesystem::path(file).stem().string(), snapshot);
    }
    return snapshot;
}

std::string difference(const Snapshot& before, const Snapshot& after) {
    std::string text;
    for (const auto& [name, rows] : after.tables) {
        const auto found = before.tables.find(name);
        const std::size_t count = found == before.tables.end() ? 0 : found->second.size();
        if (found == before.tables.end() || found->second != rows) {
            text += fmt::format("{}{}: {} rows before, {} after", text.empty() ? "" : "; ", name,
                                count, rows.size());
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
