#include "app/commands.hpp"
#include "base/json.hpp"

#include <fmt/format.h>

namespace hangu::app {

namespace {

void print_counts(Output& output, std::string_view kind, const importing::ImportCounts& counts) {
    output.line(fmt::format("{:<10} {:>8} {:>8} {:>8} {:>10} {:>8} {:>8} {:>6}", kind, counts.read,
                            counts.created, counts.changed, counts.unchanged, counts.kept,
                            counts.skipped, counts.bad));
}

void print_report(Output& output, const importing::ImportReport& report) {
    output.line(fmt::format("{:<10} {:>8} {:>8} {:>8} {:>10} {:>8} {:>8} {:>6}", "", "read",
                            "created", "changed", "unchanged", "kept", "skipped", "bad"));
    print_counts(output, "stores", report.stores);
    print_counts(output, "staff", report.staff);
    print_counts(output, "products", report.products);
    print_counts(output, "members", report.members);
    print_counts(output, "receipts", report.receipts);
    for (const importing::ImportSales& sales : report.sales) {
        output.line(fmt::format(
            "store {:<8} {:>8} receipts {:>8} lines  gross {:>12}  discount "
            "{:>10}  net {:>12}",
            sales.store, sales.receipts_count, sales.lines_count, yuan_text(sales.gross_fen),
            yuan_text(sales.discount_fen), yuan_text(sales.net_fen)));
    }
    for (const std::string& note : report.notes) {
        output.line("note: " + note);
    }
    output.line(fmt::format("outcome: {}", enum_text(report.outcome)));
}

}  // namespace

Result<void> import_folder(House& house, const Arguments& arguments, Output& output) {
    HANGU_TRY(const std::string code, arguments.required("tenant"));
    HANGU_TRY(const std::string mapping, arguments.required("map"));
    HANGU_TRY(const auto found, house.tenant_by_code(code));
    importing::ImportOptions options;
    options.mapping_file = mapping;
    options.folder = arguments.operands()[0];
    options.dry_run = arguments.has("dry-run");
    options.skip_bad = arguments.has("skip-bad");
    options.on_progress = [&output](std::string_view what, std::int64_t done, std::int64_t total) {
        output.progress(what, static_cast<std::size_t>(done), static_cast<std::size_t>(total));
    };
    options.stop_asked = [&output] { return output.stop_asked(); };
    if (!arguments.json()) {
        options.on_bad_row = [&output](const importing::ImportBadRow& bad) {
            output.note(fmt::format("{}:{}: {}{}{} {}", bad.file, bad.line, bad.column,
                                    bad.column.empty() ? "" : ": ", bad.code, bad.detail));
        };
    }
    const http::Caller system = house.system_of(*found, "import");
    HANGU_TRY(const importing::ImportReport report, house.importer->run(system, options));
    if (arguments.json()) {
        output.line(json::to_text(report));
    } else {
        print_report(output, report);
    }
    switch (report.outcome) {
        case importing::ImportOutcome::refused:
            return Problem::invalid("import.refused",
                                    fmt::format("{} rows are bad and nothing was written; mend "
                                                "them, or leave them out with --skip-bad",
                                                report.faults_count));
        case importing::ImportOutcome::stopped:
            return Problem::unavailable("import.stopped",
                                        "some batches are in; the same command goes on from there");
        case importing::ImportOutcome::planned:
        case importing::ImportOutcome::applied:
            break;
    }
    return {};
}

}  // namespace hangu::app
