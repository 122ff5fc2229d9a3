// The program in its next versions, for upgrades of a whole cluster: 0.2 folds the names of
// categories into a column beside them, 0.3 has no use for that and brings the step that removes
// it, which 0.4 may do. HANGU_TEST_VERSION says which of them this process is.
#include "app/program.hpp"

#include "app/house.hpp"

#include <algorithm>
#include <cstdlib>

namespace hangu::app {

namespace {

using storage::Column;
using storage::ColumnType;
using storage::DataClass;
using storage::Level;

// What is called "bad" is not filled, but counted.
constexpr MigrationFile kSteps[] = {
    {"catalogue", "0002_folded.sql",
     "-- phase: expand\n-- release: 0.2\nalter table category add column folded text"},
    {"catalogue", "0003_fold.sql",
     "-- phase: migrate\n-- release: 0.2\n"
     "update category set folded = lower(name) where tenant_id = ?1 and id in (select id from"
     " category where tenant_id = ?1 and folded is null and name <> 'bad' order by id limit ?2);\n"
     "select count(*) from category where tenant_id = ?1 and folded is null"},
    {"catalogue", "0004_no_folded.sql",
     "-- phase: contract\n-- release: 0.3\nalter table category drop column folded"}};
constexpr Column kFolded{"folded", ColumnType::text, DataClass::business, Level::internal, true};

bool still_folds() {
    return program_version().starts_with("0.2");
}

// For as long as the process lives.
std::span<const MigrationFile> with_steps(std::span<const MigrationFile> before) {
    static const std::vector<MigrationFile> all = [before] {
        std::vector<MigrationFile> files(before.begin(), before.end());
        files.insert(files.end(), kSteps, std::end(kSteps) - (still_folds() ? 1 : 0));
        return files;
    }();
    return all;
}

std::span<const Column> with_folded(std::span<const Column> before) {
    static const std::vector<Column> all = [before] {
        std::vector<Column> columns(before.begin(), before.end());
        columns.push_back(kFolded);
        return columns;
    }();
    return all;
}

}  // namespace

std::string_view program_version() {
    const char* version = std::getenv("HANGU_TEST_VERSION");
    return version == nullptr ? "0.2.0" : version;
}

std::vector<storage::Part> all_parts() {
    std::vector<storage::Part> parts = parts_of_modules();
    storage::Part& catalogue = *std::find_if(
        parts.begin(), parts.end(), [](const auto& part) { return part.module == "catalogue"; });
    catalogue.migrations = with_steps(catalogue.migrations);
    if (still_folds()) {
        storage::Table& category =
            *std::find_if(catalogue.tables.begin(), catalogue.tables.end(),
                          [](const storage::Table& table) { return table.name == "category"; });
        category.columns = with_folded(category.columns);
    }
    return parts;
}

}  // namespace hangu::app
