// A text as a literal of a statement that is not prepared: schema and accounts, never data.
#pragma once

#include <string>
#include <string_view>

namespace hangu::storage {

// Both engines: a quotation mark is doubled, nothing else means anything (MariaDB in our sql_mode).
inline std::string sql_text(std::string_view text) {
    std::string out = "'";
    for (const char c : text) {
        out += c;
        if (c == '\'') {
            out += c;
        }
    }
    return out + "'";
}

}  // namespace hangu::storage
