#include "commerce/importing/internal/mapping_section.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hangu::importing {

namespace {

constexpr std::size_t kValuesCountMax = 2'000;
constexpr std::size_t kTextBytesMax = 1'000;

std::optional<std::string> short_text(const toml::node& node) {
    const auto* text = node.as_string();
    if (text == nullptr || text->get().size() > kTextBytesMax) {
        return std::nullopt;
    }
    return text->get();
}

}  // namespace

std::string Section::full(std::string_view key) const {
    return path_.empty() ? std::string(key) : fmt::format("{}.{}", path_, key);
}

void Section::complain(std::string_view key, std::string_view code, std::string_view detail) {
    if (faults_->size() == kFaultsCountMax) {
        return;
    }
    const toml::node* node = table_->get(key);
    const auto line = node == nullptr ? table_->source().begin.line : node->source().begin.line;
    faults_->push_back({full(key), std::string(code), fmt::format("line {}: {}", line, detail)});
}

const toml::node* Section::take(std::string_view key, bool required) {
    asked_.emplace_back(key);
    const toml::node* node = table_->get(key);
    if (node == nullptr && required) {
        complain(key, "mapping.missing_key", "this key is needed");
    }
    return node;
}

std::optional<std::string> Section::text(std::string_view key, bool required) {
    const toml::node* node = take(key, required);
    if (node == nullptr) {
        return std::nullopt;
    }
    std::optional<std::string> found = short_text(*node);
    if (!found || (required && found->empty())) {
        complain(key, "mapping.wrong_type", "a text");
        return std::nullopt;
    }
    return found;
}

std::optional<std::int64_t> Section::integer(std::string_view key, bool required) {
    const toml::node* node = take(key, required);
    if (node == nullptr) {
        return std::nullopt;
    }
    const auto* number = node->as_integer();
    if (number == nullptr) {
        complain(key, "mapping.wrong_type", "a whole number");
        return std::nullopt;
    }
    return number->get();
}

std::optional<bool> Section::flag(std::string_view key) {
    const toml::node* node = take(key, false);
    if (node == nullptr) {
        return std::nullopt;
    }
    const auto* found = node->as_boolean();
    if (found == nullptr) {
        complain(key, "mapping.wrong_type", "true or false");
        return std::nullopt;
    }
    return found->get();
}

std::vector<std::string> Section::texts(std::string_view key, std::size_t count_min,
                                        std::size_t count_max) {
    const toml::node* node = take(key, true);
    if (node == nullptr) {
        return {};
    }
    std::vector<std::string> found;
    const toml::array* array = node->as_array();
    bool good = array != nullptr && array->size() >= count_min && array->size() <= count_max;
    for (std::size_t i = 0; good && i < array->size(); ++i) {
        std::optional<std::string> text = short_text(*array->get(i));
        good = text.has_value() && !text->empty();
        if (good) {
            found.push_back(*std::move(text));
        }
    }
    if (!good) {
        complain(key, "mapping.wrong_type",
                 fmt::format("a list of {} to {} texts", count_min, count_max));
        return {};
    }
    return found;
}

std::optional<TimePattern> Section::pattern(std::string_view key, FieldKind kind) {
    const std::optional<std::string> words = text(key, false);
    if (!words) {
        return std::nullopt;
    }
    std::optional<TimePattern> made = TimePattern::parse(*words);
    if (!made || (kind == FieldKind::day && !made->has_day()) ||
        (kind == FieldKind::time && (made->has_day() || !made->has_time()))) {
        complain(key, "mapping.wrong_value",
                 kind == FieldKind::time ? "such as HH:mm:ss" : "such as yyyy-MM-dd or M/d/yyyy");
        return std::nullopt;
    }
    return made;
}

std::optional<Section> Section::section(std::string_view key) {
    const toml::node* node = take(key, false);
    if (node == nullptr) {
        return std::nullopt;
    }
    const toml::table* table = node->as_table();
    if (table == nullptr) {
        complain(key, "mapping.wrong_type", "a table");
        return std::nullopt;
    }
    return Section(*table, full(key), *faults_);
}

std::vector<std::string> Section::keys() const {
    std::vector<std::string> found;
    for (const auto& [name, node] : *table_) {
        found.emplace_back(name.str());
    }
    return found;
}

FieldSource Section::field(std::string_view key, FieldKind kind) {
    const toml::node* node = take(key, true);
    return node == nullptr ? FieldSource{full(key), {}, " ", "", {}, {}, {}}
                           : read_field(key, *node, kind);
}

OptionalField Section::optional_field(std::string_view key, FieldKind kind) {
    const toml::node* node = take(key, false);
    return node == nullptr ? std::nullopt : OptionalField(read_field(key, *node, kind));
}

FieldSource Section::read_field(std::string_view key, const toml::node& node, FieldKind kind) {
    FieldSource field;
    field.key = full(key);
    if (const std::optional<std::string> column = short_text(node); column && !column->empty()) {
        field.columns = {*column};
        return field;
    }
    const toml::table* table = node.as_table();
    if (table == nullptr) {
        complain(key, "mapping.wrong_type",
                 "a column's name, or { column = …, columns = …, constant = …, map = … }");
        return field;
    }
    Section inner(*table, field.key, *faults_);
    const std::optional<std::string> column = inner.text("column", false);
    const std::optional<std::string> constant = inner.text("constant", false);
    const bool several = table->contains("columns");
    if ((column ? 1 : 0) + (constant ? 1 : 0) + (several ? 1 : 0) != 1) {
        complain(key, "mapping.missing_key", "exactly one of column, columns, constant");
    }
    if (several) {
        field.columns = inner.texts("columns", 1, kColumnsCountMax);
        field.join = inner.text("join", false).value_or(" ");
    } else if (column) {
        field.columns = {*column};
    }
    field.constant = constant.value_or("");
    inner.read_values(field);
    field.otherwise = inner.text("otherwise", false);
    if (kind != FieldKind::text) {
        field.pattern = inner.pattern("pattern", kind);
    }
    inner.finish();
    return field;
}

void Section::read_values(FieldSource& field) {
    std::optional<Section> map = section("map");
    if (!map) {
        return;
    }
    for (const std::string& key : map->keys()) {
        if (field.values.size() == kValuesCountMax) {
            complain("map", "mapping.wrong_value", "too many values");
            return;
        }
        if (std::optional<std::string> value = map->text(key, false)) {
            field.values.emplace(key, *std::move(value));
        }
    }
}

void Section::finish() {
    for (const auto& [name, node] : *table_) {
        const std::string_view key = name.str();
        if (std::find(asked_.begin(), asked_.end(), key) == asked_.end()) {
            complain(key, "mapping.unknown_key", "this key is not known here");
        }
    }
}

}  // namespace hangu::importing
