// Rows of a CSV file (RFC 4180), streaming, with memory bounded by the limits below. Every fault of
// the file is told with its line; the reader goes on behind it where it can find the next row.
#pragma once

#include "commerce/importing/internal/text_decoder.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hangu::importing {

struct CsvLimits {
    std::size_t row_bytes_max = std::size_t{1} << 20U;
    std::size_t field_bytes_max = std::size_t{64} << 10U;
    std::size_t columns_count_max = 200;
};

// Codes: "csv.unterminated_quote", "csv.text_after_quote", "csv.nul_byte", "csv.encoding",
// "csv.row_too_long", "csv.field_too_long", "csv.too_many_columns", "csv.column_count",
// "csv.truncated", "csv.unreadable".
struct CsvFault {
    std::string_view code;
    std::int64_t line = 0;
    std::size_t column = 0;  // 1 is the first field; 0: the row as a whole
    std::string detail;
};

struct CsvRow {
    std::int64_t line = 0;                 // where it begins; the first line is 1
    std::vector<std::string_view> fields;  // valid until the next row
    std::optional<CsvFault> fault;         // then the fields are not to be trusted
    bool line_break = true;                // false: the file ended instead
};

class CsvReader {
 public:
    CsvReader(ByteSource& bytes, char separator, Encoding encoding, CsvLimits limits = {});

    // The next row that is not blank; false at the end. After a fault that hides where the next row
    // begins (a quote that never ends) there is no further row.
    bool next(CsvRow& row);

 private:
    enum class State { field_start, plain, quoted, quote_seen };
    enum class Step { more, row_done };

    void begin_row();
    bool refill();
    Step take_outside();
    Step take_quoted();
    Step special(char c);
    void append(std::string_view piece);
    void end_field();
    void count_line(char c);
    void complain(std::string_view code, std::int64_t line, std::string detail);
    void publish(CsvRow& row, bool line_break);
    void check_text(CsvRow& row);
    bool end_of_file(CsvRow& row);

    TextDecoder decoder_;
    char separator_;
    CsvLimits limits_;
    std::string_view chunk_;
    State state_ = State::field_start;
    bool after_carriage_return_ = false;
    bool discarding_ = false;  // the row is beyond its limits: find its end, keep nothing
    bool over_ = false;
    std::int64_t line_ = 1;
    std::int64_t row_line_ = 1;
    std::int64_t quote_line_ = 1;
    std::string text_;               // the row's fields one after the other, without quotes
    std::vector<std::size_t> ends_;  // of each field in text_
    std::size_t row_bytes_ = 0;
    bool saw_anything_ = false;  // a quoted empty field is something
    std::optional<CsvFault> fault_;
};

// A file with a header row: names to columns, and every row as wide as the header.
class CsvTable {
 public:
    // "import.file_missing", "import.file_unreadable", "import.header_bad", "import.encoding"
    static Result<std::unique_ptr<CsvTable>> open(const std::string& path, char separator,
                                                  Encoding encoding);

    const std::vector<std::string>& header() const { return header_; }
    std::optional<std::size_t> column(std::string_view name) const;
    Encoding encoding() const { return encoding_; }
    bool next(CsvRow& row);
    std::int64_t bytes_read() const { return file_->bytes_read(); }
    bool ended_without_line_break() const { return ended_without_line_break_; }

    class Key {
        friend class CsvTable;
        Key() = default;
    };
    // Through open() alone.
    CsvTable(Key, std::unique_ptr<FileSource> file, char separator, Encoding encoding);

 private:
    Result<void> read_header(const std::string& name);

    std::unique_ptr<FileSource> file_;
    CsvReader reader_;
    Encoding encoding_;
    std::vector<std::string> header_;
    bool ended_without_line_break_ = false;
};

}  // namespace hangu::importing
