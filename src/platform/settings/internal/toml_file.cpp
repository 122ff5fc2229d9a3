#include "platform/settings/internal/toml_file.hpp"

#include <toml++/toml.h>

#include <fmt/format.h>

#include <fstream>
#include <iterator>

namespace hangu::settings {

namespace {

constexpr std::size_t kFileBytesMax = std::size_t{1} << 20U;
constexpr int kDepthMax = 8;

TomlEntry entry_of(const std::string& key, const toml::node& node) {
    TomlEntry entry;
    entry.key = key;
    entry.line = node.source().begin.line;
    if (const auto* flag = node.as_boolean()) {
        entry.value = flag->get();
        entry.text = flag->get() ? "true" : "false";
    } else if (const auto* number = node.as_integer()) {
        entry.value = number->get();
        entry.text = std::to_string(number->get());
    } else if (const auto* text = node.as_string()) {
        entry.value = text->get();
        entry.text = text->get();
    } else {
        entry.type = node.is_array()            ? "a list"
                     : node.is_floating_point() ? "a decimal number"
                     : node.is_table()          ? "a deeper table"
                                                : "a date or time";
        entry.text = entry.type;
    }
    return entry;
}

void flatten(const toml::table& table, const std::string& prefix, int depth,
             std::vector<TomlEntry>& out) {
    for (const auto& [name, node] : table) {
        const std::string key =
            prefix.empty() ? std::string(name.str()) : prefix + "." + std::string(name.str());
        const toml::table* inner = node.as_table();
        if (inner != nullptr && depth < kDepthMax) {
            flatten(*inner, key, depth + 1, out);
        } else {
            out.push_back(entry_of(key, node));
        }
    }
}

}  // namespace

Result<std::vector<TomlEntry>> read_toml_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) {
        return Problem::invalid("settings.unreadable", "cannot open " + path);
    }
    std::string text(kFileBytesMax + 1, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (file.bad()) {
        return Problem::invalid("settings.unreadable", "cannot read " + path);
    }
    text.resize(static_cast<std::size_t>(file.gcount()));
    if (text.size() > kFileBytesMax) {
        return Problem::invalid("settings.unreadable", path + " is larger than 1 MiB");
    }
    try {
        const toml::table table = toml::parse(text, path);
        std::vector<TomlEntry> entries;
        flatten(table, "", 1, entries);
        return entries;
    } catch (const toml::parse_error& error) {
        return Problem::invalid(
            "settings.malformed",
            fmt::format("{} line {} column {}: {}", path, error.source().begin.line,
                        error.source().begin.column, error.description()));
    }
}

}  // namespace hangu::settings
