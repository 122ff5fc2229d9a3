// What stands in the files of the data folder, read past the product: so that "nothing was written"
// is a fact about the disk and not about an answer.
#pragma once

#include <cstdint>
#include <map>
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

// All rows of all tables as texts, by "file/table". Visits are left out: a refusal leaves one.
struct Snapshot {
    std::map<std::string, std::vector<std::string>> tables;
    std::vector<Act> acts;
    std::vector<Told> told;
};

Snapshot read_databases(const std::string& data_folder);

// The rows of a query on one file, as texts. No other process may have it open.
std::vector<std::vector<std::string>> query(const std::string& file, const std::string& sql);
std::vector<std::string> tenant_files(const std::string& data_folder);

// The tables whose rows differ, in words; empty: the same.
std::string difference(const Snapshot& before, const Snapshot& after);

// Whether these bytes stand in any file below the folder.
bool folder_holds(const std::string& folder, const std::string& bytes);

}  // namespace hangu::story
