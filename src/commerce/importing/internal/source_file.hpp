// One file of the source, read row by row through its mapping: columns bound by name, values read
// and checked, and everything wrong told with file, line and column.
#pragma once

#include "commerce/importing/internal/bad_rows.hpp"
#include "commerce/importing/internal/csv_reader.hpp"
#include "commerce/importing/internal/mapping.hpp"

#include "base/describe.hpp"
#include "base/text.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hangu::importing {

struct BoundField {
    const FieldSource* source = nullptr;
    std::vector<std::size_t> columns;
    bool is_set() const { return source != nullptr; }
    // For messages: the column's name, or the mapping's key for a constant.
    std::string_view name() const {
        return source->columns.empty() ? std::string_view(source->key)
                                       : std::string_view(source->columns.front());
    }
};

enum class Echo { values, nothing };  // nothing: personal data is not repeated in faults

class SourceFile {
 public:
    static Result<SourceFile> open(const std::string& folder, const FileForm& form,
                                   const Mapping& mapping, Echo echo, BadRows& bad);

    // "import.column_missing"
    Result<BoundField> bind(const FieldSource& field) const;
    Result<BoundField> bind(const OptionalField& field) const;  // unset where the mapping has none

    // The next row that can be read at all; the others are told and counted in broken_count.
    bool next();
    bool broke_before() const { return broke_before_; }  // a broken row stands before this one
    std::int64_t broken_count() const { return broken_count_; }
    std::int64_t line() const { return row_.line; }
    std::int64_t bytes_read() const { return table_->bytes_read(); }
    bool ended_without_line_break() const { return table_->ended_without_line_break(); }
    const std::string& name() const { return form_->file; }

    // The trimmed field of a column, valid until the next row.
    std::string_view field(std::size_t column) const { return trimmed(row_.fields[column]); }

    // Values of the current row. What is wrong is told, and good() is false until the next row.
    std::string raw(const BoundField& field) const;  // trimmed, joined, mapped; "" where unset
    std::string text(const BoundField& field, std::size_t characters_max, bool required);
    Money money(const BoundField& field);
    std::int64_t count(const BoundField& field, std::int64_t min, std::int64_t max);
    std::optional<Day> day(const BoundField& field, bool required);
    std::optional<Time> moment(const BoundField& day, const BoundField& time,
                               int utc_offset_minutes);
    std::optional<Phone> phone(const BoundField& field, bool required);
    template <class E>
    E choice(const BoundField& field, E fallback) {
        const std::string word = raw(field);
        if (word.empty()) {
            return fallback;
        }
        const std::optional<E> found = parse_enum<E>(word);
        if (!found) {
            complain(field, "value.unknown", "not one of the known words; add it to the map");
        }
        return found.value_or(fallback);
    }

    void complain(const BoundField& field, std::string_view code, std::string_view detail);
    void complain_of_row(std::int64_t line, std::string_view code, std::string_view detail);
    bool good() const { return good_; }
    // What was told of the row so far belonged to something else (the receipt before it).
    void judge_anew() { good_ = true; }

 private:
    SourceFile(std::unique_ptr<CsvTable> table, const FileForm& form, const Mapping& mapping,
               Echo echo, BadRows& bad)
        : table_(std::move(table)), form_(&form), mapping_(&mapping), echo_(echo), bad_(&bad) {}
    void complain_of_value(const BoundField& field, const ValueFault& fault);

    std::unique_ptr<CsvTable> table_;
    const FileForm* form_;
    const Mapping* mapping_;
    Echo echo_;
    BadRows* bad_;
    CsvRow row_;
    bool broke_before_ = false;
    bool good_ = true;
    std::int64_t broken_count_ = 0;
};

}  // namespace hangu::importing
