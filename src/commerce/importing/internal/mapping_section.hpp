// Reads one table of the mapping file and remembers which keys were asked for, so that the others
// can be refused with their line.
#pragma once

#include "commerce/importing/internal/mapping.hpp"
#include "commerce/importing/internal/toml.hpp"

#include "base/problem.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hangu::importing {

using MappingFaults = std::vector<FieldProblem>;

enum class FieldKind { text, day, time };

class Section {
 public:
    static constexpr std::size_t kFaultsCountMax = 50;
    static constexpr std::size_t kColumnsCountMax = 10;  // of one field

    Section(const toml::table& table, std::string path, MappingFaults& faults)
        : table_(&table), path_(std::move(path)), faults_(&faults) {}

    std::optional<std::string> text(std::string_view key, bool required);
    std::optional<std::int64_t> integer(std::string_view key, bool required);
    std::optional<bool> flag(std::string_view key);
    std::vector<std::string> texts(std::string_view key, std::size_t count_min,
                                   std::size_t count_max);
    std::optional<TimePattern> pattern(std::string_view key, FieldKind kind);
    std::optional<Section> section(std::string_view key);
    std::vector<std::string> keys() const;

    // "column", or { column = "…" | columns = […] | constant = "…", join, map, otherwise, pattern
    // }.
    FieldSource field(std::string_view key, FieldKind kind = FieldKind::text);
    OptionalField optional_field(std::string_view key, FieldKind kind = FieldKind::text);

    void complain(std::string_view key, std::string_view code, std::string_view detail);
    // Complains of every key that nobody asked for.
    void finish();

 private:
    const toml::node* take(std::string_view key, bool required);
    FieldSource read_field(std::string_view key, const toml::node& node, FieldKind kind);
    void read_values(FieldSource& field);
    std::string full(std::string_view key) const;

    const toml::table* table_;
    std::string path_;
    MappingFaults* faults_;
    std::vector<std::string> asked_;
};

}  // namespace hangu::importing
