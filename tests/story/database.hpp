// What stands in the files of the data folder, read past the product: so that "nothing was written"
// is a fact about the disk and not about an answer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace hangu::story {

// One act of the audit log.
struct Act {
    std::int64_t id = 0;
    std::string action;
    std::string actor_kind;
    std::int64_t actor_id = 0;
    std::string subject_id;
    friend auto operator<=>(const Act&, const Act&) = default;
};

// One event of the outbox.
struct Told {
    std::int64_t id = 0;
    std::string name;
    std::string org_path;
    std::string payload;
    friend auto operator<=>(const Told&, const Told&) = default;
};

// The rows of a table, in any order: how many, and the sum of a 128-bit hash of each.
struct TableDigest {
    std::size_t rows = 0;
    std::uint64_t low = 0;
    std::uint64_t high = 0;
    friend bool operator==(const TableDigest&, const TableDigest&) = default;
};

// By "file/table". Visits are left out: a refusal leaves one.
using Tables = std::map<std::string, TableDigest>;

struct Snapshot {
    Tables tables;
    std::vector<Act> acts;
    std::vector<Told> told;
};

Snapshot read_databases(const std::string& data_folder);

// Reads the tables again and again, each file only after SQLite says that something was committed
// to it. Its connections stay open: nobody may remove a file or stop the product in between.
class TablesReader {
 public:
    explicit TablesReader(std::string data_folder);
    ~TablesReader();
    TablesReader(const TablesReader&) = delete;
    TablesReader& operator=(const TablesReader&) = delete;

    Tables read();

 private:
    struct File;

    const Tables& read(const std::string& path, const std::string& name);

    std::string data_folder_;
    std::map<std::string, std::unique_ptr<File>> files_;  // by path
};

// The rows of a query on one file, as texts. No other process may have it open.
std::vector<std::vector<std::string>> query(const std::string& file, const std::string& sql);
std::vector<std::string> tenant_files(const std::string& data_folder);

// The tables whose rows differ, in words; empty: the same.
std::string difference(const Tables& before, const Tables& after);

// Whether these bytes stand in any file below the folder.
bool folder_holds(const std::string& folder, const std::string& bytes);

}  // namespace hangu::story
