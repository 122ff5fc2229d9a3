// SQL as words, for what has to be understood of it before a server sees it.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace hangu::storage {

class SqlRefused : public std::runtime_error {
 public:
    using std::runtime_error::runtime_error;
};

bool is_sql_word(char c);

// Words, numbers, 'texts', ?1, and signs one by one; without blanks and comments. Throws SqlRefused
// on a text that does not end.
std::vector<std::string> sql_tokens(std::string_view sql);

// The statements between semicolons as they are written; without what holds no words.
std::vector<std::string_view> sql_statements(std::string_view sql);

}  // namespace hangu::storage
