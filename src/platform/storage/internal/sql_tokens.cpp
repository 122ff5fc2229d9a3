#include "platform/storage/internal/sql_tokens.hpp"

#include <algorithm>

namespace hangu::storage {

namespace {

std::size_t end_of_quoted(std::string_view sql, std::size_t from) {
    for (std::size_t at = from + 1; at < sql.size(); ++at) {
        if (sql[at] == '\'') {
            if (at + 1 < sql.size() && sql[at + 1] == '\'') {
                ++at;
            } else {
                return at + 1;
            }
        }
    }
    throw SqlRefused("a text that does not end");
}

// The first place behind a blank, a comment or a token that stands at `at`; `blank`: it is none.
std::size_t after(std::string_view sql, std::size_t at, bool& blank) {
    blank = true;
    if (sql[at] == ' ' || sql[at] == '\n' || sql[at] == '\t') {
        return at + 1;
    }
    if (sql.substr(at, 2) == "--") {
        return std::min(sql.find('\n', at), sql.size());
    }
    blank = false;
    if (sql[at] == '\'') {
        return end_of_quoted(sql, at);
    }
    if (is_sql_word(sql[at]) || sql[at] == '?') {
        ++at;
        while (at < sql.size() && is_sql_word(sql[at])) {
            ++at;
        }
        return at;
    }
    const std::string_view two = sql.substr(at, 2);
    return at + (two == "<=" || two == ">=" || two == "<>" || two == "||" || two == "!=" ? 2U : 1U);
}

}  // namespace

bool is_sql_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

std::vector<std::string> sql_tokens(std::string_view sql) {
    std::vector<std::string> tokens;
    for (std::size_t at = 0; at < sql.size();) {
        bool blank = false;
        const std::size_t end = after(sql, at, blank);
        if (!blank) {
            tokens.emplace_back(sql.substr(at, end - at));
        }
        at = end;
    }
    return tokens;
}

std::vector<std::string_view> sql_statements(std::string_view sql) {
    std::vector<std::string_view> statements;
    std::size_t begin = std::string_view::npos;  // of the statement's first word
    std::size_t last = 0;                        // behind its last one
    const auto end_one = [&] {
        if (begin != std::string_view::npos) {
            statements.push_back(sql.substr(begin, last - begin));
        }
        begin = std::string_view::npos;
    };
    for (std::size_t at = 0; at < sql.size();) {
        bool blank = false;
        const std::size_t end = after(sql, at, blank);
        if (!blank && sql[at] == ';') {
            end_one();
        } else if (!blank) {
            begin = begin == std::string_view::npos ? at : begin;
            last = end;
        }
        at = end;
    }
    end_one();
    return statements;
}

}  // namespace hangu::storage
