// The import of another system's CSV files, by a mapping file: stores, staff, products, members and
// past orders. A first pass reads and checks everything and compares it with what is stored; a
// second one applies it in batches, each in one transaction. It can be stopped, resumed and
// repeated.
#pragma once

#include "base/describe.hpp"
#include "base/id.hpp"
#include "base/money.hpp"
#include "base/result.hpp"
#include "commerce/catalogue/catalogue.hpp"
#include "commerce/member/member.hpp"
#include "commerce/order/order.hpp"
#include "commerce/organisation/organisation.hpp"
#include "commerce/staff/staff.hpp"
#include "platform/http/scope.hpp"
#include "platform/storage/engine.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hangu::importing {

// One thing that is wrong with a row. Values of members and staff are never repeated in it.
struct ImportBadRow {
    std::string file;
    std::int64_t line = 0;
    std::string column;  // "" : the row as a whole
    std::string code;    // stable: "money.malformed", "order.product_unknown", …
    std::string detail;
};
HANGU_STRUCT(ImportBadRow, file, line, column, code, detail)

// What happened, or in a dry run would happen, to the records of one kind.
struct ImportCounts {
    std::int64_t read = 0;
    std::int64_t created = 0;
    std::int64_t changed = 0;
    std::int64_t unchanged = 0;
    std::int64_t linked = 0;   // was here already under its code, phone or login name
    std::int64_t kept = 0;     // changed in the source since, and stays as it is here
    std::int64_t skipped = 0;  // left out because the mapping says so
    std::int64_t bad = 0;
};
HANGU_STRUCT(ImportCounts, read, created, changed, unchanged, linked, kept, skipped, bad)

// Control totals of the receipts that are good: compare them with the other system's own report.
struct ImportSales {
    std::string store;  // its reference in the other system
    std::int64_t receipts_count = 0;
    std::int64_t lines_count = 0;
    Money gross_fen;
    Money discount_fen;
    Money net_fen;
};
HANGU_STRUCT(ImportSales, store, receipts_count, lines_count, gross_fen, discount_fen, net_fen)

// planned: a dry run. refused: bad rows, and nothing was written. stopped: some batches are in; the
// same command goes on behind them.
enum class ImportOutcome { planned, refused, stopped, applied };
HANGU_ENUM(ImportOutcome, planned, refused, stopped, applied)

struct ImportReport {
    ImportOutcome outcome = ImportOutcome::planned;
    std::string source;
    ImportCounts stores;
    ImportCounts staff;
    ImportCounts products;  // rows, that is specs
    ImportCounts members;
    ImportCounts receipts;
    std::int64_t lines_count = 0;  // rows of the orders' file
    std::vector<ImportSales> sales;
    std::int64_t faults_count = 0;
    std::vector<ImportBadRow> bad_rows;  // the first kBadRowsKept; all go to on_bad_row
    std::vector<std::string> notes;
};
HANGU_STRUCT(ImportReport, outcome, source, stores, staff, products, members, receipts, lines_count,
             sales, faults_count, bad_rows, notes)

inline constexpr std::size_t kBadRowsKept = 1'000;

// `what` is one of a few literals: "checking orders", "importing orders". done and total are bytes
// while checking and records while importing; the total may grow by what was not known.
using ImportProgress =
    std::function<void(std::string_view what, std::int64_t done, std::int64_t total)>;

struct ImportOptions {
    std::string mapping_file;
    std::string folder;
    bool dry_run = false;
    bool skip_bad = false;                                // leave bad rows out instead of refusing
    std::function<void(const ImportBadRow&)> on_bad_row;  // each at once, as it is found
    ImportProgress on_progress;
    std::function<bool()> stop_asked;  // looked at between batches
};

class Importer {
 public:
    struct Services {
        storage::Engine& engine;
        http::World& world;
        const organisation::Organisation& organisation;
        const staff::Staff& staff;
        const catalogue::Catalogue& catalogue;
        const member::Members& members;
        const order::Orders& orders;
    };
    explicit Importer(Services services) : services_(services) {}

    // Blocks; not from a lane or an event loop. `system` is the system's caller of the tenant.
    // Problems: "import.mapping_unreadable", "import.mapping_invalid" (fields with lines),
    // "import.file_missing", "import.file_unreadable", "import.file_changed", "import.encoding",
    // "import.header_bad", "import.column_missing", "import.too_many_rows",
    // "import.storage_failed" (a full disk: what was committed stays, the same command goes on).
    Result<ImportReport> run(const http::Caller& system, const ImportOptions& options) const;

 private:
    Services services_;
};

}  // namespace hangu::importing
