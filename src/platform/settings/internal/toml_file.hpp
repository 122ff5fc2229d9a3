// A TOML file as a flat list of its entries. The TOML library stays behind this header: it is slow
// to compile.
#pragma once

#include "base/result.hpp"
#include "platform/settings/settings.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hangu::settings {

struct TomlEntry {
    std::string key;             // "http.body_bytes_max"
    std::optional<Value> value;  // nothing: of a type that no setting has
    std::string_view type;       // "a list", "a decimal number" …, when there is no value
    std::string text;            // as found, for people
    std::size_t line = 0;
};

// Problems: "settings.unreadable", "settings.malformed" with the line in the detail.
Result<std::vector<TomlEntry>> read_toml_file(const std::string& path);

}  // namespace hangu::settings
