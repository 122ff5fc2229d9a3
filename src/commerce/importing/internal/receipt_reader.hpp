// Puts rows of the orders' file together to receipts: neighbouring rows of one key. A receipt is
// good as a whole or not at all.
#pragma once

#include "commerce/importing/internal/source_records.hpp"

namespace hangu::importing {

inline constexpr std::size_t kReceiptLinesMax = 200;

class ReceiptReader {
 public:
    // `left_out` (may be null): keys that an earlier pass found standing in two places; with it the
    // reader drops them, without it the reader finds them.
    static Result<ReceiptReader> open(const Source& source, const References& known, Time now,
                                      const KeyLines* left_out);

    // The next good receipt; counts (of receipts) and lines_count grow on the way.
    bool next(SourceReceipt& receipt, ImportCounts& counts, std::int64_t& lines_count);
    std::int64_t bytes_read() const { return file_.bytes_read(); }
    // Keys that stand in two places; complete after the last receipt.
    KeyLines take_apart() { return std::move(apart_); }
    bool ended_without_line_break() const { return file_.ended_without_line_break(); }

 private:
    explicit ReceiptReader(SourceFile file) : file_(std::move(file)) {}
    Result<void> bind(const OrdersMapping& mapping);
    std::string key_of_row() const;
    void begin(std::string key);
    void read_head(SourceReceipt& receipt);
    void compare_head();
    void read_line();
    void read_amounts(SourceLine& line);
    void settle_amount(SourceLine& line, Money amount);
    bool finish(SourceReceipt& receipt, ImportCounts& counts);
    void spoil(std::int64_t line, std::string_view code, std::string_view detail);

    SourceFile file_;
    const References* known_ = nullptr;
    const KeyLines* left_out_ = nullptr;
    AbovePrice above_price_ = AbovePrice::refuse;
    int utc_offset_minutes_ = 0;
    Time now_;
    std::size_t key_bytes_max_ = 0;
    std::vector<std::size_t> key_columns_;
    BoundField store_, day_, time_, staff_, member_, mode_, tender_, total_, remark_;
    BoundField line_ref_, product_, quantity_, unit_price_, amount_, discount_;

    bool row_waits_ = false;  // the row that ended the receipt before
    bool at_end_ = false;
    SourceReceipt current_;
    SourceReceipt head_;  // of the row at hand
    std::vector<std::string> line_refs_;
    std::optional<Money> total_of_receipt_;
    bool good_ = true;
    KeyLines seen_;
    KeyLines apart_;
};

}  // namespace hangu::importing
