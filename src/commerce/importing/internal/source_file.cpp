#include "commerce/importing/internal/source_file.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

namespace hangu::importing {

namespace {

constexpr std::size_t kEchoBytesMax = 40;

std::string echo_of(std::string_view value) {
    const bool cut = value.size() > kEchoBytesMax;
    std::size_t length = cut ? kEchoBytesMax : value.size();
    while (cut && length > 0 && (static_cast<unsigned char>(value[length]) & 0xC0U) == 0x80U) {
        --length;
    }
    std::string shown;
    for (const char c : value.substr(0, length)) {
        shown += static_cast<unsigned char>(c) < 0x20U ? ' ' : c;
    }
    return "\"" + shown + (cut ? "…\"" : "\"");
}

}  // namespace

Result<SourceFile> SourceFile::open(const std::string& folder, const FileForm& form,
                                    const Mapping& mapping, Echo echo, BadRows& bad) {
    HANGU_TRY(auto table, CsvTable::open(folder + "/" + form.file, form.separator, form.encoding));
    return SourceFile(std::move(table), form, mapping, echo, bad);
}

Result<BoundField> SourceFile::bind(const FieldSource& field) const {
    BoundField bound;
    bound.source = &field;
    for (const std::string& name : field.columns) {
        const std::optional<std::size_t> column = table_->column(name);
        if (!column) {
            std::string known;
            for (const std::string& header : table_->header()) {
                known += (known.empty() ? "" : ", ") + header;
            }
            return Problem::invalid("import.column_missing",
                                    fmt::format("{}: {} has no column \"{}\"; it has: {}",
                                                field.key, form_->file, name, known));
        }
        bound.columns.push_back(*column);
    }
    return bound;
}

Result<BoundField> SourceFile::bind(const OptionalField& field) const {
    if (!field) {
        return BoundField{};
    }
    return bind(*field);
}

bool SourceFile::next() {
    broke_before_ = false;
    good_ = true;
    while (table_->next(row_)) {
        if (!row_.fault) {
            return true;
        }
        broke_before_ = true;
        ++broken_count_;
        const CsvFault& fault = *row_.fault;
        const bool named = fault.column > 0 && fault.column <= table_->header().size();
        bad_->add({form_->file, fault.line, named ? table_->header()[fault.column - 1] : "",
                   std::string(fault.code), fault.detail});
    }
    return false;
}

std::string SourceFile::raw(const BoundField& field) const {
    if (!field.is_set()) {
        return {};
    }
    const FieldSource& source = *field.source;
    std::string value = source.constant;
    if (field.columns.size() == 1) {
        value = trimmed(row_.fields[field.columns.front()]);
    } else {
        for (const std::size_t column : field.columns) {
            const std::string_view part = trimmed(row_.fields[column]);
            if (!part.empty()) {
                value += value.empty() ? "" : source.join;
                value += part;
            }
        }
    }
    if (const auto found = source.values.find(value); found != source.values.end()) {
        return found->second;
    }
    return source.otherwise ? *source.otherwise : value;
}

void SourceFile::complain(const BoundField& field, std::string_view code, std::string_view detail) {
    good_ = false;
    const std::string words = echo_ == Echo::nothing
                                  ? std::string(detail)
                                  : fmt::format("{}: {}", echo_of(raw(field)), detail);
    bad_->add({form_->file, row_.line, std::string(field.name()), std::string(code), words});
}

void SourceFile::complain_of_value(const BoundField& field, const ValueFault& fault) {
    complain(field, fault.code, fault.detail);
}

void SourceFile::complain_of_row(std::int64_t line, std::string_view code,
                                 std::string_view detail) {
    good_ = false;
    bad_->add({form_->file, line, "", std::string(code), std::string(detail)});
}

std::string SourceFile::text(const BoundField& field, std::size_t characters_max, bool required) {
    std::string value = raw(field);
    if (value.empty()) {
        if (required) {
            complain(field, "value.missing", "a value is needed");
        }
    } else if (count_characters(value) > characters_max) {
        complain(field, "value.too_long", fmt::format("{} characters at most", characters_max));
    } else if (has_control_characters(value)) {
        complain(field, "value.control_character", "contains a control character");
    }
    return value;
}

Money SourceFile::money(const BoundField& field) {
    const Value<Money> value = read_money(raw(field), form_->money);
    if (const auto* fault = std::get_if<ValueFault>(&value)) {
        complain_of_value(field, *fault);
        return {};
    }
    const Money amount = std::get<Money>(value);
    if (amount < Money(0)) {
        complain(field, "money.negative", "not below zero");
        return {};
    }
    return amount;
}

std::int64_t SourceFile::count(const BoundField& field, std::int64_t min, std::int64_t max) {
    const Value<std::int64_t> value = read_count(raw(field));
    if (const auto* fault = std::get_if<ValueFault>(&value)) {
        complain_of_value(field, *fault);
        return min;
    }
    const std::int64_t number = std::get<std::int64_t>(value);
    if (number < min || number > max) {
        complain(field, "number.out_of_range", fmt::format("{} to {}", min, max));
        return min;
    }
    return number;
}

std::optional<Day> SourceFile::day(const BoundField& field, bool required) {
    const std::string value = raw(field);
    if (value.empty() && !required) {
        return std::nullopt;
    }
    const TimePattern& pattern =
        field.source->pattern ? *field.source->pattern : mapping_->day_pattern;
    const Value<Moment> read = pattern.read(value);
    if (const auto* fault = std::get_if<ValueFault>(&read)) {
        complain(field, fault->code, fmt::format("{} ({})", fault->detail, pattern.text()));
        return std::nullopt;
    }
    return std::get<Moment>(read).day;
}

std::optional<Time> SourceFile::moment(const BoundField& day, const BoundField& time,
                                       int utc_offset_minutes) {
    const TimePattern& day_pattern =
        day.source->pattern ? *day.source->pattern : mapping_->day_pattern;
    const Value<Moment> read = day_pattern.read(raw(day));
    if (const auto* fault = std::get_if<ValueFault>(&read)) {
        complain(day, fault->code, fmt::format("{} ({})", fault->detail, day_pattern.text()));
        return std::nullopt;
    }
    Moment moment = std::get<Moment>(read);
    if (time.is_set()) {
        const TimePattern& pattern =
            time.source->pattern ? *time.source->pattern : mapping_->time_pattern;
        const Value<Moment> clock = pattern.read(raw(time));
        if (const auto* fault = std::get_if<ValueFault>(&clock)) {
            complain(time, fault->code, fmt::format("{} ({})", fault->detail, pattern.text()));
            return std::nullopt;
        }
        moment.time = std::get<Moment>(clock).time;
    }
    return moment_at(moment, utc_offset_minutes);
}

std::optional<Phone> SourceFile::phone(const BoundField& field, bool required) {
    const std::string value = raw(field);
    if (value.empty() && !required) {
        return std::nullopt;
    }
    Value<Phone> read = read_phone(value, mapping_->phone_country, mapping_->phone_national);
    if (const auto* fault = std::get_if<ValueFault>(&read)) {
        complain_of_value(field, *fault);
        return std::nullopt;
    }
    return std::get<Phone>(std::move(read));
}

}  // namespace hangu::importing
