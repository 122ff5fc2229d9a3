// One run of an import: mapping, plan, apply. Lives for the length of Importer::run.
#pragma once

#include "commerce/importing/internal/desks.hpp"
#include "commerce/importing/internal/receipt_reader.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace hangu::importing {

class Run {
 public:
    Run(const Importer::Services& services, const http::Caller& caller,
        const ImportOptions& options)
        : services_(services),
          caller_(caller),
          options_(options),
          bad_(options.on_bad_row, report_),
          known_(services) {}

    Result<ImportReport> go();

 private:
    // A file that is read record by record, in both passes.
    struct Streamed {
        std::string file;
        std::string digest;  // of its content, when planned
        std::int64_t bytes = 0;
        std::int64_t done_line = 0;  // applied before a stop, up to this line
        bool unfinished = false;     // there is a cursor that says so
    };
    struct BatchDone {
        ImportCounts counts;
        Learned learned;
    };

    Result<void> read_mapping();
    Result<void> check_roles() const;
    Source source(BadRows& bad) const;
    DeskContext desk_context() { return {services_, *mapping_, known_}; }

    Result<void> plan();
    Result<void> plan_stores();
    Result<void> plan_staff();
    Result<void> plan_products();
    Result<void> plan_members();
    Result<void> plan_orders();
    Result<Streamed> look_at(const std::string& file);
    template <class Desk>
    void judge_batch(const Desk& desk, std::vector<typename Desk::Record>& records,
                     const std::string& file, ImportCounts& counts);
    template <class Desk>
    void judge_all(const Desk& desk, std::vector<typename Desk::Record>& records,
                   const std::string& file, ImportCounts& counts);
    void add_sales(const SourceReceipt& receipt);
    void write_notes();

    Result<void> apply();
    Result<void> make_roles();
    Result<void> apply_members();
    Result<void> apply_orders();
    Result<void> check_unchanged(const Streamed& streamed) const;
    template <class Desk>
    Result<void> apply_all(const Desk& desk, const std::vector<typename Desk::Record>& records,
                           const std::string& file, std::string_view what, ImportCounts& counts);
    template <class Desk, class Reader, class Next>
    Result<void> apply_streamed(const Desk& desk, Reader& reader, Next next,
                                const Streamed& streamed, std::string_view what,
                                ImportCounts& counts);
    template <class Desk>
    Result<void> apply_batch(const Desk& desk, std::span<const typename Desk::Record> batch,
                             const std::string& file, const Streamed* streamed, bool look_first,
                             ImportCounts& counts);
    template <class Desk>
    std::optional<ImportCounts> counts_without_news(const Desk& desk,
                                                    std::span<const typename Desk::Record> batch);
    Result<void> finish_cursor(const Streamed& streamed);
    template <class F>
    auto stored(const std::string& file, F&& work) -> decltype(work());
    void record(http::Scope& scope, const std::string& file, const ImportCounts& counts) const;
    CursorRow cursor_at(const Streamed& streamed, std::int64_t line, bool finished, Time now) const;

    bool stop_asked() const { return options_.stop_asked && options_.stop_asked(); }
    void progress(std::string_view what, std::int64_t done, std::int64_t total) const {
        if (options_.on_progress) {
            options_.on_progress(what, done, total);
        }
    }

    const Importer::Services& services_;
    const http::Caller& caller_;
    const ImportOptions& options_;
    ImportReport report_;
    BadRows bad_;
    std::optional<Mapping> mapping_;
    std::string mapping_digest_;
    Known known_;
    bool stopped_ = false;

    std::vector<SourceStore> stores_;
    std::vector<SourceStaff> staff_;
    std::vector<SourceProduct> products_;
    Streamed members_;
    Streamed orders_;
    KeyLines planned_members_;
    KeyLines apart_;  // receipts whose lines stand in two places
};

}  // namespace hangu::importing
