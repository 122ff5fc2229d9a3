#include "commerce/importing/internal/csv_reader.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hangu::importing {

namespace {

// Most rows are: eight bytes at a time before the strict check.
bool is_ascii(std::string_view text) {
    std::size_t at = 0;
    for (; at + 8 <= text.size(); at += 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, text.data() + at, 8);
        if ((word & 0x8080808080808080ULL) != 0) {
            return false;
        }
    }
    return std::all_of(text.begin() + static_cast<std::ptrdiff_t>(at), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) < 0x80U; });
}

}  // namespace

CsvReader::CsvReader(ByteSource& bytes, char separator, Encoding encoding, CsvLimits limits)
    : decoder_(bytes, encoding), separator_(separator), limits_(limits) {}

void CsvReader::begin_row() {
    state_ = State::field_start;
    discarding_ = false;
    row_line_ = line_;
    text_.clear();
    ends_.clear();
    row_bytes_ = 0;
    saw_anything_ = false;
    fault_.reset();
}

bool CsvReader::refill() {
    chunk_ = decoder_.next();
    return !chunk_.empty();
}

// "\r\n", "\n" and "\r" are one line break each.
void CsvReader::count_line(char c) {
    line_ += c == '\r' || (c == '\n' && !after_carriage_return_) ? 1 : 0;
    after_carriage_return_ = c == '\r';
}

void CsvReader::complain(std::string_view code, std::int64_t line, std::string detail) {
    if (!fault_) {
        fault_ = CsvFault{code, line, ends_.size() + 1, std::move(detail)};
    }
}

void CsvReader::append(std::string_view piece) {
    row_bytes_ += piece.size();
    saw_anything_ = saw_anything_ || !piece.empty();
    const std::size_t begun = ends_.empty() ? 0 : ends_.back();
    if (row_bytes_ > limits_.row_bytes_max) {
        complain("csv.row_too_long", row_line_,
                 fmt::format("{} bytes at most", limits_.row_bytes_max));
        discarding_ = true;
    } else if (text_.size() - begun + piece.size() > limits_.field_bytes_max) {
        complain("csv.field_too_long", row_line_,
                 fmt::format("{} bytes at most", limits_.field_bytes_max));
        discarding_ = true;
    }
    if (!discarding_) {
        text_ += piece;
    }
}

void CsvReader::end_field() {
    if (ends_.size() < limits_.columns_count_max) {
        ends_.push_back(text_.size());
    } else {
        complain("csv.too_many_columns", row_line_,
                 fmt::format("{} at most", limits_.columns_count_max));
        discarding_ = true;
    }
    state_ = State::field_start;
}

CsvReader::Step CsvReader::special(char c) {
    if (c == '\n' || c == '\r') {
        const bool second_half = c == '\n' && after_carriage_return_ && !saw_anything_ &&
                                 ends_.empty() && state_ == State::field_start;
        count_line(c);
        if (second_half) {
            return Step::more;  // of the break that ended the row before
        }
        end_field();
        return Step::row_done;
    }
    after_carriage_return_ = false;
    if (c == separator_) {
        saw_anything_ = true;
        ++row_bytes_;
        end_field();
    } else if (c == '"' && state_ == State::field_start) {
        saw_anything_ = true;
        quote_line_ = line_;
        state_ = State::quoted;
    } else if (c == '"' && state_ == State::quote_seen) {
        append("\"");
        state_ = State::quoted;
    } else if (c == '\0') {
        complain("csv.nul_byte", line_, "a byte of value 0");
    } else {
        append(std::string_view(&c, 1));  // a quote inside an unquoted field stands for itself
        state_ = State::plain;
    }
    return Step::more;
}

CsvReader::Step CsvReader::take_outside() {
    std::size_t length = 0;
    const char* const begin = chunk_.data();
    const char* const end = begin + chunk_.size();
    const char* at = begin;
    while (at != end && *at != separator_ && *at != '\n' && *at != '\r' && *at != '"' &&
           *at != '\0') {
        ++at;
    }
    length = static_cast<std::size_t>(at - begin);
    if (length == 0) {
        const char c = chunk_.front();
        chunk_.remove_prefix(1);
        return special(c);
    }
    after_carriage_return_ = false;
    if (state_ == State::quote_seen) {
        complain("csv.text_after_quote", line_,
                 "after a closing quote comes a separator or the end of the line; a quote inside "
                 "quotes is written twice");
    }
    state_ = State::plain;
    append(chunk_.substr(0, length));
    chunk_.remove_prefix(length);
    return Step::more;
}

CsvReader::Step CsvReader::take_quoted() {
    std::size_t length = 0;
    while (length < chunk_.size() && chunk_[length] != '"') {
        const char c = chunk_[length];
        count_line(c);
        if (c == '\0') {
            complain("csv.nul_byte", line_, "a byte of value 0");
        }
        ++length;
    }
    append(chunk_.substr(0, length));
    if (length < chunk_.size()) {
        after_carriage_return_ = false;
        state_ = State::quote_seen;
        ++length;
    }
    chunk_.remove_prefix(length);
    if (row_bytes_ > limits_.row_bytes_max && state_ == State::quoted) {
        // Nobody can say where the next row begins.
        fault_ = CsvFault{"csv.unterminated_quote", quote_line_, ends_.size() + 1,
                          "a quote opens here and is not closed; nothing behind it was read"};
        over_ = true;
        return Step::row_done;
    }
    return Step::more;
}

// Field by field: halves of a character on both sides of a separator are two broken texts.
void CsvReader::check_text(CsvRow& row) {
    if (row.fault || is_ascii(text_)) {
        return;
    }
    const auto bad = std::find_if(row.fields.begin(), row.fields.end(),
                                  [](std::string_view field) { return !is_utf8(field); });
    if (bad == row.fields.end()) {
        return;
    }
    row.fault =
        CsvFault{"csv.encoding", row.line, static_cast<std::size_t>(bad - row.fields.begin()) + 1,
                 "not text of the file's encoding; declare encoding = \"utf-8\" or \"gbk\""};
}

void CsvReader::publish(CsvRow& row, bool line_break) {
    row.line = row_line_;
    row.line_break = line_break;
    row.fields.clear();
    std::size_t begin = 0;
    for (const std::size_t end : ends_) {
        row.fields.push_back(std::string_view(text_).substr(begin, end - begin));
        begin = end;
    }
    row.fault = std::move(fault_);
    fault_.reset();
    check_text(row);
}

bool CsvReader::end_of_file(CsvRow& row) {
    over_ = true;
    if (decoder_.failed()) {
        complain("csv.unreadable", line_, "the file could not be read to its end");
    }
    if (state_ == State::quoted) {
        fault_ = CsvFault{"csv.unterminated_quote", quote_line_, ends_.size() + 1,
                          "a quote opens here and is not closed before the file ends"};
    }
    if (!saw_anything_ && ends_.empty() && !fault_) {
        return false;
    }
    if (ends_.size() < limits_.columns_count_max) {
        ends_.push_back(text_.size());
    }
    publish(row, false);
    return true;
}

bool CsvReader::next(CsvRow& row) {
    begin_row();
    while (!over_) {
        if (chunk_.empty() && !refill()) {
            return end_of_file(row);
        }
        const Step step = state_ == State::quoted ? take_quoted() : take_outside();
        if (step == Step::more) {
            continue;
        }
        if (!saw_anything_ && !fault_) {
            begin_row();  // a blank line
            continue;
        }
        publish(row, true);
        return true;
    }
    return false;
}

CsvTable::CsvTable(Key, std::unique_ptr<FileSource> file, char separator, Encoding encoding)
    : file_(std::move(file)), reader_(*file_, separator, encoding), encoding_(encoding) {}

Result<std::unique_ptr<CsvTable>> CsvTable::open(const std::string& path, char separator,
                                                 Encoding encoding) {
    const std::string name = path.substr(path.rfind('/') + 1);
    auto file = std::make_unique<FileSource>(path);
    if (!file->is_open()) {
        return Problem::not_found("import.file_missing", name + " cannot be opened");
    }
    if (encoding == Encoding::automatic) {
        const Detected detected = detect_encoding(*file);
        if (detected.is_utf16) {
            return Problem::invalid("import.encoding",
                                    name + " is UTF-16; save it as UTF-8 or GBK");
        }
        if (file->failed()) {
            return Problem::invalid("import.file_unreadable", name + " cannot be read");
        }
        encoding = detected.encoding;
        file = std::make_unique<FileSource>(path);
    }
    auto table = std::make_unique<CsvTable>(Key(), std::move(file), separator, encoding);
    HANGU_CHECK(table->read_header(name));
    return table;
}

Result<void> CsvTable::read_header(const std::string& name) {
    CsvRow row;
    if (!reader_.next(row)) {
        return Problem::invalid("import.header_bad", name + " is empty");
    }
    if (row.fault) {
        return Problem::invalid("import.header_bad",
                                fmt::format("{} line {}: {} ({})", name, row.fault->line,
                                            row.fault->detail, row.fault->code));
    }
    for (const std::string_view field : row.fields) {
        header_.emplace_back(trimmed(field));
        const auto same = std::count(header_.begin(), header_.end(), header_.back());
        if (same > 1) {
            return Problem::invalid("import.header_bad", fmt::format("{}: two columns are called "
                                                                     "\"{}\"",
                                                                     name, header_.back()));
        }
    }
    return {};
}

std::optional<std::size_t> CsvTable::column(std::string_view name) const {
    const auto found = std::find(header_.begin(), header_.end(), name);
    return found == header_.end()
               ? std::nullopt
               : std::optional<std::size_t>(static_cast<std::size_t>(found - header_.begin()));
}

bool CsvTable::next(CsvRow& row) {
    if (!reader_.next(row)) {
        return false;
    }
    if (!row.line_break) {
        ended_without_line_break_ = true;
    }
    if (!row.fault && row.fields.size() != header_.size()) {
        const bool cut = !row.line_break && row.fields.size() < header_.size();
        row.fault = CsvFault{cut ? "csv.truncated" : "csv.column_count", row.line, 0,
                             fmt::format("{} fields, the header has {}{}", row.fields.size(),
                                         header_.size(), cut ? "; the file ends here" : "")};
    }
    return true;
}

}  // namespace hangu::importing
