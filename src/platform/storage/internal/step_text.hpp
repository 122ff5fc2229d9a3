// What a migration file says of itself in its first lines, and what its phase lets it do:
//
//     -- phase: expand            base when the line is missing
//     -- release: 0.2             the version of the program that brings it
//     -- understood-since: 0.1    programs before it refuse what had this step; 0.0 if missing
#pragma once

#include "platform/storage/release.hpp"

#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hangu::storage {

struct StepHead {
    Phase phase = Phase::base;
    Release release;
    Release understood_since;
    std::string fault;  // "": none
};

StepHead head_of(std::string_view sql);

// Why this text must not be a step of its phase; "": it may. An expand step makes tables, indexes,
// and columns that need not be given; a base step may also fill what it adds. A migrate step fills
// at most ?2 rows of the tenant ?1 at a time, and ends with a query that counts what is left. A
// contract step only removes. `filled`: the program fills, and the step is the query alone.
std::string phase_fault(Phase phase, std::string_view sql, bool control, bool filled);

// The texts of a migrate step.
struct FillText {
    std::vector<std::string_view> batches;
    std::string_view left;  // how many rows are not filled yet
};
FillText fill_text(std::string_view sql);

// What a contract step takes away: tables (with "" for the column) and columns.
std::set<std::pair<std::string, std::string>> removals_of(std::string_view sql);

}  // namespace hangu::storage
